//! What is said of each line: the entry it has become, or why it was not saved.

use crate::cli::incident::{EntryJson, entry_json, entry_text};
use crate::cli::{Failure, Out};
use crate::domain::incident::Entry;
use crate::domain::{Event, Record, Room};
use serde::Serialize;

#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) json: bool,
    /// Of many lines each answer says which one it is for.
    pub(super) many: bool,
}

#[derive(Serialize)]
struct Saved<'a> {
    schema: &'static str,
    line: u64,
    saved: bool,
    incident: String,
    seq: u64,
    entry: EntryJson<'a>,
}

#[derive(Serialize)]
struct Refused<'a> {
    schema: &'static str,
    line: u64,
    saved: bool,
    error: &'a str,
    fix: &'a str,
}

const SCHEMA: &str = "sitroom/entry/1";

impl Answer {
    pub(super) fn give(
        self,
        line: u64,
        outcome: &Result<Record, Failure>,
        room: &Room,
        out: &mut Out,
    ) -> Result<(), Failure> {
        match outcome {
            Ok(record) => self.saved(line, record, room, out),
            Err(failure) if self.json => {
                let Failure { what, fix, .. } = failure;
                out.json(&Refused { schema: SCHEMA, line, saved: false, error: what, fix })
            }
            Err(failure) if self.many => {
                let what = format!("line {line}: {}", failure.what);
                Failure { what, ..failure.clone() }.report();
                Ok(())
            }
            Err(failure) => Err(failure.clone()),
        }
    }

    fn saved(self, line: u64, record: &Record, room: &Room, out: &mut Out) -> Result<(), Failure> {
        let Some((incident, entry)) = record.event.incident().zip(entry_of(record, room)) else {
            return Ok(());
        };
        if self.json {
            let (incident, seq) = (incident.to_string(), record.seq.0);
            let entry = entry_json(entry);
            return out.json(&Saved { schema: SCHEMA, line, saved: true, incident, seq, entry });
        }
        out.line(format_args!("{incident} {}", entry_text(entry)))
    }
}

fn entry_of<'r>(record: &Record, room: &'r Room) -> Option<&'r Entry> {
    let Event::EntryWritten { incident, entry, .. } = &record.event else { return None };
    room.incident(*incident)?.entries.get(entry)
}
