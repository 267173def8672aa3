//! Everything observed, sorted by kind and time: what the rules read.
//!
//! Each kind lies in order of `(at, id)`, so that signals may arrive in any order and more than once. Reading is
//! always up to a moment; nothing later is seen.

use super::series::{Point, Series};
use super::situation::Evidence;
use crate::domain::signal::{
    Alarm, Body, Change, Deploy, Health, Kind, Outcome, PullRequest, Review, Run, Sample,
};
use crate::domain::{Catalog, SeriesName, ServiceName, SignalKey, SignalRef, SourceName, Time};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct History {
    pub deploys: Timeline<Deploy>,
    /// By service and name.
    pub alarms: BTreeMap<(String, String), Timeline<Alarm>>,
    pub pull_requests: Timeline<PullRequest>,
    pub reviews: Timeline<Review>,
    /// Configuration and scaling, told apart by their kind.
    pub changes: Timeline<(Kind, Change)>,
    /// By service and check.
    pub checks: BTreeMap<(String, String), Timeline<Health>>,
    /// By repository, workflow and branch.
    pub runs: BTreeMap<(String, String, String), Timeline<Run>>,
    pub series: BTreeMap<SeriesName, Series>,
    /// When signals of each kind were observed, samples excepted.
    arrivals: BTreeMap<Kind, Vec<Time>>,
}

/// One observation with what identifies and locates it.
#[derive(Clone, Debug)]
pub(super) struct Seen<T> {
    pub key: SignalKey,
    pub source: SourceName,
    pub service: Option<ServiceName>,
    pub title: String,
    pub link: Option<String>,
    pub body: T,
}

#[derive(Clone, Debug)]
pub(super) struct Timeline<T>(Vec<Seen<T>>);

/// A sample as it stands in the log, read without copying its name.
#[derive(Deserialize)]
struct SampleText<'a> {
    #[serde(borrow)]
    series: Cow<'a, str>,
    value: f64,
}

impl History {
    /// Takes a signal in, or what it was corrected to; false when it was known, or is of a kind nothing is derived from.
    pub fn observe(&mut self, signal: SignalRef<'_>, catalog: &Catalog) -> bool {
        match signal.kind() {
            Kind::Sample => self.observe_sample(signal, catalog),
            Kind::Log | Kind::Note => false,
            kind => {
                let is_new = self.observe_event(signal);
                if is_new {
                    let times = self.arrivals.entry(kind).or_default();
                    let place = times.partition_point(|at| *at <= signal.at());
                    times.insert(place, signal.at());
                }
                is_new
            }
        }
    }

    /// Drops what was observed before a moment. Of each alarm stays when it became what it is: it is that until it
    /// says otherwise.
    pub fn forget(&mut self, before: Time) {
        self.deploys.forget(before);
        self.pull_requests.forget(before);
        self.reviews.forget(before);
        self.changes.forget(before);
        self.checks.retain(|_, checks| checks.forget(before));
        self.runs.retain(|_, runs| runs.forget(before));
        self.series.retain(|_, series| series.forget(before));
        for times in self.arrivals.values_mut() {
            times.drain(..times.partition_point(|at| *at < before));
        }
        for alarms in self.alarms.values_mut() {
            alarms.forget_but_the_last_change(before);
        }
        let mut rang: Vec<Time> =
            self.alarms.values().flat_map(|alarms| alarms.0.iter().map(Seen::at)).collect();
        rang.sort_unstable();
        self.arrivals.insert(Kind::Alarm, rang);
    }

    /// When the first signal of a kind was observed.
    pub fn first(&self, kind: Kind) -> Option<Time> {
        self.arrivals.get(&kind)?.first().copied()
    }

    /// When a signal of one of these kinds was last observed, up to a moment.
    pub fn latest(&self, kinds: &[Kind], now: Time) -> Option<Time> {
        let latest = |kind| {
            let times: &Vec<Time> = self.arrivals.get(kind)?;
            let place = times.partition_point(|at| *at <= now);
            times[..place].last().copied()
        };
        kinds.iter().filter_map(latest).max()
    }

    /// The first that was observed.
    pub fn since(&self) -> Option<Time> {
        let events = self.arrivals.values().filter_map(|times| times.first().copied());
        events.chain(self.series.values().filter_map(Series::since)).min()
    }

    pub fn is_empty_at(&self, now: Time) -> bool {
        self.latest(&Kind::ALL, now).is_none() && self.series.values().all(|s| s.until(now).is_empty())
    }

    fn observe_sample(&mut self, signal: SignalRef<'_>, catalog: &Catalog) -> bool {
        let text = signal.body_json();
        let (name, value) = match serde_json::from_str::<SampleText<'_>>(text) {
            Ok(sample) => (sample.series, sample.value),
            Err(_) => match signal.body() {
                Body::Sample(Sample { series, value, .. }) => (Cow::Owned(series.as_str().to_owned()), value),
                _ => return false,
            },
        };
        if !value.is_finite() {
            return false;
        }
        if !self.series.contains_key(name.as_ref()) {
            let series = Series::new(SeriesName::new(&name), SourceName::new(signal.source()), catalog);
            self.series.insert(series.name.clone(), series);
        }
        let point = Point { key: signal.key(), value };
        self.series.get_mut(name.as_ref()).is_some_and(|series| series.insert(point, signal.source()))
    }

    fn observe_event(&mut self, signal: SignalRef<'_>) -> bool {
        let service = signal.service().to_owned();
        match signal.body() {
            Body::Deploy(deploy) => self.deploys.insert(Seen::of(signal, deploy)),
            Body::Alarm(alarm) => {
                let name = (service, alarm.name.clone());
                self.alarms.entry(name).or_default().insert(Seen::of(signal, alarm))
            }
            Body::PullRequest(request) => self.pull_requests.insert(Seen::of(signal, request)),
            Body::Review(review) => self.reviews.insert(Seen::of(signal, review)),
            Body::Config(change) => self.changes.insert(Seen::of(signal, (Kind::Config, change))),
            Body::Scaling(change) => self.changes.insert(Seen::of(signal, (Kind::Scaling, change))),
            Body::Health(health) => {
                let name = (service, health.check.clone());
                self.checks.entry(name).or_default().insert(Seen::of(signal, health))
            }
            Body::Run(run) => {
                let name = (run.repository.clone(), run.workflow.clone(), run.branch.clone());
                self.runs.entry(name).or_default().insert(Seen::of(signal, run))
            }
            Body::Sample(_) | Body::Log(_) | Body::Note => false,
        }
    }
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Timeline<T> {
    pub fn insert(&mut self, seen: Seen<T>) -> bool {
        if self.0.last().is_none_or(|last| last.key < seen.key) {
            self.0.push(seen);
            return true;
        }
        let Err(place) = self.0.binary_search_by_key(&seen.key, |known| known.key) else { return false };
        self.0.insert(place, seen);
        true
    }

    /// False when nothing is left.
    fn forget(&mut self, before: Time) -> bool {
        self.0.drain(..self.0.partition_point(|seen| seen.at() < before));
        !self.0.is_empty()
    }

    pub fn until(&self, now: Time) -> &[Seen<T>] {
        &self.0[..self.0.partition_point(|seen| seen.at() <= now)]
    }

    /// Later than `from`, up to `to`.
    pub fn between(&self, from: Time, to: Time) -> &[Seen<T>] {
        let until = self.until(to);
        &until[until.partition_point(|seen| seen.at() <= from)..]
    }
}

impl Timeline<Alarm> {
    fn forget_but_the_last_change(&mut self, before: Time) {
        let Some(state) = self.0.last().map(|last| last.body.state) else { return };
        let change = self.0.iter().rposition(|seen| seen.body.state != state).map_or(0, |other| other + 1);
        let old = self.0.partition_point(|seen| seen.at() < before);
        if change < old {
            self.0.drain(change + 1..old);
        }
        self.0.drain(..change.min(old));
    }
}

impl<T> Seen<T> {
    pub fn of(signal: SignalRef<'_>, body: T) -> Self {
        Self {
            key: signal.key(),
            source: SourceName::new(signal.source()),
            service: Some(signal.service()).filter(|name| !name.is_empty()).map(ServiceName::new),
            title: signal.title().to_owned(),
            link: signal.link().map(str::to_owned),
            body,
        }
    }

    pub fn at(&self) -> Time {
        self.key.at
    }

    /// Empty when it speaks of no one service.
    pub fn service_name(&self) -> &str {
        self.service.as_ref().map_or("", ServiceName::as_str)
    }

    /// The signal and its link.
    pub fn evidence(&self) -> impl Iterator<Item = Evidence> {
        let signal = Evidence::Signal { id: self.key.id, at: self.key.at, title: self.title.clone() };
        let link = self.link.clone().map(|url| Evidence::Link { url });
        std::iter::once(signal).chain(link)
    }
}

impl Seen<Alarm> {
    /// When it came into its state, which may be long before it was told.
    pub fn since(&self) -> Time {
        self.body.since.unwrap_or(self.at())
    }
}

impl Seen<Deploy> {
    /// Whether something new runs in production since.
    pub fn took_effect(&self) -> bool {
        matches!(self.body.outcome, Outcome::Succeeded | Outcome::RolledBack) && self.is_production()
    }

    /// What runs since, if that is known: a deploy that was rolled back leaves what was there before.
    pub fn running(&self) -> Option<&str> {
        match self.body.outcome {
            Outcome::RolledBack => self.body.previous.as_deref(),
            _ => Some(&self.body.version),
        }
    }

    /// How a deploy that was rolled back is told.
    pub fn rolled_back(&self) -> String {
        let service = self.service_name();
        match &self.body.previous {
            Some(previous) => format!("{service} rolled back to {previous}"),
            None => format!("{service} {} rolled back", self.body.version),
        }
    }

    pub fn is_production(&self) -> bool {
        self.body.is_production()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::signal::AlarmState;
    use crate::domain::{Signal, SignalId, SignalLog, Span};

    #[test]
    fn what_a_measurement_was_corrected_to_is_what_rules_see() {
        let catalog = Catalog::default();
        let (mut history, mut log) = (History::default(), SignalLog::new());
        for (value, later, is_new) in
            [(10.0, 0, true), (10.0, 60, false), (100.0, 120, true), (10.0, 60, false)]
        {
            let body = Body::Sample(Sample { series: "api/5xx".into(), value, later });
            let signal = Signal {
                id: SignalId::of("test", "1"),
                at: NOW,
                source: "aws".into(),
                service: None,
                title: String::new(),
                body,
                link: None,
                raw: None,
            };
            assert_eq!(log.insert(&signal), is_new, "{value}");
            let seen = log.iter().filter(|seen| history.observe(*seen, &catalog)).count();
            assert_eq!(seen, usize::from(is_new), "{value}");
        }
        let values: Vec<_> = history.series["api/5xx"].until(NOW).iter().map(|point| point.value).collect();
        assert_eq!(values, [100.0]);
    }

    #[test]
    fn what_is_forgotten_takes_no_place_and_an_alarm_stays_as_it_is() {
        let mut story = Story::new().series("api/5xx", 0.5, 20, 2.5);
        for ago in [3_000, 2_000, 100] {
            story = story
                .deploy(ago, "api", "v7", Outcome::Succeeded)
                .config(ago, "api", "pool", "1", "2")
                .check(ago, "api", true)
                .run(ago, "main", Outcome::Succeeded);
        }
        let story = story
            .alarm(3_000, "api", "api-high", AlarmState::Ok)
            .alarm(2_500, "api", "api-high", AlarmState::Alarm)
            .alarm(2_400, "api", "api-high", AlarmState::Alarm)
            .alarm(300, "api", "api-high", AlarmState::Alarm);
        let mut history = story.history();
        let before = NOW - Span::minutes(500);
        history.forget(before);
        history.forget(before);
        let lengths = [
            history.deploys.0.len(),
            history.changes.0.len(),
            history.checks.values().map(|checks| checks.0.len()).sum(),
            history.runs.values().map(|runs| runs.0.len()).sum(),
            history.series.values().map(|series| series.until(NOW).len()).sum(),
        ];
        assert_eq!(lengths, [1, 1, 1, 1, 501]);
        let rang: Vec<_> = history.alarms.values().flat_map(|alarms| &alarms.0).map(Seen::at).collect();
        assert_eq!(rang, [2_500, 300].map(|ago| NOW - Span::minutes(ago)), "since when it rings");
        assert_eq!(history.latest(&[Kind::Deploy], NOW), Some(NOW - Span::minutes(100)));
        history.forget(NOW + Span::minutes(1));
        assert_eq!((history.series.len(), history.checks.len(), history.runs.len()), (0, 0, 0));
        assert!(!history.is_empty_at(NOW), "the alarm is known still");
    }
}
