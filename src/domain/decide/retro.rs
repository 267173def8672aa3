//! The rows of the retro: what may be written, set right, struck and marked, and the steps of the review.
//!
//! The retro of an incident that was merged is held where it went on; rows it had already may still be set right.

use super::Refusal;
use super::find::{existing, own};
use crate::domain::event::{Event, ItemState, RetroContent, RetroState};
use crate::domain::id::{IncidentId, Person, RetroId};
use crate::domain::incident::{Incident, RetroItem, Room};
use std::mem::discriminant;

pub(super) fn write(room: &Room, id: IncidentId, content: RetroContent) -> Result<Event, Refusal> {
    let incident = own(room, id)?;
    let item = incident.retro.items.last_key().unwrap_or_default().next();
    check(incident, item, &content)?;
    Ok(Event::RetroItemWritten { incident: id, item, content })
}

pub(super) fn revise(
    room: &Room,
    by: &Person,
    (id, item): (IncidentId, RetroId),
    content: RetroContent,
    was: Option<&RetroContent>,
) -> Result<Event, Refusal> {
    let found = standing(room, id, item)?;
    let last = found.revisions.last().map(|revision| &revision.replaced_by).filter(|last| *last != by);
    if let Some(last) = last.filter(|_| was.is_some_and(|was| *was != found.content)) {
        let says = found.content.text().to_owned();
        return Err(Refusal::WrittenMeanwhile { by: last.clone(), says });
    }
    if discriminant(&found.content) != discriminant(&content) {
        return Err(Refusal::AnotherKind(item));
    }
    check(existing(room, id)?, item, &content)?;
    Ok(Event::RetroItemRevised { incident: id, item, content })
}

pub(super) fn strike(room: &Room, id: IncidentId, item: RetroId, reason: String) -> Result<Event, Refusal> {
    standing(room, id, item)?;
    Ok(Event::RetroItemStruck { incident: id, item, reason })
}

pub(super) fn restore(room: &Room, id: IncidentId, item: RetroId) -> Result<Event, Refusal> {
    match find(room, id, item)?.struck {
        Some(_) => Ok(Event::RetroItemRestored { incident: id, item }),
        None => Err(Refusal::ItemNotStruck(item)),
    }
}

pub(super) fn mark(
    room: &Room,
    id: IncidentId,
    item: RetroId,
    state: ItemState,
    reason: String,
) -> Result<Event, Refusal> {
    let found = standing(room, id, item)?;
    if !found.content.can_be_done() {
        return Err(Refusal::NothingToDo(item));
    }
    if found.state == state {
        return Err(Refusal::AlreadySo { what: item.to_string(), state: state.title() });
    }
    Ok(Event::RetroItemMarked { incident: id, item, state, reason })
}

pub(super) fn go_to(room: &Room, id: IncidentId, state: RetroState) -> Result<Event, Refusal> {
    if own(room, id)?.retro.state() == state {
        return Err(Refusal::AlreadySo { what: format!("the retro of {id}"), state: state.title() });
    }
    Ok(Event::RetroMoved { incident: id, state })
}

fn find(room: &Room, id: IncidentId, item: RetroId) -> Result<&RetroItem, Refusal> {
    existing(room, id)?.retro.items.get(&item).ok_or(Refusal::NoItem(id, item))
}

fn standing(room: &Room, id: IncidentId, item: RetroId) -> Result<&RetroItem, Refusal> {
    let found = find(room, id, item)?;
    if found.struck.is_none() { Ok(found) } else { Err(Refusal::ItemStruck(item)) }
}

/// A row says something, and hangs only on rows that are there and can carry it.
fn check(incident: &Incident, item: RetroId, content: &RetroContent) -> Result<(), Refusal> {
    if content.text().trim().is_empty() {
        return Err(Refusal::EmptyItem);
    }
    for other in content.refers_to() {
        let found = incident.retro.items.get(other).ok_or(Refusal::NoItem(incident.id, *other))?;
        let may_carry = match content {
            RetroContent::Why { .. } => {
                matches!(found.content, RetroContent::Factor { .. } | RetroContent::Why { .. })
            }
            _ => matches!(found.content, RetroContent::Factor { .. }),
        };
        if !may_carry {
            return Err(Refusal::CannotCarry(*other));
        }
        if hangs_on(incident, *other, item) {
            return Err(Refusal::OwnWhy(item));
        }
    }
    Ok(())
}

/// Whether following the whys upward from a row comes by another; as many steps as there are rows end any circle.
fn hangs_on(incident: &Incident, from: RetroId, wanted: RetroId) -> bool {
    let mut at = Some(from);
    for _ in 0..=incident.retro.items.len() {
        match at {
            None => return false,
            Some(id) if id == wanted => return true,
            Some(id) => {
                at = incident.retro.items.get(&id).and_then(|item| match &item.content {
                    RetroContent::Why { of, .. } => *of,
                    _ => None,
                });
            }
        }
    }
    true
}
