//! Checklists on the board: those that were begun, step by step, the next one marked.

use super::{Item, Pen, Row, Standing};
use crate::domain::event::StepState;
use crate::domain::incident::{Checklist, ChecklistStep};
use crate::theme::Role;
use crate::tui::screens::incident::item::Line;
use crate::tui::screens::incident::work::clock;

pub fn rows(pen: &Pen<'_>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for list in pen.incident.checklists.values() {
        if !rows.is_empty() {
            rows.push(Row::blank());
        }
        rows.push(head(pen, list));
        rows.extend((1..).zip(&list.steps).map(|(number, step)| row(pen, list, number, step)));
    }
    if rows.is_empty() {
        rows.push(Row::says("No checklist was begun.", Role::Text));
        rows.push(Row::says("a begins one: roles, rollback and comms, from the catalog.", Role::Dim));
    }
    rows
}

fn head(pen: &Pen<'_>, list: &Checklist) -> Row {
    let role = list.role.map_or_else(String::new, |role| format!("  {role}"));
    let far = format!("  {} of {}", list.passed(), list.steps.len());
    let by = format!("  {} begun by {}", list.id, list.started_by);
    let mut line = vec![(list.title.clone(), Role::Title), (far, Role::Strong), (role, Role::Info)];
    line.extend(clock(list, pen.now).map(|(said, role)| (format!("  {said}"), role)));
    line.push((by, Role::Dim));
    Row::line(line)
}

fn row(pen: &Pen<'_>, list: &Checklist, number: u32, step: &ChecklistStep) -> Row {
    let is_next = list.next_step().is_some_and(|(next, _)| next == number);
    let (mark, mark_role, role) = match step.state {
        StepState::Open if is_next => (pen.glyphs.unknown, Role::Accent, Role::Text),
        StepState::Open => (pen.glyphs.unknown, Role::Dim, Role::Text),
        StepState::Done => (pen.glyphs.normal, Role::Ok, Role::Dim),
        StepState::Skipped => (pen.glyphs.dot, Role::Stale, Role::Dim),
    };
    let lead = vec![(format!("{mark} "), mark_role), (format!("{number:>2}  "), Role::Dim)];
    let item = Item::Step(list.id, number);
    let standing = if is_next { Standing::Next } else { Standing::Any };
    Row { standing, ..Row::of(item, lead, &step.step.text, role, about(pen, step, is_next), pen.columns) }
}

fn about(pen: &Pen<'_>, step: &ChecklistStep, is_next: bool) -> Line {
    match (&step.marked, step.state) {
        (Some(mark), StepState::Done | StepState::Skipped) => {
            let why = if mark.why.is_empty() { String::new() } else { format!(": {}", mark.why) };
            let at = mark.at.hour_minute(&pen.zone);
            vec![(format!("{} {at} by {}{why}", step.state, mark.by), Role::Dim)]
        }
        _ if is_next => vec![("next".to_owned(), Role::Accent)],
        _ => Line::new(),
    }
}
