//! The score of a drill in words, and the list of the drills that were held.

use super::SCORE;
use crate::cli::cockpit::Left;
use crate::cli::{Exit, Failure, Out};
use crate::domain::event::{Moment, MomentValue};
use crate::domain::incident::{Check, Kept, Score, Scored};
use crate::domain::text::clean;
use crate::domain::{Span, Time};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

pub(super) fn written(left: &Left, kept: &Path, packs: &[String], score: &Score) -> String {
    let of = clean(left.snapshot.room.drill.as_deref().unwrap_or_default());
    let (in_time, due) = score.kept();
    let (said, moments) = score.captured();
    let mut text = format!("DRILL {of}: {in_time} of {due} in time, {said} of {moments} key moments said\n");
    if score.incidents.is_empty() {
        let alarm = score.first_alarm.map_or_else(
            || "no alarm was raised".to_owned(),
            |at| format!("{} after the first alarm", words(score.ended - at)),
        );
        let _ = writeln!(text, "  nothing was declared, {alarm}");
    }
    for scored in &score.incidents {
        incident(&mut text, scored);
    }
    let _ = writeln!(text, "kept in {}", kept.display());
    for pack in packs {
        let _ = writeln!(text, "pack in {pack}");
    }
    text
}

fn incident(text: &mut String, scored: &Scored) {
    let Scored { id, severity, title, entries, open_hypotheses, .. } = scored;
    let after = scored
        .declared_after
        .map_or_else(String::new, |after| format!(", declared {} after the first alarm", words(after)));
    let _ = writeln!(text, "{id} DRILL {severity} {}{after}", clean(title));
    for check in scored.checks.iter().filter(|check| check.is_judged()) {
        let _ = writeln!(text, "  {}", line(check));
    }
    let missing = scored.moments.iter().filter(|(_, value)| *value == MomentValue::Unknown);
    let missing: Vec<_> = missing.map(|(moment, _): &(Moment, _)| moment.title()).collect();
    if !missing.is_empty() {
        let _ = writeln!(text, "  not said: {}", missing.join(", "));
    }
    let _ = writeln!(text, "  {entries} entries, {open_hypotheses} hypotheses left open");
}

fn line(check: &Check) -> String {
    let due = format!("{:<28} due {}", check.expected.title(), clock(check.due));
    match check.kept {
        Kept::InTime { at } => format!("in time  {due}, done {}", clock(at)),
        Kept::Late { at, by } => format!("LATE     {due}, done {}, {} late", clock(at), words(by)),
        Kept::Missed { by } => format!("MISSED   {due}, overdue by {} at the end", words(by)),
        Kept::NotDue => format!("not due  {due}"),
    }
}

fn clock(at: Time) -> String {
    format!("{} UTC", at.clock(&TimeZone::UTC))
}

/// `7 min 30 s`: a drill is held to the second where an age says only the largest unit.
fn words(span: Span) -> String {
    match (span.as_seconds() / 60, span.as_seconds() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// The youngest first. What has no score was never left properly, and says so.
pub(super) fn held(folder: &Path, out: &mut Out) -> Result<Exit, Failure> {
    let mut names: Vec<_> = match fs::read_dir(folder) {
        Ok(found) => found.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            let what = format!("{}: it cannot be read: {error}", folder.display());
            return Err(Failure::unable(what, "make it a folder that you may read"));
        }
    };
    names.sort_unstable_by(|a, b| b.cmp(a));
    if names.is_empty() {
        out.line("no drill was ever held here")?;
    }
    for name in names {
        let score = fs::read_to_string(folder.join(&name).join(SCORE)).ok();
        let said = score.as_deref().and_then(in_short).unwrap_or_else(|| "not scored".to_owned());
        out.line(format_args!("{}  {said}", clean(&name)))?;
    }
    Ok(Exit::Done)
}

fn in_short(score: &str) -> Option<String> {
    let score: Value = serde_json::from_str(score).ok()?;
    let part = |name: &str| Some((score[name]["count"].as_u64()?, score[name]["of"].as_u64()?));
    let ((in_time, due), (said, moments)) = (part("in_time")?, part("moments_said")?);
    Some(format!("{in_time} of {due} in time, {said} of {moments} key moments said"))
}
