//! Who may take, offer, accept and release command, and roles.

use super::Refusal;
use super::find::{commanded, existing, open};
use crate::domain::event::{Event, Packet, Role};
use crate::domain::id::{IncidentId, Person};
use crate::domain::incident::{Incident, Room};
use std::sync::Arc;

/// A takeover must name whom it relieves, as confirmed by the person: if command has moved since, it is refused.
pub(super) fn take(
    room: &Room,
    by: &Person,
    id: IncidentId,
    relieving: Option<&Person>,
) -> Result<Event, Refusal> {
    match &open(room, id)?.command.holder {
        Some(holder) if holder == by => Err(Refusal::AlreadyCommander(id)),
        Some(holder) if relieving != Some(holder) => {
            Err(Refusal::CommandHeld { incident: id, holder: holder.clone() })
        }
        holder => Ok(Event::CommandTaken { incident: id, relieved: holder.clone() }),
    }
}

pub(super) fn offer(
    room: &Room,
    by: &Person,
    id: IncidentId,
    to: Person,
    packet: Option<Arc<Packet>>,
) -> Result<Event, Refusal> {
    commanded(room, id, by)?;
    if to == *by {
        return Err(Refusal::AlreadyCommander(id));
    }
    Ok(match packet {
        None => Event::CommandOffered { incident: id, to },
        Some(packet) => Event::HandoverOffered { incident: id, to, packet },
    })
}

/// What was read goes before what was offered: the incident may have moved in between.
pub(super) fn accept(
    room: &Room,
    by: &Person,
    id: IncidentId,
    read: Option<Arc<Packet>>,
) -> Result<Event, Refusal> {
    let incident = open(room, id)?;
    offered(incident, by)?;
    let Some(from) = incident.command.holder.clone() else { return Err(Refusal::NotOffered(id)) };
    Ok(match read.or_else(|| incident.command.offered_packet.clone()) {
        None => Event::CommandAccepted { incident: id, from },
        Some(packet) => Event::HandoverAccepted { incident: id, from, packet },
    })
}

/// Whoever it was offered to declines it; who offered it takes the offer back.
pub(super) fn decline(room: &Room, by: &Person, id: IncidentId) -> Result<Event, Refusal> {
    let incident = open(room, id)?;
    let is_holder = incident.command.holder.as_ref() == Some(by);
    if !(is_holder && incident.command.offered_to.is_some()) {
        offered(incident, by)?;
    }
    Ok(Event::CommandDeclined { incident: id })
}

pub(super) fn release(room: &Room, by: &Person, id: IncidentId) -> Result<Event, Refusal> {
    commanded(room, id, by).map(|_| Event::CommandReleased { incident: id })
}

pub(super) fn name_next(room: &Room, id: IncidentId, next: Option<Person>) -> Result<Event, Refusal> {
    open(room, id)?;
    Ok(Event::NextCommanderNamed { incident: id, next })
}

pub(super) fn take_role(room: &Room, by: &Person, id: IncidentId, role: Role) -> Result<Event, Refusal> {
    match open(room, id)?.holds(role, by) {
        true => Err(Refusal::AlreadyInRole(id, role)),
        false => Ok(Event::RoleTaken { incident: id, role }),
    }
}

pub(super) fn drop_role(room: &Room, by: &Person, id: IncidentId, role: Role) -> Result<Event, Refusal> {
    match existing(room, id)?.holds(role, by) {
        true => Ok(Event::RoleDropped { incident: id, role }),
        false => Err(Refusal::NotInRole(id, role)),
    }
}

fn offered(incident: &Incident, by: &Person) -> Result<(), Refusal> {
    match &incident.command.offered_to {
        Some(to) if to == by => Ok(()),
        _ => Err(Refusal::NotOffered(incident.id)),
    }
}
