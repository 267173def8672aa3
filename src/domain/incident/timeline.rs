//! The timeline: what people wrote and what the journal saw, in the order it happened.
//!
//! Nobody has to write down twice what an event already says: declarations, changes of command, key moments and
//! ticked steps announce themselves. What was merged in stands among the rest, with its origin.

use super::announce::announcement;
use super::{Announcement, Entry, Incident};
use crate::domain::event::{EntryKind, Event, When};
use crate::domain::id::{IncidentId, Person, Seq};
use crate::domain::time::{Span, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    pub when: When,
    pub seq: Seq,
    /// The incident it was written in, where that was merged into this one.
    pub origin: Option<IncidentId>,
    pub what: What<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What<'a> {
    Entry(&'a Entry),
    Announcement(Announcement<'a>),
}

/// Everything, struck entries too, ordered by when it happened and then by when it was written down.
pub fn timeline(incident: &Incident) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(incident.entries.len() + incident.history.len());
    put(&mut lines, incident, None);
    for origin in incident.merged_tree() {
        put(&mut lines, origin, Some(origin.id));
    }
    lines.sort_by_key(|line| (line.when.from, line.seq));
    lines
}

fn put<'a>(lines: &mut Vec<Line<'a>>, incident: &'a Incident, origin: Option<IncidentId>) {
    lines.extend(incident.entries.values().map(|entry| Line {
        when: entry.content.happened,
        seq: entry.seq,
        origin,
        what: What::Entry(entry),
    }));
    let announced = incident.history.values().filter_map(|record| {
        let announcement = announcement(incident, record)?;
        // A merger is told once, by the one it went into.
        let told_elsewhere = origin.is_some()
            && matches!(&record.event, Event::IncidentMerged { incident, .. } if Some(*incident) == origin);
        (!told_elsewhere).then_some((record, announcement))
    });
    lines.extend(announced.map(|(record, announcement)| Line {
        when: announcement.when,
        seq: record.seq,
        origin,
        what: What::Announcement(announcement),
    }));
}

impl Line<'_> {
    pub fn by(&self) -> &Person {
        match &self.what {
            What::Entry(entry) => &entry.written_by,
            What::Announcement(announcement) => announcement.by,
        }
    }

    pub fn text(&self) -> &str {
        match &self.what {
            What::Entry(entry) => &entry.content.text,
            What::Announcement(announcement) => &announcement.text,
        }
    }

    pub fn written_at(&self) -> Time {
        match &self.what {
            What::Entry(entry) => entry.written_at,
            What::Announcement(announcement) => announcement.written_at,
        }
    }

    /// How long after it happened it was written down.
    pub fn delay(&self) -> Span {
        self.when.end().age(self.written_at())
    }

    /// Whether it belongs to the short story: what is pinned, key moments, facts, decisions, and who had command.
    pub fn is_curated(&self) -> bool {
        match &self.what {
            What::Entry(entry) if entry.struck.is_some() => false,
            What::Entry(entry) => {
                entry.pinned || matches!(entry.content.entry_kind, EntryKind::Fact | EntryKind::Decision)
            }
            What::Announcement(announcement) => announcement.announces.is_curated(),
        }
    }
}
