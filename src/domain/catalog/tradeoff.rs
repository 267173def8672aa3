//! What was weighed against what, and what came of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TradeOff {
    /// What it costs, or what speaks against it.
    pub what: String,
    /// What could be done instead.
    #[serde(default)]
    pub alternative: String,
    /// What was decided, and why.
    #[serde(default)]
    pub decision: String,
    /// What follows from it.
    #[serde(default)]
    pub result: String,
}
