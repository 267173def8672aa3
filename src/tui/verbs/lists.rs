//! Verbs that move through lines and narrow them.

use super::{Able, Deed};
use crate::keymap::Verb;
use crate::tui::message::Effect;
use crate::tui::overlays::{self, Overlay, filter::Filter};
use crate::tui::screens::Screen;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::Step;

pub const DEEDS: &[Deed] = &[
    Deed::always(Verb::ListDown, |ui, world| step(ui, world, Step::Line(1))),
    Deed::always(Verb::ListUp, |ui, world| step(ui, world, Step::Line(-1))),
    Deed::always(Verb::ListPageDown, |ui, world| step(ui, world, Step::Page(1))),
    Deed::always(Verb::ListPageUp, |ui, world| step(ui, world, Step::Page(-1))),
    Deed::always(Verb::ListHalfPageDown, |ui, world| step(ui, world, Step::HalfPage(1))),
    Deed::always(Verb::ListHalfPageUp, |ui, world| step(ui, world, Step::HalfPage(-1))),
    Deed::always(Verb::ListTop, |ui, world| step(ui, world, Step::Top)),
    Deed::always(Verb::ListBottom, |ui, world| step(ui, world, Step::Bottom)),
    Deed::always(Verb::FilterOpen, |ui, _| {
        let filter = Filter::open(ui);
        ui.overlays.push(Overlay::Filter(filter));
        Vec::new()
    }),
    Deed {
        verb: Verb::FilterClear,
        able: |ui, _| Able::when(!ui.feed.asked().is_empty(), "nothing is filtered"),
        run: |ui, _| {
            ui.feed.ask("");
            Vec::new()
        },
    },
    Deed::always(Verb::FeedFollow, |ui, _| {
        if ui.feed.is_following() {
            ui.feed.stop_following();
            ui.say("The feed stands still; f follows again");
        } else {
            ui.feed.start_following();
            ui.say("The feed follows the newest signal");
        }
        Vec::new()
    }),
];

/// Moves whatever is in front.
pub fn step(ui: &mut Ui, world: World<'_>, step: Step) -> Vec<Effect> {
    if !overlays::step(ui, world, step) {
        let page = ui.page();
        match ui.screen {
            Screen::Feed => ui.feed.step(step, page),
        }
    }
    Vec::new()
}
