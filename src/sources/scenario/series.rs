//! A series given in a few numbers, and its samples computed when they are asked for.
//!
//! Every sample is a function of its place alone: the level the changes lead to, the swing of the day, and noise
//! drawn from the name of the series and the number of the sample. So any stretch can be computed without what
//! came before it, and comes out the same every time.

use super::chance::Chance;
use super::line::Line;
use super::moment::{Moments, clock, span};
use super::setting::Setting;
use crate::domain::catalog::Unit;
use crate::domain::signal::Sample;
use crate::domain::{Body, SeriesName, ServiceName, Signal, SignalId, SourceName, Span, Time};
use crate::sources::written::Mistake;
use serde::Deserialize;
use std::f64::consts::TAU;
use std::fmt::Write;

/// More samples than anybody looks at, and few enough to compute.
const MOST_SAMPLES: i64 = 500_000;
/// A series without `to` goes on after the end, so that a room that stays open keeps living.
const AFTERMATH: Span = Span::days(7);
const DAY: f64 = 86_400_000.0;

/// `[[series]]`; `base`, `noise` and `daily` are in the unit of the series.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeriesBlock {
    service: String,
    metric: String,
    #[serde(default = "aws")]
    source: String,
    #[serde(default = "every_minute")]
    every: String,
    from: String,
    to: Option<String>,
    base: f64,
    /// How far a sample strays at most.
    #[serde(default)]
    noise: f64,
    /// How far the height of the day lies above the middle, and the depth of the night below.
    #[serde(default)]
    daily: f64,
    #[serde(default = "afternoon")]
    peak: String,
    #[serde(default)]
    changes: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Series {
    name: SeriesName,
    service: ServiceName,
    source: SourceName,
    unit: Unit,
    from: Time,
    every: Span,
    count: u64,
    base: f64,
    noise: f64,
    daily: f64,
    peak: Span,
    ramps: Vec<Ramp>,
    chance: Chance,
}

/// A way from one level to another; the latest that has begun says where the series is.
#[derive(Clone, Copy, Debug)]
struct Ramp {
    at: Time,
    from: f64,
    to: f64,
    over: Span,
}

impl SeriesBlock {
    pub(super) fn read(&self, setting: &Setting<'_>) -> Result<Series, Mistake> {
        let service = setting.service(&self.service)?;
        let (name, unit) = setting.series(&service, &self.metric)?;
        let (from, every, count) = self.extent(setting.moments)?;
        let peak = clock(&self.peak).ok_or_else(|| {
            Mistake::new(format!("`{}` is not a time of day", self.peak), "write peak = \"14:00\"")
        })?;
        for (what, number) in [("base", self.base), ("noise", self.noise), ("daily", self.daily)] {
            if !number.is_finite() || number < 0.0 {
                return Err(Mistake::new(
                    format!("`{what} = {number}` cannot be"),
                    "write a number from 0 up",
                ));
            }
        }
        let chance = Chance::of(name.as_str());
        let ramps = ramps(&self.changes, self.base, setting.moments)?;
        let (source, base) = (SourceName::new(&self.source), self.base);
        let (noise, daily) = (self.noise, self.daily);
        Ok(Series {
            name,
            service,
            source,
            unit,
            from,
            every,
            count,
            base,
            noise,
            daily,
            peak,
            ramps,
            chance,
        })
    }

    fn extent(&self, moments: Moments) -> Result<(Time, Span, u64), Mistake> {
        let every = span(&self.every)?;
        if every < Span::seconds(1) {
            return Err(Mistake::new(format!("`every = {}` is too often", self.every), "write 1s or more"));
        }
        let from = moments.read(&self.from)?;
        let to = self.to.as_deref().map_or(Ok(moments.ends + AFTERMATH), |to| moments.read(to))?;
        let count = ((to - from).as_millis() / every.as_millis()).saturating_add(1);
        match count {
            ..=0 => Err(Mistake::new("the series ends before it begins", "swap `from` and `to`")),
            1..=MOST_SAMPLES => Ok((from, every, count.unsigned_abs())),
            _ => {
                let what = format!("{count} samples are more than the {MOST_SAMPLES} a series may have");
                Err(Mistake::new(what, "begin later or sample less often"))
            }
        }
    }
}

impl Series {
    /// When a sample is due; `None` past the last.
    pub(super) fn at(&self, place: u64) -> Option<Time> {
        let millis = i64::try_from(place).ok()?.checked_mul(self.every.as_millis())?;
        (place < self.count).then(|| self.from + Span::millis(millis))
    }

    pub(super) fn sample(&self, place: u64, at: Time) -> Signal {
        let value = self.value(place, at);
        let mut external = String::with_capacity(self.name.as_str().len() + 24);
        write!(external, "scenario/{}/{}", self.name, at.millis())
            .expect("a string takes all that is written");
        let (service, metric) = self.name.as_str().split_once('/').unwrap_or((self.name.as_str(), ""));
        Signal {
            id: SignalId::of(self.source.as_str(), &external),
            at,
            source: self.source.clone(),
            service: Some(self.service.clone()),
            title: format!("{service} {metric} {}", self.unit.say(value)),
            body: Body::Sample(Sample::new(self.name.clone(), value)),
            link: None,
            raw: None,
        }
    }

    fn value(&self, place: u64, at: Time) -> f64 {
        let value = self.level(at) + self.swing(at) + self.noise * self.chance.around(place);
        match self.unit {
            Unit::Count => value.max(0.0).round(),
            _ => rounded(value.max(0.0)),
        }
    }

    fn level(&self, at: Time) -> f64 {
        self.ramps.iter().rfind(|ramp| ramp.at <= at).map_or(self.base, |ramp| ramp.level(at))
    }

    fn swing(&self, at: Time) -> f64 {
        if self.daily == 0.0 {
            return 0.0;
        }
        let since_peak = (at.millis() - self.peak.as_millis()) as f64 / DAY;
        self.daily * (TAU * since_peak).cos()
    }
}

impl Ramp {
    fn level(&self, at: Time) -> f64 {
        let gone = (at - self.at).as_millis();
        if gone >= self.over.as_millis() {
            return self.to;
        }
        self.from + (self.to - self.from) * (gone as f64 / self.over.as_millis() as f64)
    }
}

/// `13:59 0.7 -> 1.9 over 11m`; without the first number it goes on from where the last change led.
fn ramps(changes: &[String], base: f64, moments: Moments) -> Result<Vec<Ramp>, Mistake> {
    let mut ramps: Vec<Ramp> = Vec::with_capacity(changes.len());
    for change in changes {
        let before = ramps.last().map_or(base, |ramp| ramp.to);
        let ramp = ramp(change, before, moments).map_err(|mistake| {
            Mistake::new(format!("in the change `{change}`: {}", mistake.what), mistake.fix)
        })?;
        if ramps.last().is_some_and(|last| last.at > ramp.at) {
            return Err(Mistake::new(
                format!("the change `{change}` comes before the one above it"),
                "sort them by time",
            ));
        }
        ramps.push(ramp);
    }
    Ok(ramps)
}

fn ramp(change: &str, before: f64, moments: Moments) -> Result<Ramp, Mistake> {
    let how = || Mistake::new("it cannot be read", "write `13:59 0.7 -> 1.9 over 11m`");
    let (time, levels) = change.trim().split_once(char::is_whitespace).ok_or_else(how)?;
    let at = moments.read(time)?;
    let mut line = Line::read(levels)?.ok_or_else(how)?;
    let (from, to) = line.change("the level").map_err(|_| how())?;
    let level = |word: &str| word.parse().ok().filter(|level: &f64| level.is_finite()).ok_or_else(how);
    let over = match line.word("over") {
        Ok(over) if over == "over" => span(&line.word("the span").map_err(|_| how())?)?,
        Ok(_) => return Err(how()),
        Err(_) => Span::ZERO,
    };
    line.finish(&[])?;
    Ok(Ramp { at, from: from.as_deref().map_or(Ok(before), level)?, to: level(&to)?, over })
}

/// As many digits as a monitoring system keeps: what is shown and what is stored stay short.
fn rounded(value: f64) -> f64 {
    let steps = match value {
        ..10.0 => 1_000.0,
        ..1_000.0 => 10.0,
        _ => 1.0,
    };
    (value * steps).round() / steps
}

fn aws() -> String {
    "aws".to_owned()
}

fn every_minute() -> String {
    "1m".to_owned()
}

fn afternoon() -> String {
    "14:00".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Catalog;

    fn series(text: &str) -> Result<Series, String> {
        let catalog: Catalog = toml::from_str(
            "[[service]]\nname = \"api\"\nmetric = [{ name = \"5xx\", unit = \"percent\" }, { name = \"failed\" }]",
        )
        .unwrap();
        let moments = Moments { ends: "2026-03-18T14:29:00Z".parse().unwrap() };
        let block: SeriesBlock = toml::from_str(text).unwrap();
        block.read(&Setting { moments, catalog: &catalog, bitbucket: &[] }).map_err(|mistake| mistake.what)
    }

    fn value_at(series: &Series, clock: &str) -> f64 {
        let at = format!("2026-03-18T{clock}:00Z").parse().unwrap();
        let place = (0..).find(|place| series.at(*place).is_none_or(|due| due >= at)).unwrap();
        series.value(place, at)
    }

    #[test]
    fn a_series_goes_from_level_to_level_as_its_changes_say() {
        let given = series(
            "service = \"api\"\nmetric = \"5xx\"\nfrom = \"-1h\"\nbase = 1\n\
             changes = [\"14:00 1 -> 3 over 10m\", \"14:20 -> 7\"]",
        )
        .unwrap();
        let values =
            ["13:59", "14:00", "14:05", "14:10", "14:19", "14:20"].map(|clock| value_at(&given, clock));
        assert_eq!(values, [1.0, 1.0, 2.0, 3.0, 3.0, 7.0]);
    }

    #[test]
    fn what_is_counted_is_counted_in_whole_numbers_and_never_below_none() {
        let given =
            series("service = \"api\"\nmetric = \"failed\"\nfrom = \"-1h\"\nbase = 1\nnoise = 4").unwrap();
        let values = (0..60).map(|place| given.value(place, given.at(place).unwrap()));
        assert!(values.into_iter().all(|value| value.fract() == 0.0 && (0.0..=5.0).contains(&value)));
    }

    #[test]
    fn a_series_that_runs_backwards_or_without_end_is_refused() {
        let head = "service = \"api\"\nmetric = \"5xx\"\nbase = 1\n";
        for wrong in ["from = \"+8d\"", "from = \"-1h\"\nto = \"-2h\"", "from = \"-90d\"\nevery = \"1s\""] {
            assert!(series(&format!("{head}{wrong}")).is_err(), "{wrong}");
        }
        let disorder = "from = \"-1h\"\nchanges = [\"14:10 1 -> 2\", \"14:05 -> 3\"]";
        assert!(series(&format!("{head}{disorder}")).unwrap_err().contains("comes before"));
    }
}
