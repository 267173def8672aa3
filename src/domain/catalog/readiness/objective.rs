//! An objective in agreement: the number people outside engineering said yes to, and what is to be done while its
//! error budget burns.

use crate::domain::catalog::words::words;
use crate::domain::id::ServiceName;
use crate::domain::time::{Day, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub service: Option<ServiceName>,
    /// The service's own `slo` that this is the agreement on; its window and its series are measured.
    #[serde(default)]
    pub slo: Option<String>,
    /// The series of the service it is measured by instead.
    #[serde(default)]
    pub metric: Option<String>,
    /// What the series may be; above it a sample is a bad one. Without it the series is a percentage of errors.
    #[serde(default)]
    pub above: Option<f64>,
    /// The share that must be good, in percent, as it was agreed to; without it, nothing was.
    #[serde(default)]
    pub agreed: Option<f64>,
    /// With whom.
    #[serde(default)]
    pub agreed_with: String,
    #[serde(default)]
    pub agreed_on: Option<Day>,
    #[serde(default)]
    pub window: Option<Span>,
    #[serde(default)]
    pub owner: String,
    #[serde(default)]
    pub policy: Vec<PolicyStep>,
}

/// What is to be done from a burn rate on, or once so little of the budget is left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyStep {
    /// Burning at least so many times as fast as the budget allows.
    #[serde(default)]
    pub burning: Option<f64>,
    /// Over how long that is looked at.
    #[serde(default = "an_hour")]
    pub over: Span,
    /// At most so many percent of the budget left.
    #[serde(default)]
    pub left: Option<f64>,
    pub demands: Demand,
    /// In the team's words.
    #[serde(default)]
    pub text: String,
}

words! {
    /// Later demands more.
    pub enum Demand {
        Watch = "watch",
        Escalate = "escalate",
        Freeze = "freeze",
    }
}

fn an_hour() -> Span {
    Span::hours(1)
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
