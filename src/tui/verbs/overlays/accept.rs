//! What Enter does with what lies on top, one kind of it after the other.
//!
//! What is taken is gone from the stack; what is not taken, or has an answer to wait for, is put back.

use crate::domain::Intent;
use crate::tui::asks::{self, Origin};
use crate::tui::drafts::Draft;
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::after::After;
use crate::tui::overlays::ask::Ask;
use crate::tui::overlays::command::Does;
use crate::tui::overlays::confirm::{Question, Then};
use crate::tui::overlays::declare::{Declare, Entered};
use crate::tui::overlays::editor::Editor;
use crate::tui::overlays::export::Export;
use crate::tui::overlays::goto::{Goes, Goto};
use crate::tui::overlays::palette::{Chosen, Palette};
use crate::tui::overlays::queries::Queries;
use crate::tui::overlays::retro::form::Form as RetroForm;
use crate::tui::overlays::scribe::Writes;
use crate::tui::overlays::sign::SignForm;
use crate::tui::overlays::typed::Typed;
use crate::tui::screens::Screen;
use crate::tui::text::sentence;
use crate::tui::ui::{Ui, World};
use crate::tui::verbs::incident::{is_unread, target};
use crate::tui::verbs::{Able, command, follow, pack, perform, retro, travel};

pub(super) fn accept(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(overlay) = ui.overlays.pop() else { return Vec::new() };
    match overlay {
        Overlay::Palette(it) => palette(ui, world, it),
        Overlay::Themes(_) => theme(ui),
        Overlay::Goto(it) => moment(ui, world, it),
        Overlay::Scribe => write(ui, world),
        Overlay::Declare(it) => declare(ui, world, it),
        Overlay::Command(it) => it.chosen().map_or_else(Vec::new, |does| carry_out(ui, world, does)),
        Overlay::RetroForm(it) => row(ui, it),
        Overlay::Ask(it) => answer(ui, it),
        Overlay::Typed(it) => typed(ui, world, it),
        Overlay::Update(mut it) => {
            let (intent, kept) = (it.enter(&ui.zone.shown(), world.present()), it.kept());
            stay(ui, Overlay::Update(it), intent, kept)
        }
        Overlay::HandOver(mut it) => {
            let (intent, kept) = (it.enter(world), it.kept());
            stay(ui, Overlay::HandOver(it), intent, kept)
        }
        Overlay::Sign(it) => sign(ui, world, it),
        Overlay::Editor(it) => page(ui, world, it),
        Overlay::Export(it) => export(ui, it),
        Overlay::After(it) => after(ui, world, it),
        Overlay::Pull(it) => retro::pulled(ui, world, &it),
        Overlay::Gate(it) => pack::to_retro(ui, world, it.incident),
        Overlay::Queries(it) => query(ui, world, it),
        Overlay::Packet(it) if !it.stands(ui, world) => {
            ui.complain(it.gone());
            Vec::new()
        }
        Overlay::Packet(it) => open(ui, Overlay::Command(it.answers())),
        // What only shows something, and the filter, which is at work already.
        Overlay::Help(_)
        | Overlay::Detail(_)
        | Overlay::Filter(_)
        | Overlay::Catchup(_)
        | Overlay::Confirm(_)
        | Overlay::Question(_)
        | Overlay::Board(_)
        | Overlay::Sources(_)
        | Overlay::Retro(_) => Vec::new(),
    }
}

fn open(ui: &mut Ui, overlay: Overlay) -> Vec<Effect> {
    ui.overlays.push(overlay);
    Vec::new()
}

fn palette(ui: &mut Ui, world: World<'_>, palette: Palette) -> Vec<Effect> {
    match palette.chosen(ui, world) {
        Some(Chosen::Verb(verb, Able::Yes)) => perform(verb, ui, world),
        Some(Chosen::Does(does)) => carry_out(ui, world, *does),
        Some(Chosen::Verb(_, Able::No(reason))) => {
            ui.complain(sentence(&reason));
            open(ui, Overlay::Palette(palette))
        }
        None => Vec::new(),
    }
}

fn theme(ui: &mut Ui) -> Vec<Effect> {
    let name = ui.look.themes[ui.look.theme].0.clone();
    ui.say(format!("This session wears {name}; `theme = \"{name}\"` under [ui] in config.toml keeps it"));
    Vec::new()
}

fn moment(ui: &mut Ui, world: World<'_>, mut goto: Goto) -> Vec<Effect> {
    match goto.moment(ui, world.present()) {
        Ok(at) if goto.goes == Goes::Among => {
            ui.feed.list_mut().jump(at);
            Vec::new()
        }
        Ok(at) => travel::go(ui, at),
        Err(problem) => {
            goto.problem = Some(problem);
            open(ui, Overlay::Goto(goto))
        }
    }
}

/// Hands over what the line says; it stays open for the next, unless it was to be a revision.
fn write(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if ui.scribe.incident().is_none() {
        // Somebody may have declared one since the line was begun.
        ui.scribe.open(target(ui, world).map(|incident| incident.id));
    }
    let Some(incident) = ui.scribe.incident() else {
        ui.complain(if is_unread(world) {
            "The journal is still being read: enter again in a moment"
        } else {
            "No incident is open: esc keeps the line, D declares one, and n goes on with it"
        });
        return open(ui, Overlay::Scribe);
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

fn row(ui: &mut Ui, mut form: Box<RetroForm>) -> Vec<Effect> {
    match form.intent() {
        Some(intent) => asks::submit(ui, intent, Origin::Sentence { slot: form.slot(), text: form.kept() }),
        None => open(ui, Overlay::RetroForm(form)),
    }
}

fn answer(ui: &mut Ui, mut ask: Ask) -> Vec<Effect> {
    match ask.intent() {
        Some(intent) => {
            let (slot, text) = (ask.slot(), ask.field.text().to_owned());
            asks::submit(ui, intent, Origin::Sentence { slot, text })
        }
        None => open(ui, Overlay::Ask(ask)),
    }
}

fn typed(ui: &mut Ui, world: World<'_>, mut typed: Typed) -> Vec<Effect> {
    match typed.intent(ui, world) {
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
    }
}

/// A form stays until the answer is there.
fn stay(ui: &mut Ui, form: Overlay, intent: Option<Intent>, kept: Option<Draft>) -> Vec<Effect> {
    ui.overlays.push(form);
    intent.map_or_else(Vec::new, |intent| asks::submit(ui, intent, Origin::Form { kept }))
}

fn sign(ui: &mut Ui, world: World<'_>, mut form: Box<SignForm>) -> Vec<Effect> {
    let question = form.enter(ui, world);
    ui.overlays.push(Overlay::Sign(form));
    ui.overlays.extend(question.map(Overlay::Confirm));
    Vec::new()
}

fn page(ui: &mut Ui, world: World<'_>, mut editor: Box<Editor>) -> Vec<Effect> {
    match editor.intent(ui, world) {
        Some(intent) => {
            asks::submit(ui, intent, Origin::Sentence { slot: editor.slot(), text: editor.text() })
        }
        None => open(ui, Overlay::Editor(editor)),
    }
}

fn export(ui: &mut Ui, mut export: Export) -> Vec<Effect> {
    let effects = export.accept();
    ui.overlays.push(Overlay::Export(export));
    effects
}

fn after(ui: &mut Ui, world: World<'_>, after: After) -> Vec<Effect> {
    let row = after.selected(ui);
    ui.overlays.push(Overlay::After(after));
    row.map_or_else(Vec::new, |(incident, row)| retro::open_on(ui, world, incident, row))
}

fn query(ui: &mut Ui, world: World<'_>, mut queries: Queries) -> Vec<Effect> {
    ui.asked_queries.0 += 1;
    let (generation, until) = (ui.asked_queries, world.now);
    let chosen = queries.choose(ui, generation, until);
    ui.overlays.push(Overlay::Queries(queries));
    let asked = chosen.map(|query| Effect::Query { generation, query: Box::new(query), until });
    asked.into_iter().collect()
}
