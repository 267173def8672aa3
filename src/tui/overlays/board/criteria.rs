//! Exit criteria on the board: what has to be true, and how far what is bound to live data has come.

use super::{Item, Pen, Row, put_behind};
use crate::domain::event::CriterionState;
use crate::domain::incident::{CheckState, Criterion};
use crate::domain::scribe::check_line;
use crate::theme::Role;
use crate::tui::screens::incident::item::Line;

/// As wide as a mark and the name of a criterion.
const INDENT: usize = 6;

pub fn rows(pen: &Pen<'_>) -> Vec<Row> {
    let mut criteria: Vec<_> = pen.incident.criteria.values().collect();
    criteria.sort_by_key(|criterion| (criterion.state == CriterionState::Dropped, criterion.id));
    if criteria.is_empty() {
        return vec![
            Row::says("Nobody has said when this is over.", Role::Text),
            Row::says("a adds one: errors are usual when api/5xx < 0.8 for 10m", Role::Dim),
        ];
    }
    criteria.into_iter().map(|criterion| row(pen, criterion)).collect()
}

fn row(pen: &Pen<'_>, criterion: &Criterion) -> Row {
    let (mark, role) = match criterion.state {
        CriterionState::Open => (pen.glyphs.unknown, Role::Text),
        CriterionState::Met => (pen.glyphs.normal, Role::Dim),
        CriterionState::Dropped => (pen.glyphs.dot, Role::Dim),
    };
    let mark_role = if criterion.state == CriterionState::Met { Role::Ok } else { role };
    let lead = vec![(format!("{mark} "), mark_role), (format!("{:<4}", criterion.id.to_string()), Role::Dim)];
    let item = Item::Criterion(criterion.id);
    let mut row = Row::of(item, lead, &criterion.content.text, role, about(criterion), pen.columns);
    if let Some(check) = criterion.content.check.as_ref().filter(|_| criterion.state == CriterionState::Open)
    {
        row.lines.push(vec![(" ".repeat(INDENT), Role::Dim), (check_line(check), Role::Dim)]);
        put_behind(&mut row.lines, vec![far(pen, criterion)], INDENT, pen.columns);
    }
    row
}

fn about(criterion: &Criterion) -> Line {
    match (&criterion.marked, criterion.state) {
        (Some(mark), CriterionState::Met | CriterionState::Dropped) => {
            let why = if mark.why.is_empty() { String::new() } else { format!(": {}", mark.why) };
            vec![(format!("{} by {}{why}", criterion.state, mark.by), Role::Dim)]
        }
        _ => Line::new(),
    }
}

/// How far the live check is, as of the last look at the signals.
fn far(pen: &Pen<'_>, criterion: &Criterion) -> (String, Role) {
    match pen.live.check(criterion.id) {
        Some(CheckState::Met { since }) => {
            (format!("holds for {}, x marks it met", since.age(pen.now)), Role::Ok)
        }
        Some(CheckState::NotYet { since, met_at }) => {
            let left = pen.now.age(*met_at);
            (format!("good for {}, {left} to go", since.age(pen.now)), Role::Elevated)
        }
        Some(CheckState::Bad { at, what }) => {
            (format!("not good, {} ago: {what}", at.age(pen.now)), Role::Critical)
        }
        Some(CheckState::Unknown { reason }) => (reason.clone(), Role::Stale),
        None => ("not looked at yet".to_owned(), Role::Stale),
    }
}
