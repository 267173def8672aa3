//! Numbers, charts, log lines and findings read off the signals, each with its source, its query and its window.

use crate::diagnosis::{self, chart, rules};
use crate::domain::event::{Basis, Evidence, LiveCheck, LogLine, Point, Reading};
use crate::domain::signal::{Body, Kind};
use crate::domain::{SeriesName, SignalRef, SourceName, Span, Time};
use crate::tui::ui::World;

/// What of a series is kept around the moment in question.
const AROUND: Span = Span::hours(1);
/// More points than this are thinned out: a journal is no place for a database.
const POINTS: usize = 120;

pub struct Reader<'a> {
    world: World<'a>,
    read_at: Time,
}

impl<'a> Reader<'a> {
    pub fn new(world: World<'a>) -> Self {
        Self { world, read_at: world.present() }
    }

    /// What a signal measured or logged, beside the signal itself.
    pub fn observed(&self, signal: &SignalRef<'_>) -> Option<Evidence> {
        let reading = |query: &str| Reading {
            source: SourceName::new(signal.source()),
            query: query.to_owned(),
            from: Some(signal.at()),
            to: Some(signal.at()),
            link: signal.link().map(str::to_owned),
            read_at: self.read_at,
        };
        match signal.body() {
            Body::Sample(sample) => Some(Evidence::Number {
                reading: reading(sample.series.as_str()),
                value: decimal(sample.value),
                unit: self.unit(&sample.series),
            }),
            Body::Log(log) => Some(Evidence::Log {
                reading: reading(&log.group),
                lines: vec![LogLine { at: signal.at(), text: signal.title().to_owned() }],
            }),
            _ => None,
        }
    }

    /// A finding with its rule, and everything that rule rested on.
    pub fn finding(&self, rule: &str, title: &str, rests_on: &[diagnosis::Evidence]) -> Vec<Evidence> {
        let version = rules::rule(rule).map_or(1, |rule| rule.version);
        vec![Evidence::Finding {
            basis: Basis { rule: rule.to_owned(), version },
            title: title.to_owned(),
            read_at: self.read_at,
            evidence: self.all(rests_on),
        }]
    }

    pub fn all(&self, rests_on: &[diagnosis::Evidence]) -> Vec<Evidence> {
        let window = rests_on.iter().find_map(|found| match found {
            diagnosis::Evidence::Window { from, to } => Some((*from, *to)),
            _ => None,
        });
        rests_on.iter().filter_map(|found| self.one(found, window)).collect()
    }

    /// A series as it was drawn, up to the moment that is shown.
    pub fn series(&self, series: &SeriesName, marked_at: Option<Time>) -> Option<Evidence> {
        let to = self.world.now;
        self.between(series, marked_at.map_or(to, |at| at.min(to)) - AROUND, to)
    }

    fn between(&self, series: &SeriesName, from: Time, to: Time) -> Option<Evidence> {
        let snapshot = self.world.snapshot;
        let (signals, catalog, policy) = (&snapshot.signals, &snapshot.catalog, &snapshot.policy);
        let found = chart(signals, catalog, policy, series, from, to)?;
        let every = found.points.len().div_ceil(POINTS).max(1);
        let point = |(at, value): &(Time, f64)| Point { at: *at, value: decimal(*value) };
        // Counted from the newest, so that the last value is always among them.
        let mut points: Vec<_> = found.points.iter().rev().step_by(every).map(point).collect();
        points.reverse();
        let reading = Reading {
            source: self.source_of(series, from, to),
            query: series.to_string(),
            from: Some(from),
            to: Some(to),
            link: None,
            read_at: self.read_at,
        };
        Some(Evidence::Series { reading, points, unit: self.unit(series) })
    }

    fn one(&self, found: &diagnosis::Evidence, window: Option<(Time, Time)>) -> Option<Evidence> {
        match found {
            diagnosis::Evidence::Signal { id, at, title } => {
                Some(Evidence::Signal { id: *id, at: *at, title: title.clone() })
            }
            diagnosis::Evidence::Link { url } => Some(Evidence::Link { url: url.clone() }),
            diagnosis::Evidence::Number { name, value, unit } => Some(Evidence::Number {
                reading: Reading {
                    source: SourceName::new("diagnosis"),
                    query: (*name).to_owned(),
                    from: window.map(|(from, _)| from),
                    to: window.map(|(_, to)| to),
                    link: None,
                    read_at: self.read_at,
                },
                value: decimal(*value),
                unit: (*unit).to_owned(),
            }),
            diagnosis::Evidence::Series { name, marked_at } => self.series(name, *marked_at),
            // A window is part of what is read in it.
            diagnosis::Evidence::Window { .. } => None,
        }
    }

    fn unit(&self, series: &SeriesName) -> String {
        let metric = self.world.snapshot.catalog.metric(series);
        metric
            .map_or_else(String::new, |metric| metric.unit.say(0.0).trim_start_matches('0').trim().to_owned())
    }

    fn source_of(&self, series: &SeriesName, from: Time, to: Time) -> SourceName {
        let found = sample_of(self.world.snapshot.signals.range(from, to), series);
        found.map_or_else(|| SourceName::new("store"), |signal| SourceName::new(signal.source()))
    }
}

/// The first of these signals that is a sample of this series.
pub fn sample_of<'s>(
    mut signals: impl Iterator<Item = SignalRef<'s>>,
    series: &SeriesName,
) -> Option<SignalRef<'s>> {
    // The name stands in the text of its samples, and in that of others whose names are longer.
    signals.find(|signal| {
        signal.kind() == Kind::Sample
            && signal.body_json().contains(series.as_str())
            && matches!(signal.body(), Body::Sample(sample) if sample.series == *series)
    })
}

/// What a live check rested on when somebody marked its criterion.
pub fn of_check(check: &LiveCheck, since: Time, world: World<'_>) -> Option<Evidence> {
    match check {
        LiveCheck::Series { series, .. } => Reader::new(world).between(series, since, world.now),
        LiveCheck::Alarm { name, service, .. } => {
            let named = |signal: &SignalRef<'_>| {
                signal.kind() == Kind::Alarm
                    && service.as_ref().is_none_or(|it| it.as_str() == signal.service())
                    && matches!(signal.body(), Body::Alarm(alarm) if alarm.name == *name)
            };
            let mut alarms = world.snapshot.signals.iter().rev().skip_while(|it| it.at() > world.now);
            let last = alarms.find(named)?;
            Some(Evidence::Signal { id: last.id(), at: last.at(), title: last.title().to_owned() })
        }
    }
}

/// At most four places, and none that say nothing.
fn decimal(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::signal::Sample;
    use crate::domain::{Signal, SignalId};
    use crate::engine::Snapshot;

    #[test]
    fn a_value_is_written_as_it_was_read() {
        assert_eq!([1.9, 40.0, 0.123_456].map(decimal), ["1.9", "40", "0.1235"]);
    }

    #[test]
    fn a_series_is_of_the_source_that_told_it_and_not_of_one_whose_name_only_holds_its_name() {
        let now = Time::from_millis(100_000_000);
        let sample = |source: &str, series: &str, minutes: i64| Signal {
            id: SignalId::of(source, series),
            at: now - Span::minutes(minutes),
            source: SourceName::new(source),
            service: None,
            title: series.into(),
            body: Body::Sample(Sample::new(series.into(), 1.0)),
            link: None,
            raw: None,
        };
        let mut snapshot = Snapshot::empty("room", now);
        for signal in [sample("other", "api/5xx-canary", 9), sample("aws", "api/5xx", 5)] {
            snapshot.signals.insert(&signal);
        }
        let world = World { snapshot: &snapshot, situation: &snapshot.situation, now };
        let source = Reader::new(world).source_of(&"api/5xx".into(), now - AROUND, now);
        assert_eq!(source, SourceName::new("aws"));
    }
}
