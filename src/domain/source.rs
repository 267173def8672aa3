//! How a source is doing, as everybody may see it.

use super::id::SourceName;
use super::time::Time;
use serde::{Deserialize, Serialize};

/// The source that asks the health checks of the catalog from here.
pub const PROBE: &str = "probe";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    pub name: SourceName,
    pub health: Health,
    /// When it last answered as it should; its data is that old.
    pub last_good: Option<Time>,
    /// When that is stale, if nothing more comes.
    #[serde(skip)]
    pub fresh_until: Option<Time>,
    /// Why it is not live, with the fix where one is known; while it is, what it says of itself, often nothing.
    pub message: String,
    pub next_try: Option<Time>,
    #[serde(default, skip_serializing_if = "Usage::is_unknown")]
    pub usage: Usage,
}

/// What asking costs and how far it has come, as far as a source counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Requests in the last minute, of everything that shares the budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<u32>,
    /// Requests that may still be made before the budget has to fill again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
    /// Requests the budget holds when it is full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u32>,
    /// What the server says is left, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<u64>,
    /// Pages of history that are known to be there and not read yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<u32>,
}

impl Usage {
    fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

impl SourceStatus {
    /// A source of which nothing is known but how it is.
    pub fn new(name: SourceName, health: Health, message: impl Into<String>) -> Self {
        Self {
            name,
            health,
            last_good: None,
            fresh_until: None,
            message: message.into(),
            next_try: None,
            usage: Usage::default(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Not asked yet.
    Starting,
    Live,
    /// It answered once, but longer ago than it should have.
    Stale,
    Failing,
    /// Disabled by the configuration, with the reason in the message.
    Off,
}

impl Health {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Failing => "failing",
            Self::Off => "off",
        }
    }
}
