//! What makes the next deployment of a service risky, and what is done about it.

use super::words::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Risk {
    /// How risky in all.
    pub level: Option<RiskLevel>,
    /// What makes it so.
    #[serde(rename = "factor")]
    pub factors: Vec<RiskFactor>,
    /// What is done besides the usual, one text each.
    pub precautions: Vec<String>,
}

words! {
    /// How risky a deployment is.
    pub enum RiskLevel {
        /// As always.
        Low = "low",
        /// Worth a second look.
        Medium = "medium",
        /// Worth more hands.
        High = "high",
        /// Worth asking whether at all.
        Critical = "critical",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RiskFactor {
    /// Where the risk comes from.
    pub kind: RiskKind,
    /// What there is of it.
    pub what: String,
    /// How much of it, where that can be said: `medium`.
    #[serde(default)]
    pub extent: String,
}

words! {
    /// Where a risk comes from.
    pub enum RiskKind {
        /// How much changes.
        Scope = "scope",
        /// What it stands on changes.
        Dependencies = "dependencies",
        /// Data changes its shape.
        Migration = "migration",
        /// Settings change.
        Configuration = "configuration",
    }
}
