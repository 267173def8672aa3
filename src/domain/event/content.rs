//! What an entry says, and when what it says happened.

use super::evidence::Evidence;
use super::words::EntryKind;
use crate::domain::id::Person;
use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub entry_kind: EntryKind,
    pub happened: When,
    /// Kept exactly as it was typed.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// When something happened, as exactly as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    pub from: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

impl When {
    pub fn exactly(at: Time) -> Self {
        Self { from: at, to: None, approximate: false }
    }

    pub fn about(at: Time) -> Self {
        Self { from: at, to: None, approximate: true }
    }

    pub fn between(from: Time, to: Time) -> Self {
        Self { from, to: Some(to), approximate: false }
    }

    /// The latest it can have been.
    pub fn end(self) -> Time {
        self.to.map_or(self.from, |to| to.max(self.from))
    }

    pub fn is_backwards(self) -> bool {
        self.to.is_some_and(|to| to < self.from)
    }
}
