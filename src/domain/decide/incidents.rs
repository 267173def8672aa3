//! Declaring, describing, ending and merging incidents.

use super::Refusal;
use super::find::{existing, open, own};
use crate::domain::event::{Event, Severity};
use crate::domain::id::IncidentId;
use crate::domain::incident::{Room, Status};

pub(super) fn declare(declared: Event) -> Result<Event, Refusal> {
    match &declared {
        Event::IncidentDeclared { title, .. } | Event::DrillDeclared { title, .. }
            if title.trim().is_empty() =>
        {
            Err(Refusal::NoTitle)
        }
        _ => Ok(declared),
    }
}

pub(super) fn describe(room: &Room, id: IncidentId, described: Event) -> Result<Event, Refusal> {
    own(room, id)?;
    match &described {
        Event::IncidentDescribed { title: None, services: None, impact: None, .. } => {
            Err(Refusal::NothingSaid)
        }
        Event::IncidentDescribed { title: Some(title), .. } if title.trim().is_empty() => {
            Err(Refusal::NoTitle)
        }
        _ => Ok(described),
    }
}

pub(super) fn set_severity(room: &Room, id: IncidentId, to: Severity) -> Result<Event, Refusal> {
    let from = open(room, id)?.severity;
    if from == to {
        return Err(Refusal::AlreadySo { what: id.to_string(), state: to.title() });
    }
    Ok(Event::SeverityChanged { incident: id, from, to })
}

pub(super) fn resolve(room: &Room, id: IncidentId) -> Result<Event, Refusal> {
    open(room, id).map(|_| Event::IncidentResolved { incident: id })
}

pub(super) fn close(room: &Room, id: IncidentId) -> Result<Event, Refusal> {
    match own(room, id)?.status {
        Status::Resolved => Ok(Event::IncidentClosed { incident: id }),
        Status::Closed => Err(Refusal::AlreadyClosed(id)),
        Status::Open | Status::Merged(_) => Err(Refusal::NotResolved(id)),
    }
}

pub(super) fn reopen(room: &Room, id: IncidentId) -> Result<Event, Refusal> {
    match existing(room, id)?.status {
        Status::Open => Err(Refusal::AlreadyOpen(id)),
        Status::Resolved | Status::Closed | Status::Merged(_) => Ok(Event::IncidentReopened { incident: id }),
    }
}

/// What is over may still be found to be part of what goes on, and never the other way round.
pub(super) fn merge(room: &Room, id: IncidentId, into: IncidentId, reason: String) -> Result<Event, Refusal> {
    own(room, id)?;
    open(room, into)?;
    if id == into {
        return Err(Refusal::MergedIntoItself(id));
    }
    Ok(Event::IncidentMerged { incident: id, into, reason })
}
