//! Key moments, proposals of them, and nudges. An impossible order is warned of elsewhere, and never refused.

use super::Refusal;
use super::find::{existing, find_task, open};
use crate::domain::event::{Answer, Event, MomentValue, Nudge};
use crate::domain::id::IncidentId;
use crate::domain::incident::Room;
use crate::domain::time::{Span, Time};

pub(super) fn set(room: &Room, id: IncidentId, set: Event) -> Result<Event, Refusal> {
    let incident = existing(room, id)?;
    match &set {
        Event::MomentSet { value: MomentValue::Happened { when }, .. } if when.is_backwards() => {
            Err(Refusal::EndsBeforeItBegins(incident.id))
        }
        Event::MomentSet { moment, value: MomentValue::Unknown, .. }
            if incident.moments.get(moment).is_none_or(|said| said.value == MomentValue::Unknown) =>
        {
            Err(Refusal::MomentNotSaid(*moment))
        }
        _ => Ok(set),
    }
}

pub(super) fn decline(room: &Room, id: IncidentId, declined: Event) -> Result<Event, Refusal> {
    let incident = existing(room, id)?;
    match &declined {
        Event::ProposalDeclined { moment, when, basis, .. }
            if incident.has_declined(*moment, *when, basis) =>
        {
            Err(Refusal::AlreadySo { what: format!("the proposal for {moment}"), state: "declined" })
        }
        _ => Ok(declined),
    }
}

/// A nudge put off may be answered again; one that was answered is done with.
pub(super) fn answer(
    room: &Room,
    id: IncidentId,
    nudge: Nudge,
    due: Time,
    answer: Answer,
) -> Result<Event, Refusal> {
    let incident = open(room, id)?;
    if let Some((of, task)) = nudge.task() {
        find_task(room, of.unwrap_or(id), task)?;
    }
    if let Some(last) = incident.nudges.get(&nudge)
        && last.due == due
        && !matches!(last.answer, Answer::Snoozed { .. })
    {
        return Err(Refusal::AlreadyAnswered(last.by.clone()));
    }
    match answer {
        Answer::Snoozed { span } if span <= Span::ZERO || span > Span::hours(1) => {
            Err(Refusal::SnoozeTooLong)
        }
        answer => Ok(Event::NudgeAnswered { incident: id, nudge, due, answer }),
    }
}
