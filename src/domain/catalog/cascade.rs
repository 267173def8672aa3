//! What keeps the failure of one service from becoming the failure of many.

use super::lines::Lines;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cascade {
    /// How long a request may take.
    pub request_timeout: Option<RequestTimeout>,
    /// How much may be asked.
    pub rate_limits: Option<RateLimits>,
    /// What is kept apart, so that one cannot starve the other.
    #[serde(rename = "bulkhead")]
    pub bulkheads: Vec<Bulkhead>,
    /// How too much is signalled.
    pub back_pressure: Option<BackPressure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestTimeout {
    /// How long.
    pub timeout: Span,
    /// Why not longer.
    #[serde(default)]
    pub why: Lines,
    /// What enforces it.
    #[serde(default)]
    pub how: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimits {
    /// Requests a second in all.
    pub global: Option<f64>,
    /// Requests a second of one client.
    pub per_client: Option<f64>,
    /// What is let through for a moment: `twice as much for 10 seconds`.
    pub burst: String,
    /// Why so much and no more.
    pub why: Lines,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bulkhead {
    /// What has threads, connections or instances of its own.
    pub isolates: String,
    /// From what it is kept apart, and why.
    #[serde(default)]
    pub why: Lines,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BackPressure {
    /// How callers learn that it is too much.
    pub to_callers: Lines,
    /// What is done when a dependency says so.
    pub from_dependencies: Lines,
}
