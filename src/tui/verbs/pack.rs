//! Verbs of the post-mortem pack: exporting it, what it still lacks, and what is left of all incidents afterwards.

use super::{Able, Deed, incident, retro};
use crate::domain::rights::Right;
use crate::domain::{Incident, IncidentId};
use crate::keymap::Verb;
use crate::tui::chores::{Order, Packed};
use crate::tui::message::Effect;
use crate::tui::overlays::Overlay;
use crate::tui::overlays::after::After;
use crate::tui::overlays::export::{Export, May};
use crate::tui::overlays::gate::Standing;
use crate::tui::screens::Screen;
use crate::tui::ui::{Ui, World};

pub const DEEDS: &[Deed] = &[
    Deed { verb: Verb::ExportPack, able: has_subject, run: export },
    Deed { verb: Verb::GateOpen, able: has_subject, run: judge },
    Deed::always(Verb::AfterOpen, |ui, _| {
        ui.overlays.push(Overlay::After(After::open()));
        Vec::new()
    }),
];

/// Whether a window with parts of its own is in front.
pub fn is_in_front(ui: &Ui) -> bool {
    matches!(ui.overlays.last(), Some(Overlay::After(_) | Overlay::Pull(_)))
}

/// Turns to its next part or the one before; false where it is not in front.
pub fn turn(ui: &mut Ui, is_forward: bool) -> bool {
    match ui.overlays.last_mut() {
        Some(Overlay::After(after)) => after.turn(is_forward),
        Some(Overlay::Pull(pull)) => pull.turn(is_forward),
        _ => return false,
    }
    true
}

/// The incident a pack would be of: the one whose retro is open, shown or under the cursor, else the one in front, else
/// the last that is over. One that was merged has its pack where it went on.
pub fn subject<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Incident> {
    let room = &world.snapshot.room;
    let open = ui.overlays.iter().rev().find_map(of_overlay);
    let listed = || ui.incident.listed(room).filter(|_| ui.screen == Screen::Incident);
    let found = open.or_else(listed).and_then(|id| room.incident(id));
    let meant = found.or_else(|| incident::target(ui, world)).or_else(|| room.over().next())?;
    room.goes_on_in(meant.id)
}

/// Whose pack what lies on top is about.
fn of_overlay(overlay: &Overlay) -> Option<IncidentId> {
    match overlay {
        Overlay::Retro(retro) => Some(retro.incident),
        Overlay::Gate(standing) => Some(standing.incident),
        Overlay::Export(export) => Some(export.incident),
        _ => None,
    }
}

/// The incident whose gate is in sight, or could be.
pub fn judged<'a>(ui: &Ui, world: World<'a>) -> Option<&'a Incident> {
    let room = &world.snapshot.room;
    let open = ui.overlays.iter().rev().find_map(of_overlay).and_then(|id| room.incident(id));
    open.or_else(|| ui.incident.shown(room).filter(|_| ui.screen == Screen::Incident))
}

fn has_subject(ui: &Ui, world: World<'_>) -> Able {
    Able::when(subject(ui, world).is_some(), "there has been no incident here; D declares one")
}

fn export(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(incident) = subject(ui, world).map(|incident| incident.id) else { return Vec::new() };
    let may = match ui.right.allows(Right::Respond) {
        Ok(()) => May::Write,
        Err(denied) => May::Look(denied.to_string()),
    };
    let (export, effects) = Export::open(incident, may);
    ui.overlays.push(Overlay::Export(export));
    effects
}

fn judge(ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    if let Some(incident) = subject(ui, world).map(|incident| incident.id) {
        ui.overlays.push(Overlay::Gate(Standing::open(incident)));
    }
    Vec::new()
}

/// From what is lacking to where it is written.
pub fn to_retro(ui: &mut Ui, world: World<'_>, incident: IncidentId) -> Vec<Effect> {
    let word = ui.judged.gate(incident).and_then(|gate| {
        gate.dimensions.iter().min_by_key(|dimension| dimension.score).map(|dimension| dimension.word)
    });
    retro::open_at(ui, world, incident, word)
}

/// Shows what an order came to, where somebody still looks; the files are there in any case.
pub fn packed(ui: &mut Ui, order: Order, outcome: Result<Packed, String>) -> Vec<Effect> {
    let window = ui.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::Export(export) if export.incident == order.incident => Some(export),
        _ => None,
    });
    match (window, outcome) {
        (Some(export), outcome) => export.packed(order, outcome),
        (None, Ok(Packed::Folder(written))) => {
            ui.say(format!("The pack of {} is in {}", order.incident, written.folder));
            Vec::new()
        }
        (None, Ok(_)) => Vec::new(),
        (None, Err(why)) => {
            ui.complain(why);
            Vec::new()
        }
    }
}
