//! `sitroom audit`: every act of people and every deployment in one order, each record with its hash.
//!
//! What people did is read from the text of the journal's records, so that records of a newer version stand in it too.
//! The chain is walked as well: a trail of a journal that was tampered with says so, and is not handed on as if it were
//! sound. Deployments are what was observed; the journal does not vouch for them, and they carry the id of their signal.

mod record;

use super::journal::walked;
use super::moment::Moment;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start, looking};
use crate::domain::signal::{Body, Outcome};
use crate::domain::text::clean;
use crate::domain::{Seq, SignalLog, SignalRef, Span, Time};
use crate::export::cell;
use crate::journal::{Rows as _, SqliteJournal};
use clap::Args;
use serde::Serialize;
use std::path::Path;

/// Everything people did and everything that was deployed, in order, with who and the record's hash
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// From when on: 7d ago, -2h, 14:17 in UTC, or RFC 3339; from the beginning when not given
    #[arg(long, value_name = "WHEN", value_parser = since, allow_hyphen_values = true)]
    since: Option<Moment>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// Answer in CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// One line of the trail.
#[derive(Debug, Serialize)]
struct Entry {
    at: Time,
    by: String,
    /// What sort of act it is: sign-off, command, incident, timeline, work, comms, retro, deployment, change.
    what: &'static str,
    /// The kind of the record, or of the signal.
    kind: String,
    /// The incident, the item of the register or the service it is about.
    subject: String,
    text: String,
    record: Option<u64>,
    hash: Option<String>,
    signal: Option<String>,
    /// The key they came with, when they came over SSH.
    key: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    since: Option<Time>,
    until: Time,
    /// Whether the chain of the journal holds, and where it does not.
    sound: bool,
    fault: Option<String>,
    entries: &'a [Entry],
}

/// Rows looked at in one go.
const PAGE: usize = 1_000;

const COLUMNS: [&str; 10] =
    ["at", "by", "what", "kind", "subject", "text", "record", "hash", "signal", "key"];

/// `7d` and `7d ago` are what people mean by a week ago.
fn since(text: &str) -> Result<Moment, String> {
    let text = text.strip_suffix(" ago").map_or(text, str::trim);
    let ago = text.parse::<Span>().ok().filter(|span| *span > Span::ZERO && !text.starts_with('+'));
    ago.map_or_else(|| text.parse(), |span| Ok(Moment::Away(-span)))
}

impl Run for Audit {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let now = start.clock().now();
        let since = self.since.map(|moment| moment.between(now, now));
        let journal = start.paths.journal_file(start.settings());
        let broken = if journal.exists() { walked(&journal)?.err() } else { None };
        let kept = wait(records(&journal, since))?;
        let deployed = wait(deployments(&start.paths.store_file(), since.unwrap_or(Time::MIN), now))?;
        let entries = in_order(kept, deployed, |entry| entry.at);
        match (self.json, self.csv) {
            (true, _) => {
                let schema = "sitroom/audit/1";
                let (sound, fault) = (broken.is_none(), broken.as_ref().map(ToString::to_string));
                out.json(&Document { schema, since, until: now, sound, fault, entries: &entries })?;
                return Ok(if sound { Exit::Done } else { Exit::No });
            }
            (_, true) => csv(&entries, out)?,
            _ => print(&entries, out)?,
        }
        out.flush()?;
        broken.map_or(Ok(Exit::Done), |broken| Err(broken.into()))
    }
}

/// Records stay in their own order, also where a clock was set back between them, and come before deployments of the same
/// moment.
fn in_order<E>(records: Vec<E>, deployed: Vec<E>, at: impl Fn(&E) -> Time) -> Vec<E> {
    let mut latest = Time::MIN;
    let mut placed = Vec::with_capacity(records.len() + deployed.len());
    for record in records {
        latest = latest.max(at(&record));
        placed.push((latest, record));
    }
    placed.extend(deployed.into_iter().map(|it| (at(&it), it)));
    placed.sort_by_key(|(at, _)| *at);
    placed.into_iter().map(|(_, it)| it).collect()
}

async fn records(path: &Path, since: Option<Time>) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    if !path.exists() {
        return Ok(entries);
    }
    let journal = SqliteJournal::open_read_only(path.to_owned()).await?;
    let mut after = Seq(0);
    loop {
        let rows = journal.rows(after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(entries) };
        after = last.head().seq;
        for row in &rows {
            let entry = record::entry(row).map_err(|why| {
                Failure::unable(
                    format!("{}: record {} cannot be read: {why}", path.display(), row.seq),
                    "run `sitroom journal verify` to see what else is wrong, and restore a backup",
                )
            })?;
            entries.extend(Some(entry).filter(|entry| since.is_none_or(|since| entry.at >= since)));
        }
    }
}

async fn deployments(path: &Path, from: Time, to: Time) -> Result<Vec<Entry>, Failure> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let signals: SignalLog = looking::all_kept(path).await?;
    let observed = signals.range(from, to).filter_map(|signal| observed(&signal));
    Ok(observed.collect())
}

/// Deployments, and changes of settings; who did them where that is known, else who saw them.
fn observed(signal: &SignalRef<'_>) -> Option<Entry> {
    let (what, by, came_of_it) = match signal.body() {
        Body::Deploy(deploy) => ("deployment", String::new(), outcome(deploy.outcome)),
        Body::Config(change) => ("change", change.by, ""),
        _ => return None,
    };
    Some(Entry {
        at: signal.at(),
        by: if by.is_empty() { format!("({})", signal.source()) } else { by },
        what,
        kind: signal.kind().tag().to_owned(),
        subject: signal.service().to_owned(),
        text: format!("{}{came_of_it}", signal.title()),
        record: None,
        hash: None,
        signal: Some(signal.id().to_string()),
        key: None,
    })
}

/// What the title of a deployment alone would not tell.
const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "",
        Outcome::Started => ", started",
        Outcome::Failed => ", FAILED",
        Outcome::RolledBack => ", ROLLED BACK",
    }
}

fn print(entries: &[Entry], out: &mut Out) -> Result<(), Failure> {
    if entries.is_empty() {
        return out.line("nobody did anything, and nothing was deployed");
    }
    for entry in entries {
        let Entry { at, by, what, kind, subject, text, record, hash, .. } = entry;
        let place = match (record, hash) {
            (Some(record), Some(hash)) => format!("{record} {}", &hash[..hash.len().min(12)]),
            _ => "signal".to_owned(),
        };
        let said = [kind.replace('-', " "), subject.clone(), text.clone()];
        let said: Vec<_> = said.iter().map(|part| clean(part)).filter(|part| !part.is_empty()).collect();
        out.line(format_args!("{at}  {:<10} {what:<10} {}  [{place}]", clean(by), said.join("  ")))?;
    }
    Ok(())
}

fn csv(entries: &[Entry], out: &mut Out) -> Result<(), Failure> {
    out.text(format_args!("{}\r\n", COLUMNS.join(",")))?;
    for entry in entries {
        let Entry { at, by, what, kind, subject, text, record, hash, signal, key } = entry;
        let record = record.as_ref().map_or_else(String::new, ToString::to_string);
        let (hash, signal) = (hash.as_deref().unwrap_or_default(), signal.as_deref().unwrap_or_default());
        let (at, key) = (at.to_string(), key.as_deref().unwrap_or_default());
        let cells = [at.as_str(), by, what, kind, subject, text, &record, hash, signal, key].map(cell);
        out.text(format_args!("{}\r\n", cells.join(",")))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_ago_is_said_like_people_say_it() {
        let now: Time = "2026-03-18T14:00:00Z".parse().unwrap();
        for (text, is) in [
            ("7d", "2026-03-11T14:00:00Z"),
            ("7d ago", "2026-03-11T14:00:00Z"),
            ("-2h", "2026-03-18T12:00:00Z"),
            ("13:30", "2026-03-18T13:30:00Z"),
            ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ] {
            assert_eq!(since(text).unwrap().between(now, now), is.parse().unwrap(), "{text}");
        }
        assert!(since("last week").is_err());
    }

    #[test]
    fn a_clock_that_was_set_back_changes_no_order_of_records() {
        let at = |minute: i64| Time::from_millis(minute * 60_000);
        let records = vec![("first", 60), ("second", 0), ("third", 61)];
        let deployed = vec![("earlier", 30), ("with the first", 60), ("later", 70)];
        let all = in_order(records, deployed, |(_, minute)| at(*minute));
        let said: Vec<_> = all.into_iter().map(|(said, _)| said).collect();
        assert_eq!(said, ["earlier", "first", "second", "with the first", "third", "later"]);
    }
}
