//! Where more is written about a service.

use super::lines::Lines;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// `Deployment runbook`.
    pub title: String,
    /// Where it is: an address, or a path in the repository.
    #[serde(default)]
    pub link: String,
    /// What is in it, a line each.
    #[serde(default)]
    pub covers: Lines,
    /// What was last changed in it, a line each.
    #[serde(default)]
    pub updated: Lines,
}
