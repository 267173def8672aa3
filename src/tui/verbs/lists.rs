//! Verbs that move through lines and narrow them.

use super::{Able, Deed, follow, travel};
use crate::keymap::Verb;
use crate::tui::follow::Wish;
use crate::tui::message::Effect;
use crate::tui::overlays::{self, Overlay, filter::Filter};
use crate::tui::screens::{Screen, feed};
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
    Deed { verb: Verb::FilterOpen, able: |ui, _| has_lines(ui), run: filter },
    Deed::always(Verb::FilterClear, |ui, _| leave(ui)),
    Deed::always(Verb::FeedFollow, |ui, _| {
        if ui.feed.list().is_following() {
            ui.feed.list_mut().stop_following();
            ui.say("The feed stands still; f follows again");
        } else {
            ui.feed.list_mut().start_following();
            ui.say("The feed follows the newest signal");
        }
        Vec::new()
    }),
];

pub(super) fn has_lines(ui: &Ui) -> Able {
    Able::when(!(ui.screen.face().is_bare)(ui), "there is nothing here yet")
}

/// What is looked for is looked for in the lines of this screen, or among all signals.
fn filter(ui: &mut Ui, _: World<'_>) -> Vec<Effect> {
    let narrow = ui.screen.face().filter.unwrap_or_else(|| {
        ui.screen = Screen::Feed;
        ui.feed.show(feed::Pane::Signals);
        &feed::NARROW
    });
    let filter = Filter::open(narrow, ui);
    ui.overlays.push(Overlay::Filter(filter));
    Vec::new()
}

/// Escape on a screen undoes what stands between it and its plain form, one thing at a time.
fn leave(ui: &mut Ui) -> Vec<Effect> {
    if ui.company.following.is_some() {
        return follow::wish(ui, Wish::Leave);
    }
    if ui.travel.is_some() {
        return travel::return_to_now(ui);
    }
    (ui.screen.face().leave)(ui);
    Vec::new()
}

/// Moves whatever is in front.
pub fn step(ui: &mut Ui, world: World<'_>, step: Step) -> Vec<Effect> {
    if !overlays::step(ui, world, step) && !follow::stays(ui) {
        (ui.screen.face().step)(ui, world, step);
    }
    Vec::new()
}
