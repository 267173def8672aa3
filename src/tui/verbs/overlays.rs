//! Verbs of what lies on top: leaving it, taking what it offers, editing its field.

use super::{Able, Deed, command, follow, pack, perform, retro, travel};
use crate::domain::Intent;
use crate::keymap::Verb;
use crate::tui::asks::{self, Origin};
use crate::tui::drafts::{Draft, Slot};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::ask::Ask;
use crate::tui::overlays::command::Does;
use crate::tui::overlays::confirm::{Question, Then};
use crate::tui::overlays::declare::{Declare, Entered};
use crate::tui::overlays::editor::Editor;
use crate::tui::overlays::goto::Goes;
use crate::tui::overlays::palette::Chosen;
use crate::tui::overlays::queries::{Leaves, Queries};
use crate::tui::overlays::scribe::Writes;
use crate::tui::overlays::takes_text::{self, TakesText};
use crate::tui::overlays::typed::Typed;
use crate::tui::screens::Screen;
use crate::tui::text::sentence;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use std::collections::BTreeSet;

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::OverlayClose, able: has_overlay, run: close },
    Deed { verb: Verb::OverlayAccept, able: has_overlay, run: accept },
    Deed { verb: Verb::TextAccept, able: has_overlay, run: accept },
    Deed { verb: Verb::TextCancel, able: has_overlay, run: close },
    Deed::always(Verb::TextHistoryUp, |ui, _| turn(ui, -1)),
    Deed::always(Verb::TextHistoryDown, |ui, _| turn(ui, 1)),
    Deed::always(Verb::TextComplete, complete),
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
    open(ui, Overlay::Editor(Box::new(editor)))
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

fn accept(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    match ui.overlays.pop() {
        Some(Overlay::Palette(palette)) => match palette.chosen(ui, world) {
            Some(Chosen::Verb(verb, Able::Yes)) => perform(verb, ui, world),
            Some(Chosen::Does(does)) => carry_out(ui, world, *does),
            Some(Chosen::Verb(_, Able::No(reason))) => {
                ui.complain(sentence(&reason));
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
        Some(Overlay::Declare(form)) => declare(ui, world, form),
        Some(Overlay::Command(menu)) => {
            menu.chosen().map_or_else(Vec::new, |does| carry_out(ui, world, does))
        }
        Some(Overlay::RetroForm(mut form)) => match form.intent() {
            Some(intent) => {
                asks::submit(ui, intent, Origin::Sentence { slot: form.slot(), text: form.kept() })
            }
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
                if typed.wants.goes_on() {
                    ui.overlays.push(Overlay::Typed(Typed::open(typed.wants, ui, world)));
                }
                asks::submit(ui, intent, Origin::Typed(typed.wants, line))
            }
            Err(problem) => {
                typed.problem = Some(problem);
                open(ui, Overlay::Typed(typed))
            }
        },
        Some(Overlay::Update(mut form)) => {
            let intent = form.enter(&ui.zone.shown(), world.present());
            let kept = form.kept();
            stay(ui, Overlay::Update(form), intent, kept)
        }
        Some(Overlay::HandOver(mut form)) => {
            let intent = form.enter(world);
            let kept = form.kept();
            stay(ui, Overlay::HandOver(form), intent, kept)
        }
        Some(Overlay::Sign(mut form)) => {
            let question = form.enter(ui, world);
            ui.overlays.push(Overlay::Sign(form));
            ui.overlays.extend(question.map(Overlay::Confirm));
            Vec::new()
        }
        Some(Overlay::Editor(mut editor)) => match editor.intent(ui, world) {
            Some(intent) => {
                asks::submit(ui, intent, Origin::Sentence { slot: editor.slot(), text: editor.text() })
            }
            None => open(ui, Overlay::Editor(editor)),
        },
        Some(Overlay::Export(mut export)) => {
            let effects = export.accept();
            ui.overlays.push(Overlay::Export(export));
            effects
        }
        Some(Overlay::After(after)) => {
            let row = after.selected(ui);
            ui.overlays.push(Overlay::After(after));
            row.map_or_else(Vec::new, |(incident, row)| retro::open_on(ui, world, incident, row))
        }
        Some(Overlay::Pull(pull)) => retro::pulled(ui, world, &pull),
        Some(Overlay::Gate(standing)) => pack::to_retro(ui, world, standing.incident),
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

/// What a line of a menu does.
fn carry_out(ui: &mut Ui, world: World<'_>, does: Does) -> Vec<Effect> {
    match does {
        Does::Submit(intent) => asks::submit(ui, intent, Origin::Key),
        Does::Confirm(confirm) => open(ui, Overlay::Confirm(confirm)),
        Does::Ask(wants) => open(ui, Overlay::Ask(Ask::open(wants))),
        Does::Front(incident) => {
            ui.screen = Screen::Incident;
            ui.incident.put_in_front(incident);
            Vec::new()
        }
        Does::Follow(wish) => follow::wish(ui, wish),
        Does::Open(opens) => command::open(ui, world, opens),
    }
}

/// A form stays until the answer is there.
fn stay(ui: &mut Ui, form: Overlay, intent: Option<Intent>, kept: Option<Draft>) -> Vec<Effect> {
    ui.overlays.push(form);
    intent.map_or_else(Vec::new, |intent| asks::submit(ui, intent, Origin::Form { kept }))
}

fn open(ui: &mut Ui, overlay: Overlay) -> Vec<Effect> {
    ui.overlays.push(overlay);
    Vec::new()
}

/// Hands over what the line says; it stays open for the next, unless it was to be a revision.
fn write(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(incident) = ui.scribe.incident() else {
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
fn declare(ui: &mut Ui, world: World<'_>, mut form: Box<Declare>) -> Vec<Effect> {
    if let Some(incident) = form.declared_before(&world.snapshot.room) {
        let age = incident.declared_at.age(world.present());
        let question = Question {
            question: format!("Open {} instead?", incident.id),
            means: format!(
                "{}, declared {age} ago, is about this: {}. No goes on declaring another one.",
                incident.id, incident.title
            ),
            then: Then::Show(incident.id),
        };
        ui.overlays.push(Overlay::Declare(form));
        return open(ui, Overlay::Question(question));
    }
    let entered = form.enter();
    let (takes_command, kept) = (form.takes_command(), form.kept());
    ui.overlays.push(Overlay::Declare(form));
    match entered {
        Entered::Next => Vec::new(),
        Entered::Send(intent) => asks::submit(ui, *intent, Origin::Declaration { takes_command, kept }),
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
