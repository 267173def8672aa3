//! Verbs that are about the whole session.

use super::{Able, Deed, follow, lists, pack, retro};
use crate::keymap::Verb;
use crate::tui::follow::Wish;
use crate::tui::message::Effect;
use crate::tui::overlays::{
    Overlay, catchup::Catchup, confirm::Question, confirm::Then, help::Help, palette::Palette,
    sources::Sources, themes::Themes,
};
use crate::tui::screens::Screen;
use crate::tui::ui::{Mouse, Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed::always(Verb::AppQuit, quit),
    Deed::always(Verb::AppHelp, |ui, world| open(ui, |ui| Overlay::Help(Help::open(ui, world)))),
    Deed::always(Verb::AppPalette, |ui, _| open(ui, |ui| Overlay::Palette(Palette::open(ui)))),
    Deed::always(Verb::AppRedraw, |_, _| vec![Effect::Redraw]),
    Deed {
        verb: Verb::AppSuspend,
        able: |ui, _| Able::when(ui.abilities.suspend, "there is no shell behind this session"),
        run: |_, _| vec![Effect::Suspend],
    },
    Deed::always(Verb::Catchup, |ui, world| open(ui, |ui| Overlay::Catchup(Catchup::open(ui, world)))),
    Deed::always(Verb::SourcesShow, |ui, _| open(ui, |_| Overlay::Sources(Sources::default()))),
    Deed::always(Verb::ThemePick, |ui, _| open(ui, |ui| Overlay::Themes(Themes::open(ui)))),
    Deed::always(Verb::ZoneSwitch, switch_zone),
    Deed::always(Verb::MouseToggle, toggle_mouse),
    Deed::always(Verb::ScreenSituation, |ui, _| go(ui, Screen::Situation)),
    Deed { verb: Verb::PaneNext, able: has_parts, run: |ui, world| focus_by(ui, world, 1) },
    Deed { verb: Verb::PanePrevious, able: has_parts, run: |ui, world| focus_by(ui, world, -1) },
    Deed {
        verb: Verb::PaneZoom,
        able: |ui, _| has_there(ui, ui.screen.face().zoom.is_some()),
        run: |ui, _| {
            ui.screen.face().zoom.into_iter().for_each(|zoom| zoom(ui));
            Vec::new()
        },
    },
    Deed {
        verb: Verb::ChangesWindow,
        able: has_panes,
        run: |ui, _| {
            ui.situation.window = ui.situation.window.next();
            Vec::new()
        },
    },
    Deed::always(Verb::ScreenFeed, |ui, _| go(ui, Screen::Feed)),
    Deed::always(Verb::ScreenServices, |ui, _| go(ui, Screen::Services)),
    Deed::always(Verb::ScreenReadiness, |ui, _| go(ui, Screen::Readiness)),
    Deed::always(Verb::ScreenPlan, |ui, _| go(ui, Screen::Plan)),
    Deed::always(Verb::ScreenNext, |ui, _| go_by(ui, 1)),
    Deed::always(Verb::ScreenPrevious, |ui, _| go_by(ui, Screen::ALL.len() - 1)),
];

fn open(ui: &mut Ui, overlay: impl FnOnce(&Ui) -> Overlay) -> Vec<Effect> {
    let overlay = overlay(ui);
    ui.overlays.push(overlay);
    Vec::new()
}

/// What is half typed and kept nowhere is asked for before it goes; of a story everybody was told that it keeps nothing.
fn quit(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if !ui.drafts.would_be_lost() || world.snapshot.story.is_some() {
        return vec![Effect::Quit];
    }
    ui.overlays.push(Overlay::Question(Question {
        question: "Leave, and lose what is half typed?".to_owned(),
        means: "What you have begun to write could not be kept: it goes with this window. n has the line."
            .to_owned(),
        then: Then::Quit,
    }));
    Vec::new()
}

/// Whoever goes somewhere goes their own way.
pub(super) fn go(ui: &mut Ui, screen: Screen) -> Vec<Effect> {
    ui.screen = screen;
    if ui.company.following.is_some() { follow::wish(ui, Wish::Leave) } else { Vec::new() }
}

fn go_by(ui: &mut Ui, places: usize) -> Vec<Effect> {
    go(ui, Screen::ALL[(ui.screen.place() + places) % Screen::ALL.len()])
}

/// The parts of a screen, or the sections of a retro.
fn has_parts(ui: &Ui, _: World<'_>) -> Able {
    if retro::is_in_front(ui) || pack::is_in_front(ui) {
        return Able::Yes;
    }
    has_there(ui, ui.screen.face().turn.is_some())
}

/// Whether the screen has a thing, and something to do it with.
fn has_there(ui: &Ui, has: bool) -> Able {
    match lists::has_lines(ui) {
        Able::Yes => Able::when(has, "this screen has no panes"),
        no => no,
    }
}

fn has_panes(ui: &Ui, _: World<'_>) -> Able {
    Able::when(ui.screen == Screen::Situation, "this screen has no panes")
}

fn focus_by(ui: &mut Ui, world: World<'_>, by: isize) -> Vec<Effect> {
    if !retro::turn(ui, by > 0)
        && !pack::turn(ui, by > 0)
        && let Some(turn) = ui.screen.face().turn
    {
        turn(ui, world, by);
    }
    Vec::new()
}

fn switch_zone(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    ui.zone.switch();
    let label = ui.zone.label().trim_start_matches("TIME ").to_lowercase();
    ui.say(format!("Times in lists are {label}: {}", world.now.clock(&ui.zone.shown())));
    Vec::new()
}

fn toggle_mouse(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    let (mouse, said) = match ui.mouse {
        Mouse::Theirs => (Mouse::Ours, "The mouse selects lines and scrolls; hold shift to select text"),
        Mouse::Ours => (Mouse::Theirs, "The mouse belongs to the terminal again"),
    };
    ui.mouse = mouse;
    ui.say(said);
    vec![Effect::Mouse(mouse == Mouse::Ours)]
}
