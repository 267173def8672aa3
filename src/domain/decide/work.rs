//! Tasks, exit criteria, checklists and status updates: what may begin, and what may be marked.
//!
//! Of an incident that was merged, what had begun may be finished; nothing new begins.

use super::Refusal;
use super::find::{existing, find_task, own};
use crate::domain::event::{
    ChecklistContent, CriterionContent, CriterionState, Event, LiveCheck, StepState, TaskContent, TaskState,
    UpdateContent,
};
use crate::domain::id::{ChecklistId, CriterionId, IncidentId, TaskId};
use crate::domain::incident::{Criterion, Room};
use crate::domain::time::Span;

pub(super) fn add_task(room: &Room, id: IncidentId, content: TaskContent) -> Result<Event, Refusal> {
    let task = own(room, id)?.tasks.last_key().unwrap_or_default().next();
    has_text(&content.text)?;
    Ok(Event::TaskWritten { incident: id, task, content })
}

pub(super) fn revise_task(
    room: &Room,
    id: IncidentId,
    task: TaskId,
    content: TaskContent,
) -> Result<Event, Refusal> {
    find_task(room, id, task)?;
    has_text(&content.text)?;
    Ok(Event::TaskWritten { incident: id, task, content })
}

pub(super) fn mark_task(
    room: &Room,
    id: IncidentId,
    task: TaskId,
    state: TaskState,
    outcome: String,
) -> Result<Event, Refusal> {
    let found = find_task(room, id, task)?;
    if found.state == state {
        return Err(Refusal::AlreadySo { what: task.to_string(), state: state.title() });
    }
    Ok(Event::TaskMarked { incident: id, task, state, outcome })
}

pub(super) fn add_criterion(
    room: &Room,
    id: IncidentId,
    content: CriterionContent,
) -> Result<Event, Refusal> {
    let criterion = own(room, id)?.criteria.last_key().unwrap_or_default().next();
    check_criterion(&content)?;
    Ok(Event::CriterionWritten { incident: id, criterion, content })
}

pub(super) fn revise_criterion(
    room: &Room,
    id: IncidentId,
    criterion: CriterionId,
    content: CriterionContent,
) -> Result<Event, Refusal> {
    find_criterion(room, id, criterion)?;
    check_criterion(&content)?;
    Ok(Event::CriterionWritten { incident: id, criterion, content })
}

pub(super) fn mark_criterion(
    room: &Room,
    id: IncidentId,
    criterion: CriterionId,
    state: CriterionState,
    marked: Event,
) -> Result<Event, Refusal> {
    if find_criterion(room, id, criterion)?.state == state {
        return Err(Refusal::AlreadySo { what: criterion.to_string(), state: state.title() });
    }
    Ok(marked)
}

pub(super) fn start_checklist(
    room: &Room,
    id: IncidentId,
    content: ChecklistContent,
) -> Result<Event, Refusal> {
    let checklist = own(room, id)?.checklists.last_key().unwrap_or_default().next();
    let blank = |text: &str| text.trim().is_empty();
    if blank(&content.title) || content.steps.is_empty() || content.steps.iter().any(|step| blank(&step.text))
    {
        return Err(Refusal::EmptyChecklist);
    }
    Ok(Event::ChecklistStarted { incident: id, checklist, content })
}

pub(super) fn mark_step(
    room: &Room,
    id: IncidentId,
    (checklist, step): (ChecklistId, u32),
    state: StepState,
    reason: String,
) -> Result<Event, Refusal> {
    let list = existing(room, id)?.checklists.get(&checklist).ok_or(Refusal::NoChecklist(id, checklist))?;
    let found = list.step(step).ok_or(Refusal::NoStep { checklist, step })?;
    if found.state == state {
        return Err(Refusal::AlreadySo { what: format!("step {step} of {checklist}"), state: state.title() });
    }
    if state == StepState::Skipped && reason.trim().is_empty() {
        return Err(Refusal::SkippedWithoutReason);
    }
    Ok(Event::StepMarked { incident: id, checklist, step, state, reason })
}

pub(super) fn post_update(room: &Room, id: IncidentId, content: UpdateContent) -> Result<Event, Refusal> {
    own(room, id)?;
    if content.brief.is_empty() {
        return Err(Refusal::EmptyUpdate);
    }
    if content.happened.is_backwards() {
        return Err(Refusal::EndsBeforeItBegins(id));
    }
    Ok(Event::UpdatePosted { incident: id, content })
}

fn find_criterion(room: &Room, id: IncidentId, criterion: CriterionId) -> Result<&Criterion, Refusal> {
    existing(room, id)?.criteria.get(&criterion).ok_or(Refusal::NoCriterion(id, criterion))
}

fn has_text(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::NoText) } else { Ok(()) }
}

fn check_criterion(content: &CriterionContent) -> Result<(), Refusal> {
    has_text(&content.text)?;
    let good_for = match &content.check {
        None => return Ok(()),
        Some(LiveCheck::Alarm { good_for, .. }) => good_for,
        Some(LiveCheck::Series { good_for, limit, .. }) => {
            is_decimal(limit)?;
            good_for
        }
    };
    if *good_for > Span::ZERO { Ok(()) } else { Err(Refusal::NoGoodFor) }
}

fn is_decimal(text: &str) -> Result<(), Refusal> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(()),
        _ => Err(Refusal::NotANumber(text.to_owned())),
    }
}
