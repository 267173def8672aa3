//! How one request is followed through many services.

use super::lines::Lines;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Traces {
    /// `OpenTelemetry`.
    pub system: String,
    /// How the identity of a trace travels, a line each.
    pub propagation: Lines,
    /// What is timed by itself.
    #[serde(rename = "span")]
    pub spans: Vec<TraceSpan>,
    /// What is always followed.
    pub always: Lines,
    /// How much of it is kept.
    #[serde(rename = "sample")]
    pub sampling: Vec<Sampling>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceSpan {
    /// `db.query`.
    pub name: String,
    /// What it covers.
    #[serde(default)]
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Of which requests: `errors`.
    pub of: String,
    /// How many of a hundred.
    pub percent: f64,
    /// How one knows such a request: `status >= 400`.
    #[serde(default)]
    pub when: String,
}
