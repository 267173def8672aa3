//! What to watch while something fails: the metrics that move, the lines that are written, the alerts that ring.

use super::alert::AlertTier;
use super::logs::LogLevel;
use super::metric::MetricKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Watch {
    /// What moves.
    pub metrics: Vec<WatchedMetric>,
    /// What is written.
    pub logs: Vec<WatchedLog>,
    /// What rings.
    pub alerts: Vec<WatchedAlert>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchedMetric {
    /// Its name.
    pub name: String,
    /// How it counts.
    #[serde(default, rename = "type")]
    pub kind: Option<MetricKind>,
    /// What it does then: `falls to nothing`.
    #[serde(default)]
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchedLog {
    /// At which level it is written.
    pub level: LogLevel,
    /// What it says, or what is in it.
    pub says: String,
    /// How often at most, or when.
    #[serde(default)]
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchedAlert {
    /// When it rings, in the language of triggers: `connection errors > 5 for 1 minute`.
    pub when: String,
    /// How loudly.
    pub tier: AlertTier,
    /// What it hints at.
    #[serde(default)]
    pub note: String,
}

impl Watch {
    pub fn is_empty(&self) -> bool {
        self.metrics.is_empty() && self.logs.is_empty() && self.alerts.is_empty()
    }
}
