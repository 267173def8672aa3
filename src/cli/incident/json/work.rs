//! What is done about an incident and how it went: tasks, exit criteria, checklists, key moments and durations.

use super::Happened;
use crate::cli::task::{TaskJson, task_json};
use crate::domain::event::{LiveCheck, Moment, MomentValue, Role};
use crate::domain::incident::{
    Checklist, ChecklistStep, Criterion, Measured, Status, durations, impossible_orders,
};
use crate::domain::{Incident, Person, Span, Time};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Work<'a> {
    #[serde(flatten)]
    to_do: ToDo<'a>,
    moments: Vec<MomentJson<'a>>,
    durations: Vec<DurationJson>,
    /// Moments in an order that cannot be, a sentence each.
    impossible: Vec<String>,
}

/// What there is to do, in an incident or in one that was merged into it.
#[derive(Serialize)]
pub(super) struct ToDo<'a> {
    tasks: Vec<TaskJson<'a>>,
    criteria: Vec<CriterionJson<'a>>,
    checklists: Vec<ChecklistJson<'a>>,
}

/// The key moments alone: `sitroom/moments/1`.
#[derive(Serialize)]
pub(in crate::cli::incident) struct Moments<'a> {
    schema: &'static str,
    incident: String,
    moments: Vec<MomentJson<'a>>,
    durations: Vec<DurationJson>,
    impossible: Vec<String>,
}

#[derive(Serialize)]
pub(in crate::cli) struct CriterionJson<'a> {
    id: String,
    text: &'a str,
    check: Option<&'a LiveCheck>,
    state: &'static str,
    marked_at: Option<Time>,
    marked_by: Option<&'a Person>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::cli) struct ChecklistJson<'a> {
    id: String,
    title: &'a str,
    role: Option<&'static str>,
    started_at: Time,
    started_by: &'a Person,
    target_seconds: Option<i64>,
    finished_at: Option<Time>,
    steps: Vec<StepJson<'a>>,
}

#[derive(Serialize)]
struct StepJson<'a> {
    text: &'a str,
    state: &'static str,
    marked_at: Option<Time>,
    marked_by: Option<&'a Person>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct MomentJson<'a> {
    moment: &'static str,
    state: &'static str,
    happened: Option<Happened>,
    said_by: Option<&'a Person>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct DurationJson {
    duration: &'static str,
    from: &'static str,
    to: &'static str,
    state: &'static str,
    least_minutes: Option<i64>,
    most_minutes: Option<i64>,
    approximate: Option<bool>,
    /// As people read it.
    text: String,
}

pub(super) fn work(incident: &Incident, now: Time) -> Work<'_> {
    let Moments { moments, durations, impossible, .. } = Moments::of(incident);
    Work { to_do: to_do(incident, now), moments, durations, impossible }
}

pub(super) fn to_do(incident: &Incident, now: Time) -> ToDo<'_> {
    ToDo {
        tasks: incident.tasks.values().map(|task| task_json(task, now)).collect(),
        criteria: incident.criteria.values().map(criterion_json).collect(),
        checklists: incident.checklists.values().map(checklist_json).collect(),
    }
}

impl<'a> Moments<'a> {
    pub(in crate::cli::incident) fn of(incident: &'a Incident) -> Self {
        let impossible = impossible_orders(incident);
        let is_wrong = |moment| impossible.iter().any(|it| it.earlier == moment || it.later == moment);
        Self {
            schema: "sitroom/moments/1",
            incident: incident.id.to_string(),
            moments: Moment::ALL.iter().map(|it| moment(incident, *it, is_wrong(*it))).collect(),
            durations: durations_of(incident),
            impossible: impossible.iter().map(ToString::to_string).collect(),
        }
    }
}

pub(in crate::cli) fn criterion_json(criterion: &Criterion) -> CriterionJson<'_> {
    let mark = criterion.marked.as_ref();
    CriterionJson {
        id: criterion.id.to_string(),
        text: &criterion.content.text,
        check: criterion.content.check.as_ref(),
        state: criterion.state.word(),
        marked_at: mark.map(|mark| mark.at),
        marked_by: mark.map(|mark| &mark.by),
        reason: mark.map(|mark| mark.why.as_str()).filter(|why| !why.is_empty()),
    }
}

pub(in crate::cli) fn checklist_json(list: &Checklist) -> ChecklistJson<'_> {
    ChecklistJson {
        id: list.id.to_string(),
        title: &list.title,
        role: list.role.map(Role::word),
        started_at: list.started_at,
        started_by: &list.started_by,
        target_seconds: list.target.map(Span::as_seconds),
        finished_at: list.finished_at(),
        steps: list.steps.iter().map(step).collect(),
    }
}

fn step(step: &ChecklistStep) -> StepJson<'_> {
    let mark = step.marked.as_ref();
    StepJson {
        text: &step.step.text,
        state: step.state.word(),
        marked_at: mark.map(|mark| mark.at),
        marked_by: mark.map(|mark| &mark.by),
        reason: mark.map(|mark| mark.why.as_str()).filter(|why| !why.is_empty()),
    }
}

fn moment(incident: &Incident, moment: Moment, is_wrong: bool) -> MomentJson<'_> {
    let said = incident.moments.get(&moment);
    let state = match incident.moment(moment) {
        MomentValue::Happened { .. } if is_wrong => "invalid",
        MomentValue::Happened { .. } => "recorded",
        MomentValue::Never => "not-applicable",
        MomentValue::Unknown => missing(incident),
    };
    MomentJson {
        moment: moment.word(),
        state,
        happened: incident.when(moment).map(Happened::of),
        said_by: said.map(|said| &said.by),
        reason: said.map(|said| said.reason.as_str()).filter(|reason| !reason.is_empty()),
    }
}

fn durations_of(incident: &Incident) -> Vec<DurationJson> {
    let one = |(duration, measured): (&'static crate::domain::incident::Duration, Measured)| {
        let length = match &measured {
            Measured::Recorded(length) => Some(*length),
            _ => None,
        };
        DurationJson {
            duration: duration.word,
            from: duration.from.word(),
            to: duration.to.word(),
            state: match &measured {
                Measured::Recorded(_) => "recorded",
                Measured::Pending { .. } => missing(incident),
                Measured::NotApplicable { .. } => "not-applicable",
                Measured::Invalid { .. } => "invalid",
            },
            least_minutes: length.map(|length| length.least.as_minutes()),
            most_minutes: length.map(|length| length.most.as_minutes()),
            approximate: length.map(|length| length.approximate),
            text: measured.say(incident.status),
        }
    };
    durations(incident).into_iter().map(one).collect()
}

/// What is missing may still come while the incident is open.
fn missing(incident: &Incident) -> &'static str {
    if incident.status == Status::Open { "pending" } else { "not-captured" }
}
