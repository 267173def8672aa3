//! How a service is asked whether it is well, and what a bad answer means.

use super::lines::Lines;
use super::tradeoff::TradeOff;
use super::words::words;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealthCheck {
    /// What the answer decides.
    pub kind: CheckKind,
    /// What people call it, where a service has several of a kind.
    #[serde(default)]
    pub name: String,
    /// The path it is asked at, `/health`.
    #[serde(default)]
    pub endpoint: String,
    /// The whole address, `https://payments.example/health`: with one, the check is run from here.
    #[serde(default)]
    pub url: Option<String>,
    /// The answers that are good, `[200, 204]`; any 2xx unless said.
    #[serde(default)]
    pub status: Vec<u16>,
    /// What the answer must contain to be good.
    #[serde(default)]
    pub expect: Option<String>,
    /// What it is for: `whether the service should receive traffic`.
    #[serde(default)]
    pub purpose: String,
    /// How often it is asked.
    #[serde(default)]
    pub interval: Option<Span>,
    /// How long it may take.
    #[serde(default)]
    pub timeout: Option<Span>,
    /// How many bad answers in a row make it failed.
    #[serde(default)]
    pub threshold: Option<u32>,
    /// How long a new instance has before it is judged.
    #[serde(default)]
    pub period: Option<Span>,
    /// What that time is spent on, for a check of the start.
    #[serde(default, rename = "start")]
    pub start: Vec<StartStep>,
    /// What is looked at.
    #[serde(default)]
    pub checks: Vec<Checked>,
    /// What is done about an instance that fails it: `restart it`.
    #[serde(default)]
    pub failure_means: String,
    /// Why it exists, and what it prevents.
    #[serde(default)]
    pub why: Lines,
    /// What was weighed.
    #[serde(default, rename = "trade_off")]
    pub trade_offs: Vec<TradeOff>,
}

words! {
    /// What a health check decides.
    pub enum CheckKind {
        /// Whether an instance is alive; if not, it is restarted.
        Liveness = "liveness",
        /// Whether an instance can serve; if not, it gets no traffic.
        Readiness = "readiness",
        /// Whether an instance has finished starting; until then the others do not count.
        Startup = "startup",
    }
}

/// One thing that a check looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// `the database answers`.
    pub what: String,
    /// How it is found out: `SELECT 1`.
    #[serde(default)]
    pub how: String,
    /// How long that may take.
    #[serde(default)]
    pub timeout: Option<Span>,
    /// Why an instance without it must not serve.
    #[serde(default)]
    pub why: Lines,
}

/// One part of starting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartStep {
    /// `warm the session cache`.
    pub what: String,
    /// How long it takes.
    pub takes: Span,
}

impl HealthCheck {
    /// What people call it: its name, else what it decides.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { self.kind.word() } else { &self.name }
    }
}
