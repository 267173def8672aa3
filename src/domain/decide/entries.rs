//! Writing entries, setting them right, and weighing hypotheses.

use super::Refusal;
use super::find::{own, standing, written};
use crate::domain::event::{Bearing, Content, Event, Ground, Verdict};
use crate::domain::id::{EntryId, IncidentId, Person};
use crate::domain::incident::{Entry, Room};
use crate::domain::text::whole_lines;

pub(super) fn write(room: &Room, id: IncidentId, content: Content) -> Result<Event, Refusal> {
    let incident = own(room, id)?;
    check(id, &content)?;
    Ok(Event::EntryWritten { incident: id, entry: incident.next_entry(), content })
}

/// What somebody wrote since `was` was read is not lost unseen; one's own words one knows.
pub(super) fn revise(
    room: &Room,
    by: &Person,
    (id, entry): (IncidentId, EntryId),
    content: Content,
    was: Option<&Content>,
) -> Result<Event, Refusal> {
    let found = standing(room, id, entry)?;
    check(id, &content)?;
    let last = found.revisions.last().map(|revision| &revision.replaced_by).filter(|last| *last != by);
    if let Some(last) = last.filter(|_| was.is_some_and(|was| *was != found.content)) {
        return Err(Refusal::WrittenMeanwhile { by: last.clone(), says: found.content.text.clone() });
    }
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
    by: &Person,
    (id, entry): (IncidentId, EntryId),
    (verdict, reason): (Verdict, String),
    was: Option<Verdict>,
) -> Result<Event, Refusal> {
    let found = hypothesis(room, id, entry)?;
    let last = found.judgements.last().filter(|last| last.by != *by);
    if let Some(last) = last.filter(|last| was.is_some_and(|was| was != last.verdict)) {
        return Err(Refusal::JudgedMeanwhile { by: last.by.clone(), verdict: last.verdict });
    }
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
