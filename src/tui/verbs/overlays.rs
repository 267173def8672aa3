//! Verbs of what lies on top: leaving it, taking what it offers, editing its field.

mod accept;

use super::{Able, Deed};
use crate::keymap::Verb;
use crate::tui::drafts::Slot;
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::editor::Editor;
use crate::tui::overlays::queries::{Leaves, Queries};
use crate::tui::overlays::scribe::Writes;
use crate::tui::overlays::takes_text::{self, TakesText};
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use std::collections::BTreeSet;

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::OverlayClose, able: has_overlay, run: close },
    Deed { verb: Verb::OverlayAccept, able: has_choice, run: accept::accept },
    Deed { verb: Verb::TextAccept, able: has_overlay, run: accept::accept },
    Deed { verb: Verb::TextCancel, able: has_overlay, run: close },
    Deed::always(Verb::TextHistoryUp, |ui, _| turn(ui, -1)),
    Deed::always(Verb::TextHistoryDown, |ui, _| turn(ui, 1)),
    Deed::always(Verb::TextComplete, complete),
    Deed::always(Verb::TextPrevious, |ui, _| {
        if let Some(it) = takes_text::in_front(ui) {
            it.previous();
        }
        Vec::new()
    }),
    Deed { verb: Verb::TextEditor, able: is_scribing, run: over_many_lines },
    Deed::always(Verb::TextDeleteWord, |ui, _| edit(ui, Field::delete_word)),
    Deed::always(Verb::TextClear, |ui, _| {
        takes_text::change(ui, |it| it.clear());
        Vec::new()
    }),
    Deed::always(Verb::TextStart, |ui, _| edit(ui, Field::to_start)),
    Deed::always(Verb::TextEnd, |ui, _| edit(ui, Field::to_end)),
];

fn has_overlay(ui: &Ui, _: World<'_>) -> Able {
    Able::when(!ui.overlays.is_empty(), "nothing lies over the screen")
}

fn has_choice(ui: &Ui, world: World<'_>) -> Able {
    match ui.overlays.last() {
        Some(Overlay::Sources(_)) => Able::No("there is nothing to take here; y copies the line".to_owned()),
        _ => has_overlay(ui, world),
    }
}

fn is_scribing(ui: &Ui, _: World<'_>) -> Able {
    let is_so = matches!(ui.overlays.last(), Some(Overlay::Scribe)) && ui.scribe.incident().is_some();
    Able::when(is_so, "only what goes into a timeline is written over many lines")
}

/// The line goes on as a page, behind what was left of one.
fn over_many_lines(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(incident) = ui.scribe.incident() else { return Vec::new() };
    let writes = ui.scribe.writes().clone();
    ui.overlays.pop();
    let typed = ui.scribe.hand_on();
    let editor = match writes {
        Writes::Entry => {
            let kept = ui.drafts.take(&Slot::page(incident, None));
            let parts = [kept.unwrap_or_default(), typed];
            let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
            Editor::open(incident, &text)
        }
        Writes::Revision { incident, entry, was, .. } => {
            Editor::revise(incident, entry, &was, Some(&typed), ui, world)
        }
    };
    ui.overlays.push(Overlay::Editor(Box::new(editor)));
    Vec::new()
}

fn close(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    match ui.overlays.pop() {
        Some(Overlay::Themes(themes)) => themes.cancel(ui),
        Some(Overlay::Filter(filter)) => filter.cancel(ui),
        Some(Overlay::Scribe) => {
            ui.scribe.leave();
            if ui.scribe.has_draft() {
                ui.say(match ui.drafts.outlive() {
                    true => "The line is kept; n goes on with it",
                    false => "The line is kept only until you leave; n goes on with it",
                });
            }
        }
        Some(Overlay::Queries(queries)) => return leave(ui, queries),
        Some(overlay) => {
            if let Some((slot, text)) = overlay.takes_text().and_then(TakesText::draft) {
                ui.drafts.park(slot, text);
            }
        }
        None => {}
    }
    Vec::new()
}

/// From an answer back to the list, which stops the question, and from the list to the screen.
fn leave(ui: &mut Ui, mut queries: Queries) -> Vec<Effect> {
    match queries.leave() {
        Leaves::Answer => {
            ui.overlays.push(Overlay::Queries(queries));
            vec![Effect::StopQuery]
        }
        Leaves::Everything => Vec::new(),
    }
}

fn turn(ui: &mut Ui, by: isize) -> Vec<Effect> {
    if let Some(it) = takes_text::in_front(ui) {
        it.step(by);
    }
    Vec::new()
}

fn complete(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some(it) = takes_text::in_front(ui) {
        it.complete(&|| names(world));
    }
    Vec::new()
}

/// Whom and what a line may speak of: people and labels of this room's incidents, and its services.
fn names(world: World<'_>) -> Vec<String> {
    let incidents = || world.snapshot.room.incidents.values();
    let entries = || incidents().flat_map(|incident| incident.entries.values());
    let people = entries().flat_map(|entry| [Some(&entry.written_by), entry.content.owner.as_ref()]);
    let people = people.flatten().chain(incidents().flat_map(|incident| incident.roles.values().flatten()));
    let people = people.chain(world.snapshot.present.iter().map(|attendee| &attendee.person));
    let labels = entries().flat_map(|entry| &entry.content.labels);
    let services = world.snapshot.catalog.services.iter();
    let services = services.flat_map(|service| [service.name.to_string(), format!("#{}", service.name)]);
    let names = people.map(|person| format!("@{person}")).chain(labels.map(|label| format!("#{label}")));
    names.chain(services).collect::<BTreeSet<_>>().into_iter().collect()
}

fn edit(ui: &mut Ui, change: fn(&mut Field) -> bool) -> Vec<Effect> {
    takes_text::change(ui, |it| it.edit(&change));
    Vec::new()
}
