//! The score of a drill as JSON: `sitroom/drill/1`, described in `docs/JSON.md`.

use crate::cli::cockpit::Left;
use crate::domain::event::MomentValue;
use crate::domain::incident::{Check, Expected, Kept, Score, Scored};
use crate::domain::{Span, Time};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    of: &'a str,
    room: &'a str,
    kept_in: String,
    /// The folders of the post-mortem packs, marked as a drill.
    packs: &'a [String],
    began: Time,
    ended: Time,
    first_alarm: Option<Time>,
    good: bool,
    in_time: Part,
    moments_said: Part,
    incidents: Vec<Incident<'a>>,
}

/// So many of so many.
#[derive(Serialize)]
struct Part {
    count: usize,
    of: usize,
}

#[derive(Serialize)]
struct Incident<'a> {
    id: String,
    title: &'a str,
    severity: &'static str,
    declared_at: Time,
    declared_after_seconds: Option<i64>,
    resolved_at: Option<Time>,
    checks: Vec<Line>,
    moments_missing: Vec<&'static str>,
    entries: usize,
    open_hypotheses: usize,
}

#[derive(Serialize)]
struct Line {
    expected: &'static str,
    role: Option<&'static str>,
    due: Time,
    /// in-time, late, missed, not-due
    kept: &'static str,
    at: Option<Time>,
    late_seconds: Option<i64>,
}

pub(super) fn document<'a>(
    left: &'a Left,
    kept: &Path,
    packs: &'a [String],
    score: &'a Score,
) -> Document<'a> {
    Document {
        schema: "sitroom/drill/1",
        of: left.snapshot.room.drill.as_deref().unwrap_or_default(),
        room: &left.snapshot.name,
        kept_in: kept.display().to_string(),
        packs,
        began: left.began,
        ended: score.ended,
        first_alarm: score.first_alarm,
        good: score.is_good(),
        in_time: part(score.kept()),
        moments_said: part(score.captured()),
        incidents: score.incidents.iter().map(incident).collect(),
    }
}

fn part((count, of): (usize, usize)) -> Part {
    Part { count, of }
}

fn incident(scored: &Scored) -> Incident<'_> {
    let missing = scored.moments.iter().filter(|(_, value)| *value == MomentValue::Unknown);
    Incident {
        id: scored.id.to_string(),
        title: &scored.title,
        severity: scored.severity.word(),
        declared_at: scored.declared_at,
        declared_after_seconds: scored.declared_after.map(Span::as_seconds),
        resolved_at: scored.resolved_at,
        checks: scored.checks.iter().map(line).collect(),
        moments_missing: missing.map(|(moment, _)| moment.word()).collect(),
        entries: scored.entries,
        open_hypotheses: scored.open_hypotheses,
    }
}

fn line(check: &Check) -> Line {
    let (kept, at) = match check.kept {
        Kept::InTime { at } => ("in-time", Some(at)),
        Kept::Late { at, .. } => ("late", Some(at)),
        Kept::Missed { .. } => ("missed", None),
        Kept::NotDue => ("not-due", None),
    };
    let role = match check.expected {
        Expected::Role(role) => Some(role.word()),
        _ => None,
    };
    let late_seconds = check.late_by().map(Span::as_seconds);
    Line { expected: check.expected.word(), role, due: check.due, kept, at, late_seconds }
}
