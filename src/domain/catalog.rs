//! The catalog: what the team runs, what depends on what, and what each service promises.
//!
//! A catalog is data a team writes; it may be incomplete or empty, and dependencies may name services that are
//! not in it. Everything derived from it (levels, blast radius, coverage) is computed elsewhere.

mod checklist;
mod plan;
mod readiness;

pub use checklist::{Template, TemplateKind};
pub use plan::Plan;
pub use readiness::{
    Check, Claim, Demand, Gating, Hole, Item, Mistaken, Objective, OnCall, Playbook, PolicyStep, Readiness,
    Rotation, Runbook, Shift, Term,
};

use super::id::{SeriesName, ServiceName};
use super::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub name: ServiceName,
    #[serde(default)]
    pub tier: Tier,
    #[serde(default)]
    pub criticality: Criticality,
    #[serde(default)]
    pub owner: String,
    #[serde(default)]
    pub repositories: Vec<String>,
    /// Its own folders where it shares a repository with others, `services/payment`.
    #[serde(default)]
    pub paths: Vec<String>,
    #[serde(default)]
    pub depends_on: Vec<ServiceName>,
    #[serde(default, rename = "endpoint")]
    pub endpoints: Vec<Endpoint>,
    #[serde(default, rename = "metric")]
    pub metrics: Vec<Metric>,
    /// Names of alarms that ought to exist.
    #[serde(default)]
    pub alarms_wanted: Vec<String>,
    #[serde(default, rename = "slo")]
    pub slos: Vec<Slo>,
    /// What people feel when this service fails, as a sentence.
    #[serde(default)]
    pub consequence: String,
}

/// The order of deployment: what others stand on goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    Foundation,
    #[default]
    Core,
    Supporting,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    Critical,
    High,
    #[default]
    Normal,
    Low,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// What people call it, `checkout confirm`.
    pub name: String,
    #[serde(default)]
    pub path: String,
    #[serde(default)]
    pub critical: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// The series' name within its service, `5xx`.
    pub name: String,
    #[serde(default)]
    pub measures: Measures,
    #[serde(default)]
    pub unit: Unit,
    /// The series that says how much there was to measure, for judging whether a rate means anything.
    #[serde(default)]
    pub volume: Option<String>,
    /// Where AWS keeps it, if it does.
    #[serde(default)]
    pub cloudwatch: Option<CloudWatch>,
}

/// A metric of CloudWatch, by the name AWS has for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudWatch {
    pub namespace: String,
    pub metric: String,
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
    /// `Average`, `Sum`, `p99`.
    #[serde(default = "average")]
    pub stat: String,
    /// What its values are multiplied by: 1000 turns seconds into milliseconds.
    #[serde(default = "one")]
    pub scale: f64,
    /// The `[aws.NAME]` that has it, where not all of them are to be asked.
    #[serde(default)]
    pub account: Option<String>,
}

/// What a series says about its service, so that a rule knows which direction is bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measures {
    Errors,
    Latency,
    Traffic,
    Saturation,
    #[default]
    Other,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Percent,
    Milliseconds,
    PerSecond,
    #[default]
    Count,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slo {
    pub name: String,
    /// Share that must be good, in percent: 99.9.
    pub objective: f64,
    pub window: Span,
    /// The error series it is measured by, within the service.
    pub metric: String,
}

impl Catalog {
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name.as_str() == name)
    }

    /// Every checklist that can be begun: the team's own, its runbooks, then what comes with sitroom.
    pub fn templates(&self) -> impl Iterator<Item = Template> {
        let runbooks = self.readiness.runbooks.iter().filter_map(Template::of_runbook);
        self.checklists.iter().cloned().chain(runbooks).chain(checklist::built_in(&self.checklists))
    }

    /// The unit of a series, `payment-api/5xx`, as the catalog has it.
    pub fn metric(&self, series: &SeriesName) -> Option<&Metric> {
        let (service, metric) = series.as_str().split_once('/')?;
        self.service(service)?.metrics.iter().find(|m| m.name == metric)
    }
}

impl Unit {
    /// `1.9 %`, `240 ms`, `12/s`: a value the way people say it.
    pub fn say(self, value: f64) -> String {
        let number = if value.abs() >= 100.0 || value.fract() == 0.0 {
            format!("{value:.0}")
        } else {
            format!("{value:.1}")
        };
        match self {
            Self::Percent => format!("{number} %"),
            Self::Milliseconds => format!("{number} ms"),
            Self::PerSecond => format!("{number}/s"),
            Self::Count => number,
        }
    }
}

fn average() -> String {
    "Average".to_owned()
}

fn one() -> f64 {
    1.0
}
