//! What this person asked of the room and has no answer to yet.
//!
//! Nothing here is shown as done: it is drawn as pending until the engine says that it is durable, and what comes
//! back refused goes back to where it was typed.

use super::drafts::{Draft, Slot};
use super::message::Effect;
use super::overlays::Overlay;
use super::overlays::typed::{Typed, Typing};
use super::screens::Screen;
use super::ui::Ui;
use crate::domain::event::Answer;
use crate::domain::{EntryId, Event, IncidentId, Intent, Record};
use crate::engine::SubmitError;

/// More than this is not a person writing but a journal that does not answer.
const MOST: usize = 1_000;

/// The number of an ask within its session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(u64);

#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub ticket: Ticket,
    pub intent: Intent,
    pub origin: Origin,
}

/// Where an ask came from, which is where its answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A key: the answer is a passing message.
    Key,
    /// The scribe line, with what was typed.
    Line(String),
    /// The field of an overlay that asked for a sentence, which goes back there if it is not taken.
    Sentence { slot: Slot, text: String },
    /// A line about the work of an incident, with what was typed.
    Typed(Typing, String),
    /// The form of a status update or a hand-over, which stays until it is answered, with what a person wrote in it.
    Form { kept: Option<Draft> },
    /// The form that declares.
    Declaration { takes_command: bool, kept: Option<Draft> },
}

impl Origin {
    /// What is kept of it while it is not answered, but for the scribe line, which is kept with its session.
    pub fn draft(&self) -> Option<Draft> {
        match self {
            Self::Key | Self::Line(_) => None,
            Self::Sentence { slot, text } => Some((slot.clone(), text.clone())),
            Self::Typed(wants, text) => Some((wants.slot(), text.clone())),
            Self::Form { kept } | Self::Declaration { kept, .. } => kept.clone(),
        }
    }
}

#[derive(Debug, Default)]
pub struct Asks {
    last: u64,
    waiting: Vec<Asked>,
}

impl Asks {
    pub fn waiting(&self) -> &[Asked] {
        &self.waiting
    }

    /// Whether something about this entry is being saved.
    pub fn is_about(&self, incident: IncidentId, entry: EntryId) -> bool {
        self.waiting.iter().any(|asked| subject(&asked.intent) == Some((incident, entry)))
    }

    /// Whether words that belong there are being saved.
    pub fn is_kept_at(&self, slot: &Slot) -> bool {
        self.waiting
            .iter()
            .any(|asked| matches!(&asked.origin, Origin::Sentence { slot: at, .. } if at == slot))
    }

    fn take(&mut self, ticket: Ticket) -> Option<Asked> {
        let place = self.waiting.iter().position(|asked| asked.ticket == ticket)?;
        Some(self.waiting.remove(place))
    }
}

/// Hands an intent to the engine. When too many wait already it is not taken, and a line stays where it was typed.
pub fn submit(ui: &mut Ui, intent: Intent, origin: Origin) -> Vec<Effect> {
    if ui.asks.waiting.len() >= MOST {
        let why = "The journal does not answer; nothing more is taken until it does".to_owned();
        not_saved(ui, None, &intent, origin, why);
        return Vec::new();
    }
    ui.asks.last += 1;
    let ticket = Ticket(ui.asks.last);
    mark(ui, ticket, &origin);
    ui.asks.waiting.push(Asked { ticket, intent: intent.clone(), origin });
    vec![Effect::Submit { ticket, intent: Box::new(intent) }]
}

/// A form that stays until it is answered learns which answer is its own: another one may lie below it.
fn mark(ui: &mut Ui, ticket: Ticket, origin: &Origin) {
    match (origin, ui.overlays.last_mut()) {
        (Origin::Declaration { .. }, Some(Overlay::Declare(form))) => form.ticket = Some(ticket),
        (Origin::Form { .. }, Some(overlay)) => {
            if let Some(form) = overlay.form() {
                form.sent(ticket);
            }
        }
        _ => {}
    }
}

/// Takes the engine's answer to where the ask came from.
pub fn answered(ui: &mut Ui, ticket: Ticket, outcome: Result<Record, SubmitError>) -> Vec<Effect> {
    let Some(asked) = ui.asks.take(ticket) else { return Vec::new() };
    let record = match outcome {
        Ok(record) => record,
        Err(error) => {
            not_saved(ui, Some(ticket), &asked.intent, asked.origin, why(&error));
            return Vec::new();
        }
    };
    match asked.origin {
        Origin::Line(_) => {}
        Origin::Declaration { takes_command, .. } => {
            let incident = record.event.incident();
            return incident.map_or_else(Vec::new, |incident| declared(ui, ticket, incident, takes_command));
        }
        Origin::Form { .. } => {
            let is_answered = |overlay: &mut Overlay| overlay.form().is_some_and(|form| form.awaits(ticket));
            ui.overlays.retain_mut(|overlay| !is_answered(overlay));
            ui.say(done(&record.event));
        }
        Origin::Key | Origin::Sentence { .. } | Origin::Typed(..) => ui.say(done(&record.event)),
    }
    Vec::new()
}

/// It goes back to where it was typed, with the reason.
fn not_saved(ui: &mut Ui, ticket: Option<Ticket>, intent: &Intent, origin: Origin, why: String) {
    match origin {
        Origin::Key => ui.complain(why),
        Origin::Typed(wants, line) => not_taken(ui, wants, &line, why),
        Origin::Sentence { slot, text } => {
            ui.drafts.park(slot, text);
            ui.complain(format!("{why}; your words are there when you open it again"));
        }
        Origin::Form { kept } => not_sent(ui, ticket, kept, why),
        Origin::Declaration { kept, .. } => not_declared(ui, ticket, kept, why),
        Origin::Line(line) => match subject(intent) {
            // Given back to the line it would become an entry of its own.
            Some((incident, entry)) => {
                ui.scribe.remember(&line);
                ui.drafts.park(Slot::revision(incident, entry), line);
                ui.complain(format!("{entry} stays as it was: {why}; e has the words"));
            }
            None => not_written(ui, line, &why),
        },
    }
}

/// The line comes back, below whatever is being typed by now.
fn not_taken(ui: &mut Ui, wants: Typing, line: &str, why: String) {
    let again = Overlay::Typed(Typed::again(wants, line, why.clone()));
    let is_typing = ui.overlays.last().is_some_and(|top| top.context().is_sealed());
    let place = ui.overlays.len() - usize::from(is_typing);
    ui.overlays.insert(place, again);
    ui.complain(why);
}

/// The form that was sent says so, and the words stay in it.
fn not_sent(ui: &mut Ui, ticket: Option<Ticket>, kept: Option<Draft>, why: String) {
    // What was not even taken is the form in front.
    let mut forms = ui.overlays.iter_mut().rev().filter_map(Overlay::form);
    let form = match ticket {
        Some(ticket) => forms.find(|form| form.awaits(ticket)),
        None => forms.next(),
    };
    match form {
        Some(form) => form.refuse(why, None),
        None => put_by(ui, kept, &format!("Not saved: {why}")),
    }
}

/// The form was closed meanwhile: what was written in it waits for it to be opened again.
fn put_by(ui: &mut Ui, kept: Option<Draft>, why: &str) {
    if let Some((slot, text)) = kept {
        ui.drafts.park(slot, text);
    }
    ui.complain(why);
}

fn not_written(ui: &mut Ui, line: String, why: &str) {
    ui.scribe.give_back(line, why.to_owned());
    if !ui.overlays.iter().any(|overlay| matches!(overlay, Overlay::Scribe)) {
        ui.complain(format!("Not in the timeline, n has the line: {why}"));
    }
}

fn declared(ui: &mut Ui, ticket: Ticket, incident: IncidentId, takes_command: bool) -> Vec<Effect> {
    let is_it = |overlay: &Overlay| matches!(overlay, Overlay::Declare(form) if form.ticket == Some(ticket));
    ui.overlays.retain(|overlay| !is_it(overlay));
    ui.screen = Screen::Incident;
    ui.incident.show(incident);
    ui.say(format!("{incident} is declared"));
    if takes_command {
        return submit(ui, Intent::TakeCommand { incident, relieving: None }, Origin::Key);
    }
    Vec::new()
}

fn not_declared(ui: &mut Ui, ticket: Option<Ticket>, kept: Option<Draft>, why: String) {
    let form = ui.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::Declare(form) if ticket.is_none() || form.ticket == ticket => Some(form),
        _ => None,
    });
    match form {
        Some(form) => form.refuse(why),
        None => put_by(ui, kept, &format!("Not declared, D has the form: {why}")),
    }
}

/// What stands in the way, and what helps.
fn why(error: &SubmitError) -> String {
    match error {
        SubmitError::Refused(refusal) => refusal.to_string(),
        SubmitError::Denied(denied) => denied.to_string(),
        SubmitError::NotSaved { fix, .. } if !fix.is_empty() => format!("{error}; {fix}"),
        SubmitError::NotSaved { .. } => error.to_string(),
        SubmitError::Gone => format!("{error}; leave with q and open it again"),
    }
}

fn subject(intent: &Intent) -> Option<(IncidentId, EntryId)> {
    match intent {
        Intent::Revise(incident, entry, ..)
        | Intent::Strike(incident, entry, _)
        | Intent::Restore(incident, entry)
        | Intent::Pin(incident, entry, _)
        | Intent::Judge(incident, entry, ..) => Some((*incident, *entry)),
        _ => None,
    }
}

fn done(event: &Event) -> String {
    match event {
        Event::CommandTaken { incident, relieved: Some(relieved) } => {
            format!("You have command of {incident} and relieved {relieved}")
        }
        Event::CommandTaken { incident, .. }
        | Event::CommandAccepted { incident, .. }
        | Event::HandoverAccepted { incident, .. } => format!("You have command of {incident}"),
        Event::CommandOffered { incident, to } | Event::HandoverOffered { incident, to, .. } => {
            format!("Command of {incident} is offered to {to}")
        }
        Event::CommandDeclined { incident } => format!("Command of {incident} is on offer to nobody now"),
        Event::CommandReleased { incident } => format!("Nobody has command of {incident} now"),
        Event::RoleTaken { incident, role } => format!("You are {role} of {incident}"),
        Event::RoleDropped { incident, role } => format!("You are no longer {role} of {incident}"),
        Event::SeverityChanged { incident, to, .. } => format!("{incident} is {to} now"),
        Event::IncidentResolved { incident } => format!("{incident} is resolved; R opens its retro"),
        Event::IncidentClosed { incident } => format!("{incident} is closed"),
        Event::IncidentReopened { incident } => format!("{incident} is open again"),
        Event::EntryWritten { incident, entry, .. } => format!("{entry} is in the timeline of {incident}"),
        Event::EntryRevised { entry, content, .. } => {
            format!("{entry} says so now, as {}", content.entry_kind.word())
        }
        Event::EntryStruck { entry, .. } => format!("{entry} is struck"),
        Event::EntryRestored { entry, .. } => format!("{entry} is back"),
        Event::EntryPinned { entry, pinned: true, .. } => format!("{entry} is pinned"),
        Event::EntryPinned { entry, .. } => format!("{entry} is not pinned any more"),
        Event::HypothesisJudged { entry, verdict, .. } => format!("{entry} is {verdict}"),
        Event::HypothesisWeighed { entry, bearing, .. } => format!("Weighed on {entry}: {bearing}"),
        Event::TaskWritten { task, .. } => format!("{task} is written down"),
        Event::TaskMarked { task, state, .. } => format!("{task} is {state}"),
        Event::CriterionWritten { criterion, .. } => format!("{criterion} is written down"),
        Event::CriterionMarked { criterion, state, .. } => format!("{criterion} is {state}"),
        Event::ChecklistStarted { checklist, content, .. } => {
            format!("{checklist}, {}, is begun", content.title)
        }
        Event::StepMarked { checklist, step, state, .. } => format!("Step {step} of {checklist} is {state}"),
        Event::MomentSet { moment, .. } => format!("{moment} is set"),
        Event::ProposalDeclined { moment, .. } => format!("{moment} is not proposed like this again"),
        Event::IncidentMerged { incident, into, .. } => format!("{incident} goes on in {into}"),
        Event::NextCommanderNamed { next: Some(next), .. } => format!("{next} is to have command next"),
        Event::NextCommanderNamed { next: None, .. } => "Nobody is named for command next".to_owned(),
        Event::UpdatePosted { incident, content } => {
            format!("The {} update is in the timeline of {incident}", content.audience.word())
        }
        Event::RetroItemStruck { item, .. } => format!("{item} is struck; x brings it back"),
        Event::RetroItemRestored { item, .. } => format!("{item} is back"),
        Event::RetroItemMarked { item, state, .. } => format!("{item} is {state}"),
        Event::RetroMoved { incident, state } => format!("The retro of {incident} is {state}"),
        Event::NudgeAnswered { nudge, answer: Answer::Snoozed { span }, .. } => {
            format!("{nudge}: asked again in {}", span.exact())
        }
        Event::NudgeAnswered { nudge, .. } => format!("{nudge}: answered"),
        Event::SignedOff { item, .. } => format!("{item} is signed off"),
        Event::SignOffWithdrawn { item, .. } => format!("The sign-off of {item} is withdrawn"),
        _ => "Saved".to_owned(),
    }
}
