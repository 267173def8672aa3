//! Giving half-typed sentences back: at the start of a session, and where their place is opened again.

use super::{HANDED, LINE, PAGE, REVISION, Slot};
use crate::domain::incident::Entry;
use crate::domain::{Person, Room, Time, scribe};
use crate::tui::overlays::takes_text;
use crate::tui::ui::{Ui, World};
use jiff::tz::TimeZone;

/// Takes over what sessions of this person kept; from now on this one keeps it. The line of a session that is still there
/// is its own: taken over, it would be in the timeline twice.
pub fn restore(
    ui: &mut Ui,
    session: &str,
    found: impl IntoIterator<Item = (String, String)>,
    is_alive: impl Fn(&str) -> bool,
) {
    session.clone_into(&mut ui.drafts.session);
    for (name, text) in found {
        let owner = [LINE, HANDED].iter().find_map(|kind| name.strip_prefix(kind));
        if owner.is_some_and(&is_alive) {
            continue;
        }
        if owner.is_some() {
            ui.drafts.unsettled.extend(text.lines().filter_map(since));
        } else {
            ui.drafts.parked.insert(Slot::new(name.clone()), text.clone());
        }
        ui.drafts.kept.insert(Slot::new(name), text);
    }
}

/// Once the journal is read: what became durable before its draft was let go is not offered again, and every other
/// line is back.
pub fn settle(ui: &mut Ui, world: World<'_>) {
    if world.snapshot.loading || ui.drafts.is_settled {
        return;
    }
    ui.drafts.is_settled = true;
    let zone = ui.zone.shown();
    let room = &world.snapshot.room;
    ui.drafts.parked.retain(|slot, text| !is_done(room, slot, text, &zone));
    let lines = std::mem::take(&mut ui.drafts.unsettled);
    let lost: Vec<_> =
        lines.into_iter().filter(|(at, line)| !is_written(room, &ui.me, *at, line, &zone)).collect();
    if !lost.is_empty() {
        ui.scribe.bring_back(lost.iter().map(|(_, line)| line.as_str()));
        ui.say("What you had begun to write is back; n goes on with it");
    } else if !ui.drafts.parked.is_empty() {
        ui.say("What you had begun to write is kept; it stands where you open it again");
    }
}

/// What is opened and not yet typed into takes the words that were begun there.
pub fn offer(ui: &mut Ui) {
    let slot = takes_text::in_front(ui).and_then(|it| it.awaits());
    let Some(text) = slot.and_then(|slot| ui.drafts.take(&slot)) else { return };
    if let Some(it) = takes_text::in_front(ui) {
        it.resume(&text);
    }
}

fn since(line: &str) -> Option<(Time, String)> {
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

/// New words of an entry that it has by now, or a page that has become one.
fn is_done(room: &Room, slot: &Slot, text: &str, zone: &TimeZone) -> bool {
    let place = [REVISION, PAGE].iter().find_map(|kind| slot.as_str().strip_prefix(kind));
    let Some((incident, entry)) = place.and_then(|place| place.split_once(' ')) else { return false };
    let Some(incident) = incident.parse().ok().and_then(|id| room.incident(id)) else { return false };
    let says_so = |entry: &Entry| {
        let content = scribe::parse(text, entry.written_at, zone).content;
        content.text == entry.content.text && content.entry_kind == entry.content.entry_kind
    };
    match entry.parse() {
        Ok(entry) => incident.entries.get(&entry).is_some_and(says_so),
        Err(_) => incident.entries.values().any(says_so),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Snapshot;
    use crate::theme::Theme;
    use crate::tui::carrier::Abilities;
    use crate::tui::drafts::changes;
    use crate::tui::ui::{Look, Zone};
    use ratatui::layout::Size;
    use std::sync::Arc;

    #[test]
    fn the_line_of_a_window_that_is_still_open_stays_its_own() {
        let now = Time::from_millis(100_000_000);
        let mut snapshot = Snapshot::empty("room", now);
        snapshot.loading = false;
        let world = World { snapshot: &snapshot, situation: &snapshot.situation, now };
        let (look, zone) = (Look::only(Theme::default(), false), Zone::new(TimeZone::UTC));
        let size = Size::new(80, 24);
        let mut ui = Ui::new(Person::new("dana"), look, Arc::default(), zone, Abilities::default(), size);
        let found = [
            ("line 7".to_owned(), "90000000 f of the other window".to_owned()),
            ("line 6".to_owned(), "80000000 f of one that is gone".to_owned()),
        ];
        restore(&mut ui, "8", found, |session| session == "7");
        settle(&mut ui, world);
        assert_eq!(ui.scribe.line_draft(), "f of one that is gone");
        let told = format!("{:?}", changes(&mut ui, world));
        assert!(!told.contains("line 7"), "its draft is not let go either: {told}");
    }
}
