//! How a source is doing, as everybody may see it.

use super::id::SourceName;
use super::time::Time;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceStatus {
    pub name: SourceName,
    pub health: Health,
    /// When it last answered as it should; its data is that old.
    pub last_good: Option<Time>,
    /// Why it is not live, with the fix where one is known; while it is, what it says of itself, often nothing.
    pub message: String,
    pub next_try: Option<Time>,
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
