//! What a service runs out of, and how it behaves before and after.

use super::lines::Lines;
use super::watch::Watch;
use super::words::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exhaustion {
    /// What runs out: `memory`, `file descriptors`.
    pub resource: String,
    /// When it counts as running out, in words.
    #[serde(default)]
    pub scenario: String,
    /// What could have been done about it.
    #[serde(default)]
    pub options: Vec<Overload>,
    /// What is done about it.
    #[serde(default)]
    pub behaviour: Option<Overload>,
    /// What that means in detail, a line each.
    #[serde(default)]
    pub does: Lines,
    /// Why it was chosen, and why it keeps others from failing too.
    #[serde(default)]
    pub why: Lines,
    /// From when on, in the language of triggers: `memory > 90 %`.
    #[serde(default)]
    pub threshold: String,
    /// How it is found out.
    #[serde(default)]
    pub detection: String,
    /// What those who are turned away are told.
    #[serde(default)]
    pub rejection: String,
    /// How those upstream learn of it.
    #[serde(default)]
    pub back_pressure: String,
    /// How it comes back to normal.
    #[serde(default)]
    pub recovery: String,
    /// What to watch meanwhile.
    #[serde(default)]
    pub watch: Watch,
}

words! {
    /// What a service does when it has too little of something.
    pub enum Overload {
        /// It turns new requests away.
        ShedLoad = "shed-load",
        /// It serves worse.
        Degrade = "degrade",
        /// It stops.
        Fail = "fail",
    }
}
