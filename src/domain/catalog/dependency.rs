//! What a service stands on: how that can fail, what was chosen to be done then, and why.

use super::lines::Lines;
use super::tradeoff::TradeOff;
use super::watch::Watch;
use super::words::words;
use crate::domain::id::ServiceName;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The service, or what the thing is called where the team does not run it.
    pub name: ServiceName,
    /// What it is. A service has to be in the catalog; the others need not.
    #[serde(default)]
    pub kind: DependencyKind,
    /// What it is needed for.
    #[serde(default)]
    pub purpose: String,
    /// The ways it fails, each with what is done then.
    #[serde(default, rename = "failure")]
    pub failures: Vec<Failure>,
}

words! {
    /// What a dependency is.
    #[derive(Default)]
    pub enum DependencyKind {
        /// A service of the catalog.
        #[default]
        Service = "service",
        /// Where data is kept.
        Database = "database",
        /// What only makes things faster.
        Cache = "cache",
        /// What carries messages.
        Queue = "queue",
        /// What somebody else runs.
        External = "external",
    }
}

/// One way a dependency fails, and the behaviour that was chosen for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// What happens: `the database cannot be reached`.
    pub scenario: String,
    /// What could have been done about it.
    #[serde(default)]
    pub options: Vec<Behaviour>,
    /// What is done about it.
    #[serde(default)]
    pub behaviour: Option<Behaviour>,
    /// What that means in detail, a line each.
    #[serde(default)]
    pub does: Lines,
    /// Why it was chosen.
    #[serde(default)]
    pub why: Lines,
    /// What was accepted for it.
    #[serde(default, rename = "trade_off")]
    pub trade_offs: Vec<TradeOff>,
    /// What callers see of it.
    #[serde(default)]
    pub callers: Lines,
    /// How long one attempt may take.
    #[serde(default)]
    pub timeout: Option<Span>,
    /// How long all attempts together may take.
    #[serde(default)]
    pub total_timeout: Option<Span>,
    /// Whether it is tried again, and how.
    #[serde(default)]
    pub retry: Option<Retry>,
    /// When nobody tries any more for a while.
    #[serde(default)]
    pub breaker: Option<Breaker>,
    /// What is done instead.
    #[serde(default)]
    pub fallback: String,
    /// How trying again does no harm.
    #[serde(default)]
    pub idempotency: String,
    /// How it is built, and how it comes back, a line each.
    #[serde(default)]
    pub implementation: Lines,
    /// What to watch meanwhile.
    #[serde(default)]
    pub watch: Watch,
}

words! {
    /// What a service does when what it stands on fails.
    pub enum Behaviour {
        /// It answers with an error at once.
        FailFast = "fail-fast",
        /// It serves less.
        Degrade = "degrade",
        /// It tries again, waiting in between.
        Retry = "retry",
        /// It stops trying until a probe succeeds.
        BreakCircuit = "break-circuit",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// How often in all; 0 is never again.
    pub attempts: u32,
    /// How the waits grow.
    #[serde(default)]
    pub backoff: Option<Backoff>,
    /// The waits between attempts.
    #[serde(default)]
    pub waits: Vec<Span>,
    /// What is retried and what is not.
    #[serde(default)]
    pub note: String,
}

words! {
    /// How the waits between attempts grow.
    pub enum Backoff {
        /// They do not.
        Fixed = "fixed",
        /// By the same amount each time.
        Linear = "linear",
        /// They double.
        Exponential = "exponential",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Breaker {
    /// How many failures in a row open it.
    pub opens_after: u32,
    /// After how long one attempt is let through.
    #[serde(default)]
    pub half_open_after: Option<Span>,
    /// What counts as a failure.
    #[serde(default)]
    pub counts: String,
}
