//! An incident from declaration to resolution, in the domain alone: what is decided, told again, announced,
//! measured and due.

mod attested;
mod attested_frozen;
mod clocks;
mod command;
mod frozen;
mod keeping;
mod keys_frozen;
mod moments;
mod observed;
mod retro;
mod retro_text;
mod story;
mod total;
mod triggers;
mod weight;
mod work;

use sitroom::domain::event::{Content, EntryKind, Event, Severity, When};
use sitroom::domain::incident::{Incident, Line, timeline};
use sitroom::domain::{EntryId, IncidentId, Intent, Person, Record, Refusal, Room, Span, Time, decide};

const ID: IncidentId = IncidentId(1);

/// 14:00 UTC on the day the stories play.
fn at(minute: i64) -> Time {
    "2026-03-16T14:00:00Z".parse::<Time>().unwrap() + Span::minutes(minute)
}

/// A room that lives: what is asked is decided, recorded and applied.
#[derive(Default)]
struct Life {
    room: Room,
    records: Vec<Record>,
}

impl Life {
    fn declared(severity: Severity, minute: i64) -> Self {
        let mut life = Self::default();
        life.declare("Payments fail", severity, minute);
        life
    }

    fn declare(&mut self, title: &str, severity: Severity, minute: i64) {
        let declare = Intent::Declare {
            title: title.into(),
            severity,
            services: vec!["payment-api".into()],
            impact: "payments fail or hang".into(),
            evidence: Vec::new(),
        };
        self.says("dana", minute, declare);
    }

    fn says(&mut self, by: &str, minute: i64, intent: Intent) -> &Event {
        self.tries(by, minute, intent).unwrap();
        &self.records.last().unwrap().event
    }

    fn tries(&mut self, by: &str, minute: i64, intent: Intent) -> Result<(), Refusal> {
        let by = Person::new(by);
        let event = decide(&self.room, &by, intent)?;
        let record = Record { key: None, seq: self.room.seq.next(), at: at(minute), by, event };
        self.room.apply(&record);
        self.records.push(record);
        Ok(())
    }

    fn refused(&mut self, by: &str, minute: i64, intent: Intent) -> String {
        self.tries(by, minute, intent).unwrap_err().to_string()
    }

    fn writes(&mut self, by: &str, minute: i64, kind: EntryKind, when: When, text: &str) -> EntryId {
        match self.says(by, minute, Intent::Write(ID, content(kind, when, text))) {
            Event::EntryWritten { entry, .. } => *entry,
            other => panic!("{other:?}"),
        }
    }

    fn incident(&self) -> &Incident {
        self.room.incident(ID).unwrap()
    }

    fn lines(&self) -> Vec<Line<'_>> {
        timeline(self.incident())
    }
}

fn content(entry_kind: EntryKind, happened: When, text: &str) -> Content {
    Content { entry_kind, happened, text: text.into(), owner: None, labels: Vec::new(), evidence: Vec::new() }
}

/// The timeline as `14:06 text`, with what was merged in marked by its origin.
fn told(lines: &[Line<'_>]) -> Vec<String> {
    let tell = |line: &Line<'_>| {
        let about = if line.when.approximate { "~" } else { "" };
        let clock = line.when.from.hour_minute(&jiff::tz::TimeZone::UTC);
        let origin = line.origin.map_or_else(String::new, |origin| format!("[{origin}] "));
        format!("{about}{clock} {origin}{}", line.text())
    };
    lines.iter().map(tell).collect()
}
