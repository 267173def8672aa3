//! Verbs that go to another moment, and back to now.

use super::{Able, Deed};
use crate::domain::{Span, Time};
use crate::keymap::Verb;
use crate::tui::message::Effect;
use crate::tui::overlays::{Overlay, goto::Goto};
use crate::tui::ui::{Travel, Ui, World};

const STEP: Span = Span::minutes(1);
const FAR: Span = Span::minutes(15);

pub const DEEDS: &[Deed] = &[
    Deed::always(Verb::TimeBack, |ui, world| go(ui, world.now - STEP)),
    Deed { verb: Verb::TimeForward, able: is_away, run: |ui, world| forward(ui, world, STEP) },
    Deed::always(Verb::TimeBackFar, |ui, world| go(ui, world.now - FAR)),
    Deed { verb: Verb::TimeForwardFar, able: is_away, run: |ui, world| forward(ui, world, FAR) },
    Deed::always(Verb::TimeGoto, |ui, _| {
        ui.overlays.push(Overlay::Goto(Goto::open()));
        Vec::new()
    }),
    Deed { verb: Verb::TimeLive, able: is_away, run: |ui, _| return_to_now(ui) },
];

fn is_away(ui: &Ui, _: World<'_>) -> Able {
    Able::when(ui.travel.is_some(), "this is now already")
}

/// Shows everything as of a moment; what was shown stays until that is known, and the header says that it is not yet.
pub fn go(ui: &mut Ui, at: Time) -> Vec<Effect> {
    let situation = ui.travel.take().and_then(|travel| travel.situation);
    ui.travel = Some(Travel { at, situation });
    ui.feed.until(Some(at));
    vec![Effect::LookBack(at)]
}

/// Forward beyond what has happened is now.
fn forward(ui: &mut Ui, world: World<'_>, by: Span) -> Vec<Effect> {
    let to = world.now + by;
    if to >= world.snapshot.situation.at { return_to_now(ui) } else { go(ui, to) }
}

pub fn return_to_now(ui: &mut Ui) -> Vec<Effect> {
    ui.travel = None;
    ui.feed.until(None);
    Vec::new()
}

/// The situation as of a moment could not be worked out; whoever still waits for it is better off with now.
pub fn lost(ui: &mut Ui, at: Time) -> Vec<Effect> {
    if ui.travel.as_ref().is_none_or(|travel| travel.at != at) {
        return Vec::new();
    }
    let moment = at.hour_minute(&ui.zone.shown());
    ui.complain(format!(
        "The room as of {moment} could not be worked out, and this is now; the log says more"
    ));
    return_to_now(ui)
}
