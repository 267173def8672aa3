//! The catalog: what the team runs, what depends on what, and what each service promises.
//!
//! A catalog is data a team writes; it may be incomplete or empty, and dependencies may name services that are
//! not in it. Everything derived from it (levels, blast radius, coverage) is computed elsewhere.

mod alert;
mod capacity;
mod cascade;
mod checklist;
pub mod completeness;
mod dashboard;
mod degradation;
mod dependency;
mod deployment;
mod document;
mod exhaustion;
mod health;
mod lines;
mod logs;
mod metric;
pub mod plan;
mod readiness;
mod risk;
mod rollback;
mod service;
mod slo;
mod traces;
mod tradeoff;
mod watch;
mod words;

pub use alert::{Alert, AlertTier, Alerting, TierUse};
pub use capacity::{
    Capacity, CapacityTest, CapacityTestKind, Compute, FanOut, Network, Pool, PoolKind, Scaling, Storage,
    Vertical,
};
pub use cascade::{BackPressure, Bulkhead, Cascade, RateLimits, RequestTimeout};
pub use checklist::{Template, TemplateKind};
pub use dashboard::{Dashboard, DashboardKind};
pub use degradation::{Degradation, Mode, Normal, Signalling, ToCallers};
pub use dependency::{Backoff, Behaviour, Breaker, Dependency, DependencyKind, Failure, Retry};
pub use deployment::{DeployStep, Deployment, Part, Strategy};
pub use document::Document;
pub use exhaustion::{Exhaustion, Overload};
pub use health::{CheckKind, Checked, HealthCheck, StartStep};
pub use lines::Lines;
pub use logs::{LevelUse, LogField, LogLevel, LogPoint, Logs, Redacted};
pub use metric::{CloudWatch, Measures, Metric, MetricGroup, MetricKind, Unit};
pub use plan::Plan;
pub use readiness::{
    Check, Claim, Demand, Gating, Hole, Item, Mistaken, Objective, OnCall, Playbook, PolicyStep, Readiness,
    Rotation, Runbook, Shift, Term,
};
pub use risk::{Risk, RiskFactor, RiskKind, RiskLevel};
pub use rollback::Rollback;
pub use service::{Criticality, Endpoint, Service, Tier};
pub use slo::Slo;
pub use traces::{Sampling, TraceSpan, Traces};
pub use tradeoff::TradeOff;
pub use watch::{Watch, WatchedAlert, WatchedLog, WatchedMetric};

use super::id::{SeriesName, ServiceName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// What the team runs.
    #[serde(default, rename = "service")]
    pub services: Vec<Service>,
    /// Checklists the team keeps ready.
    #[serde(default, rename = "checklist")]
    pub checklists: Vec<Template>,
    /// What has to be true before launch.
    #[serde(default)]
    pub readiness: Readiness,
    /// The way out of a crisis.
    #[serde(default)]
    pub plan: Plan,
}

impl Catalog {
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name.as_str() == name)
    }

    /// Every checklist that can be begun: the team's own, the rollbacks of its services, its runbooks, then what comes
    /// with sitroom.
    pub fn templates(&self) -> impl Iterator<Item = Template> {
        let own = self.checklists.iter().map(|own| checklist::timed(own, &self.services));
        let runbooks = self.readiness.runbooks.iter().filter_map(Template::of_runbook);
        own.chain(checklist::rollbacks(&self.services, &self.checklists))
            .chain(runbooks)
            .chain(checklist::built_in(&self.checklists))
    }

    /// The steps that take a service back, as they are begun in an incident.
    pub fn rollback_of(&self, service: &ServiceName) -> Option<Template> {
        let is_meant =
            |it: &Template| it.kind == TemplateKind::Rollback && it.service.as_ref() == Some(service);
        self.templates().find(is_meant)
    }

    /// The metric behind a series, `payment-api/5xx`.
    pub fn metric(&self, series: &SeriesName) -> Option<&Metric> {
        let (service, metric) = series.as_str().split_once('/')?;
        self.service(service)?.metrics.iter().find(|m| m.name == metric)
    }
}
