//! The timeline as rows: what stands in it, in the order it happened, and which row is selected.
//!
//! Rows are derived once for each change of the incident. The selected row and the first in sight are remembered by
//! what they are, so that entries coming in above or below move neither.

use super::query::Query;
use crate::domain::event::EntryKind;
use crate::domain::incident;
use crate::domain::{EntryId, Incident, IncidentId, Person, Seq, Time};
use crate::tui::widgets::list::Step;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Timeline {
    rows: Vec<Row>,
    /// Every line there is, in order, before anything is left out.
    lines: Vec<Line>,
    said: BTreeMap<Seq, Said>,
    query: Query,
    view: View,
    place: Place,
    /// What the lines were derived from.
    of: Option<(IncidentId, Seq)>,
    /// Whether the rows are those of the lines that the query and the view leave.
    is_narrowed: bool,
}

/// A line of the whole timeline, with what tells whether it is shown.
#[derive(Debug)]
struct Line {
    row: Row,
    is_curated: bool,
    /// The entry it is, here or in an incident that was merged into this one.
    entry: Option<(IncidentId, EntryId)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub at: Time,
    /// The record it comes from, which it keeps whatever else about it changes.
    pub seq: Seq,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Entry(EntryId),
    /// What the journal says by itself, or an incident that was merged into this one.
    Said,
}

/// A row that is no entry of this incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whose entry it is and of what kind; absent where the words name the person.
    pub entry: Option<(Person, EntryKind)>,
    pub text: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Nothing is selected, and the latest rows are in sight.
    #[default]
    End,
    At {
        cursor: Row,
        first: Row,
    },
}

/// How much of the timeline is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Everything there is.
    #[default]
    Full,
    /// What is pinned, key moments, facts, decisions, and who had command.
    Curated,
}

/// Which rows are in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub first: usize,
    pub cursor: Option<usize>,
}

impl Timeline {
    pub fn follow(&mut self, incident: &Incident, seq: Seq) {
        if self.of != Some((incident.id, seq)) {
            self.of = Some((incident.id, seq));
            self.derive(incident);
            self.is_narrowed = false;
        }
        if !self.is_narrowed {
            self.is_narrowed = true;
            self.narrow(incident);
        }
    }

    /// In the order it happened. Another query needs only another choice of these.
    fn derive(&mut self, incident: &Incident) {
        self.lines.clear();
        self.said.clear();
        for line in incident::timeline(incident) {
            let entry = match &line.what {
                incident::What::Entry(entry) => Some((line.origin.unwrap_or(incident.id), entry.id)),
                incident::What::Announcement(_) => None,
            };
            let what = match (entry, line.origin) {
                (Some((_, entry)), None) => What::Entry(entry),
                (_, origin) => {
                    let origin = origin.map_or_else(String::new, |id| format!("{id}: "));
                    let entry = match &line.what {
                        incident::What::Entry(entry) => {
                            Some((entry.written_by.clone(), entry.content.entry_kind))
                        }
                        incident::What::Announcement(_) => None,
                    };
                    let said = Said { entry, text: format!("{origin}{}", line.text()) };
                    self.said.insert(line.seq, said);
                    What::Said
                }
            };
            let row = Row { at: line.when.from, seq: line.seq, what };
            self.lines.push(Line { row, is_curated: line.is_curated(), entry });
        }
    }

    /// What the journal says by itself stands back while one looks for entries.
    fn narrow(&mut self, incident: &Incident) {
        let Self { lines, query, view, rows, .. } = self;
        let merged: BTreeMap<_, _> = incident.merged_tree().map(|it| (it.id, it)).collect();
        let is_found = |line: &&Line| match line.entry {
            None => query.is_empty(),
            Some(_) if query.is_empty() => true,
            Some((of, entry)) => {
                let written_in = if of == incident.id { Some(incident) } else { merged.get(&of).copied() };
                written_in.and_then(|it| it.entries.get(&entry)).is_some_and(|entry| query.finds(entry))
            }
        };
        let is_told = |line: &&Line| *view == View::Full || line.is_curated;
        *rows = lines.iter().filter(is_told).filter(is_found).map(|line| line.row).collect();
    }

    pub fn said(&self, row: &Row) -> Option<&Said> {
        self.said.get(&row.seq)
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn query(&self) -> &Query {
        &self.query
    }

    pub fn ask(&mut self, text: &str) {
        self.query = Query::parse(text);
        self.is_narrowed = false;
    }

    pub fn view(&self) -> View {
        self.view
    }

    pub fn turn(&mut self) -> &'static str {
        self.is_narrowed = false;
        match self.view {
            View::Full => {
                self.view = View::Curated;
                "The short story: pinned, key moments, facts, decisions, command"
            }
            View::Curated => {
                self.view = View::Full;
                "The full log"
            }
        }
    }

    pub fn is_at_end(&self) -> bool {
        self.place == Place::End
    }

    pub fn to_end(&mut self) {
        self.place = Place::End;
    }

    pub fn selected(&self) -> Option<EntryId> {
        match self.rows.get(self.cursor()?)?.what {
            What::Entry(entry) => Some(entry),
            What::Said => None,
        }
    }

    /// What is in sight where a page has so many lines and a row, given by its index, the height it says.
    pub fn window(&self, page: usize, height: impl Fn(&[Row], usize) -> usize) -> Window {
        let cursor = self.cursor();
        let lowest = cursor.unwrap_or(self.rows.len().saturating_sub(1));
        let highest = self.first_above(lowest, page, &height);
        let first = match self.place {
            Place::End => highest,
            Place::At { first, .. } => self.index_of(first).clamp(highest, lowest),
        };
        Window { first, cursor }
    }

    pub fn step(&mut self, step: Step, page: usize, height: impl Fn(&[Row], usize) -> usize) {
        let window = self.window(page, &height);
        let Some(last) = self.rows.len().checked_sub(1) else { return };
        let to = match (self.cursor(), step) {
            // From the end, the first step up selects the latest row.
            (None, Step::Line(_)) => last,
            (cursor, step) => {
                let in_sight = self.in_sight(window.first, page, &height);
                cursor.unwrap_or(last).saturating_add_signed(step.lines(in_sight)).min(last)
            }
        };
        if step == Step::Bottom && self.cursor() == Some(last) {
            self.place = Place::End;
            return;
        }
        let highest = self.first_above(to, page, &height);
        let first = window.first.clamp(highest, to);
        self.place = Place::At { cursor: self.rows[to], first: self.rows[first] };
    }

    /// Selects a row in sight; what is in sight stays where it is.
    pub fn select_index(&mut self, index: usize, page: usize, height: impl Fn(&[Row], usize) -> usize) {
        let first = self.window(page, height).first;
        if let (Some(cursor), Some(first)) = (self.rows.get(index), self.rows.get(first)) {
            self.place = Place::At { cursor: *cursor, first: *first };
        }
    }

    fn cursor(&self) -> Option<usize> {
        match self.place {
            Place::At { cursor, .. } if !self.rows.is_empty() => Some(self.index_of(cursor)),
            _ => None,
        }
    }

    /// Where a row stands now; one whose time was changed is found by what it is, one that is gone has a neighbour.
    fn index_of(&self, row: Row) -> usize {
        let near = match self.rows.binary_search(&row) {
            Ok(index) => return index,
            Err(near) => near,
        };
        let moved = self.rows.iter().position(|other| other.seq == row.seq);
        moved.unwrap_or(near).min(self.rows.len().saturating_sub(1))
    }

    /// The highest row that can be the first in sight with this one still in sight.
    fn first_above(&self, lowest: usize, page: usize, height: &impl Fn(&[Row], usize) -> usize) -> usize {
        let mut first = lowest;
        let mut taken = if self.rows.is_empty() { 0 } else { height(&self.rows, lowest) };
        while first > 0 {
            taken += height(&self.rows, first - 1);
            if taken > page {
                break;
            }
            first -= 1;
        }
        first
    }

    fn in_sight(&self, first: usize, page: usize, height: &impl Fn(&[Row], usize) -> usize) -> usize {
        let mut taken = 0;
        let fits = (first..self.rows.len()).take_while(|index| {
            taken += height(&self.rows, *index);
            taken <= page
        });
        fits.count().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Content, EntryKind, When};
    use crate::domain::{Event, Person, Record, Room};

    fn at(minute: i64) -> Time {
        Time::from_millis(minute * 60_000)
    }

    fn room(happened: &[i64]) -> Room {
        let incident = IncidentId(1);
        let declared = Event::IncidentDeclared {
            incident,
            title: "Checkout fails".into(),
            severity: crate::domain::event::Severity::Sev2,
            services: Vec::new(),
            impact: String::new(),
            evidence: Vec::new(),
        };
        let written = happened.iter().zip(1..).map(|(minute, n)| Event::EntryWritten {
            incident,
            entry: EntryId(n),
            content: Content {
                entry_kind: EntryKind::Fact,
                happened: When::exactly(at(*minute)),
                text: format!("entry {n}"),
                owner: None,
                labels: Vec::new(),
                evidence: Vec::new(),
            },
        });
        let events = std::iter::once(declared).chain(written);
        let records: Vec<_> = events
            .zip(1..)
            .map(|(event, seq)| Record {
                key: None,
                seq: Seq(seq),
                at: at(100),
                by: Person::new("dana"),
                event,
            })
            .collect();
        Room::replay(&records)
    }

    fn timeline(room: &Room) -> Timeline {
        let mut timeline = Timeline::default();
        timeline.follow(room.incident(IncidentId(1)).unwrap(), room.seq);
        timeline
    }

    fn shown(timeline: &Timeline) -> Vec<What> {
        timeline.rows().iter().map(|row| row.what).collect()
    }

    #[test]
    fn rows_stand_in_the_order_things_happened() {
        let timeline = timeline(&room(&[90, 110, 80]));
        let entry = |n| What::Entry(EntryId(n));
        assert_eq!(shown(&timeline), [entry(3), entry(1), What::Said, entry(2)]);
        assert!(timeline.said(&timeline.rows()[2]).unwrap().text.contains("Checkout fails"));
    }

    #[test]
    fn nothing_is_selected_until_somebody_does_and_then_nothing_moves_it() {
        let mut timeline = timeline(&room(&[101, 102, 103, 104, 105]));
        let height = |_: &[Row], _: usize| 1;
        assert_eq!(
            (timeline.selected(), timeline.window(3, height)),
            (None, Window { first: 3, cursor: None })
        );
        timeline.step(Step::Line(-1), 3, height);
        timeline.step(Step::Line(-1), 3, height);
        assert_eq!(timeline.selected(), Some(EntryId(4)));
        let room = room(&[101, 102, 103, 104, 105, 90, 106, 107]);
        timeline.follow(room.incident(IncidentId(1)).unwrap(), room.seq);
        assert_eq!(timeline.selected(), Some(EntryId(4)));
        assert_eq!(timeline.window(3, height), Window { first: 4, cursor: Some(5) });
    }

    #[test]
    fn a_click_at_the_end_selects_and_moves_nothing() {
        let mut timeline = timeline(&room(&[101, 102, 103, 104, 105]));
        let height = |_: &[Row], _: usize| 1;
        timeline.select_index(4, 3, height);
        assert_eq!(timeline.window(3, height), Window { first: 3, cursor: Some(4) });
    }

    #[test]
    fn high_rows_leave_room_for_fewer() {
        let mut timeline = timeline(&room(&[101, 102, 103, 104, 105]));
        let height = |_: &[Row], index: usize| if index == 4 { 3 } else { 1 };
        assert_eq!(timeline.window(3, height).first, 5);
        assert_eq!(timeline.window(5, height).first, 3);
        timeline.step(Step::Top, 5, height);
        assert_eq!(timeline.window(5, height), Window { first: 0, cursor: Some(0) });
    }

    #[test]
    fn a_filter_leaves_the_cursor_on_a_neighbour() {
        let room = room(&[101, 102, 103]);
        let mut timeline = timeline(&room);
        timeline.step(Step::Line(-1), 5, |_, _| 1);
        timeline.ask("entry 1");
        timeline.follow(room.incident(IncidentId(1)).unwrap(), room.seq);
        assert_eq!((shown(&timeline).len(), timeline.selected()), (1, Some(EntryId(1))));
        timeline.ask("nothing like it");
        timeline.follow(room.incident(IncidentId(1)).unwrap(), room.seq);
        assert_eq!(timeline.selected(), None);
    }
}
