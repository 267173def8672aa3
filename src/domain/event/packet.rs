//! The hand-over packet: all that who takes command has to know, as it was read and accepted.

use super::nudge::Nudge;
use super::words::{Role, Severity};
use super::work::{Brief, TaskContent, UpdateContent};
use crate::domain::id::{EntryId, IncidentId, Person, TaskId};
use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    pub composed_at: Time,
    pub severity: Severity,
    /// Composed from what is there; the person handing over may have said it better.
    pub brief: Brief,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hypotheses: Vec<OpenHypothesis>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<RunningTask>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
    /// Exit criteria that are not met yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_update: Option<UpdateContent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenHypothesis {
    /// Named where the entry is another incident's, merged into this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<IncidentId>,
    pub entry: EntryId,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningTask {
    /// Named where the task is another incident's, merged into this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<IncidentId>,
    pub task: TaskId,
    pub content: TaskContent,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    pub nudge: Nudge,
    pub due: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub role: Role,
    pub person: Person,
}
