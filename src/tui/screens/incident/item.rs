//! One row of the timeline laid out for a width: when, of what kind, by whom, the words, and what is to be known
//! about them.

use super::live::Live;
use super::timeline::{Row, Said, Timeline, What};
use crate::domain::event::{Bearing, EntryKind, Verdict, When};
use crate::domain::incident::Entry;
use crate::domain::{Incident, Span, Time};
use crate::theme::Role;
use crate::tui::asks::Asks;
use crate::tui::glyphs::Glyphs;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use jiff::tz::TimeZone;

/// One piece of a line, and the line.
pub type Piece = (String, Role);
pub type Line = Vec<Piece>;

/// Written longer after it happened than this, an entry is late.
const LATE: Span = Span::minutes(5);
const MARKER: usize = 2;
const KIND: usize = 4;

/// What the rows of one timeline have in common.
pub struct Pen<'a> {
    pub incident: &'a Incident,
    pub zone: TimeZone,
    pub now: Time,
    pub glyphs: &'static Glyphs,
    pub columns: Columns,
    pub live: &'a Live,
    asks: &'a Asks,
}

/// How wide the columns of a row are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    pub time: usize,
    pub author: usize,
    pub text: usize,
}

/// A row ready to be drawn.
pub struct Laid {
    /// The day, where it is another than that of the row before.
    pub day: Option<String>,
    /// One line, or two for a range where there is no room for one.
    pub time: Vec<String>,
    pub glyph: &'static str,
    pub letter: &'static str,
    pub role: Role,
    pub author: String,
    pub lines: Vec<Line>,
    pub is_struck: bool,
}

impl Columns {
    pub fn of(width: u16) -> Self {
        let (time, author) = match width {
            0..70 => (6, 6),
            70..90 => (6, 8),
            _ => (12, 10),
        };
        let taken = MARKER + time + 1 + KIND + author + 1;
        Self { time, author, text: usize::from(width).saturating_sub(taken + 1).max(10) }
    }
}

impl<'a> Pen<'a> {
    pub fn new(incident: &'a Incident, ui: &'a Ui, world: World<'_>, width: u16) -> Self {
        Self {
            incident,
            zone: ui.zone.shown(),
            now: world.now,
            glyphs: ui.look.glyphs,
            columns: Columns::of(width),
            live: ui.incident.live(),
            asks: &ui.asks,
        }
    }

    pub fn height(&self, rows: &[Row], index: usize) -> usize {
        let lines = match rows[index].what {
            What::Said => 1,
            What::Entry(entry) => {
                self.incident.entries.get(&entry).map_or(0, |entry| self.entry(entry).height())
            }
        };
        lines + usize::from(self.day(rows, index).is_some())
    }

    pub fn lay(&self, timeline: &Timeline, index: usize) -> Option<Laid> {
        let row = timeline.rows().get(index)?;
        let laid = match row.what {
            What::Entry(entry) => self.entry(self.incident.entries.get(&entry)?),
            What::Said => self.said(timeline.said(row)?, row.at),
        };
        Some(Laid { day: self.day(timeline.rows(), index), ..laid })
    }

    /// The day, where another one begins; a timeline of one day, today, need not say so.
    fn day(&self, rows: &[Row], index: usize) -> Option<String> {
        let day = rows[index].at.date(&self.zone);
        let before = match index.checked_sub(1) {
            Some(before) => rows[before].at.date(&self.zone),
            None => self.now.date(&self.zone),
        };
        (before != day).then_some(day)
    }

    /// One line; where there is no room for it, the panel or the detail say the rest.
    fn said(&self, said: &Said, at: Time) -> Laid {
        let text = text::fit(&said.text, self.columns.text, self.glyphs.ellipsis).into_owned();
        let (author, glyph, letter, role) = match &said.entry {
            Some((by, kind)) => (by.to_string(), glyph(*kind, self.glyphs), letter(*kind), kind_role(*kind)),
            None => (String::new(), self.glyphs.rule, "", Role::Accent),
        };
        Laid {
            day: None,
            time: vec![at.hour_minute(&self.zone)],
            glyph,
            letter,
            role,
            author,
            lines: vec![vec![(text, Role::Strong)]],
            is_struck: false,
        }
    }

    fn entry(&self, entry: &Entry) -> Laid {
        let kind = entry.content.entry_kind;
        let is_struck = entry.struck.is_some();
        let is_refuted = kind == EntryKind::Hypothesis && entry.verdict == Verdict::Refuted;
        let role = if is_struck || is_refuted { Role::Dim } else { Role::Text };
        let mut lines = wrapped(&entry.content.text, role, self.columns.text);
        add(&mut lines, self.about(entry), self.columns.text, self.glyphs.dot);
        Laid {
            day: None,
            time: self.time(entry.content.happened),
            glyph: glyph(kind, self.glyphs),
            letter: letter(kind),
            role: kind_role(kind),
            author: entry.written_by.to_string(),
            lines,
            is_struck,
        }
    }

    fn time(&self, happened: When) -> Vec<String> {
        let said = when(happened, &self.zone);
        match happened.to {
            Some(to) if text::width(&said) > self.columns.time => {
                vec![said.split('-').next().unwrap_or("").to_owned() + "-", to.hour_minute(&self.zone)]
            }
            _ => vec![said],
        }
    }

    /// What is to be known about an entry beside its words.
    fn about(&self, entry: &Entry) -> Vec<Piece> {
        let content = &entry.content;
        let mut about = Vec::new();
        if content.entry_kind == EntryKind::Hypothesis {
            about.push((entry.verdict.word().to_owned(), verdict_role(entry.verdict)));
        }
        for bearing in [Bearing::For, Bearing::Against] {
            let count = entry.leaning(bearing).count();
            if count > 0 {
                about.push((format!("{count} {bearing}"), Role::Dim));
            }
        }
        if entry.pinned {
            about.push(("pinned".to_owned(), Role::Accent));
        }
        if let Some(owner) =
            content.owner.as_ref().filter(|owner| !has_mark(&content.text, "@", owner.as_str()))
        {
            about.push((format!("@{owner}"), Role::Strong));
        }
        let labels = content.labels.iter().filter(|label| !has_mark(&content.text, "#", label));
        about.extend(labels.map(|label| (format!("#{label}"), Role::Info)));
        match content.evidence.len() {
            0 => {}
            1 => about.push(("1 evidence".to_owned(), Role::Dim)),
            more => about.push((format!("{more} evidence"), Role::Dim)),
        }
        if let Some(late) = lateness(entry) {
            about.push((format!("written {} later", delay(late)), Role::Dim));
        }
        if !entry.revisions.is_empty() {
            about.push(("edited".to_owned(), Role::Dim));
        }
        if let Some(strike) = &entry.struck {
            let reason =
                if strike.reason.is_empty() { String::new() } else { format!(": {}", strike.reason) };
            about.push((format!("struck by {}{reason}", strike.by), Role::Stale));
        }
        if self.asks.is_about(self.incident.id, entry.id) {
            about.push((format!("saving{}", self.glyphs.ellipsis), Role::Stale));
        }
        about
    }
}

impl Laid {
    pub fn height(&self) -> usize {
        usize::from(self.day.is_some()) + self.lines.len().max(self.time.len()).max(1)
    }
}

/// `14:25`, `~14:25`, `14:10-14:25`.
pub fn when(happened: When, zone: &TimeZone) -> String {
    let about = if happened.approximate { "~" } else { "" };
    let to = happened.to.map_or_else(String::new, |to| format!("-{}", to.hour_minute(zone)));
    format!("{about}{}{to}", happened.from.hour_minute(zone))
}

/// How long after it happened an entry was written down, where that is worth a word.
pub fn lateness(entry: &Entry) -> Option<Span> {
    let happened = entry.content.happened;
    let late = entry.written_at - happened.to.unwrap_or(happened.from);
    (late >= LATE).then_some(late)
}

/// `40 min`, `3 h 5 min`, `2 d`: as exactly as anybody asks of what was written down late.
pub fn delay(late: Span) -> String {
    match late.as_minutes() {
        minutes @ ..120 => format!("{minutes} min"),
        minutes @ ..2_880 if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes @ ..2_880 => format!("{} h {} min", minutes / 60, minutes % 60),
        minutes => format!("{} d", minutes / 1_440),
    }
}

pub const fn letter(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Fact => "f",
        EntryKind::Hypothesis => "h",
        EntryKind::Decision => "d",
        EntryKind::Action => "a",
        EntryKind::Comms => "c",
        EntryKind::Question => "q",
        EntryKind::Note => "n",
    }
}

pub const fn glyph(kind: EntryKind, glyphs: &Glyphs) -> &'static str {
    match kind {
        EntryKind::Fact => glyphs.normal,
        EntryKind::Hypothesis => glyphs.unknown,
        EntryKind::Decision => glyphs.diagnosis,
        EntryKind::Action => glyphs.action,
        EntryKind::Comms => glyphs.arrow,
        EntryKind::Question => "?",
        EntryKind::Note => glyphs.dot,
    }
}

pub const fn kind_role(kind: EntryKind) -> Role {
    match kind {
        EntryKind::Fact => Role::Fact,
        EntryKind::Hypothesis => Role::Hypothesis,
        EntryKind::Decision => Role::Decision,
        EntryKind::Action => Role::ActionEntry,
        EntryKind::Comms => Role::Comms,
        EntryKind::Question => Role::Question,
        EntryKind::Note => Role::Note,
    }
}

pub const fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Open => Role::Hypothesis,
        Verdict::Confirmed => Role::Ok,
        Verdict::Refuted => Role::Dim,
    }
}

pub fn wrapped(said: &str, role: Role, columns: usize) -> Vec<Line> {
    text::wrap(said, columns).into_iter().map(|part| vec![(part, role)]).collect()
}

/// Adds pieces behind the last line, each whole, and on lines of their own where there is no room.
fn add(lines: &mut Vec<Line>, pieces: Vec<Piece>, columns: usize, dot: &str) {
    let mut is_first = true;
    for (said, role) in pieces {
        let lead = if is_first { "  ".to_owned() } else { format!(" {dot} ") };
        let taken: usize = lines.last().map_or(0, |line| line.iter().map(|(it, _)| text::width(it)).sum());
        if lines.is_empty() || taken + text::width(&lead) + text::width(&said) > columns {
            lines.push(vec![(said, role)]);
        } else if let Some(line) = lines.last_mut() {
            line.push((lead, Role::Dim));
            line.push((said, role));
        }
        is_first = false;
    }
}

/// Marks within a sentence are words of it, and need not be said twice.
fn has_mark(text: &str, sigil: &str, name: &str) -> bool {
    text.contains(&format!("{sigil}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_as_exactly_as_it_is_known() {
        let from: Time = "2026-03-16T14:10:00Z".parse().unwrap();
        let said = |to: Option<i64>, approximate| {
            when(When { from, to: to.map(|m| from + Span::minutes(m)), approximate }, &TimeZone::UTC)
        };
        assert_eq!(said(None, false), "14:10");
        assert_eq!(said(None, true), "~14:10");
        assert_eq!(said(Some(15), true), "~14:10-14:25");
    }

    #[test]
    fn what_was_written_late_says_by_how_much() {
        let said = [5, 40, 119, 120, 185, 3_000].map(|minutes| delay(Span::minutes(minutes)));
        assert_eq!(said, ["5 min", "40 min", "119 min", "2 h", "3 h 5 min", "2 d"]);
    }

    #[test]
    fn what_does_not_fit_behind_the_words_stands_below_them() {
        let said = |pieces: &[&str], columns| {
            let mut lines = wrapped("pool exhausted", Role::Text, columns);
            add(&mut lines, pieces.iter().map(|it| ((*it).to_owned(), Role::Dim)).collect(), columns, "·");
            let line = |line: &Line| line.iter().map(|(it, _)| it.as_str()).collect::<String>();
            lines.iter().map(line).collect::<Vec<_>>()
        };
        assert_eq!(said(&["open", "#db"], 40), ["pool exhausted  open · #db"]);
        assert_eq!(said(&["open", "#db"], 20), ["pool exhausted  open", "#db"]);
    }
}
