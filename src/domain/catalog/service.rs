//! A service as its team describes it: what it is, what it stands on, how it fails, and what is done then.
//!
//! Only the name is needed. What is left out is unknown, and [`super::completeness`] says whether that matters.

use super::alert::{Alert, Alerting};
use super::capacity::Capacity;
use super::cascade::Cascade;
use super::dashboard::Dashboard;
use super::degradation::{Degradation, Normal, Signalling};
use super::dependency::{Dependency, DependencyKind};
use super::deployment::Deployment;
use super::document::Document;
use super::exhaustion::Exhaustion;
use super::health::HealthCheck;
use super::logs::Logs;
use super::metric::Metric;
use super::risk::Risk;
use super::rollback::Rollback;
use super::slo::Slo;
use super::traces::Traces;
use super::words::words;
use crate::domain::id::ServiceName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// What it is called everywhere: in signals, in other services' dependencies, on screens.
    pub name: ServiceName,
    /// What it is and does, in a sentence.
    #[serde(default)]
    pub description: String,
    /// The order of deployment: what others stand on goes first.
    #[serde(default)]
    pub tier: Tier,
    /// How much it matters; what the team owes it follows from that.
    #[serde(default)]
    pub criticality: Criticality,
    /// Why it matters that much: `customer-facing payments`.
    #[serde(default)]
    pub critical_because: String,
    /// The team that answers for it.
    #[serde(default)]
    pub owner: String,
    /// What it runs on: `Kubernetes cluster`.
    #[serde(default)]
    pub runs_on: String,
    /// The repositories its code is in, `payments/payment-api`.
    #[serde(default)]
    pub repositories: Vec<String>,
    /// Its own folders where it shares a repository with others, `services/payment`.
    #[serde(default)]
    pub paths: Vec<String>,
    /// What people feel when this service fails, as a sentence.
    #[serde(default)]
    pub consequence: String,
    /// Services it stands on, by name alone; `dependency` says more.
    #[serde(default)]
    pub depends_on: Vec<ServiceName>,
    /// What it stands on, and what happens when that fails.
    #[serde(default, rename = "dependency")]
    pub dependencies: Vec<Dependency>,
    /// What it answers to.
    #[serde(default, rename = "endpoint")]
    pub endpoints: Vec<Endpoint>,
    /// How it is asked whether it is well.
    #[serde(default, rename = "health_check")]
    pub health_checks: Vec<HealthCheck>,
    /// What runs out, and what happens then.
    #[serde(default, rename = "exhaustion")]
    pub exhaustions: Vec<Exhaustion>,
    /// What keeps the failure of one from becoming the failure of many.
    #[serde(default)]
    pub cascade: Option<Cascade>,
    /// What full service looks like.
    #[serde(default)]
    pub normal: Option<Normal>,
    /// The ways it serves less than that, and what they are known by.
    #[serde(default, rename = "degradation")]
    pub degradations: Vec<Degradation>,
    /// How callers and operators learn that it serves less.
    #[serde(default)]
    pub signalling: Option<Signalling>,
    /// What is measured.
    #[serde(default, rename = "metric")]
    pub metrics: Vec<Metric>,
    /// Names of alarms that ought to exist.
    #[serde(default)]
    pub alarms_wanted: Vec<String>,
    /// What it promises.
    #[serde(default, rename = "slo")]
    pub slos: Vec<Slo>,
    /// What it writes down.
    #[serde(default)]
    pub logs: Option<Logs>,
    /// How one request is followed through many services.
    #[serde(default)]
    pub traces: Option<Traces>,
    /// Where people look.
    #[serde(default, rename = "dashboard")]
    pub dashboards: Vec<Dashboard>,
    /// What the team wants of alerts, and what each tier of them asks for.
    #[serde(default)]
    pub alerting: Option<Alerting>,
    /// When somebody is told.
    #[serde(default, rename = "alert")]
    pub alerts: Vec<Alert>,
    /// What it needs, what it can take, and how it grows.
    #[serde(default)]
    pub capacity: Option<Capacity>,
    /// How a new version comes out.
    #[serde(default)]
    pub deployment: Option<Deployment>,
    /// When and how the version before comes back.
    #[serde(default)]
    pub rollback: Option<Rollback>,
    /// What makes its next deployment risky.
    #[serde(default)]
    pub risk: Option<Risk>,
    /// Where more is written.
    #[serde(default, rename = "document")]
    pub documents: Vec<Document>,
}

words! {
    /// The order of deployment: what others stand on goes first.
    #[derive(Default)]
    pub enum Tier {
        /// What everything else stands on; deployed first.
        Foundation = "foundation",
        /// What the business lives on.
        #[default]
        Core = "core",
        /// What could be missing for an hour; deployed last.
        Supporting = "supporting",
    }
}

words! {
    /// How much it matters that it works.
    #[derive(Default)]
    pub enum Criticality {
        /// When it fails, the business stands still.
        Critical = "critical",
        /// When it fails, many notice.
        High = "high",
        /// When it fails, some notice.
        #[default]
        Normal = "normal",
        /// When it fails, it can wait.
        Low = "low",
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// What people call it, `checkout confirm`.
    pub name: String,
    /// Method and path, `POST /checkout/{id}/confirm`.
    #[serde(default)]
    pub path: String,
    /// Whether it must have an alarm.
    #[serde(default)]
    pub critical: bool,
}

impl Service {
    /// A service of which nothing is known but its name.
    pub fn named(name: impl AsRef<str>) -> Self {
        Self { name: ServiceName::new(name), ..Self::default() }
    }

    /// Everything it stands on, each name once: services of the catalog, and what is not run by the team.
    pub fn needs(&self) -> BTreeSet<&ServiceName> {
        self.depends_on.iter().chain(self.dependencies.iter().map(|dependency| &dependency.name)).collect()
    }

    /// The services among them, each once. What others share without running it, a database, relates nobody to anybody.
    pub fn needs_services(&self) -> BTreeSet<&ServiceName> {
        let said = self.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Service);
        self.depends_on.iter().chain(said.map(|dependency| &dependency.name)).collect()
    }

    /// What is said of one of them, if more than its name.
    pub fn dependency(&self, name: &str) -> Option<&Dependency> {
        self.dependencies.iter().find(|dependency| dependency.name.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_stands_on_is_named_once_however_it_is_written() {
        let service: Service = toml::from_str(
            "name = 'api'\ndepends_on = ['ledger']\n[[dependency]]\nname = 'ledger'\npurpose = 'balances'\n\
             [[dependency]]\nname = 'postgres'\nkind = 'database'",
        )
        .unwrap();
        let names =
            |all: BTreeSet<&ServiceName>| all.into_iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(service.needs()), ["ledger", "postgres"]);
        assert_eq!(names(service.needs_services()), ["ledger"]);
        assert_eq!(service.dependency("ledger").map(|it| it.purpose.as_str()), Some("balances"));
    }

    #[test]
    fn an_unknown_key_is_said_with_what_is_known() {
        let error = toml::from_str::<Service>("name = 'api'\ncritcality = 'high'").unwrap_err().to_string();
        assert!(error.contains("unknown field `critcality`") && error.contains("`criticality`"), "{error}");
    }
}
