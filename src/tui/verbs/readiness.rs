//! Verbs of readiness: signing an item off, withdrawing that, and taking a runbook into the incident.

use super::incident::target;
use super::items::item;
use super::{Able, Deed};
use crate::domain::catalog::{Item, Runbook};
use crate::domain::event::{Content, EntryKind, Evidence, When};
use crate::domain::incident::Status;
use crate::domain::readiness::{Did, Standing, standing};
use crate::domain::{Incident, Intent};
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::detail::About;
use crate::tui::overlays::sign::{Does, SignForm};
use crate::tui::screens::readiness::Subject;
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::ReadinessSign, able: may_sign, run: |ui, world| open(ui, world, Does::Sign) },
    Deed {
        verb: Verb::ReadinessWithdraw,
        able: may_withdraw,
        run: |ui, world| open(ui, world, Does::Withdraw),
    },
    Deed { verb: Verb::RunbookOpen, able: may_take, run: take },
];

fn subject(ui: &Ui, world: World<'_>) -> Option<Subject> {
    match item(ui, world)? {
        About::Ready(subject) => Some(subject),
        _ => None,
    }
}

/// The item of the register under the cursor.
fn item_of<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Item> {
    match subject(ui, world)? {
        Subject::Item(id) => world.snapshot.catalog.readiness.item(id.as_str()),
        _ => None,
    }
}

/// What is under the cursor of the register, looked at as it stands.
fn with_standing<T>(ui: &Ui, world: World<'_>, look: impl FnOnce(&Standing<'_>) -> T) -> Option<T> {
    let Some(Subject::Item(id)) = subject(ui, world) else { return None };
    standing(&world.snapshot.catalog, &world.snapshot.room, &id, world.now).as_ref().map(look)
}

fn may_sign(ui: &Ui, world: World<'_>) -> Able {
    if ui.travel.is_some() {
        return Able::No("this is the past; . returns to now".to_owned());
    }
    Able::when(item_of(ui, world).is_some(), "only an item of the register is signed off; 5 shows it")
}

fn may_withdraw(ui: &Ui, world: World<'_>) -> Able {
    match may_sign(ui, world) {
        Able::Yes => {
            let acts = item_of(ui, world).and_then(|item| world.snapshot.room.attestations.get(&item.id));
            let last = acts.and_then(|acts| acts.last()).map(|act| &act.did);
            Able::when(matches!(last, Some(Did::Signed { .. })), "nobody has signed it off")
        }
        no => no,
    }
}

fn open(ui: &mut Ui, world: World<'_>, does: Does) -> Vec<Effect> {
    let form = with_standing(ui, world, |standing| SignForm::open(does, standing));
    ui.overlays.extend(form.map(|form| Overlay::Sign(Box::new(form))));
    Vec::new()
}

fn runbook<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Runbook> {
    match subject(ui, world)? {
        Subject::Runbook(id) => world.snapshot.catalog.readiness.runbook(&id),
        _ => None,
    }
}

fn open_incident<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Incident> {
    target(ui, world).filter(|incident| incident.status == Status::Open)
}

fn may_take(ui: &Ui, world: World<'_>) -> Able {
    match (runbook(ui, world), open_incident(ui, world)) {
        (None, _) => Able::No("no runbook is under the cursor; 5 shows them".to_owned()),
        (Some(runbook), _) if runbook.steps.is_empty() && runbook.link.is_empty() => {
            Able::No("it has neither steps nor a link in the catalog".to_owned())
        }
        (Some(_), None) => Able::No("no incident is open; D declares one".to_owned()),
        (Some(_), Some(_)) => Able::Yes,
    }
}

/// With steps it is begun as a checklist; without, its link goes into the timeline.
fn take(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some((runbook, incident)) = runbook(ui, world).zip(open_incident(ui, world)) else {
        return Vec::new();
    };
    let intent = match runbook.checklist() {
        Some(content) => Intent::StartChecklist(incident.id, content),
        None => Intent::Write(incident.id, entry(runbook, world)),
    };
    asks::submit(ui, intent, Origin::Key)
}

fn entry(runbook: &Runbook, world: World<'_>) -> Content {
    Content {
        entry_kind: EntryKind::Action,
        happened: When::exactly(world.present()),
        text: format!("Following the runbook “{}”", runbook.title),
        owner: None,
        labels: Vec::new(),
        evidence: vec![Evidence::Link { url: runbook.link.clone() }],
    }
}
