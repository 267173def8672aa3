//! `sitroom task`: what somebody was given to do, until when, and what came of it.

mod json;

pub(super) use json::{Json as TaskJson, json as task_json};

use super::ic::On;
use super::work::{self, Schema, Work};
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::event::TaskState;
use crate::domain::incident::Task as Given;
use crate::domain::scribe;
use crate::domain::text::clean;
use crate::domain::{Event, Incident, IncidentId, Intent, TaskId, Time};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use serde::Serialize;

/// Give somebody a task in the incident, mark it, or list them all
#[derive(Debug, Args)]
#[command(
    after_help = "A task is a text with one @owner, box: (when its time is up) and call: (when to ask how it goes), each a \
                  span or a time of day in UTC: sitroom task add restart the pods @sam box:20m call:14:40"
)]
pub(super) struct Task {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    on: On,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(flatten)]
    Change(Change),
    /// All tasks, the running ones first
    List,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Give a task
    Add {
        #[arg(required = true)]
        line: Vec<String>,
    },
    /// Write a task anew
    Edit {
        task: TaskId,
        #[arg(required = true)]
        line: Vec<String>,
    },
    /// It is done
    Done {
        task: TaskId,
        /// What came of it
        outcome: Vec<String>,
    },
    /// It need not be done
    Drop {
        task: TaskId,
        /// Why
        reason: Vec<String>,
    },
    /// It is to be done after all
    Reopen { task: TaskId },
}

impl Run for Task {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::Change(change) => work::change(change, start, &self.on, out),
            What::List => work::list::<Change>(start, &self.on, out),
        }
    }
}

impl Work for Change {
    type Piece = Given;
    const ALL: Schema = Schema("sitroom/tasks/1", "tasks");
    const ONE: Schema = Schema("sitroom/task/1", "task");
    const CALLED: &'static str = "task";

    fn intent(&self, _: &Start, id: IncidentId, now: Time) -> Result<Intent, Failure> {
        let read = |line: &[String]| {
            let read = scribe::task(&clean(&line.join(" ")), now, &TimeZone::UTC);
            read.map_err(|what| Failure::no(what, "write: sitroom task add restart the pods @sam box:20m"))
        };
        let said = |words: &[String]| clean(&words.join(" "));
        Ok(match self {
            Self::Add { line } => {
                let task = read(line)?;
                if let Some(late) = scribe::born_late(&task, now, &TimeZone::UTC) {
                    return Err(Failure::no(late, ""));
                }
                Intent::AddTask(id, task)
            }
            Self::Edit { task, line } => Intent::ReviseTask(id, *task, read(line)?),
            Self::Done { task, outcome } => Intent::MarkTask(id, *task, TaskState::Done, said(outcome)),
            Self::Drop { task, reason } => Intent::MarkTask(id, *task, TaskState::Cancelled, said(reason)),
            Self::Reopen { task } => Intent::MarkTask(id, *task, TaskState::Open, String::new()),
        })
    }

    fn all(incident: &Incident) -> impl Iterator<Item = &Given> {
        incident.tasks.values()
    }

    fn of<'a>(incident: &'a Incident, event: &Event) -> Option<&'a Given> {
        incident.tasks.get(&event.task()?)
    }

    fn is_behind(task: &Given) -> bool {
        !task.is_running()
    }

    fn json(task: &Given, now: Time) -> impl Serialize {
        json::json(task, now)
    }

    fn text(task: &Given, now: Time) -> String {
        line(task, now)
    }
}

/// `T3 open: restart the pods @sam until 14:49 UTC, call back 14:39 UTC`.
fn line(task: &Given, now: Time) -> String {
    let mut line = format!("{} {}: {}", task.id, task.state, clean(&task.content.text));
    if let Some(owner) = &task.content.owner {
        line += &format!(" @{}", clean(owner.as_str()));
    }
    for (word, at) in [("until", task.content.due), ("call back", task.content.call_back)] {
        if let Some(at) = at {
            let late = if task.is_running() && at <= now { " (OVERDUE)" } else { "" };
            line += &format!(", {word} {} UTC{late}", at.hour_minute(&TimeZone::UTC));
        }
    }
    match &task.marked {
        Some(mark) if !mark.why.is_empty() => line + &format!(" ({})", clean(&mark.why)),
        _ => line,
    }
}
