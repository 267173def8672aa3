//! Catching up: what happened since this person last looked, grouped, the newest first.
//!
//! To look is to press a key. Who presses none for a while is away, and what came meanwhile is what they missed.

use super::detail::Line;
use super::{centred, more_mark, window};
use crate::domain::{Span, Time};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::glyphs::Glyphs;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::view::level;
use crate::tui::widgets::list::{Cursor, Step};
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

/// Who has pressed nothing for so long was away.
const AWAY: Span = Span::minutes(2);

/// When this person last looked, before they came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// The last key, in the room's time.
    last: Option<Time>,
    /// The last key before they were away.
    before: Option<Time>,
    /// The room knows them from an earlier session.
    is_back: bool,
}

impl Looked {
    /// Somebody who looked at a moment the room remembers.
    pub fn until(moment: Option<Time>) -> Self {
        Self { last: moment, before: None, is_back: moment.is_some() }
    }

    pub fn at(&mut self, now: Time) {
        if self.last.is_some_and(|last| now - last >= AWAY) {
            self.before = self.last;
        }
        self.last = Some(now);
    }

    /// From when on there is something to catch up with.
    fn since(self) -> Option<Time> {
        self.before
    }
}

#[derive(Debug)]
pub struct Catchup {
    title: String,
    lines: Vec<Line>,
    cursor: Cursor,
}

impl Catchup {
    pub fn open(ui: &Ui, world: World<'_>) -> Self {
        let zone = ui.zone.shown();
        let (since, title) = match ui.looked.since() {
            Some(since) => {
                let zone_name = ui.zone.label().trim_start_matches("TIME ");
                let said = format!(
                    "Since you looked at {}{} {zone_name}",
                    day(since, world.now, &zone),
                    since.clock(&zone)
                );
                (since, said)
            }
            None if ui.looked.is_back => {
                (world.now - Span::hours(1), "You have been here all the while; the last hour".to_owned())
            }
            None => (world.now - Span::hours(1), "Your first look at this room; the last hour".to_owned()),
        };
        let columns = usize::from(area(ui).width.saturating_sub(4));
        Self { title, lines: lines(world, since, &zone, columns, ui.look.glyphs), cursor: Cursor::default() }
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        self.cursor.scroll(step, self.lines.len(), usize::from(area(ui).height.saturating_sub(2)));
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, area(ui), &self.title, "esc closes");
        for (y, line) in (inside.y..inside.bottom()).zip(self.lines.iter().skip(self.cursor.first)) {
            let pieces: Vec<_> = line.iter().map(|(said, role)| (said.as_str(), *role)).collect();
            canvas.put_all(inside.x, y, inside.width, &pieces);
        }
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), self.lines.len());
    }
}

/// A group's name, and what it has to tell with the moment of each.
type Group = (&'static str, Vec<(Time, String)>);

fn lines(world: World<'_>, since: Time, zone: &TimeZone, columns: usize, glyphs: &Glyphs) -> Vec<Line> {
    let state = &world.situation.state;
    let (glyph, word, role) = level(state.level, glyphs);
    let mut lines = vec![vec![("Now: ".to_owned(), Role::Dim), (format!("{glyph} {word}"), role)]];
    lines.extend(text::wrap(&state.sentence, columns).into_iter().map(|line| vec![(line, Role::Strong)]));
    let head = lines.len();
    for (title, mut told) in groups(world) {
        told.retain(|(at, _)| *at > since && *at <= world.now);
        told.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        if told.is_empty() {
            continue;
        }
        lines.push(Line::new());
        lines.push(vec![(title.to_owned(), Role::Title), (format!("  {}", told.len()), Role::Dim)]);
        for (at, said) in told {
            // Where it goes back beyond today, every line has its day, so that they stay in columns.
            let at = match since.is_same_day(world.now, zone) {
                true => format!("{}  ", at.hour_minute(zone)),
                false => format!("{} {}  ", &at.date(zone)[5..], at.hour_minute(zone)),
            };
            let said = text::fit(&said, columns.saturating_sub(at.len()), glyphs.ellipsis).into_owned();
            lines.push(vec![(at, Role::Dim), (said, Role::Text)]);
        }
    }
    if lines.len() == head {
        lines.push(Line::new());
        lines.push(vec![("Nothing else happened.".to_owned(), Role::Dim)]);
    }
    lines
}

/// The day before a time, unless it is today.
fn day(at: Time, now: Time, zone: &TimeZone) -> String {
    if at.is_same_day(now, zone) { String::new() } else { format!("{} ", at.date(zone)) }
}

fn groups(world: World<'_>) -> [Group; 4] {
    let situation = world.situation;
    let incidents = world.snapshot.room.incidents.values();
    let entries = incidents.flat_map(|incident| {
        let told = incident
            .entries
            .values()
            .map(|entry| (entry.written_at, said(&entry.written_by, &entry.content.text)));
        let declared = (
            incident.declared_at,
            said(&incident.declared_by, &format!("declared {}: {}", incident.id, incident.title)),
        );
        std::iter::once(declared).chain(told)
    });
    [
        ("Issues", situation.issues.iter().map(|issue| (issue.since, issue.text.clone())).collect()),
        // The latest first already, where several have the same time.
        ("In order", situation.sequence.iter().rev().map(|step| (step.at, step.text.clone())).collect()),
        (
            "Changes",
            situation
                .changes
                .iter()
                .map(|change| (change.at, format!("{}  {}", change.tag, change.text)))
                .collect(),
        ),
        ("People", entries.collect()),
    ]
}

fn said(by: &crate::domain::Person, text: &str) -> String {
    format!("{by}: {text}")
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 100, u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Severity;
    use crate::domain::{Intent, Person, Record, Room, decide};
    use crate::engine::Snapshot;
    use crate::tui::glyphs::UNICODE;
    use std::sync::Arc;

    #[test]
    fn one_is_away_after_a_while_without_a_key() {
        let at = |minute: i64| Time::from_millis(minute * 60_000);
        let mut looked = Looked::default();
        looked.at(at(0));
        looked.at(at(1));
        assert_eq!(looked.since(), None);
        looked.at(at(9));
        looked.at(at(10));
        assert_eq!(looked.since(), Some(at(1)));
        let mut back = Looked::until(Some(at(5)));
        back.at(at(60));
        assert_eq!(back.since(), Some(at(5)));
    }

    #[test]
    fn after_days_away_every_time_has_its_day() {
        let (then, now): (Time, Time) =
            ("2026-03-14T14:05:00Z".parse().unwrap(), "2026-03-16T14:29:00Z".parse().unwrap());
        let mut snapshot = Snapshot::empty("room", now);
        let by = Person::new("sam");
        let declare = Intent::Declare {
            title: "Checkout fails".into(),
            severity: Severity::Sev2,
            services: Vec::new(),
            impact: String::new(),
            evidence: Vec::new(),
        };
        let mut room = Room::default();
        let event = decide(&room, &by, declare).unwrap();
        room.apply(&Record { key: None, seq: room.seq.next(), at: then + Span::hours(1), by, event });
        snapshot.room = Arc::new(room);
        let world = World { snapshot: &snapshot, situation: &snapshot.situation, now };
        let told = lines(world, then, &TimeZone::UTC, 80, &UNICODE);
        assert_eq!(told.last().unwrap()[0].0, "03-14 15:05  ");
        let today = lines(world, now - Span::hours(1), &TimeZone::UTC, 80, &UNICODE);
        assert_eq!(today.last().unwrap()[0].0, "Nothing else happened.");
        assert_eq!(day(then, now, &TimeZone::UTC), "2026-03-14 ");
        let narrow = lines(world, then, &TimeZone::UTC, 20, &UNICODE);
        assert_eq!(narrow[0][1].0, "○ UNKNOWN");
        let sentence: Vec<_> = narrow[1..].iter().map_while(|line| Some(line.first()?.0.as_str())).collect();
        assert_eq!(sentence.join(" "), world.situation.state.sentence, "whole, whatever room there is");
    }
}
