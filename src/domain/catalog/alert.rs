//! When somebody is told, how loudly, and by when they are to look into it.

use super::lines::Lines;
use super::words::words;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a team wants of alerts in general.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Alerting {
    /// What every alert has to be, a line each.
    pub philosophy: Lines,
    /// What each tier asks for.
    #[serde(rename = "tier")]
    pub tiers: Vec<TierUse>,
}

words! {
    /// How loudly somebody is told.
    pub enum AlertTier {
        /// Somebody is woken.
        Critical = "critical",
        /// Somebody looks into it in working hours.
        Warning = "warning",
        /// Nobody has to do anything.
        Info = "info",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierUse {
    /// Which one.
    pub tier: AlertTier,
    /// What belongs into it.
    #[serde(default)]
    pub means: Lines,
    /// Who is told, and how: `page whoever is on call`.
    #[serde(default)]
    pub how: String,
    /// How soon somebody is at it: `5m`.
    #[serde(default)]
    pub respond_within: Option<Span>,
    /// By when it is looked into, where that is no span: `the next working day`.
    #[serde(default)]
    pub investigate_by: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// The name of its alarm, where it has one.
    #[serde(default)]
    pub name: String,
    /// When it rings, in the language of triggers: `error rate > 5 % for 2 minutes`.
    pub when: String,
    /// How loudly.
    pub tier: AlertTier,
    /// What it hints at.
    #[serde(default)]
    pub note: String,
    /// Where to look first, a line each.
    #[serde(default)]
    pub investigate: Lines,
}
