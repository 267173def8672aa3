//! Series above their baseline: how far, since when, and where they began to move.
//!
//! Two questions are kept apart. Whether a series is elevated is asked of its last minutes against the day before.
//! When it began to move is asked of a cumulative sum against the hours just before, because a slow climb has long
//! begun when it crosses a threshold.

use super::rules::elevated::RULE;
use super::series::{Point, Series};
use super::stats::{Baseline, climb_began, median};
use super::view::{View, rang_at};
use crate::domain::catalog::{Measures, Unit};
use crate::domain::{Span, Time};

/// The last minutes, of which most must lie above the limit.
const RUN: usize = 5;
const RECENT: Span = Span::minutes(5);

/// How far back an elevation is followed to where it crossed its limit.
const FARTHEST: Span = Span::hours(24);

/// What counts as just before, for finding the onset.
const LOCAL_FROM: Span = Span::hours(3);
const LOCAL_TO: Span = Span::minutes(30);
const SEARCH: Span = Span::minutes(45);

/// Slack and limit of the cumulative sum, in spreads.
const SLACK: f64 = 1.25;
const CLIMB: f64 = 5.0;

/// A rise is over when it has come this share of its way.
const ARRIVED: f64 = 0.95;
const RISE: Span = Span::hours(1);

#[derive(Clone, Debug)]
pub(super) struct Elevation<'a> {
    pub series: &'a Series,
    pub baseline: Baseline,
    /// Above this it counts as elevated.
    pub limit: f64,
    /// The median of the last minutes.
    pub value: f64,
    /// What it was just before it began to move.
    pub from: f64,
    /// The level it rose to.
    pub to: f64,
    /// The last moment before it began to move.
    pub onset: Time,
    /// Where it crossed the limit.
    pub crossed: Time,
    /// Where the rise was over.
    pub reached: Time,
}

impl Elevation<'_> {
    pub fn ratio(&self) -> f64 {
        self.value / self.baseline.center.max(f64::MIN_POSITIVE)
    }

    pub fn rise_minutes(&self) -> i64 {
        (self.reached - self.onset).as_minutes().max(1)
    }

    /// `Error rate`, `Latency`: what the title of an issue calls it.
    pub fn measure(&self) -> &'static str {
        match self.series.measures {
            Measures::Errors => "Error rate",
            Measures::Latency => "Latency",
            Measures::Saturation => "Saturation",
            Measures::Traffic => "Traffic",
            Measures::Other => "Load",
        }
    }

    /// What somebody was told first: the alarm of the service that rang after the onset, or else the crossing.
    pub fn detected(&self, view: &View<'_>) -> Time {
        view.ringing()
            .filter(|(latest, _)| latest.service_name() == self.series.service.as_str())
            .filter_map(|(_, past)| rang_at(past))
            .map(super::history::Seen::since)
            .filter(|at| *at >= self.onset)
            .min()
            .unwrap_or(self.crossed)
    }
}

/// Every elevated series, errors before latency before saturation, then by how far above.
pub(super) fn elevations<'a>(view: &View<'a>) -> Vec<Elevation<'a>> {
    let mut found: Vec<_> =
        view.history.series.values().filter_map(|series| elevation(view, series)).collect();
    found.sort_by(|a, b| {
        let kind = |e: &Elevation<'_>| kind_order(e.series.measures);
        kind(a).cmp(&kind(b)).then(b.ratio().total_cmp(&a.ratio())).then(a.series.name.cmp(&b.series.name))
    });
    found
}

/// The level above which a series is elevated.
pub(super) fn limit_of(view: &View<'_>, series: &Series, baseline: Baseline) -> f64 {
    let spreads = baseline.center + view.limit(&RULE, "spreads") * baseline.spread;
    let ratio = baseline.center * view.limit(&RULE, ratio_name(series.measures));
    let floor = baseline.center + view.limit(&RULE, floor_name(series.unit));
    spreads.max(ratio).max(floor)
}

fn elevation<'a>(view: &View<'a>, series: &'a Series) -> Option<Elevation<'a>> {
    if !matches!(series.measures, Measures::Errors | Measures::Latency | Measures::Saturation) {
        return None;
    }
    let value = series.recent(view.now, RECENT, 3)?;
    let baseline = series.baseline(view.now)?;
    let limit = limit_of(view, series, baseline);
    if value <= limit || !has_volume(view, series) {
        return None;
    }
    let crossed = crossing(series.between(view.now - FARTHEST, view.now), limit)?;
    let local = series.baseline_of(crossed - LOCAL_FROM, crossed - LOCAL_TO).unwrap_or(baseline);
    let onset = onset(series, local, crossed, view.now);
    let (to, reached) = plateau(series.between(onset, (crossed + RISE).min(view.now)), local.center);
    Some(Elevation {
        series,
        baseline,
        limit,
        value,
        from: local.center,
        to: to.unwrap_or(value),
        onset,
        crossed,
        reached: reached.unwrap_or(crossed),
    })
}

/// A rate over hardly any traffic says nothing.
fn has_volume(view: &View<'_>, series: &Series) -> bool {
    let volume = series.volume.as_ref().and_then(|name| view.history.series.get(name));
    volume
        .and_then(|volume| volume.recent(view.now, RECENT, 1))
        .is_none_or(|volume| volume >= view.limit(&RULE, "least-volume"))
}

/// The start of the last run in which of any five neighbours most lie above the limit.
fn crossing(points: &[Point], limit: f64) -> Option<Time> {
    let is_above = |window: &[Point]| window.iter().filter(|p| p.value > limit).count() * 2 > window.len();
    let quiet = points.windows(RUN.min(points.len().max(1))).rposition(|window| !is_above(window));
    let run = &points[quiet.map_or(0, |place| place + 1)..];
    run.iter().find(|point| point.value > limit).map(|point| point.key.at)
}

/// The last measurement that was still as usual: the cause lies between it and the next.
fn onset(series: &Series, local: Baseline, crossed: Time, now: Time) -> Time {
    let climb = series.between(crossed - SEARCH, (crossed + Span::minutes(3)).min(now));
    let values: Vec<f64> = climb.iter().map(|point| point.value).collect();
    let began = climb_began(&values, local, SLACK, CLIMB);
    began.map_or(crossed, |place| climb[place.saturating_sub(1)].key.at)
}

/// The level a rise came to, and when: where three neighbours agree on nearly the highest there is.
fn plateau(points: &[Point], from: f64) -> (Option<f64>, Option<Time>) {
    let smooth: Vec<(Time, f64)> = points
        .windows(3)
        .filter_map(|three| {
            let mut values = [three[0].value, three[1].value, three[2].value];
            median(&mut values).map(|value| (three[1].key.at, value))
        })
        .collect();
    let Some(highest) = smooth.iter().map(|(_, value)| *value).max_by(f64::total_cmp) else {
        return (None, None);
    };
    let arrived = from + (highest - from) * ARRIVED;
    let Some(place) = smooth.iter().position(|(_, value)| *value >= arrived) else { return (None, None) };
    let mut level: Vec<f64> = smooth[place..].iter().take(RUN).map(|(_, value)| *value).collect();
    (median(&mut level), Some(smooth[place].0))
}

const fn kind_order(measures: Measures) -> u8 {
    match measures {
        Measures::Errors => 0,
        Measures::Latency => 1,
        _ => 2,
    }
}

const fn ratio_name(measures: Measures) -> &'static str {
    match measures {
        Measures::Errors => "error-ratio",
        _ => "latency-ratio",
    }
}

const fn floor_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "least-percent",
        Unit::Milliseconds => "least-milliseconds",
        Unit::PerSecond | Unit::Count => "least-count",
    }
}
