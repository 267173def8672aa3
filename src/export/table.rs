//! The timeline as CSV: RFC 4180, one row a line of the timeline.

use super::escape::cell;
use super::model::{Model, TimelineRow};
use crate::export::ExerciseKind;
use std::fmt::Write as _;

const COLUMNS: [&str; 11] =
    ["from", "to", "time", "kind", "event", "by", "evidence", "notes", "against", "owner", "labels"];

pub fn csv(model: &Model) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for row in &model.timeline {
        let cells: Vec<_> = cells(model, row).iter().map(|text| cell(text)).collect();
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text
}

fn cells(model: &Model, row: &TimelineRow) -> [String; 11] {
    [
        row.from.to_string(),
        row.to.map_or_else(String::new, |to| to.to_string()),
        row.time.clone(),
        row.kind.clone(),
        row.text.clone(),
        row.by.to_string(),
        row.evidence.join("; "),
        format!("{}{}", mark(model), row.notes),
        row.against.join("; "),
        row.owner.as_ref().map_or_else(String::new, ToString::to_string),
        row.labels.join("; "),
    ]
}

/// Rows are copied out of a table one by one, so each says by itself that it was not real.
fn mark(model: &Model) -> &'static str {
    match model.incident.exercise.as_ref().map(|exercise| exercise.is) {
        None => "",
        Some(ExerciseKind::Drill) => "DRILL: ",
        Some(ExerciseKind::Demo) => "DEMO: ",
    }
}
