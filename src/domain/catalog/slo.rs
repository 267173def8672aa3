//! What a service promises, in a number that can be measured.

use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slo {
    /// `availability`.
    pub name: String,
    /// Share that must be good, in percent: 99.9.
    pub objective: f64,
    /// Over how long: `30d`.
    pub window: Span,
    /// The error series it is measured by, within the service.
    pub metric: String,
}
