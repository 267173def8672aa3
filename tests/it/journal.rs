//! The journal: one story over every backend, several writers on one file, damage, and the way out and in again.

mod damage;
mod frozen;
mod processes;
mod story;
mod transfer;

use sitroom::domain::event::{Content, EntryKind, Evidence, Severity, When};
use sitroom::domain::{EntryId, Event, IncidentId, Intent, Person, Record, Room, Seq, Time, decide};
use sitroom::journal::{AppendError, Draft, Journal};
use std::path::PathBuf;
use tempfile::TempDir;

/// More than any journal in these tests holds.
const ALL: usize = 1_000_000;

fn home() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("state").join("journal.db");
    (home, path)
}

fn at(second: i64) -> Time {
    Time::from_millis(1_773_670_000_000 + second * 1_000)
}

fn draft(by: &str, second: i64, event: Event) -> Draft {
    Draft { key: None, at: at(second), by: Person::new(by), event }
}

fn declared(title: &str) -> Draft {
    let event = Event::IncidentDeclared {
        incident: IncidentId(1),
        title: title.into(),
        severity: Severity::Sev2,
        services: vec!["checkout".into()],
        impact: "customers cannot pay".into(),
        evidence: vec![Evidence::Link { url: "https://example.org/graph?a=1&b=2".into() }],
    };
    draft("dana", 0, event)
}

fn fact(number: u32, text: &str) -> Draft {
    let happened = When::exactly(at(i64::from(number)));
    let content = Content {
        entry_kind: EntryKind::Fact,
        happened,
        text: text.into(),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
    };
    let event = Event::EntryWritten { incident: IncidentId(1), entry: EntryId(number), content };
    draft("sam", i64::from(number), event)
}

async fn all(journal: &impl Journal) -> Vec<Record> {
    journal.read(Seq(0), ALL).await.unwrap()
}

/// What a writer does: decide, append, and after a lost race read on and decide again. Where many push, one may
/// find the file locked for long; it is told to try again, and does.
async fn persist(journal: &impl Journal, room: &mut Room, by: &str, intent: &Intent) {
    for _ in 0..100_000 {
        let event = decide(room, &Person::new(by), intent.clone()).unwrap();
        match journal.append(room.seq, vec![draft(by, 0, event)]).await {
            Ok(records) => {
                records.iter().for_each(|record| room.apply(record));
                return;
            }
            Err(AppendError::Conflict(_)) => {
                let news = journal.read(room.seq, ALL).await.unwrap();
                news.iter().for_each(|record| room.apply(record));
            }
            Err(AppendError::Journal(error)) if error.what.contains("locked") => {}
            Err(AppendError::Journal(error)) => panic!("{error}; {}", error.fix),
        }
    }
    panic!("{by} never got a word in");
}
