//! Verbs of what lies on top: leaving it, taking what it offers, editing its field.

use super::{Able, Deed, perform, travel};
use crate::keymap::Verb;
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::OverlayClose, able: has_overlay, run: close },
    Deed { verb: Verb::OverlayAccept, able: has_overlay, run: accept },
    Deed { verb: Verb::TextAccept, able: has_overlay, run: accept },
    Deed { verb: Verb::TextCancel, able: has_overlay, run: close },
    Deed::always(Verb::TextDeleteWord, |ui, _| edit(ui, Field::delete_word)),
    Deed::always(Verb::TextClear, |ui, _| edit(ui, Field::clear)),
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
        _ => {}
    }
    Vec::new()
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
            Ok(at) => travel::go(ui, at),
            Err(problem) => {
                goto.problem = Some(problem);
                ui.overlays.push(Overlay::Goto(goto));
                Vec::new()
            }
        },
        _ => Vec::new(),
    }
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
        Some(Overlay::Filter(filter)) => {
            change(&mut filter.field);
            let text = filter.field.text().to_owned();
            ui.feed.ask(&text);
        }
        _ => {}
    }
    Vec::new()
}
