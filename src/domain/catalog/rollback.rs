//! When the version before comes back, how, and within what time.

use super::lines::Lines;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rollback {
    /// What demands it, in the language of triggers, watched live: `error rate > 5 % for 2 minutes`.
    pub triggers: Vec<String>,
    /// What demands it and no series shows, in words, for people to judge.
    pub also_when: Vec<String>,
    /// For how long after a deployment the triggers are watched.
    pub within: Option<Span>,
    /// What is done, one text each, in order.
    pub steps: Vec<String>,
    /// How long it may take at most.
    pub target: Option<Span>,
    /// What makes that time possible.
    pub why: Lines,
    /// What else one ought to know.
    pub notes: Lines,
}
