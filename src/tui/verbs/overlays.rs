//! Verbs of what lies on top: leaving it, taking what it offers, editing its field.

use super::incident::target;
use super::{Able, Deed, command, perform, travel};
use crate::domain::Intent;
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::ask::Ask;
use crate::tui::overlays::command::Does;
use crate::tui::overlays::declare::{Declare, Entered};
use crate::tui::overlays::goto::Goes;
use crate::tui::overlays::queries::{Leaves, Queries};
use crate::tui::overlays::scribe::Writes;
use crate::tui::screens::Screen;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use crate::tui::widgets::form::Form;
use std::collections::BTreeSet;

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::OverlayClose, able: has_overlay, run: close },
    Deed { verb: Verb::OverlayAccept, able: has_overlay, run: accept },
    Deed { verb: Verb::TextAccept, able: has_overlay, run: accept },
    Deed { verb: Verb::TextCancel, able: has_overlay, run: close },
    Deed::always(Verb::TextHistoryUp, |ui, _| history(ui, true)),
    Deed::always(Verb::TextHistoryDown, |ui, _| history(ui, false)),
    Deed::always(Verb::TextComplete, complete),
    Deed::always(Verb::TextDeleteWord, |ui, _| edit(ui, Field::delete_word)),
    Deed::always(Verb::TextClear, |ui, _| {
        if matches!(ui.overlays.last(), Some(Overlay::Scribe)) {
            ui.scribe.clear();
            return Vec::new();
        }
        edit(ui, Field::clear)
    }),
    Deed::always(Verb::TextStart, |ui, _| {
        edit(ui, |field| {
            field.to_start();
            false
        })
    }),
    Deed::always(Verb::TextEnd, |ui, _| {
        edit(ui, |field| {
            field.to_end();
            false
        })
    }),
];

fn has_overlay(ui: &Ui, _: World<'_>) -> Able {
    Able::when(!ui.overlays.is_empty(), "nothing lies over the screen")
}

fn close(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    match ui.overlays.pop() {
        Some(Overlay::Themes(themes)) => themes.cancel(ui),
        Some(Overlay::Filter(filter)) => filter.cancel(ui),
        Some(Overlay::Scribe) => {
            ui.scribe.leave();
            if ui.scribe.has_draft() {
                ui.say("The line is kept; n goes on with it");
            }
        }
        Some(Overlay::Declare(form)) => ui.undeclared = form.is_begun().then_some(form),
        Some(Overlay::Ask(ask)) => ui.drafts.park(ask.slot(), ask.field.text().to_owned()),
        Some(Overlay::Typed(typed)) => {
            ui.drafts.park(typed.wants.slot(), typed.field.text().to_owned());
        }
        Some(Overlay::Update(form)) => ui.unsent_update = form.is_unsent().then_some(form),
        Some(Overlay::Queries(queries)) => return leave(ui, queries),
        _ => {}
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

fn accept(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    match ui.overlays.pop() {
        Some(Overlay::Palette(palette)) => match palette.chosen(ui, world) {
            Some((verb, Able::Yes)) => perform(verb, ui, world),
            Some((verb, Able::No(reason))) => {
                ui.complain(format!("{}: {reason}", verb.name()));
                ui.overlays.push(Overlay::Palette(palette));
                Vec::new()
            }
            None => Vec::new(),
        },
        Some(Overlay::Themes(_)) => {
            let name = ui.look.themes[ui.look.theme].0.clone();
            ui.say(format!(
                "This session wears {name}; `theme = \"{name}\"` under [ui] in config.toml keeps it"
            ));
            Vec::new()
        }
        Some(Overlay::Goto(mut goto)) => match goto.moment(ui, world.snapshot.situation.at.max(world.now)) {
            Ok(at) if goto.goes == Goes::Among => {
                ui.feed.jump(at);
                Vec::new()
            }
            Ok(at) => travel::go(ui, at),
            Err(problem) => {
                goto.problem = Some(problem);
                ui.overlays.push(Overlay::Goto(goto));
                Vec::new()
            }
        },
        Some(Overlay::Scribe) => write(ui, world),
        Some(Overlay::Declare(form)) => declare(ui, form),
        Some(Overlay::Command(menu)) => match menu.chosen() {
            Some(Does::Submit(intent)) => asks::submit(ui, intent, Origin::Key),
            Some(Does::Confirm(confirm)) => open(ui, Overlay::Confirm(confirm)),
            Some(Does::Ask(wants)) => open(ui, Overlay::Ask(Ask::open(wants))),
            Some(Does::Front(incident)) => {
                ui.screen = Screen::Incident;
                ui.incident.put_in_front(incident);
                Vec::new()
            }
            Some(Does::Open(opens)) => command::open(ui, world, opens),
            None => Vec::new(),
        },
        Some(Overlay::RetroForm(mut form)) => match form.intent() {
            Some(intent) => asks::submit(ui, intent, Origin::Key),
            None => open(ui, Overlay::RetroForm(form)),
        },
        Some(Overlay::Ask(mut ask)) => match ask.intent() {
            Some(intent) => {
                let (slot, text) = (ask.slot(), ask.field.text().to_owned());
                asks::submit(ui, intent, Origin::Sentence { slot, text })
            }
            None => open(ui, Overlay::Ask(ask)),
        },
        Some(Overlay::Typed(mut typed)) => match typed.intent(ui, world) {
            Ok(intent) => {
                let line = typed.field.text().to_owned();
                asks::submit(ui, intent, Origin::Typed(typed.wants, line))
            }
            Err(problem) => {
                typed.problem = Some(problem);
                open(ui, Overlay::Typed(typed))
            }
        },
        Some(Overlay::Update(mut form)) => {
            let intent = form.enter(&ui.zone.shown(), world.present());
            stay(ui, Overlay::Update(form), intent)
        }
        Some(Overlay::HandOver(mut form)) => {
            let intent = form.enter(world);
            stay(ui, Overlay::HandOver(form), intent)
        }
        Some(Overlay::Queries(mut queries)) => {
            ui.asked_queries.0 += 1;
            let (generation, until) = (ui.asked_queries, world.now);
            let chosen = queries.choose(ui, generation, until);
            ui.overlays.push(Overlay::Queries(queries));
            let asked = chosen.map(|query| Effect::Query { generation, query: Box::new(query), until });
            asked.into_iter().collect()
        }
        Some(Overlay::Packet(reading)) => open(ui, Overlay::Command(reading.answers())),
        _ => Vec::new(),
    }
}

/// A form stays until the answer is there.
fn stay(ui: &mut Ui, form: Overlay, intent: Option<Intent>) -> Vec<Effect> {
    ui.overlays.push(form);
    intent.map_or_else(Vec::new, |intent| asks::submit(ui, intent, Origin::Form))
}

fn open(ui: &mut Ui, overlay: Overlay) -> Vec<Effect> {
    ui.overlays.push(overlay);
    Vec::new()
}

/// Hands over what the line says; it stays open for the next, unless it was to be a revision.
fn write(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(incident) = target(ui, world).map(|incident| incident.id) else {
        ui.complain("No incident is open; D declares one, and the line is kept");
        return Vec::new();
    };
    let (was_revision, zone) = (*ui.scribe.writes() != Writes::Entry, ui.zone.shown());
    let taken = ui.scribe.take(incident, world.present(), &zone);
    if !(was_revision && *ui.scribe.writes() == Writes::Entry) {
        ui.overlays.push(Overlay::Scribe);
    }
    taken.into_iter().flat_map(|(line, intent)| asks::submit(ui, intent, Origin::Line(line))).collect()
}

/// The form stays until the answer is there.
fn declare(ui: &mut Ui, mut form: Box<Declare>) -> Vec<Effect> {
    let entered = form.enter();
    let takes_command = form.takes_command();
    ui.overlays.push(Overlay::Declare(form));
    match entered {
        Entered::Next => Vec::new(),
        Entered::Send(intent) => asks::submit(ui, *intent, Origin::Declaration { takes_command }),
    }
}

fn history(ui: &mut Ui, back: bool) -> Vec<Effect> {
    match ui.overlays.last_mut() {
        Some(Overlay::Scribe) => ui.scribe.recall(back),
        Some(Overlay::Declare(form)) => form.step(if back { -1 } else { 1 }),
        Some(Overlay::RetroForm(form)) => form.step(if back { -1 } else { 1 }),
        Some(other) => {
            if let Some(form) = other.form() {
                form.step(if back { -1 } else { 1 });
            }
        }
        None => {}
    }
    Vec::new()
}

fn complete(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    match ui.overlays.last_mut() {
        Some(Overlay::Declare(form)) => form.step(1),
        Some(Overlay::RetroForm(form)) => form.step(1),
        Some(Overlay::Scribe) => ui.scribe.complete(&names(world)),
        Some(other) => {
            if let Some(form) = other.form() {
                form.step(1);
            }
        }
        None => {}
    }
    Vec::new()
}

/// Whom and what a line may speak of: people and labels of this room's incidents, and its services.
fn names(world: World<'_>) -> Vec<String> {
    let incidents = || world.snapshot.room.incidents.values();
    let entries = || incidents().flat_map(|incident| incident.entries.values());
    let people = entries().flat_map(|entry| [Some(&entry.written_by), entry.content.owner.as_ref()]);
    let people = people.flatten().chain(incidents().flat_map(|incident| incident.roles.values().flatten()));
    let labels = entries().flat_map(|entry| &entry.content.labels);
    let services = world.snapshot.catalog.services.iter().map(|service| format!("#{}", service.name));
    let names = people.map(|person| format!("@{person}")).chain(labels.map(|label| format!("#{label}")));
    names.chain(services).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Edits the field in front, and lets what depends on its text follow.
fn edit(ui: &mut Ui, change: impl FnOnce(&mut Field) -> bool) -> Vec<Effect> {
    match ui.overlays.last_mut() {
        Some(Overlay::Palette(palette)) => {
            change(&mut palette.field);
        }
        Some(Overlay::Goto(goto)) => {
            change(&mut goto.field);
        }
        Some(Overlay::Ask(ask)) => {
            change(&mut ask.field);
        }
        Some(Overlay::Typed(typed)) => {
            typed.problem = None;
            change(&mut typed.field);
        }
        Some(Overlay::RetroForm(form)) => {
            change(form.field());
        }
        Some(Overlay::Scribe) => {
            change(&mut ui.scribe.field);
        }
        Some(Overlay::Declare(form)) => {
            form.field().map(change);
        }
        Some(Overlay::Filter(filter)) => {
            change(&mut filter.field);
        }
        Some(other) => {
            other.form().and_then(Form::field).map(change);
        }
        None => {}
    }
    if let Some(Overlay::Filter(filter)) = ui.overlays.pop_if(|top| matches!(top, Overlay::Filter(_))) {
        filter.apply(ui);
        ui.overlays.push(Overlay::Filter(filter));
    }
    Vec::new()
}
