//! Hypotheses on the board: open ones first, each with what speaks for it and against it.

use super::{Item, Pen, Row};
use crate::domain::event::{Bearing, Ground, Verdict};
use crate::domain::incident::Entry;
use crate::theme::Role;
use crate::tui::screens::incident::item::{Line, verdict_role, wrapped};

pub fn rows(pen: &Pen<'_>) -> Vec<Row> {
    let standing = |entry: &&Entry| entry.is_hypothesis() && entry.struck.is_none();
    let mut found: Vec<_> = pen.incident.entries.values().filter(standing).collect();
    found.sort_by_key(|entry| (entry.verdict != Verdict::Open, entry.verdict, entry.id));
    if found.is_empty() {
        return vec![
            Row::says("Nothing is supposed.", Role::Text),
            Row::says("h in the scribe line writes a hypothesis; p pulls a suspect in as one.", Role::Dim),
        ];
    }
    found.into_iter().map(|entry| row(pen, entry)).collect()
}

fn row(pen: &Pen<'_>, entry: &Entry) -> Row {
    let lead = vec![
        (format!("{} ", pen.glyphs.unknown), Role::Hypothesis),
        (format!("{:<5}", entry.id.to_string()), Role::Dim),
    ];
    let role = if entry.verdict == Verdict::Refuted { Role::Dim } else { Role::Text };
    let about = vec![(entry.verdict.word().to_owned(), verdict_role(entry.verdict))];
    let mut row = Row::of(Item::Hypothesis(entry.id), lead, &entry.content.text, role, about, pen.columns);
    for (bearing, role) in [(Bearing::For, Role::Ok), (Bearing::Against, Role::Critical)] {
        for ground in entry.leaning(bearing) {
            row.lines.extend(weight(pen, bearing, role, ground));
        }
    }
    row
}

fn weight(pen: &Pen<'_>, bearing: Bearing, role: Role, ground: &Ground) -> Vec<Line> {
    let said = said(pen, ground);
    let mut lines = wrapped(&said, Role::Text, pen.columns.saturating_sub(16).max(10));
    for (n, line) in lines.iter_mut().enumerate() {
        let lead = if n == 0 { bearing.word() } else { "" };
        line.insert(0, (format!("       {lead:<9}"), role));
    }
    lines
}

fn said(pen: &Pen<'_>, ground: &Ground) -> String {
    match ground {
        Ground::Entry { of: None, entry: id } => match pen.incident.entries.get(id) {
            Some(entry) => format!("{id} {}", entry.content.text),
            None => id.to_string(),
        },
        Ground::Entry { of: Some(of), entry } => format!("{entry} of {of}"),
        Ground::Evidence { evidence } => evidence.said(),
    }
}
