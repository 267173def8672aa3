//! What a person may do now: an intent against the state of the room gives an event, or a refusal with its reason.
//!
//! Pure: the same room, intent and person always give the same answer, so a lost race for the next place in the
//! journal is settled by deciding again over the newer state.

mod attest;
mod command;
mod entries;
mod find;
mod incidents;
mod moments;
mod refusal;
mod retro;
mod work;

pub use refusal::Refusal;

use super::event::{
    Answer, Basis, Bearing, ChecklistContent, Content, CriterionContent, CriterionState, Event, Evidence,
    Ground, ItemState, Moment, MomentValue, Nudge, Packet, RetroContent, RetroState, Role, Severity,
    StepState, TaskContent, TaskState, UpdateContent, Verdict, When,
};
use super::id::{
    ChecklistId, CriterionId, EntryId, IncidentId, ItemId, Person, RetroId, ServiceName, TaskId,
};
use super::incident::Room;
use super::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

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
    /// What is absent stays as it is.
    Describe {
        incident: IncidentId,
        title: Option<String>,
        services: Option<Vec<ServiceName>>,
        impact: Option<String>,
    },
    SetSeverity(IncidentId, Severity),
    Resolve(IncidentId),
    Close(IncidentId),
    /// Open again, whatever ended it: a merger too.
    Reopen(IncidentId),
    Merge {
        incident: IncidentId,
        into: IncidentId,
        reason: String,
    },
    /// `relieving` is whom the person was shown as commander and confirmed to relieve.
    TakeCommand {
        incident: IncidentId,
        relieving: Option<Person>,
    },
    OfferCommand(IncidentId, Person),
    OfferHandover(IncidentId, Person, Arc<Packet>),
    /// The packet that came with the offer, if one did, counts as read.
    AcceptCommand(IncidentId),
    /// The packet is the one that was on screen.
    AcceptHandover(IncidentId, Arc<Packet>),
    DeclineCommand(IncidentId),
    ReleaseCommand(IncidentId),
    NameNext(IncidentId, Option<Person>),
    TakeRole(IncidentId, Role),
    DropRole(IncidentId, Role),
    Write(IncidentId, Content),
    /// The last is what the person saw it say: what somebody else wrote meanwhile is not written over unseen.
    Revise(IncidentId, EntryId, Content, Option<Box<Content>>),
    Strike(IncidentId, EntryId, String),
    Restore(IncidentId, EntryId),
    Pin(IncidentId, EntryId, bool),
    /// The last is the verdict that the person saw.
    Judge(IncidentId, EntryId, Verdict, String, Option<Verdict>),
    Weigh {
        incident: IncidentId,
        entry: EntryId,
        ground: Ground,
        bearing: Bearing,
    },
    /// `basis` where a proposal is accepted.
    SetMoment {
        incident: IncidentId,
        moment: Moment,
        value: MomentValue,
        reason: String,
        evidence: Vec<Evidence>,
        basis: Option<Basis>,
    },
    DeclineProposal {
        incident: IncidentId,
        moment: Moment,
        when: When,
        basis: Basis,
        evidence: Vec<Evidence>,
        reason: String,
    },
    AddTask(IncidentId, TaskContent),
    ReviseTask(IncidentId, TaskId, TaskContent),
    MarkTask(IncidentId, TaskId, TaskState, String),
    AddCriterion(IncidentId, CriterionContent),
    ReviseCriterion(IncidentId, CriterionId, CriterionContent),
    MarkCriterion {
        incident: IncidentId,
        criterion: CriterionId,
        state: CriterionState,
        reason: String,
        evidence: Vec<Evidence>,
    },
    StartChecklist(IncidentId, ChecklistContent),
    /// Steps count from 1.
    MarkStep {
        incident: IncidentId,
        checklist: ChecklistId,
        step: u32,
        state: StepState,
        reason: String,
    },
    PostUpdate(IncidentId, UpdateContent),
    AnswerNudge {
        incident: IncidentId,
        nudge: Nudge,
        due: Time,
        answer: Answer,
    },
    WriteItem(IncidentId, RetroContent),
    /// The last is what the person saw it say.
    ReviseItem(IncidentId, RetroId, RetroContent, Option<Box<RetroContent>>),
    StrikeItem(IncidentId, RetroId, String),
    RestoreItem(IncidentId, RetroId),
    MarkItem(IncidentId, RetroId, ItemState, String),
    MoveRetro(IncidentId, RetroState),
    /// The item as it reads in the catalog of whoever signs.
    SignOff {
        item: ItemId,
        title: String,
        needs: String,
        evidence: Vec<Evidence>,
        note: String,
        expires_after: Option<Span>,
    },
    WithdrawSignOff {
        item: ItemId,
        reason: String,
    },
}

/// One line an intent; what each may do stands in the file of its subject.
pub fn decide(room: &Room, by: &Person, intent: Intent) -> Result<Event, Refusal> {
    match intent {
        Intent::Declare { title, severity, services, impact, evidence } => {
            let incident = room.next_incident();
            incidents::declare(match &room.drill {
                None => Event::IncidentDeclared { incident, title, severity, services, impact, evidence },
                Some(of) => {
                    let of = of.to_string();
                    Event::DrillDeclared { incident, of, title, severity, services, impact, evidence }
                }
            })
        }
        Intent::Describe { incident, title, services, impact } => incidents::describe(
            room,
            incident,
            Event::IncidentDescribed { incident, title, services, impact },
        ),
        Intent::SetSeverity(id, to) => incidents::set_severity(room, id, to),
        Intent::Resolve(id) => incidents::resolve(room, id),
        Intent::Close(id) => incidents::close(room, id),
        Intent::Reopen(id) => incidents::reopen(room, id),
        Intent::Merge { incident, into, reason } => incidents::merge(room, incident, into, reason),
        Intent::TakeCommand { incident, relieving } => command::take(room, by, incident, relieving.as_ref()),
        Intent::OfferCommand(id, to) => command::offer(room, by, id, to, None),
        Intent::OfferHandover(id, to, packet) => command::offer(room, by, id, to, Some(packet)),
        Intent::AcceptCommand(id) => command::accept(room, by, id, None),
        Intent::AcceptHandover(id, packet) => command::accept(room, by, id, Some(packet)),
        Intent::DeclineCommand(id) => command::decline(room, by, id),
        Intent::ReleaseCommand(id) => command::release(room, by, id),
        Intent::NameNext(id, next) => command::name_next(room, id, next),
        Intent::TakeRole(id, role) => command::take_role(room, by, id, role),
        Intent::DropRole(id, role) => command::drop_role(room, by, id, role),
        Intent::Write(id, content) => entries::write(room, id, content),
        Intent::Revise(id, entry, content, was) => {
            entries::revise(room, by, (id, entry), content, was.as_deref())
        }
        Intent::Strike(id, entry, reason) => entries::strike(room, id, entry, reason),
        Intent::Restore(id, entry) => entries::restore(room, id, entry),
        Intent::Pin(id, entry, pinned) => entries::pin(room, id, entry, pinned),
        Intent::Judge(id, entry, verdict, reason, was) => {
            entries::judge(room, by, (id, entry), (verdict, reason), was)
        }
        Intent::Weigh { incident, entry, ground, bearing } => {
            entries::weigh(room, incident, entry, ground, bearing)
        }
        Intent::SetMoment { incident, moment, value, reason, evidence, basis } => moments::set(
            room,
            incident,
            Event::MomentSet { incident, moment, value, reason, evidence, basis },
        ),
        Intent::DeclineProposal { incident, moment, when, basis, evidence, reason } => moments::decline(
            room,
            incident,
            Event::ProposalDeclined { incident, moment, when, basis, evidence, reason },
        ),
        Intent::AddTask(id, content) => work::add_task(room, id, content),
        Intent::ReviseTask(id, task, content) => work::revise_task(room, id, task, content),
        Intent::MarkTask(id, task, state, outcome) => work::mark_task(room, id, task, state, outcome),
        Intent::AddCriterion(id, content) => work::add_criterion(room, id, content),
        Intent::ReviseCriterion(id, criterion, content) => {
            work::revise_criterion(room, id, criterion, content)
        }
        Intent::MarkCriterion { incident, criterion, state, reason, evidence } => {
            let marked = Event::CriterionMarked { incident, criterion, state, reason, evidence };
            work::mark_criterion(room, incident, criterion, state, marked)
        }
        Intent::StartChecklist(id, content) => work::start_checklist(room, id, content),
        Intent::MarkStep { incident, checklist, step, state, reason } => {
            work::mark_step(room, incident, (checklist, step), state, reason)
        }
        Intent::PostUpdate(id, content) => work::post_update(room, id, content),
        Intent::AnswerNudge { incident, nudge, due, answer } => {
            moments::answer(room, incident, nudge, due, answer)
        }
        Intent::WriteItem(id, content) => retro::write(room, id, content),
        Intent::ReviseItem(id, item, content, was) => {
            retro::revise(room, by, (id, item), content, was.as_deref())
        }
        Intent::StrikeItem(id, item, reason) => retro::strike(room, id, item, reason),
        Intent::RestoreItem(id, item) => retro::restore(room, id, item),
        Intent::MarkItem(id, item, state, reason) => retro::mark(room, id, item, state, reason),
        Intent::MoveRetro(id, state) => retro::go_to(room, id, state),
        Intent::SignOff { item, title, needs, evidence, note, expires_after } => {
            attest::sign(Event::SignedOff { item, title, needs, evidence, note, expires_after })
        }
        Intent::WithdrawSignOff { item, reason } => attest::withdraw(room, item, reason),
    }
}
