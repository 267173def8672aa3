//! Verbs of the logs: showing them, narrowing them, and asking saved queries.

use super::{Able, Deed, lists};
use crate::keymap::Verb;
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::filter::Filter;
use crate::tui::overlays::goto::Goto;
use crate::tui::overlays::queries::Queries;
use crate::tui::screens::Screen;
use crate::tui::screens::feed::{MARK, Pane};
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed::always(Verb::LogsOpen, toggle),
    Deed { verb: Verb::LogsGroup, able: has_lines, run: next_group },
    Deed { verb: Verb::LogsLevel, able: has_lines, run: next_level },
    Deed { verb: Verb::LogsWrap, able: has_lines, run: wrap },
    Deed { verb: Verb::LogsFields, able: has_lines, run: fields },
    Deed {
        verb: Verb::LogsMark,
        able: are_shown,
        run: |ui, _| open(ui, |ui| Overlay::Filter(Filter::open(&MARK, ui))),
    },
    Deed { verb: Verb::LogsJump, able: are_shown, run: |ui, _| open(ui, |_| Overlay::Goto(Goto::jumping())) },
    Deed::always(Verb::LogsQuery, |ui, _| open(ui, |_| Overlay::Queries(Queries::default()))),
];

fn are_shown(ui: &Ui, _: World<'_>) -> Able {
    Able::when(ui.shows_logs(), "the logs are not shown; L shows them")
}

fn has_lines(ui: &Ui, world: World<'_>) -> Able {
    match are_shown(ui, world) {
        Able::Yes => lists::has_lines(ui),
        no => no,
    }
}

fn open(ui: &mut Ui, overlay: impl FnOnce(&Ui) -> Overlay) -> Vec<Effect> {
    let overlay = overlay(ui);
    ui.overlays.push(overlay);
    Vec::new()
}

fn toggle(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if ui.shows_logs() {
        ui.feed.show(Pane::Signals);
    } else {
        ui.screen = Screen::Feed;
        ui.feed.show(Pane::Logs);
        ui.feed.logs_mut().lay_out(ui.size.width);
        ui.feed.follow_log(&world.snapshot.signals);
    }
    Vec::new()
}

fn next_group(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    ui.feed.logs_mut().next_group(&world.snapshot.signals);
    Vec::new()
}

fn next_level(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    ui.feed.logs_mut().next_level();
    Vec::new()
}

fn wrap(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    ui.feed.logs_mut().toggle_wrap(ui.size.width);
    Vec::new()
}

fn fields(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    ui.feed.logs_mut().toggle_fields(ui.size.width);
    Vec::new()
}
