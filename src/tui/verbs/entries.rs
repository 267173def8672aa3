//! Verbs that change the selected entry of the timeline: its kind, its words, its verdict, its standing.

use super::{Able, Deed};
use crate::domain::event::{Content, EntryKind, Verdict};
use crate::domain::incident::Entry;
use crate::domain::{IncidentId, Intent};
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::drafts::Slot;
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::ask::{Ask, Wants};
use crate::tui::overlays::editor::Editor;
use crate::tui::screens::Screen;
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    turn(Verb::EntryFact, |ui, world| become_kind(ui, world, EntryKind::Fact)),
    turn(Verb::EntryHypothesis, |ui, world| become_kind(ui, world, EntryKind::Hypothesis)),
    turn(Verb::EntryDecision, |ui, world| become_kind(ui, world, EntryKind::Decision)),
    turn(Verb::EntryAction, |ui, world| become_kind(ui, world, EntryKind::Action)),
    turn(Verb::EntryComms, |ui, world| become_kind(ui, world, EntryKind::Comms)),
    turn(Verb::EntryQuestion, |ui, world| become_kind(ui, world, EntryKind::Question)),
    turn(Verb::EntryNote, |ui, world| become_kind(ui, world, EntryKind::Note)),
    Deed {
        verb: Verb::EntryConfirm,
        able: is_hypothesis,
        run: |ui, world| judge(ui, world, Verdict::Confirmed),
    },
    Deed {
        verb: Verb::EntryRefute,
        able: is_hypothesis,
        run: |ui, world| judge(ui, world, Verdict::Refuted),
    },
    Deed { verb: Verb::EntryStrike, able: has_entry, run: strike },
    turn(Verb::EntryPin, pin),
    turn(Verb::EntryEdit, edit),
];

/// What is done to an entry that stands.
const fn turn(verb: Verb, run: fn(&mut Ui, World<'_>) -> Vec<Effect>) -> Deed {
    Deed { verb, able: stands, run }
}

fn selected<'a>(ui: &Ui, world: World<'a>) -> Option<(IncidentId, &'a Entry)> {
    if ui.screen != Screen::Incident {
        return None;
    }
    let incident = ui.incident.shown(&world.snapshot.room)?;
    let entry = incident.entries.get(&ui.incident.selected()?)?;
    Some((incident.id, entry))
}

fn has_entry(ui: &Ui, world: World<'_>) -> Able {
    Able::when(selected(ui, world).is_some(), "no entry is selected; the arrows select one")
}

fn stands(ui: &Ui, world: World<'_>) -> Able {
    match selected(ui, world) {
        Some((_, entry)) if entry.struck.is_some() => Able::No("it is struck; x restores it".to_owned()),
        _ => has_entry(ui, world),
    }
}

fn is_hypothesis(ui: &Ui, world: World<'_>) -> Able {
    match selected(ui, world) {
        Some((_, entry)) if entry.content.entry_kind != EntryKind::Hypothesis => {
            Able::No("only a hypothesis is confirmed or refuted; h makes it one".to_owned())
        }
        _ => stands(ui, world),
    }
}

/// Asks for something about the selected entry.
fn about(
    ui: &mut Ui,
    world: World<'_>,
    intent: impl FnOnce(IncidentId, &Entry) -> Option<Intent>,
) -> Vec<Effect> {
    let intent = selected(ui, world).and_then(|(incident, entry)| intent(incident, entry));
    intent.map_or_else(Vec::new, |intent| asks::submit(ui, intent, Origin::Key))
}

fn become_kind(ui: &mut Ui, world: World<'_>, kind: EntryKind) -> Vec<Effect> {
    about(ui, world, |incident, entry| {
        let was = Box::new(entry.content.clone());
        let content = Content { entry_kind: kind, ..entry.content.clone() };
        (content != *was).then_some(Intent::Revise(incident, entry.id, content, Some(was)))
    })
}

fn pin(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    about(ui, world, |incident, entry| Some(Intent::Pin(incident, entry.id, !entry.pinned)))
}

fn judge(ui: &mut Ui, world: World<'_>, verdict: Verdict) -> Vec<Effect> {
    if let Some((incident, entry)) = selected(ui, world) {
        ui.overlays.push(Overlay::Ask(Ask::open(Wants::Verdict(incident, entry.id, verdict, entry.verdict))));
    }
    Vec::new()
}

fn strike(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    match selected(ui, world) {
        Some((incident, entry)) if entry.struck.is_some() => {
            asks::submit(ui, Intent::Restore(incident, entry.id), Origin::Key)
        }
        Some((incident, entry)) => {
            ui.overlays.push(Overlay::Ask(Ask::open(Wants::Strike(incident, entry.id))));
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn edit(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some((incident, entry)) = selected(ui, world) {
        let slot = Slot::page(incident, Some(entry.id));
        if ui.drafts.has(&slot) || entry.content.text.contains('\n') {
            let kept = ui.drafts.take(&slot);
            let editor = Editor::revise(incident, entry.id, &entry.content, kept.as_deref(), ui, world);
            ui.overlays.push(Overlay::Editor(Box::new(editor)));
            return Vec::new();
        }
        let zone = ui.zone.shown();
        ui.scribe.revise(incident, entry.id, &entry.content, world.present(), &zone);
        ui.overlays.push(Overlay::Scribe);
    }
    Vec::new()
}
