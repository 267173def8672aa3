//! Writing entries, setting them right, and weighing hypotheses.

use super::Refusal;
use super::find::{own, standing, written};
use crate::domain::event::{Bearing, Content, Event, Ground, Verdict};
use crate::domain::id::{EntryId, IncidentId};
use crate::domain::incident::{Entry, Room};
use crate::domain::text::whole_lines;

pub(super) fn write(room: &Room, id: IncidentId, content: Content) -> Result<Event, Refusal> {
    let incident = own(room, id)?;
    check(id, &content)?;
    Ok(Event::EntryWritten { incident: id, entry: incident.next_entry(), content })
}

pub(super) fn revise(
    room: &Room,
    id: IncidentId,
    entry: EntryId,
    content: Content,
) -> Result<Event, Refusal> {
    standing(room, id, entry)?;
    check(id, &content)?;
    Ok(Event::EntryRevised { incident: id, entry, content })
}

pub(super) fn strike(room: &Room, id: IncidentId, entry: EntryId, reason: String) -> Result<Event, Refusal> {
    standing(room, id, entry)?;
    Ok(Event::EntryStruck { incident: id, entry, reason })
}

pub(super) fn restore(room: &Room, id: IncidentId, entry: EntryId) -> Result<Event, Refusal> {
    match written(room, id, entry)?.struck {
        Some(_) => Ok(Event::EntryRestored { incident: id, entry }),
        None => Err(Refusal::NotStruck(entry)),
    }
}

pub(super) fn pin(room: &Room, id: IncidentId, entry: EntryId, pinned: bool) -> Result<Event, Refusal> {
    standing(room, id, entry)?;
    Ok(Event::EntryPinned { incident: id, entry, pinned })
}

pub(super) fn judge(
    room: &Room,
    id: IncidentId,
    entry: EntryId,
    verdict: Verdict,
    reason: String,
) -> Result<Event, Refusal> {
    hypothesis(room, id, entry)?;
    Ok(Event::HypothesisJudged { incident: id, entry, verdict, reason })
}

pub(super) fn weigh(
    room: &Room,
    id: IncidentId,
    entry: EntryId,
    ground: Ground,
    bearing: Bearing,
) -> Result<Event, Refusal> {
    let hypothesis = hypothesis(room, id, entry)?;
    if let Ground::Entry { of, entry: other } = &ground {
        let of = of.unwrap_or(id);
        written(room, of, *other)?;
        if (of, *other) == (id, entry) {
            return Err(Refusal::OwnGround(entry));
        }
    }
    if bearing == Bearing::Withdrawn && hypothesis.weights.iter().all(|weight| weight.ground != ground) {
        return Err(Refusal::NotWeighed(entry));
    }
    Ok(Event::HypothesisWeighed { incident: id, entry, ground, bearing })
}

fn hypothesis(room: &Room, id: IncidentId, entry: EntryId) -> Result<&Entry, Refusal> {
    let found = standing(room, id, entry)?;
    if found.is_hypothesis() { Ok(found) } else { Err(Refusal::NotAHypothesis(entry)) }
}

fn check(id: IncidentId, content: &Content) -> Result<(), Refusal> {
    // What nobody could see is no text either, and would stand there for ever.
    if whole_lines(&content.text).trim().is_empty() {
        return Err(Refusal::NoText);
    }
    if content.happened.is_backwards() { Err(Refusal::EndsBeforeItBegins(id)) } else { Ok(()) }
}
