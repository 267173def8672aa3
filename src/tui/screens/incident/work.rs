//! The work of an incident, and of what was merged into it, in the command panel: what is overdue first, then how far
//! everything is.

use super::item::{Line, Pen, Piece};
use crate::domain::Time;
use crate::domain::event::CriterionState;
use crate::domain::incident::{CheckState, Checklist, Criterion, Task};
use crate::theme::Role;
use crate::tui::text;
use jiff::tz::TimeZone;

/// More running tasks than this are counted.
const TASKS: usize = 4;

/// For the column beside the timeline; nothing while there is no work.
pub fn lines(pen: &Pen<'_>, columns: usize) -> Vec<Line> {
    let mut lines = tasks(pen, columns);
    lines.extend(criteria(pen));
    lines.extend(checklists(pen, columns));
    lines.extend(pen.live.proposals().first().map(|proposal| {
        let said = format!("{} {} is proposed", pen.glyphs.diagnosis, proposal.moment);
        vec![(said, Role::Accent), (format!(": {}", proposal.because), Role::Dim)]
    }));
    if !lines.is_empty() {
        lines.insert(0, vec![("WORK".to_owned(), Role::Title)]);
        lines.insert(0, Line::new());
    }
    lines
}

/// What cannot wait, for the few lines above the timeline.
pub fn urgent(pen: &Pen<'_>) -> Option<Piece> {
    let late = running(pen).iter().filter(|task| is_late(task, pen.now)).count();
    let tasks = if late == 1 { "task".to_owned() } else { "tasks".to_owned() };
    (late > 0).then(|| (format!("{} {late} {tasks} OVERDUE  ", pen.glyphs.critical), Role::Critical))
}

/// The end of the time box and the call-back of a running task, each with how it stands.
pub fn times(task: &Task, now: Time, zone: &TimeZone) -> Vec<Piece> {
    let mut times = Vec::new();
    if let Some(due) = task.content.due {
        times.push(if due <= now {
            (format!("OVERDUE {}", due.age(now)), Role::Critical)
        } else {
            (format!("{} left, until {}", now.age(due), due.hour_minute(zone)), Role::Dim)
        });
    }
    if let Some(call) = task.content.call_back {
        times.push(if call <= now {
            (format!("CALL BACK, due {}", call.hour_minute(zone)), Role::Elevated)
        } else {
            (format!("call back {}", call.hour_minute(zone)), Role::Dim)
        });
    }
    times
}

fn is_late(task: &Task, now: Time) -> bool {
    let is_past = |at: Option<Time>| at.is_some_and(|at| at <= now);
    is_past(task.content.due) || is_past(task.content.call_back)
}

/// Running tasks, those whose time comes first in front.
fn running<'a>(pen: &Pen<'a>) -> Vec<&'a Task> {
    let all = pen.incident.with_merged().flat_map(|(_, incident)| incident.tasks.values());
    let mut tasks: Vec<_> = all.filter(|task| task.is_running()).collect();
    let first = |task: &Task| {
        let (due, call) = (task.content.due, task.content.call_back);
        due.into_iter().chain(call).min().map_or(i64::MAX, Time::millis)
    };
    tasks.sort_by_key(|task| (first(task), task.id));
    tasks
}

fn tasks(pen: &Pen<'_>, columns: usize) -> Vec<Line> {
    let running = running(pen);
    let mut lines: Vec<_> = running.iter().take(TASKS).map(|task| row(pen, task, columns)).collect();
    if running.len() > TASKS {
        lines.push(vec![(format!("  and {} more running", running.len() - TASKS), Role::Dim)]);
    }
    lines
}

fn row(pen: &Pen<'_>, task: &Task, columns: usize) -> Line {
    let owner = task.content.owner.as_ref().map_or_else(String::new, |owner| format!(" @{owner}"));
    let time = times(task, pen.now, &pen.zone).into_iter().find(|(_, role)| *role != Role::Dim);
    let (said, role) = time.unwrap_or_else(|| match task.content.due {
        Some(due) => (format!("{} left", pen.now.age(due)), Role::Dim),
        None => (String::new(), Role::Dim),
    });
    let lead = if role == Role::Dim { pen.glyphs.unknown } else { pen.glyphs.critical };
    let taken = 4 + text::width(&owner) + text::width(&said);
    let words = text::fit(&task.content.text, columns.saturating_sub(taken), pen.glyphs.ellipsis);
    let words = words.into_owned();
    vec![(format!("{lead} "), role), (words, Role::Text), (owner, Role::Strong), (format!("  {said}"), role)]
}

fn criteria(pen: &Pen<'_>) -> Option<Line> {
    let all = pen.incident.with_merged().flat_map(|(_, incident)| incident.criteria.values());
    let wanted: Vec<_> = all.filter(|it| it.state != CriterionState::Dropped).collect();
    let met = wanted.iter().filter(|it| it.state == CriterionState::Met).count();
    let holds = |it: &&Criterion| matches!(pen.live.check(it.id), Some(CheckState::Met { .. }));
    let hold = pen.incident.criteria.values().filter(holds).count();
    if wanted.is_empty() {
        return None;
    }
    let role = if met == wanted.len() { Role::Ok } else { Role::Text };
    let mut line =
        vec![("exit criteria ".to_owned(), Role::Dim), (format!("{met} of {} met", wanted.len()), role)];
    if hold > 0 {
        line.push((format!("  {hold} more hold now"), Role::Ok));
    }
    Some(line)
}

/// How long a checklist runs, against how long it may: `3m of 5m`.
pub fn clock(list: &Checklist, now: Time) -> Option<Piece> {
    let (taken, target) = list.against_target(now)?;
    let (over, is_over, target) = (taken - target, taken > target, target.exact());
    Some(match (list.finished_at(), is_over) {
        (Some(_), false) => (format!("took {taken} of {target}"), Role::Ok),
        (Some(_), true) => (format!("took {taken}, {over} over {target}"), Role::Elevated),
        (None, false) => (format!("{taken} of {target}"), Role::Strong),
        (None, true) => (format!("{over} OVER {target}"), Role::Critical),
    })
}

fn checklists(pen: &Pen<'_>, columns: usize) -> Vec<Line> {
    let unfinished = pen.incident.checklists.values().filter_map(|list| Some((list, list.next_step()?.1)));
    unfinished
        .map(|(list, next)| {
            let far = format!("{}/{} ", list.passed(), list.steps.len());
            let clock = clock(list, pen.now).map(|(said, role)| (format!("  {said}"), role));
            let taken = text::width(&far) + clock.as_ref().map_or(0, |(said, _)| text::width(said));
            let said = format!("{}: {}", list.title, next.step.text);
            let said = text::fit(&said, columns.saturating_sub(taken), pen.glyphs.ellipsis);
            let line = vec![(far, Role::Strong), (said.into_owned(), Role::Text)];
            line.into_iter().chain(clock).collect()
        })
        .collect()
}
