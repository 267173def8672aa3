//! A task as JSON, as `sitroom/tasks/1` and `sitroom/task/1` have it; described in `docs/JSON.md`.

use crate::domain::incident::Task;
use crate::domain::{Person, Time};
use serde::Serialize;

#[derive(Serialize)]
pub(in crate::cli) struct Json<'a> {
    id: String,
    text: &'a str,
    state: &'static str,
    owner: Option<&'a Person>,
    due: Option<Time>,
    call_back: Option<Time>,
    /// Running beyond its time box.
    overdue: bool,
    given_at: Time,
    given_by: &'a Person,
    marked_at: Option<Time>,
    marked_by: Option<&'a Person>,
    outcome: Option<&'a str>,
}

pub(in crate::cli) fn json(task: &Task, now: Time) -> Json<'_> {
    let mark = task.marked.as_ref();
    Json {
        id: task.id.to_string(),
        text: &task.content.text,
        state: task.state.word(),
        owner: task.content.owner.as_ref(),
        due: task.content.due,
        call_back: task.content.call_back,
        overdue: task.is_running() && task.content.due.is_some_and(|due| due <= now),
        given_at: task.given_at,
        given_by: &task.given_by,
        marked_at: mark.map(|mark| mark.at),
        marked_by: mark.map(|mark| &mark.by),
        outcome: mark.map(|mark| mark.why.as_str()).filter(|why| !why.is_empty()),
    }
}
