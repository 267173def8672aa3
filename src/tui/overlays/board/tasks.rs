//! Tasks on the board: running ones first, what is overdue said loudly.

use super::{Item, Pen, Row};
use crate::domain::Time;
use crate::domain::event::TaskState;
use crate::domain::incident::Task;
use crate::theme::Role;
use crate::tui::screens::incident::item::Line;
use crate::tui::screens::incident::work;

pub fn rows(pen: &Pen<'_>) -> Vec<Row> {
    let mut tasks: Vec<_> = pen.incident.tasks.values().collect();
    let end = |task: &Task| task.content.due.map_or(i64::MAX, Time::millis);
    tasks.sort_by_key(|task| (!task.is_running(), end(task), task.id));
    if tasks.is_empty() {
        return vec![
            Row::says("Nobody was given a task yet.", Role::Text),
            Row::says("a adds one: restart the pods @sam box:20m call:10m", Role::Dim),
        ];
    }
    tasks.into_iter().map(|task| row(pen, task)).collect()
}

fn row(pen: &Pen<'_>, task: &Task) -> Row {
    let (mark, role) = match task.state {
        TaskState::Open => (pen.glyphs.unknown, Role::Text),
        TaskState::Done => (pen.glyphs.normal, Role::Dim),
        TaskState::Cancelled => (pen.glyphs.dot, Role::Dim),
    };
    let mark_role = if task.state == TaskState::Done { Role::Ok } else { role };
    let lead = vec![(format!("{mark} "), mark_role), (format!("{:<4}", task.id.to_string()), Role::Dim)];
    Row::of(Item::Task(task.id), lead, &task.content.text, role, about(pen, task), pen.columns)
}

fn about(pen: &Pen<'_>, task: &Task) -> Line {
    let mut about = Line::new();
    match &task.content.owner {
        Some(owner) => about.push((format!("@{owner}"), Role::Strong)),
        None if task.is_running() => about.push(("nobody has it".to_owned(), Role::Elevated)),
        None => {}
    }
    if !task.is_running() {
        let why = task.marked.as_ref().map_or("", |mark| mark.why.as_str());
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        about.push((format!("  {}{why}", task.state), Role::Dim));
        return about;
    }
    for (said, role) in work::times(task, pen.now, &pen.zone) {
        about.push((format!("  {said}"), role));
    }
    about
}
