//! What a service writes down, where, and what it never writes.

use super::lines::Lines;
use super::words::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Logs {
    /// `JSON`.
    pub format: String,
    /// What every line has.
    #[serde(rename = "field")]
    pub fields: Vec<LogField>,
    /// How the lines of one request are found in all services.
    pub correlation: String,
    /// What each level is for.
    #[serde(rename = "level")]
    pub levels: Vec<LevelUse>,
    /// Where something is always written.
    #[serde(rename = "point")]
    pub points: Vec<LogPoint>,
    /// What is left out or made unrecognisable.
    #[serde(rename = "redact")]
    pub redacted: Vec<Redacted>,
}

words! {
    /// How serious a line of a log is.
    pub enum LogLevel {
        /// Something failed.
        Error = "error",
        /// Something is odd.
        Warn = "warn",
        /// Something happened.
        Info = "info",
        /// For whoever looks for a mistake.
        Debug = "debug",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogField {
    /// `request_id`.
    pub name: String,
    /// What is in it.
    #[serde(default)]
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelUse {
    /// The level.
    pub level: LogLevel,
    /// What is written at it.
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogPoint {
    /// `a payment fails`.
    pub at: String,
    /// The level it is written at.
    #[serde(default)]
    pub level: Option<LogLevel>,
    /// The level when it goes wrong, where that is another.
    #[serde(default)]
    pub level_on_failure: Option<LogLevel>,
    /// The fields it has.
    #[serde(default)]
    pub fields: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redacted {
    /// `card numbers`.
    pub what: String,
    /// What is written instead.
    #[serde(default)]
    pub how: Lines,
}
