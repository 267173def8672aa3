//! A display on a wall: it turns by itself between what is worth seeing, and a key stops it for a while.

use super::screens::Screen;
use super::ui::{Ui, World};
use super::verbs::travel;

/// Seconds a screen is shown, and seconds without a key until it turns again.
const TURN: u64 = 20;
const REST: u64 = 60;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wall {
    /// The tick at which it turns next.
    turns_at: u64,
}

/// Somebody stands before it and wants to see something else.
pub fn touched(ui: &mut Ui) {
    let turns_at = ui.ticks + REST;
    if let Some(wall) = &mut ui.wall {
        wall.turns_at = turns_at;
    }
}

pub fn tick(ui: &mut Ui, world: World<'_>) {
    let now = ui.ticks;
    let Some(wall) = ui.wall.as_mut().filter(|wall| wall.turns_at <= now) else { return };
    wall.turns_at = now + TURN;
    ui.overlays.clear();
    travel::return_to_now(ui);
    let room = &world.snapshot.room;
    let burns = ui.incident.in_front(room).is_some();
    ui.screen = match ui.screen {
        Screen::Situation if burns => Screen::Incident,
        _ => Screen::Situation,
    };
    if ui.screen == Screen::Incident {
        ui.incident.show_front(room);
    }
}
