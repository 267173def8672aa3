//! Verbs of whoever commands: the hand-over, the status update, and the answers to the clocks.

use super::incident::{has_incident, target};
use super::{Able, Deed};
use crate::domain::event::{Answer, Audience, Nudge};
use crate::domain::incident::{SNOOZES, Status};
use crate::domain::{Incident, IncidentId};
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::command::Opens;
use crate::tui::overlays::handover::HandOver;
use crate::tui::overlays::nudge;
use crate::tui::overlays::packet::Reading;
use crate::tui::overlays::update::UpdateForm;
use crate::tui::pressing::{self, Pressing, pressing};
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::CommandHandOver, able: may_hand_over, run: hand_over },
    Deed { verb: Verb::IncidentUpdate, able: has_open, run: update },
    Deed { verb: Verb::NudgeAnswer, able: has_clock, run: answer },
    Deed { verb: Verb::NudgeDone, able: is_due, run: |ui, world| at_once(ui, world, Answer::Done) },
    Deed {
        verb: Verb::NudgeSnooze,
        able: is_due,
        run: |ui, world| at_once(ui, world, Answer::Snoozed { span: SNOOZES[0] }),
    },
];

/// Opens what a line of a menu leads to.
pub fn open(ui: &mut Ui, world: World<'_>, opens: Opens) -> Vec<Effect> {
    let room = &world.snapshot.room;
    let found = |id: IncidentId| room.incident(id);
    let overlay = match opens {
        Opens::Update(id, audience) => {
            found(id).map(|it| Overlay::Update(Box::new(UpdateForm::open(it, audience, world))))
        }
        Opens::HandOver(id, to) => {
            found(id).map(|it| Overlay::HandOver(Box::new(HandOver::open(it, to.as_ref(), world))))
        }
        Opens::Packet(id) => found(id).and_then(|it| Reading::open(it, world)).map(Overlay::Packet),
        Opens::Clock(id, clock) => found(id).map(|it| Overlay::Command(nudge::menu(it, &clock, world))),
    };
    ui.overlays.extend(overlay);
    Vec::new()
}

/// What is on offer to this person goes before what they have to give.
fn offered<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Incident> {
    let to_me = |incident: &&Incident| incident.command.offered_to.as_ref() == Some(&ui.me);
    target(ui, world).filter(to_me).or_else(|| pressing::open(world).find(to_me))
}

fn has_open(ui: &Ui, world: World<'_>) -> Able {
    match has_incident(ui, world) {
        Able::Yes => {
            let is_open = target(ui, world).is_some_and(|incident| incident.status == Status::Open);
            Able::when(is_open, "the incident is over")
        }
        no => no,
    }
}

fn may_hand_over(ui: &Ui, world: World<'_>) -> Able {
    if offered(ui, world).is_some() {
        return Able::Yes;
    }
    let holder = |incident: &Incident| incident.command.holder.clone();
    let take = pressing::key(ui, Verb::CommandTake);
    match (has_open(ui, world), target(ui, world).and_then(holder)) {
        (Able::Yes, Some(holder)) if holder == ui.me => Able::Yes,
        (Able::Yes, Some(holder)) => {
            Able::No(format!("{holder} has command and hands it over; press {take} to take it"))
        }
        (Able::Yes, None) => Able::No(format!("nobody has command; press {take} to take it")),
        (no, _) => no,
    }
}

fn hand_over(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let opens = match (offered(ui, world), target(ui, world)) {
        (Some(incident), _) => Opens::Packet(incident.id),
        (None, Some(incident)) => Opens::HandOver(incident.id, None),
        (None, None) => return Vec::new(),
    };
    open(ui, world, opens)
}

/// The update for whom one is due, or for those inside.
fn update(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(incident) = target(ui, world).map(|incident| incident.id) else { return Vec::new() };
    let audience = match pressing(world) {
        Some(it) if it.incident.id == incident && it.clock.nudge == Nudge::ExternalUpdate => {
            Audience::External
        }
        _ => Audience::Internal,
    };
    open(ui, world, Opens::Update(incident, audience))
}

fn has_clock(_: &Ui, world: World<'_>) -> Able {
    Able::when(pressing(world).is_some(), "no clock is running")
}

fn is_due(_: &Ui, world: World<'_>) -> Able {
    Able::when(pressing(world).is_some_and(|it| it.clock.is_due()), "nothing is due")
}

fn answer(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(Pressing { incident, clock }) = pressing(world) else { return Vec::new() };
    let menu = nudge::menu(incident, &clock, world);
    ui.overlays.push(Overlay::Command(menu));
    Vec::new()
}

fn at_once(ui: &mut Ui, world: World<'_>, answer: Answer) -> Vec<Effect> {
    let Some(Pressing { incident, clock }) = pressing(world) else { return Vec::new() };
    asks::submit(ui, nudge::answer(incident, &clock, answer), Origin::Key)
}
