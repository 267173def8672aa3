//! Verbs that move through lines and narrow them.

use super::{Deed, travel};
use crate::keymap::Verb;
use crate::tui::damage::Damage;
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
        // What is looked for is looked for among all signals.
        ui.screen = Screen::Feed;
        let filter = Filter::open(ui);
        ui.overlays.push(Overlay::Filter(filter));
        Vec::new()
    }),
    Deed::always(Verb::FilterClear, |ui, _| leave(ui)),
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

/// A line of a pane may say more below itself, so the whole pane may move, but nothing beside it.
fn damage_pane(ui: &mut Ui, world: World<'_>) {
    if ui.toast.is_none()
        && let Some(area) = ui.situation.focused(world.situation, ui.body())
    {
        let mut damage = Damage::NONE;
        damage.area(area);
        ui.damage = damage;
    }
}

/// As long as the list does not scroll, only the two lines the cursor left and reached look different.
fn step_feed(ui: &mut Ui, step: Step, page: usize) {
    let before = (ui.feed.first(), ui.feed.row());
    let had_toast = ui.toast.is_some();
    ui.feed.step(step, page);
    let (first, row) = (ui.feed.first(), ui.feed.row());
    if first == before.0
        && !had_toast
        && let (Some(from), Some(to)) = (before.1, row)
    {
        let top = ui.body().y + 1;
        let mut damage = Damage::NONE;
        for row in [from, to] {
            damage.row(top.saturating_add(u16::try_from(row).unwrap_or(u16::MAX)));
        }
        damage.row(ui.size.height.saturating_sub(1));
        ui.damage = damage;
    }
}

/// Escape on a screen undoes what stands between it and its plain form, one thing at a time.
fn leave(ui: &mut Ui) -> Vec<Effect> {
    if ui.travel.is_some() {
        return travel::return_to_now(ui);
    }
    if ui.screen == Screen::Situation && ui.situation.is_zoomed() {
        ui.situation.toggle_zoom();
    } else {
        ui.feed.ask("");
    }
    Vec::new()
}

/// Moves whatever is in front.
pub fn step(ui: &mut Ui, world: World<'_>, step: Step) -> Vec<Effect> {
    if !overlays::step(ui, world, step) {
        let page = ui.page();
        match ui.screen {
            Screen::Situation => {
                let body = ui.body();
                ui.situation.step(step, world.situation, body);
                damage_pane(ui, world);
            }
            Screen::Feed => step_feed(ui, step, page),
        }
    }
    Vec::new()
}
