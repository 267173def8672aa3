//! Verbs of the graph of services: nearer, farther, and along it.

use super::{Able, Deed};
use crate::keymap::Verb;
use crate::tui::message::Effect;
use crate::tui::screens::services::Zoom;
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::GraphNearer, able: has_graph, run: |ui, _| zoom(ui, Zoom::nearer) },
    Deed { verb: Verb::GraphFarther, able: has_graph, run: |ui, _| zoom(ui, Zoom::farther) },
    Deed { verb: Verb::GraphLeft, able: has_graph, run: |ui, _| pan(ui, -ACROSS, 0) },
    Deed { verb: Verb::GraphRight, able: has_graph, run: |ui, _| pan(ui, ACROSS, 0) },
    Deed { verb: Verb::GraphUp, able: has_graph, run: |ui, _| pan(ui, 0, -DOWN) },
    Deed { verb: Verb::GraphDown, able: has_graph, run: |ui, _| pan(ui, 0, DOWN) },
];

/// How far one press goes.
const ACROSS: i32 = 16;
const DOWN: i32 = 4;

fn has_graph(ui: &Ui, _: World<'_>) -> Able {
    if !ui.services.has_graph() {
        return Able::when(false, "the catalog has no services to draw");
    }
    Able::when(ui.services.draws_graph(ui.body()), "a graph needs 100 columns; here `z` shows it as lines")
}

fn zoom(ui: &mut Ui, to: fn(Zoom) -> Zoom) -> Vec<Effect> {
    ui.services.zoom_to(to(ui.services.zoom()));
    Vec::new()
}

fn pan(ui: &mut Ui, columns: i32, rows: i32) -> Vec<Effect> {
    ui.services.pan_by(columns, rows);
    Vec::new()
}
