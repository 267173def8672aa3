//! CloudWatch metrics: the series of the catalog, up to 500 in a request, the last hours first and then the day
//! that findings take as usual.
//!
//! What CloudWatch does not tell is not told: a gap stays a gap. What it told of a minute before all of it had arrived is
//! told again when it has come to something else, as long as that minute is asked for again. When the catalog is renewed, a series that is new in it
//! has its baseline read, and the others go on.

use super::pages::Pages;
use super::target::{Observed, Target, date, time};
use super::{Concern, EVERY, GOING_ON, place};
use crate::domain::catalog::{self, CloudWatch, Service, Unit};
use crate::domain::signal::{Body, Sample};
use crate::domain::{Catalog, SeriesName, ServiceName, Signal, SignalId, Span, Time};
use crate::sources::SourceError;
use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode,
};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

const GET: &str = "cloudwatch:GetMetricData";
/// The most queries of one request.
const AT_ONCE: usize = 500;
/// This far back in minutes, and beyond it in steps of five, which is all a baseline needs.
const FINE: Span = Span::hours(3);
const BASELINE: Span = Span::hours(27);
const MINUTE: i32 = 60;
const COARSE: i32 = 300;
/// The newest minute is still being counted.
const SETTLING: Span = Span::minutes(1);
const OVERLAP: Span = Span::minutes(10);
const STEPS: usize = 4;

pub(super) struct Metrics {
    /// Whose series these are.
    catalog: Arc<Catalog>,
    series: Vec<Measured>,
    /// How many of them have been asked for before; what is new comes last.
    known: usize,
    /// What cannot be asked because nobody says where it is.
    unplaced: Vec<String>,
    /// Where series may be.
    here: Arc<Target>,
    targets: Vec<Arc<Target>>,
    to_do: VecDeque<Stretch>,
    pages: Pages,
    /// Everything before this has been asked for and answered.
    reached: Option<Time>,
    /// How far what is to do reaches.
    planned: Time,
    /// When each value told lately was of, by its signal, and what it was.
    told: HashMap<SignalId, (Time, u64)>,
    held: Vec<Signal>,
}

#[derive(PartialEq)]
struct Measured {
    name: SeriesName,
    service: ServiceName,
    metric: String,
    unit: Unit,
    from: CloudWatch,
}

/// Some of the series over some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    first: usize,
    last: usize,
    from: Time,
    until: Time,
    period: i32,
}

impl Stretch {
    /// How many seconds later than it could be a value is read; a step of five minutes never knows better than a minute.
    fn later(self, at: Time, now: Time) -> u32 {
        let since = (now - at - Span::seconds(i64::from(MINUTE)) - SETTLING).as_seconds();
        if self.period == MINUTE { u32::try_from(since).unwrap_or(0) } else { 0 }
    }
}

impl Metrics {
    /// Those that only this one of the targets can have; of the others it says why they are asked of none.
    pub fn of(target: &Arc<Target>, targets: &[Arc<Target>]) -> Self {
        let catalog = target.catalog();
        let (series, unplaced) = measured(target, targets, &catalog);
        Self {
            catalog,
            series,
            known: 0,
            unplaced,
            here: Arc::clone(target),
            targets: targets.to_vec(),
            to_do: VecDeque::new(),
            pages: Pages::default(),
            reached: None,
            planned: Time::MIN,
            told: HashMap::new(),
            held: Vec::new(),
        }
    }

    /// `now` by the clock of AWS, whose minutes are counted.
    fn plan(&mut self, now: Time) {
        self.follow();
        let until = floor(now - SETTLING, MINUTE);
        let oldest = until - BASELINE;
        let from = self.reached.map_or(oldest, |reached| (reached - OVERLAP).max(oldest));
        self.want(0..self.known, from, until);
        self.want(self.known..self.series.len(), oldest, until);
        self.planned = until;
    }

    fn want(&mut self, series: Range<usize>, from: Time, until: Time) {
        for (from, until, period) in stretches(from, until) {
            for first in series.clone().step_by(AT_ONCE) {
                let last = (first + AT_ONCE).min(series.end);
                self.to_do.push_back(Stretch { first, last, from, until, period });
            }
        }
    }

    fn follow(&mut self) {
        let catalog = self.here.catalog();
        if Arc::ptr_eq(&catalog, &self.catalog) {
            return;
        }
        let is_known = |one: &Measured| self.series[..self.known].contains(one);
        let (all, unplaced) = measured(&self.here, &self.targets, &catalog);
        let (mut series, new): (Vec<_>, Vec<_>) = all.into_iter().partition(is_known);
        self.known = series.len();
        series.extend(new);
        self.series = series;
        self.unplaced = unplaced;
        self.catalog = catalog;
    }

    async fn page(&mut self, target: &Target, now: Time, stretch: Stretch) -> Result<(), SourceError> {
        let clients = target.within_budget(now).await?;
        let queries =
            (stretch.first..stretch.last).map(|index| query(index, &self.series[index], stretch.period));
        let asked = clients.cloudwatch.get_metric_data().set_metric_data_queries(Some(queries.collect()));
        let asked = asked.start_time(date(stretch.from)).end_time(date(stretch.until));
        let asked = asked.scan_by(ScanBy::TimestampAscending).set_next_token(self.pages.token());
        let page = asked.send().await.map_err(|error| target.trouble(GET, &error))?;
        for result in page.metric_data_results() {
            self.tell(target, target.there(now), stretch, result)?;
        }
        if !self.pages.turn(GET, page.next_token())? {
            self.to_do.pop_front();
        }
        Ok(())
    }

    fn tell(
        &mut self,
        target: &Target,
        now: Time,
        stretch: Stretch,
        result: &MetricDataResult,
    ) -> Result<(), SourceError> {
        if let Some(StatusCode::Forbidden) = result.status_code() {
            let label = crate::domain::text::clean(result.label().unwrap_or("a series"));
            return Err(SourceError::denied(
                format!("{GET}: {label} may not be read"),
                format!("allow {GET}"),
            ));
        }
        let index = result.id().and_then(|id| id.strip_prefix('m')).and_then(|id| id.parse::<usize>().ok());
        let Some(measured) = index.and_then(|index| self.series.get(index)) else { return Ok(()) };
        let points = result.timestamps().iter().zip(result.values());
        let points = points.filter_map(|(at, value)| Some((time(Some(at))?, *value)));
        let points =
            points.filter(|(at, value)| value.is_finite() && *at >= stretch.from && *at < stretch.until);
        for (at, value) in points {
            let value = measured.scaled(value, stretch.period);
            let signal = measured.sample(target, at, value, stretch.later(at, now));
            let known = self.told.insert(signal.id, (at, value.to_bits()));
            if known.is_none_or(|(_, known)| known != value.to_bits()) {
                self.held.push(signal);
            }
        }
        Ok(())
    }
}

impl Concern for Metrics {
    async fn read(&mut self, target: &Target, now: Time) -> Result<Span, SourceError> {
        if self.to_do.is_empty() {
            self.plan(target.there(now));
        }
        if self.series.is_empty() {
            return Err(SourceError::idle(self.note(), EVERY));
        }
        for _ in 0..STEPS {
            let Some(stretch) = self.to_do.front().copied() else { break };
            self.page(target, now, stretch).await?;
        }
        let is_done = self.to_do.is_empty();
        if is_done {
            let asked_again = self.planned - OVERLAP;
            self.told.retain(|_, (at, _)| *at >= asked_again);
            self.known = self.series.len();
            self.reached = Some(self.planned.min(floor(target.there(now) - SETTLING, MINUTE)));
        }
        let again_in = if is_done { EVERY } else { GOING_ON };
        Ok(again_in)
    }

    fn held(&mut self) -> &mut Vec<Signal> {
        &mut self.held
    }

    fn afresh(&mut self) {
        self.pages = Pages::default();
        self.to_do.clear();
    }

    fn note(&self) -> String {
        match self.unplaced.as_slice() {
            [] if self.series.is_empty() => "no series of the catalog is here".to_owned(),
            [] => String::new(),
            [one] => one.clone(),
            [first, more @ ..] => format!("{first} (and {} more: sitroom config check)", more.len()),
        }
    }
}

/// The series of a catalog that only this one of the targets can have, and what only it could say why it is not asked.
fn measured(
    target: &Arc<Target>,
    targets: &[Arc<Target>],
    catalog: &Catalog,
) -> (Vec<Measured>, Vec<String>) {
    let first = |from| place::able(targets, from).next().is_some_and(|first| Arc::ptr_eq(first, target));
    let here: Vec<_> = place::metrics(catalog).filter(|(_, _, from)| first(from)).collect();
    let unplaced = here.iter().filter_map(|one| place::unplaced(targets, *one)).collect();
    let here = here.into_iter().filter(|one| place::unplaced(targets, *one).is_none());
    (here.map(Measured::of).collect(), unplaced)
}

/// The series of the catalog that may be here, and what asks for them; without any, for one that need not be there.
pub(super) fn tried(target: &Target) -> (Vec<SeriesName>, Vec<MetricDataQuery>) {
    let catalog = target.catalog();
    let here = place::metrics(&catalog).filter(|(_, _, from)| target.could_have(from)).take(AT_ONCE);
    let here: Vec<_> = here.map(Measured::of).collect();
    let mut queries: Vec<_> = here.iter().enumerate().map(|(index, one)| query(index, one, MINUTE)).collect();
    if queries.is_empty() {
        let any = Metric::builder().namespace("AWS/Usage").metric_name("CallCount").build();
        let stat = MetricStat::builder().metric(any).period(MINUTE).stat("Sum").build();
        queries.push(MetricDataQuery::builder().id(id(0)).metric_stat(stat).build());
    }
    (here.into_iter().map(|one| one.name).collect(), queries)
}

/// What a query is called in a request.
pub(super) fn id(index: usize) -> String {
    format!("m{index}")
}

impl Measured {
    fn of((service, metric, from): (&Service, &catalog::Metric, &CloudWatch)) -> Self {
        Self {
            name: SeriesName::new(format!("{}/{}", service.name, metric.name)),
            service: service.name.clone(),
            metric: metric.name.clone(),
            unit: metric.unit,
            from: from.clone(),
        }
    }

    fn sample(&self, target: &Target, at: Time, value: f64, later: u32) -> Signal {
        target.signal(Observed {
            external: format!("metric/{}/{}", self.name, at.millis()),
            at,
            service: Some(self.service.clone()),
            title: format!("{} {} {}", self.service, self.metric, self.unit.say(value)),
            body: Body::Sample(Sample { series: self.name.clone(), value, later }),
            link: None,
            raw: None,
        })
    }

    /// In the unit of the catalog; a sum over five minutes counts as what one of them had.
    fn scaled(&self, value: f64, period: i32) -> f64 {
        let is_counted = matches!(self.from.stat.as_str(), "Sum" | "SampleCount");
        let minutes = if is_counted { f64::from(period) / f64::from(MINUTE) } else { 1.0 };
        value * self.from.scale / minutes
    }
}

fn query(index: usize, measured: &Measured, period: i32) -> MetricDataQuery {
    let CloudWatch { namespace, metric, dimensions, stat, .. } = &measured.from;
    let dimensions =
        dimensions.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build());
    let metric = Metric::builder()
        .namespace(namespace)
        .metric_name(metric)
        .set_dimensions(Some(dimensions.collect()))
        .build();
    let stat = MetricStat::builder().metric(metric).period(period).stat(stat).build();
    MetricDataQuery::builder().id(id(index)).metric_stat(stat).build()
}

/// What is recent in minutes and first, what is older in steps of five.
fn stretches(from: Time, until: Time) -> Vec<(Time, Time, i32)> {
    let border = floor(until - FINE, COARSE);
    if from >= border {
        return vec![(from, until, MINUTE)];
    }
    vec![(border, until, MINUTE), (floor(from, COARSE), border, COARSE)]
}

fn floor(at: Time, seconds: i32) -> Time {
    let step = i64::from(seconds) * 1_000;
    Time::from_millis(at.millis().div_euclid(step) * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Time {
        Time::from_millis(minute * 60_000)
    }

    #[test]
    fn the_last_hours_come_first_and_in_minutes() {
        assert_eq!(stretches(at(8), at(1_628)), [(at(1_445), at(1_628), MINUTE), (at(5), at(1_445), COARSE)]);
        assert_eq!(stretches(at(1_600), at(1_628)), [(at(1_600), at(1_628), MINUTE)]);
    }
}
