//! One measured series: its points in order, and the baseline it is judged against.
//!
//! A baseline looks at the day that ended an hour ago, so that a fault of the last minutes does not count as
//! usual. It is taken every quarter of an hour and remembered, since most questions are about the same quarter.

use super::situation::Evidence;
use super::stats::{Baseline, median};
use crate::domain::catalog::{Measures, Unit};
use crate::domain::{Catalog, SeriesName, ServiceName, SignalKey, SourceName, Span, Time};
use std::cell::RefCell;

const BASELINE_WINDOW: Span = Span::hours(24);
const BASELINE_LAG: Span = Span::hours(1);
const BASELINE_EVERY: Span = Span::minutes(15);

/// Fewer points than this are no baseline.
const BASELINE_POINTS: usize = 30;

/// Quarters remembered for each series: an evening of looking back.
const REMEMBERED: usize = 32;

#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub key: SignalKey,
    pub value: f64,
}

#[derive(Debug)]
pub(super) struct Series {
    pub name: SeriesName,
    pub service: ServiceName,
    /// The name within its service.
    pub metric: String,
    pub measures: Measures,
    pub unit: Unit,
    pub volume: Option<SeriesName>,
    pub source: SourceName,
    points: Vec<Point>,
    baselines: RefCell<Vec<(Time, Option<Baseline>)>>,
}

impl Series {
    pub fn new(name: SeriesName, source: SourceName, catalog: &Catalog) -> Self {
        let (service, metric) = name.as_str().split_once('/').unwrap_or(("", name.as_str()));
        let (service, metric) = (ServiceName::new(service), metric.to_owned());
        let known = catalog.metric(&name);
        Self {
            measures: known.map_or_else(|| measures(&metric), |metric| metric.measures),
            unit: known.map_or(Unit::Count, |metric| metric.unit),
            volume: known
                .and_then(|metric| metric.volume.as_ref())
                .map(|volume| SeriesName::new(format!("{service}/{volume}"))),
            name,
            service,
            metric,
            source,
            points: Vec::new(),
            baselines: RefCell::default(),
        }
    }

    /// The series counts as coming from where its oldest point came from.
    pub fn insert(&mut self, point: Point, source: &str) -> bool {
        self.baselines.get_mut().retain(|(end, _)| *end < point.key.at);
        let place = match self.points.last() {
            Some(last) if last.key < point.key => self.points.len(),
            _ => match self.points.binary_search_by_key(&point.key, |known| known.key) {
                Ok(place) => {
                    let was = std::mem::replace(&mut self.points[place].value, point.value);
                    return was.total_cmp(&point.value).is_ne();
                }
                Err(place) => place,
            },
        };
        if place == 0 && self.source.as_str() != source {
            self.source = SourceName::new(source);
        }
        self.points.insert(place, point);
        true
    }

    /// Drops what was measured before a moment; false when nothing is left.
    pub fn forget(&mut self, before: Time) -> bool {
        self.points.drain(..self.points.partition_point(|point| point.key.at < before));
        self.baselines.get_mut().clear();
        !self.points.is_empty()
    }

    pub fn since(&self) -> Option<Time> {
        self.points.first().map(|point| point.key.at)
    }

    pub fn until(&self, now: Time) -> &[Point] {
        &self.points[..self.points.partition_point(|point| point.key.at <= now)]
    }

    /// Later than `from`, up to `to`.
    pub fn between(&self, from: Time, to: Time) -> &[Point] {
        let until = self.until(to);
        &until[until.partition_point(|point| point.key.at <= from)..]
    }

    /// The median of the last minutes that were measured; none when there is too little to say, or nothing as late as that.
    /// What is asked for every minute comes some minutes late, and stands for now until then.
    pub fn recent(&self, now: Time, span: Span, at_least: usize) -> Option<f64> {
        let newest = self.between(now - span, now).last()?.key.at;
        let points = self.between(newest - span, newest);
        if points.len() < at_least.max(1) {
            return None;
        }
        median(&mut values(points))
    }

    /// What the series usually is, as of a moment.
    pub fn baseline(&self, now: Time) -> Option<Baseline> {
        let end = quarter(now - BASELINE_LAG);
        let mut known = self.baselines.borrow_mut();
        if let Some((_, baseline)) = known.iter().find(|(at, _)| *at == end) {
            return *baseline;
        }
        let baseline = self.baseline_of(end - BASELINE_WINDOW, end);
        if known.len() == REMEMBERED {
            known.remove(0);
        }
        known.push((end, baseline));
        baseline
    }

    /// What it was within a window.
    pub fn baseline_of(&self, from: Time, to: Time) -> Option<Baseline> {
        let points = self.between(from, to);
        if points.len() < BASELINE_POINTS {
            return None;
        }
        Baseline::of(&mut values(points))
    }

    pub fn say(&self, value: f64) -> String {
        self.unit.say((value * 10.0).round() / 10.0)
    }

    pub fn evidence(&self, marked_at: Option<Time>) -> Evidence {
        Evidence::Series { name: self.name.clone(), marked_at }
    }
}

pub(super) fn values(points: &[Point]) -> Vec<f64> {
    points.iter().map(|point| point.value).collect()
}

fn quarter(at: Time) -> Time {
    Time::from_millis(at.millis() - at.millis().rem_euclid(BASELINE_EVERY.as_millis()))
}

/// What a series measures when the catalog does not say, by what such series are commonly called.
fn measures(metric: &str) -> Measures {
    const CALLED: [(&str, Measures); 9] = [
        ("5xx", Measures::Errors),
        ("error", Measures::Errors),
        ("fail", Measures::Errors),
        ("latency", Measures::Latency),
        ("duration", Measures::Latency),
        ("p95", Measures::Latency),
        ("p99", Measures::Latency),
        ("cpu", Measures::Saturation),
        ("memory", Measures::Saturation),
    ];
    let metric = metric.to_ascii_lowercase();
    CALLED.iter().find(|(word, _)| metric.contains(word)).map_or(Measures::Other, |(_, measures)| *measures)
}
