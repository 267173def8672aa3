//! `sitroom task`: what somebody was given to do, until when, and what came of it.

mod json;

pub(super) use json::{Json as TaskJson, json as task_json};

use super::ic::On;
use super::room;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::event::TaskState;
use crate::domain::incident::Task as Given;
use crate::domain::scribe;
use crate::domain::text::clean;
use crate::domain::{Incident, Intent, TaskId, Time};
use clap::{Args, Subcommand};
use jiff::tz::TimeZone;

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
    /// All tasks, the running ones first
    List,
}

impl Run for Task {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::List => {
                let room = wait(room::look(start))?;
                let incident = room::meant(&room, self.on.incident)?;
                self.list(incident, start.clock().now(), out)
            }
            _ => self.change(start, out),
        }
    }
}

impl Task {
    fn list(&self, incident: &Incident, now: Time, out: &mut Out) -> Result<Exit, Failure> {
        if self.on.json {
            out.json(&json::list(incident, now))?;
            return Ok(Exit::Done);
        }
        let mut tasks: Vec<_> = incident.tasks.values().collect();
        tasks.sort_by_key(|task| (!task.is_running(), task.id));
        if tasks.is_empty() {
            out.line(format!("{} has no task", incident.id))?;
        }
        for task in tasks {
            out.line(line(task, now))?;
        }
        Ok(Exit::Done)
    }

    fn change(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let (record, incident) = room::change(start, self.on.incident, |id, now| self.intent(id, now))?;
        let now = record.at;
        let task = record.event.task().expect("every intent here is about a task");
        let given = incident.tasks.get(&task).expect("it was just written");
        if self.on.json {
            out.json(&json::one(&incident, given, now))?;
        } else {
            out.line(line(given, now))?;
        }
        Ok(Exit::Done)
    }

    fn intent(&self, id: crate::domain::IncidentId, now: Time) -> Result<Intent, Failure> {
        let read = |line: &[String]| {
            let read = scribe::task(&clean(&line.join(" ")), now, &TimeZone::UTC);
            read.map_err(|what| Failure::no(what, "write: sitroom task add restart the pods @sam box:20m"))
        };
        let said = |words: &[String]| clean(&words.join(" "));
        Ok(match &self.what {
            What::Add { line } => {
                let task = read(line)?;
                if let Some(late) = scribe::born_late(&task, now, &TimeZone::UTC) {
                    return Err(Failure::no(late, ""));
                }
                Intent::AddTask(id, task)
            }
            What::Edit { task, line } => Intent::ReviseTask(id, *task, read(line)?),
            What::Done { task, outcome } => Intent::MarkTask(id, *task, TaskState::Done, said(outcome)),
            What::Drop { task, reason } => Intent::MarkTask(id, *task, TaskState::Cancelled, said(reason)),
            What::Reopen { task } => Intent::MarkTask(id, *task, TaskState::Open, String::new()),
            What::List => unreachable!("looking is no intent"),
        })
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
