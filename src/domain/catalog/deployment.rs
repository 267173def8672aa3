//! How a new version of a service comes out: what is looked at before, done, looked at after, and how long it takes.

use super::lines::Lines;
use super::words::words;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deployment {
    /// How versions change places.
    pub strategy: Option<Strategy>,
    /// What is special about it here.
    pub approach: String,
    /// Why this way.
    pub why: Lines,
    /// What has to be true of the version before it goes out.
    pub validation: Vec<String>,
    /// What has to be true of the team before it goes out.
    pub readiness: Vec<String>,
    /// What is done, part by part.
    #[serde(rename = "step")]
    pub steps: Vec<DeployStep>,
    /// How long all of it takes, watching included; the sum of the steps unless said.
    pub total: Option<Span>,
}

words! {
    /// How versions change places.
    pub enum Strategy {
        /// Instance by instance.
        Rolling = "rolling",
        /// Beside one another, then all traffic at once.
        BlueGreen = "blue-green",
        /// A little traffic first.
        Canary = "canary",
        /// Dark, then switched on.
        FeatureFlags = "feature-flags",
        /// The old one stops, the new one starts.
        Recreate = "recreate",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployStep {
    /// Which part of a deployment it is.
    pub part: Part,
    /// What people call it, where that is not its part.
    #[serde(default)]
    pub name: String,
    /// How long it takes.
    #[serde(default)]
    pub takes: Option<Span>,
    /// What is done, one text each.
    #[serde(rename = "do")]
    pub deeds: Vec<String>,
}

words! {
    /// A part of a deployment.
    pub enum Part {
        /// Before anything changes.
        Prepare = "prepare",
        /// The change.
        Deploy = "deploy",
        /// Whether it works.
        Validate = "validate",
        /// Whether it goes on working.
        After = "after",
    }
}

impl Deployment {
    /// How long all of it takes: what was said, else what the steps add up to.
    pub fn takes(&self) -> Option<Span> {
        let sum = || self.steps.iter().filter_map(|step| step.takes).reduce(|all, one| all + one);
        self.total.or_else(sum)
    }
}
