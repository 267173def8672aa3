//! The state of the room: every incident as the journal tells it.
//!
//! Built only by [`super::apply`]; nothing here decides anything.

use super::event::{Content, Evidence, Role, Severity, Verdict};
use super::id::{EntryId, IncidentId, Person, Seq, ServiceName};
use super::time::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// The last record this state reflects.
    pub seq: Seq,
    /// Shared, so that publishing the room again costs only the incident that changed.
    pub incidents: BTreeMap<IncidentId, Arc<Incident>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub id: IncidentId,
    pub title: String,
    pub severity: Severity,
    pub status: Status,
    pub services: Vec<ServiceName>,
    pub impact: String,
    pub evidence: Vec<Evidence>,
    pub declared_at: Time,
    pub declared_by: Person,
    pub command: Command,
    pub roles: BTreeMap<Role, BTreeSet<Person>>,
    pub entries: BTreeMap<EntryId, Entry>,
    pub resolved_at: Option<Time>,
    pub closed_at: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Open,
    Resolved,
    Closed,
}

/// Who is IC, and to whom command is on offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    pub holder: Option<Person>,
    pub offered_to: Option<Person>,
    /// When somebody first took command; later hand-overs leave it.
    pub first_taken_at: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    pub written_at: Time,
    pub written_by: Person,
    pub content: Content,
    /// What it said before, oldest first.
    pub revisions: Vec<Revision>,
    pub struck: Option<Strike>,
    pub pinned: bool,
    pub verdict: Verdict,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub replaced_at: Time,
    pub replaced_by: Person,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    pub at: Time,
    pub by: Person,
    pub reason: String,
}

impl Room {
    pub fn incident(&self, id: IncidentId) -> Option<&Incident> {
        self.incidents.get(&id).map(Arc::as_ref)
    }

    /// The incident one means when one names none: the worst open one, the youngest of those.
    pub fn in_front(&self) -> Option<&Incident> {
        self.incidents
            .values()
            .map(Arc::as_ref)
            .filter(|incident| incident.status == Status::Open)
            .min_by_key(|incident| (incident.severity, std::cmp::Reverse(incident.id)))
    }

    pub fn next_incident(&self) -> IncidentId {
        self.incidents.keys().next_back().copied().unwrap_or_default().next()
    }
}

impl Incident {
    pub fn next_entry(&self) -> EntryId {
        self.entries.keys().next_back().copied().unwrap_or_default().next()
    }

    pub fn holds(&self, role: Role, person: &Person) -> bool {
        self.roles.get(&role).is_some_and(|people| people.contains(person))
    }
}
