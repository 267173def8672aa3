//! The ways a service serves less than everything: what each is known by, what still works, and how it ends.

use super::lines::Lines;
use super::watch::Watch;
use super::words::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Full service, the measure of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Normal {
    /// What works.
    pub works: Lines,
    /// What has to be well for that.
    pub healthy: Lines,
    /// How fast and how reliable it is then, a line each: `latency p95 < 200 ms`.
    pub performance: Lines,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Degradation {
    /// What people call it: `without the cache`.
    pub name: String,
    /// How much is left.
    #[serde(default)]
    pub mode: Mode,
    /// When it holds, in the language of triggers: `cache errors > 20 % for 1 minute`.
    #[serde(default)]
    pub trigger: String,
    /// What brings it about, in words, for what no series shows.
    #[serde(default)]
    pub cause: String,
    /// What the service does then, a line each.
    #[serde(default)]
    pub does: Lines,
    /// What still works.
    #[serde(default)]
    pub works: Lines,
    /// What does not.
    #[serde(default)]
    pub fails: Lines,
    /// How much slower or fuller it gets.
    #[serde(default)]
    pub performance: Lines,
    /// What users notice.
    #[serde(default)]
    pub users: Lines,
    /// How the service finds out.
    #[serde(default)]
    pub detection: String,
    /// How it goes over into this mode.
    #[serde(default)]
    pub transition: String,
    /// How it comes back.
    #[serde(default)]
    pub recovery: String,
    /// How it is built, a line each.
    #[serde(default)]
    pub implementation: Lines,
    /// Why this is better than the alternative, and what it prevents.
    #[serde(default)]
    pub why: Lines,
    /// What to watch meanwhile.
    #[serde(default)]
    pub watch: Watch,
}

words! {
    /// How much a service still does.
    #[derive(Default)]
    pub enum Mode {
        /// Less, or slower.
        #[default]
        Degraded = "degraded",
        /// Only what is essential.
        Critical = "critical",
        /// Nothing.
        Failure = "failure",
    }
}

/// How others learn that a service serves less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Signalling {
    /// What callers are told.
    pub callers: ToCallers,
    /// What operators are shown.
    pub operators: Watch,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ToCallers {
    /// HTTP status codes and what they mean here, a line each.
    pub status: Lines,
    /// Headers of the answer, a line each.
    pub headers: Lines,
    /// What the body of the answer says.
    pub body: Lines,
}
