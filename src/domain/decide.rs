//! What a person may do now: an intent against the state of the room gives events, or a refusal with its reason.
//!
//! Pure: the same room, intent and person always give the same answer, so a lost race for the next place in the
//! journal is settled by deciding again over the newer state.

use super::event::{Content, EntryKind, Event, Evidence, Role, Severity, Verdict};
use super::id::{EntryId, IncidentId, Person, ServiceName};
use super::incident::{Entry, Incident, Room, Status};
use serde::{Deserialize, Serialize};

/// What a session or the shell asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Intent {
    Declare {
        title: String,
        severity: Severity,
        services: Vec<ServiceName>,
        impact: String,
        evidence: Vec<Evidence>,
    },
    SetSeverity(IncidentId, Severity),
    Resolve(IncidentId),
    Close(IncidentId),
    Reopen(IncidentId),
    /// `relieving` is whom the person was shown as commander and confirmed to relieve.
    TakeCommand {
        incident: IncidentId,
        relieving: Option<Person>,
    },
    OfferCommand(IncidentId, Person),
    AcceptCommand(IncidentId),
    DeclineCommand(IncidentId),
    ReleaseCommand(IncidentId),
    TakeRole(IncidentId, Role),
    DropRole(IncidentId, Role),
    Write(IncidentId, Content),
    Revise(IncidentId, EntryId, Content),
    Strike(IncidentId, EntryId, String),
    Restore(IncidentId, EntryId),
    Pin(IncidentId, EntryId, bool),
    Judge(IncidentId, EntryId, Verdict, String),
}

/// Why not, in a sentence a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no incident {0}")]
    NoIncident(IncidentId),
    #[error("{0} has no entry {1}")]
    NoEntry(IncidentId, EntryId),
    #[error("{0} is not open; reopen it first")]
    NotOpen(IncidentId),
    #[error("{0} is open already")]
    AlreadyOpen(IncidentId),
    #[error("{0} is closed already")]
    AlreadyClosed(IncidentId),
    #[error("{0} is not resolved yet; resolve it before closing")]
    NotResolved(IncidentId),
    #[error("say in a few words what is wrong: an incident needs a title")]
    NoTitle,
    #[error("an entry needs a text")]
    NoText,
    #[error("{0} ends before it begins")]
    EndsBeforeItBegins(IncidentId),
    #[error("{holder} has command of {incident}; taking it relieves {holder}")]
    CommandHeld { incident: IncidentId, holder: Person },
    #[error("you already have command of {0}")]
    AlreadyCommander(IncidentId),
    #[error("only who has command of {0} can do that")]
    NotCommander(IncidentId),
    #[error("command of {0} was not offered to you")]
    NotOffered(IncidentId),
    #[error("you already are {1} of {0}")]
    AlreadyInRole(IncidentId, Role),
    #[error("you are not {1} of {0}")]
    NotInRole(IncidentId, Role),
    #[error("{0} is struck; restore it first")]
    Struck(EntryId),
    #[error("{0} is not struck")]
    NotStruck(EntryId),
    #[error("{0} is not a hypothesis")]
    NotAHypothesis(EntryId),
}

pub fn decide(room: &Room, by: &Person, intent: Intent) -> Result<Event, Refusal> {
    match intent {
        Intent::Declare { title, severity, services, impact, evidence } => {
            if title.trim().is_empty() {
                return Err(Refusal::NoTitle);
            }
            let incident = room.next_incident();
            Ok(Event::IncidentDeclared { incident, title, severity, services, impact, evidence })
        }
        Intent::SetSeverity(id, to) => {
            let incident = open(room, id)?;
            Ok(Event::SeverityChanged { incident: id, from: incident.severity, to })
        }
        Intent::Resolve(id) => open(room, id).map(|_| Event::IncidentResolved { incident: id }),
        Intent::Close(id) => close(existing(room, id)?),
        Intent::Reopen(id) => match existing(room, id)?.status {
            Status::Open => Err(Refusal::AlreadyOpen(id)),
            Status::Resolved | Status::Closed => Ok(Event::IncidentReopened { incident: id }),
        },
        Intent::TakeCommand { incident, relieving } => {
            take_command(open(room, incident)?, by, relieving.as_ref())
        }
        Intent::OfferCommand(id, to) => {
            commanded(room, id, by)?;
            Ok(Event::CommandOffered { incident: id, to })
        }
        Intent::AcceptCommand(id) => accept_command(open(room, id)?, by),
        Intent::DeclineCommand(id) => {
            offered(open(room, id)?, by)?;
            Ok(Event::CommandDeclined { incident: id })
        }
        Intent::ReleaseCommand(id) => {
            commanded(room, id, by).map(|_| Event::CommandReleased { incident: id })
        }
        Intent::TakeRole(id, role) => match open(room, id)?.holds(role, by) {
            true => Err(Refusal::AlreadyInRole(id, role)),
            false => Ok(Event::RoleTaken { incident: id, role }),
        },
        Intent::DropRole(id, role) => match existing(room, id)?.holds(role, by) {
            true => Ok(Event::RoleDropped { incident: id, role }),
            false => Err(Refusal::NotInRole(id, role)),
        },
        Intent::Write(id, content) => {
            let incident = existing(room, id)?;
            check(id, &content)?;
            Ok(Event::EntryWritten { incident: id, entry: incident.next_entry(), content })
        }
        Intent::Revise(id, entry, content) => {
            standing(room, id, entry)?;
            check(id, &content)?;
            Ok(Event::EntryRevised { incident: id, entry, content })
        }
        Intent::Strike(id, entry, reason) => {
            standing(room, id, entry)?;
            Ok(Event::EntryStruck { incident: id, entry, reason })
        }
        Intent::Restore(id, entry) => match written(room, id, entry)?.struck {
            Some(_) => Ok(Event::EntryRestored { incident: id, entry }),
            None => Err(Refusal::NotStruck(entry)),
        },
        Intent::Pin(id, entry, pinned) => {
            standing(room, id, entry)?;
            Ok(Event::EntryPinned { incident: id, entry, pinned })
        }
        Intent::Judge(id, entry, verdict, reason) => match standing(room, id, entry)?.content.entry_kind {
            EntryKind::Hypothesis => Ok(Event::HypothesisJudged { incident: id, entry, verdict, reason }),
            _ => Err(Refusal::NotAHypothesis(entry)),
        },
    }
}

fn existing(room: &Room, id: IncidentId) -> Result<&Incident, Refusal> {
    room.incident(id).ok_or(Refusal::NoIncident(id))
}

fn open(room: &Room, id: IncidentId) -> Result<&Incident, Refusal> {
    existing(room, id).and_then(|incident| match incident.status {
        Status::Open => Ok(incident),
        Status::Resolved | Status::Closed => Err(Refusal::NotOpen(id)),
    })
}

fn written(room: &Room, id: IncidentId, entry: EntryId) -> Result<&Entry, Refusal> {
    existing(room, id)?.entries.get(&entry).ok_or(Refusal::NoEntry(id, entry))
}

fn standing(room: &Room, id: IncidentId, entry: EntryId) -> Result<&Entry, Refusal> {
    written(room, id, entry).and_then(|found| match found.struck {
        None => Ok(found),
        Some(_) => Err(Refusal::Struck(entry)),
    })
}

fn commanded<'a>(room: &'a Room, id: IncidentId, by: &Person) -> Result<&'a Incident, Refusal> {
    let incident = open(room, id)?;
    match &incident.command.holder {
        Some(holder) if holder == by => Ok(incident),
        _ => Err(Refusal::NotCommander(id)),
    }
}

fn offered(incident: &Incident, by: &Person) -> Result<(), Refusal> {
    match &incident.command.offered_to {
        Some(to) if to == by => Ok(()),
        _ => Err(Refusal::NotOffered(incident.id)),
    }
}

fn close(incident: &Incident) -> Result<Event, Refusal> {
    match incident.status {
        Status::Open => Err(Refusal::NotResolved(incident.id)),
        Status::Resolved => Ok(Event::IncidentClosed { incident: incident.id }),
        Status::Closed => Err(Refusal::AlreadyClosed(incident.id)),
    }
}

/// A takeover must name whom it relieves, as confirmed by the person: if command has moved since, it is refused.
fn take_command(incident: &Incident, by: &Person, relieving: Option<&Person>) -> Result<Event, Refusal> {
    match &incident.command.holder {
        Some(holder) if holder == by => Err(Refusal::AlreadyCommander(incident.id)),
        Some(holder) if relieving != Some(holder) => {
            Err(Refusal::CommandHeld { incident: incident.id, holder: holder.clone() })
        }
        holder => Ok(Event::CommandTaken { incident: incident.id, relieved: holder.clone() }),
    }
}

fn accept_command(incident: &Incident, by: &Person) -> Result<Event, Refusal> {
    offered(incident, by)?;
    match &incident.command.holder {
        Some(from) => Ok(Event::CommandAccepted { incident: incident.id, from: from.clone() }),
        None => Err(Refusal::NotOffered(incident.id)),
    }
}

fn check(id: IncidentId, content: &Content) -> Result<(), Refusal> {
    if content.text.trim().is_empty() {
        return Err(Refusal::NoText);
    }
    match content.happened.to {
        Some(to) if to < content.happened.from => Err(Refusal::EndsBeforeItBegins(id)),
        _ => Ok(()),
    }
}
