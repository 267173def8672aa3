//! What an intent is about, if it is there and may still be spoken of.

use super::Refusal;
use crate::domain::id::{EntryId, IncidentId, Person, TaskId};
use crate::domain::incident::{Entry, Incident, Room, Status, Task};

/// Any incident at all. One that was merged still has entries and work of its own to be set right.
pub(super) fn existing(room: &Room, id: IncidentId) -> Result<&Incident, Refusal> {
    room.incident(id).ok_or(Refusal::NoIncident(id))
}

/// One that goes on by itself, open or over: where something new may begin.
pub(super) fn own(room: &Room, id: IncidentId) -> Result<&Incident, Refusal> {
    let incident = existing(room, id)?;
    match incident.status {
        Status::Merged(first) => {
            let into = room.goes_on_in(id).map_or(first, |incident| incident.id);
            Err(Refusal::Merged { incident: id, into })
        }
        Status::Open | Status::Resolved | Status::Closed => Ok(incident),
    }
}

pub(super) fn open(room: &Room, id: IncidentId) -> Result<&Incident, Refusal> {
    let incident = own(room, id)?;
    if incident.status == Status::Open { Ok(incident) } else { Err(Refusal::NotOpen(id)) }
}

/// An open one that this person has command of.
pub(super) fn commanded<'a>(room: &'a Room, id: IncidentId, by: &Person) -> Result<&'a Incident, Refusal> {
    let incident = open(room, id)?;
    match &incident.command.holder {
        Some(holder) if holder == by => Ok(incident),
        _ => Err(Refusal::NotCommander(id)),
    }
}

pub(super) fn written(room: &Room, id: IncidentId, entry: EntryId) -> Result<&Entry, Refusal> {
    existing(room, id)?.entries.get(&entry).ok_or(Refusal::NoEntry(id, entry))
}

/// An entry that is not struck.
pub(super) fn standing(room: &Room, id: IncidentId, entry: EntryId) -> Result<&Entry, Refusal> {
    written(room, id, entry).and_then(|found| match found.struck {
        None => Ok(found),
        Some(_) => Err(Refusal::Struck(entry)),
    })
}

pub(super) fn find_task(room: &Room, id: IncidentId, task: TaskId) -> Result<&Task, Refusal> {
    existing(room, id)?.tasks.get(&task).ok_or(Refusal::NoTask(id, task))
}
