//! What a message does to a session: pure, at once, and the same in every test.

use super::asks;
use super::canvas::Hit;
use super::damage::Damage;
use super::drafts;
use super::input::Input;
use super::message::{Effect, Message};
use super::overlays::{Overlay, takes_text};
use super::ring::Ring;
use super::screens::Screen;
use super::ui::{Ends, Ui, World};
use super::verbs::follow::company;
use super::verbs::{lists, pack, perform, retro, travel};
use super::wall;
use super::widgets::list::Step;
use crate::keymap::{Chord, Lookup, Verb};
use ratatui::layout::Size;

/// Chunks of the log looked at in one go while nothing else is waiting: less than a millisecond of work.
const CHUNKS_A_SLICE: usize = 16;
/// How far one notch of a mouse wheel scrolls.
const WHEEL: isize = 3;

/// Changes the session and says in `ui.damage` what of it can be seen; what says nothing has changed everything.
pub fn update(ui: &mut Ui, message: Message, world: World<'_>) -> Vec<Effect> {
    let before = std::mem::replace(&mut ui.damage, Damage::All);
    let is_about_words = !matches!(message, Message::Tick | Message::Idle);
    let mut effects = on_message(ui, message, world);
    if is_about_words {
        drafts::offer(ui);
        effects.extend(drafts::changes(ui, world));
    }
    ui.incident.follow(&world.snapshot.room);
    follow_screen(ui, world, is_about_words);
    observe(ui, world);
    ui.refresh_hints();
    ui.damage = ui.damage.and(before);
    effects
}

/// The screen as of the moment that is looked at, which a message may just have brought.
fn follow_screen(ui: &mut Ui, world: World<'_>, is_about_words: bool) {
    let travel = ui.travel.as_ref();
    let now = travel.map_or(world.now, |travel| travel.at);
    let then = travel.and_then(|travel| travel.situation.clone());
    let situation = then.as_deref().unwrap_or(&world.snapshot.situation);
    let world = World { situation, now, ..world };
    let body = ui.body();
    match ui.screen {
        Screen::Services if is_about_words => ui.services.follow(world, body),
        Screen::Readiness => ui.readiness.follow(world),
        Screen::Plan => ui.plan.follow(world),
        _ => {}
    }
}

/// What the signals say of the incident somebody looks at.
fn observe(ui: &mut Ui, world: World<'_>) {
    let room = &world.snapshot.room;
    let on_board = ui.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Board(board) => room.incident(board.incident),
        _ => None,
    });
    let shown = || ui.incident.shown(room).filter(|_| ui.screen == Screen::Incident);
    if let Some(incident) = on_board.or_else(shown) {
        ui.incident.observe(incident, world);
    }
    if let Some(incident) = pack::judged(ui, world) {
        ui.judged.follow(incident, room.seq);
    }
    for overlay in &mut ui.overlays {
        if let Overlay::After(after) = overlay {
            after.follow(world);
        }
    }
    if let Some(Overlay::Board(mut board)) = ui.overlays.pop_if(|top| matches!(top, Overlay::Board(_))) {
        board.settle(ui, world);
        ui.overlays.push(Overlay::Board(board));
    }
}

fn on_message(ui: &mut Ui, message: Message, world: World<'_>) -> Vec<Effect> {
    match message {
        Message::Input(input) => on_input(ui, input, world),
        Message::Resized(size) => on_resize(ui, size, world),
        Message::News => {
            drafts::settle(ui, world);
            ui.feed.follow_log(&world.snapshot.signals);
            on_idle(ui, world);
            ring(ui, world)
        }
        Message::Tick => on_tick(ui, world),
        Message::Idle => on_idle(ui, world),
        Message::LookedBack(situation) => {
            // What was asked for before the person went on is not what they look at now.
            if let Some(travel) = ui.travel.as_mut().filter(|travel| travel.at == situation.at) {
                travel.situation = Some(situation);
            }
            Vec::new()
        }
        Message::NotLookedBack(at) => travel::lost(ui, at),
        Message::Packed { order, outcome } => pack::packed(ui, order, outcome),
        Message::Found(generation, findings) => {
            if let Some(queries) = ui.overlays.iter_mut().find_map(Overlay::queries) {
                queries.learn(generation, *findings);
            }
            Vec::new()
        }
        Message::DraftsKept(outcome) => {
            drafts::kept(ui, outcome);
            Vec::new()
        }
        Message::Edited(outcome) => on_edited(ui, outcome, world),
        Message::Company(news) => {
            company(ui, news);
            Vec::new()
        }
        Message::Answered { ticket, outcome } => {
            let behind = (*outcome).as_ref().ok().and_then(|it| world.snapshot.room.written_behind(it.at));
            let effects = asks::answered(ui, ticket, *outcome);
            behind.into_iter().for_each(|behind| ui.complain(behind));
            effects
        }
    }
}

fn on_input(ui: &mut Ui, input: Input, world: World<'_>) -> Vec<Effect> {
    if ui.travel.is_none() && !matches!(input, Input::Focus(_)) {
        ui.looked.at(world.now);
    }
    match input {
        Input::Key(chord) => on_key(ui, chord, world),
        Input::Paste(text) => on_paste(ui, &text),
        Input::Click { x, y } => on_click(ui, x, y, world),
        Input::Wheel { down, .. } => lists::step(ui, world, Step::Line(if down { WHEEL } else { -WHEEL })),
        Input::Focus(_) => Vec::new(),
    }
}

fn on_key(ui: &mut Ui, chord: Chord, world: World<'_>) -> Vec<Effect> {
    wall::touched(ui);
    ui.pending.push(chord);
    let found = ui.keymap.lookup(ui.contexts(), &ui.pending);
    // Drawn again the screen says the same.
    let is_read = !matches!(found, Lookup::Verb(Verb::AppRedraw));
    let gone = ui.toast.take_if(|toast| is_read && toast.ends == Ends::WithTheNextKey);
    let standing = ui.toast.clone();
    let effects = match found {
        Lookup::Pending(_) => return Vec::new(),
        Lookup::Verb(verb) => perform(verb, ui, world),
        Lookup::None => {
            typed(ui, chord);
            Vec::new()
        }
    };
    ui.pending.clear();
    // What a key asked of the log is answered with the same frame, as far as a slice of work goes.
    on_idle(ui, world);
    match &mut ui.toast {
        Some(toast) if standing.as_ref() != Some(&*toast) => toast.ends = Ends::WithTheNextKey,
        None if gone.is_some() => ui.damage = Damage::All,
        _ => {}
    }
    effects
}

/// A key that is bound to nothing is typed where there is something to type into.
fn typed(ui: &mut Ui, chord: Chord) {
    takes_text::change(ui, |it| it.key(chord));
}

fn on_paste(ui: &mut Ui, text: &str) -> Vec<Effect> {
    let mut is_taken = false;
    takes_text::change(ui, |it| {
        let pasted = it.paste(text);
        is_taken = pasted.is_some();
        pasted == Some(true)
    });
    if !is_taken {
        ui.say("Nothing here takes a paste");
    }
    Vec::new()
}

fn on_click(ui: &mut Ui, x: u16, y: u16, world: World<'_>) -> Vec<Effect> {
    let effects = match (ui.hits.at(x, y), ui.overlays.pop()) {
        (Some(Hit::Tab(place)), None) => perform(Screen::ALL[place].face().verb, ui, world),
        (Some(Hit::Line { pane, line }), None) => {
            ui.situation.select_row(pane, line, world.situation);
            Vec::new()
        }
        (Some(Hit::Row(row)), None) => {
            (ui.screen.face().select_row)(ui, world, row);
            Vec::new()
        }
        (hit, Some(mut overlay)) => {
            if let Some(Hit::Row(row)) = hit {
                overlay.select_row(row, ui);
            }
            ui.overlays.push(overlay);
            Vec::new()
        }
        (None, None) => Vec::new(),
    };
    on_idle(ui, world);
    effects
}

fn on_resize(ui: &mut Ui, size: Size, world: World<'_>) -> Vec<Effect> {
    ui.size = size;
    let mut overlays = std::mem::take(&mut ui.overlays);
    for overlay in &mut overlays {
        if let Overlay::Detail(detail) = overlay {
            detail.lay_out(ui, world);
        }
    }
    ui.overlays = overlays;
    ui.feed.logs_mut().lay_out(size.width);
    vec![Effect::Redraw]
}

fn on_tick(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    ui.ticks += 1;
    if ui.toast.as_ref().is_some_and(|toast| toast.until <= ui.ticks) {
        ui.toast = None;
    }
    ui.feed.list_mut().tick(world.now);
    // What was thrown away because it grew old is there again in the same picture.
    on_idle(ui, world);
    wall::tick(ui, world);
    ring(ui, world)
}

/// Tells the terminal what has come due since it was last told.
fn ring(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if ui.ring == Ring::Off {
        return Vec::new();
    }
    ui.rung.news(world).map(Effect::Ring).into_iter().collect()
}

fn on_idle(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    ui.feed.work(world.now, CHUNKS_A_SLICE);
    Vec::new()
}

fn on_edited(ui: &mut Ui, outcome: Result<String, String>, world: World<'_>) -> Vec<Effect> {
    let mut effects = vec![Effect::Redraw];
    match outcome {
        Ok(text) => effects.extend(retro::edited(ui, &text, world)),
        Err(why) => {
            ui.retro.editing = None;
            ui.complain(format!("The editor could not be used: {why}"));
        }
    }
    effects
}
