//! Giving half-typed sentences back: at the start of a session, and where their place is opened again.

use super::{HANDED, LINE, Slot};
use crate::domain::incident::Entry;
use crate::domain::{Person, Room, Time, scribe};
use crate::tui::overlays::Overlay;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use jiff::tz::TimeZone;

/// Takes over what sessions of this person kept; from now on this one keeps it.
pub fn restore(ui: &mut Ui, session: &str, found: impl IntoIterator<Item = (String, String)>) {
    session.clone_into(&mut ui.drafts.session);
    let mut waits = false;
    for (name, text) in found {
        if name.starts_with(LINE) {
            ui.scribe.bring_back(text.lines());
        } else if name.starts_with(HANDED) {
            ui.drafts.unsettled.extend(text.lines().filter_map(handed_over));
        } else {
            waits = true;
            ui.drafts.parked.insert(Slot::new(name.clone()), text.clone());
        }
        ui.drafts.kept.insert(Slot::new(name), text);
    }
    if ui.scribe.has_draft() {
        ui.say("What you had begun to write is back; n goes on with it");
    } else if waits {
        ui.say("What you had begun to write is kept; it stands where you open it again");
    }
}

/// Once the journal is read: lines an earlier session handed over are in the timeline, or back in the line.
pub fn settle(ui: &mut Ui, world: World<'_>) {
    if world.snapshot.loading || ui.drafts.unsettled.is_empty() {
        return;
    }
    let zone = ui.zone.shown();
    let handed = std::mem::take(&mut ui.drafts.unsettled);
    let room = &world.snapshot.room;
    let lost: Vec<_> =
        handed.into_iter().filter(|(at, line)| !is_written(room, &ui.me, *at, line, &zone)).collect();
    if !lost.is_empty() {
        ui.say(format!("{} not saved when the session ended; n goes on with it", counted(lost.len())));
        ui.scribe.bring_back(lost.iter().map(|(_, line)| line.as_str()));
    }
}

/// A field that was opened empty takes the sentence that was begun there.
pub fn offer(ui: &mut Ui) {
    if let Some(Overlay::Ask(ask)) = ui.overlays.last_mut()
        && ask.field.text().is_empty()
        && let Some(text) = ui.drafts.take(&ask.slot())
    {
        ask.field.paste(&text);
    }
    if let Some(Overlay::Typed(typed)) = ui.overlays.last_mut()
        && typed.problem.is_none()
        && let Some(text) = ui.drafts.take(&typed.wants.slot())
    {
        typed.field = Field::holding("", &text);
    }
    let Some(slot) = ui.scribe.untouched_revision() else { return };
    if let Some(text) = ui.drafts.take(&slot) {
        ui.scribe.resume_revision(&text);
    }
}

fn handed_over(line: &str) -> Option<(Time, String)> {
    let (at, line) = line.split_once(' ')?;
    Some((Time::from_millis(at.parse().ok()?), line.to_owned()))
}

/// An entry of the same words by the same person, written no earlier than the line was handed over.
fn is_written(room: &Room, me: &Person, at: Time, line: &str, zone: &TimeZone) -> bool {
    let content = scribe::parse(line, at, zone).content;
    let is_it = |entry: &Entry| {
        entry.written_at >= at
            && entry.written_by == *me
            && entry.content.text == content.text
            && entry.content.entry_kind == content.entry_kind
    };
    room.incidents.values().any(|incident| incident.entries.values().any(is_it))
}

fn counted(lines: usize) -> String {
    match lines {
        1 => "A line was".to_owned(),
        many => format!("{many} lines were"),
    }
}
