//! Small stories for the tests of rules: signals some minutes before a fixed now, told one call each.

use super::budgets::{self, Budget};
use super::history::History;
use super::policy::Policy;
use super::rule::{Finding, Place, Rule};
use super::topology::Topology;
use super::view::View;
use super::watches::Watches;
use super::{Situation, situation};
use crate::domain::catalog::Plan;
use crate::domain::catalog::Readiness;
use crate::domain::signal::{
    Alarm, AlarmState, Body, Change, Deploy, Health, Outcome, PullRequest, PullRequestState, Review, Run,
    Sample, Verdict,
};
use crate::domain::{
    Catalog, SeriesName, ServiceName, Signal, SignalId, SignalLog, SourceName, SourceStatus, Span, Time,
};

pub(super) const NOW: Time = Time::from_millis(1_770_000_000_000);

pub(super) struct Story {
    catalog: Catalog,
    policy: Policy,
    log: SignalLog,
    sources: Vec<SourceStatus>,
    /// Where its signals come from.
    source: SourceName,
}

/// `web` calls `api`, `api` calls `db`; the first two are critical.
const CATALOG: &str = r#"
[[service]]
name = "web"
criticality = "critical"
owner = "front"
repositories = ["front/web"]
depends_on = ["api"]
consequence = "Nobody gets in."
endpoint = [{ name = "sign in", critical = true }]
metric = [{ name = "5xx", measures = "errors", unit = "percent" }]

[[service]]
name = "api"
criticality = "critical"
owner = "back"
repositories = ["back/api"]
depends_on = ["db"]
consequence = "Orders fail."
endpoint = [{ name = "order", critical = true }, { name = "list" }]
metric = [
    { name = "5xx", measures = "errors", unit = "percent", volume = "requests" },
    { name = "p95", measures = "latency", unit = "milliseconds" },
    { name = "requests", measures = "traffic", unit = "per-second" },
]
slo = [{ name = "availability", objective = 99.0, window = "30d", metric = "5xx" }]

[[service]]
name = "db"
tier = "foundation"
"#;

impl Story {
    pub fn new() -> Self {
        let catalog = toml::from_str(CATALOG).expect("the catalog of the tests is well-formed");
        Self {
            catalog,
            policy: Policy::default(),
            log: SignalLog::new(),
            sources: Vec::new(),
            source: "aws".into(),
        }
    }

    pub fn planned(mut self, plan: Plan) -> Self {
        self.catalog.plan = plan;
        self
    }

    pub fn agreeing(mut self, readiness: Readiness) -> Self {
        self.catalog.readiness = readiness;
        self
    }

    pub fn budgets(&self) -> Vec<Budget> {
        self.seen(budgets::budgets)
    }

    /// The same with another catalog.
    pub fn of(catalog: &str) -> Self {
        Self {
            catalog: toml::from_str(catalog).expect("the catalog of a test is well-formed"),
            ..Self::new()
        }
    }

    /// What comes from now on comes from there.
    pub fn told_by(mut self, name: &str) -> Self {
        self.source = SourceName::new(name);
        self
    }

    pub fn source(mut self, status: SourceStatus) -> Self {
        self.sources.push(status);
        self
    }

    pub fn signal(mut self, ago: Span, service: &str, body: Body) -> Self {
        let name = format!("{service} {ago:?} {body:?}");
        self.log.insert(&Signal {
            id: SignalId::of("test", &name),
            at: NOW - ago,
            source: self.source.clone(),
            service: Some(service).filter(|name| !name.is_empty()).map(ServiceName::new),
            title: name,
            body,
            link: None,
            raw: None,
        });
        self
    }

    /// Thirty hours at one value, with a little noise, a sample a minute, and another value for the last minutes.
    pub fn series(mut self, name: &str, usual: f64, last: i64, then: f64) -> Self {
        let service = name.split('/').next().unwrap_or_default().to_owned();
        for minute in 0..30 * 60 {
            let noise = 1.0 + 0.03 * f64::from(i32::try_from(minute % 5).unwrap_or(0) - 2);
            let value = if minute < last { then } else { usual };
            let sample = Sample::new(SeriesName::new(name), value * noise);
            self = self.signal(Span::minutes(minute), &service, Body::Sample(sample));
        }
        self
    }

    pub fn deploy(self, ago: i64, service: &str, version: &str, outcome: Outcome) -> Self {
        let (version, environment) = (version.to_owned(), "production".to_owned());
        let deploy = Deploy { version, environment, outcome, previous: None, took: None, cause: None };
        self.signal(Span::minutes(ago), service, Body::Deploy(deploy))
    }

    pub fn alarm(self, ago: i64, service: &str, name: &str, state: AlarmState) -> Self {
        self.percentile(ago, service, (name, None), (None, state))
    }

    /// An alarm that is only told anew: it is in that state for longer.
    pub fn told_anew(self, ago: i64, service: &str, name: &str, (state, since): (AlarmState, i64)) -> Self {
        let alarm = Alarm {
            name: name.to_owned(),
            state,
            was: None,
            since: Some(NOW - Span::minutes(since)),
            metric: None,
            statistic: None,
            endpoint: None,
            reason: None,
        };
        self.signal(Span::minutes(ago), service, Body::Alarm(alarm))
    }

    /// An alarm with the statistic and the endpoint it watches.
    pub fn percentile(
        self,
        ago: i64,
        service: &str,
        (name, statistic): (&str, Option<&str>),
        (endpoint, state): (Option<&str>, AlarmState),
    ) -> Self {
        let alarm = Alarm {
            name: name.to_owned(),
            state,
            was: None,
            since: None,
            metric: None,
            statistic: statistic.map(str::to_owned),
            endpoint: endpoint.map(str::to_owned),
            reason: None,
        };
        self.signal(Span::minutes(ago), service, Body::Alarm(alarm))
    }

    pub fn config(self, ago: i64, service: &str, key: &str, before: &str, after: &str) -> Self {
        let (before, after) = (Some(before.to_owned()), Some(after.to_owned()));
        let change = Change { key: key.to_owned(), before, after, by: String::new() };
        self.signal(Span::minutes(ago), service, Body::Config(change))
    }

    pub fn request(
        self,
        ago: Span,
        repository: &str,
        number: u64,
        (state, lines, services): (PullRequestState, u64, &[&str]),
    ) -> Self {
        let request = PullRequest {
            repository: repository.to_owned(),
            number,
            state,
            author: String::new(),
            added: lines,
            removed: 0,
            services: services.iter().copied().map(ServiceName::new).collect(),
            ready_at: None,
        };
        self.signal(ago, services.first().copied().unwrap_or(""), Body::PullRequest(request))
    }

    pub fn review(self, ago: Span, repository: &str, number: u64, reviewer: &str, took: Span) -> Self {
        let review = Review {
            repository: repository.to_owned(),
            number,
            reviewer: reviewer.to_owned(),
            verdict: Verdict::Approved,
            turnaround: took,
        };
        self.signal(ago, "", Body::Review(review))
    }

    pub fn check(self, ago: i64, service: &str, healthy: bool) -> Self {
        let health = Health { check: "ready".to_owned(), healthy, latency_ms: None, in_a_row: None };
        self.signal(Span::minutes(ago), service, Body::Health(health))
    }

    pub fn run(self, ago: i64, branch: &str, outcome: Outcome) -> Self {
        let (repository, workflow) = ("back/api".to_owned(), "build".to_owned());
        let run = Run { repository, workflow, branch: branch.to_owned(), outcome };
        self.signal(Span::minutes(ago), "", Body::Run(run))
    }

    pub fn found(&self, rule: &Rule) -> Vec<Finding> {
        self.seen(|view| (rule.evaluate)(view))
    }

    /// The sentences a rule says at a place.
    pub fn said(&self, rule: &Rule, place: Place) -> Vec<String> {
        let found = self.found(rule);
        found.iter().flat_map(|finding| finding.says_at(place)).map(str::to_owned).collect()
    }

    pub fn situation(&self) -> Situation {
        situation(&self.log, &self.catalog, &self.policy, &self.sources, NOW)
    }

    pub fn history(&self) -> History {
        let mut history = History::default();
        for signal in self.log.iter() {
            history.observe(signal, &self.catalog);
        }
        history
    }

    pub fn seen<T>(&self, look: impl FnOnce(&View<'_>) -> T) -> T {
        self.seen_after(Span::ZERO, look)
    }

    /// When nothing more has come for a while.
    pub fn seen_after<T>(&self, pause: Span, look: impl FnOnce(&View<'_>) -> T) -> T {
        let history = self.history();
        let (topology, watches) = (Topology::of(&self.catalog), Watches::of(&self.catalog));
        let ground = (&topology, &watches);
        look(&View::new(&history, &self.catalog, &self.policy, ground, &self.sources, NOW + pause))
    }
}
