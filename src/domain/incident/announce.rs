//! What an event says in the timeline by itself, in words.

use super::{Incident, Task};
use crate::domain::event::{
    Answer, CriterionState, Event, Moment, MomentValue, Nudge, Record, Severity, StepState, TaskState,
    UpdateContent, Verdict, When,
};
use crate::domain::id::{ChecklistId, CriterionId, EntryId, Person, Seq, ServiceName, TaskId};
use crate::domain::time::Time;
use jiff::tz::TimeZone;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement<'a> {
    pub announces: Announces,
    pub when: When,
    pub written_at: Time,
    pub by: &'a Person,
    pub text: String,
}

/// What kind of thing is announced: what a timeline marks and filters by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Announces {
    /// Declared, resolved, closed, reopened.
    Status,
    Severity,
    Merger,
    Command,
    Role,
    /// A key moment.
    Moment(Moment),
    Verdict(Verdict),
    Task,
    Criterion,
    Step,
    Update,
    /// A nudge answered.
    Clock,
    /// The title, the services or the impact said better.
    Description,
}

impl Announces {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Severity => "severity",
            Self::Merger => "merger",
            Self::Command => "command",
            Self::Role => "role",
            Self::Moment(_) => "moment",
            Self::Verdict(_) => "verdict",
            Self::Task => "task",
            Self::Criterion => "criterion",
            Self::Step => "step",
            Self::Update => "update",
            Self::Clock => "clock",
            Self::Description => "description",
        }
    }

    /// Who was to do what, and did it.
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Task | Self::Criterion | Self::Step)
    }

    pub const fn is_curated(self) -> bool {
        matches!(
            self,
            Self::Status
                | Self::Severity
                | Self::Merger
                | Self::Command
                | Self::Moment(_)
                | Self::Verdict(Verdict::Confirmed | Verdict::Refuted)
                | Self::Update
        )
    }
}

/// Nothing, where the event is an entry's own, or was overtaken by a later word on the same moment.
pub(super) fn announcement<'a>(incident: &'a Incident, record: &'a Record) -> Option<Announcement<'a>> {
    let by = &record.by;
    let (announces, text) = said(incident, record)?;
    Some(Announcement { announces, when: happened(record), written_at: record.at, by, text })
}

fn happened(record: &Record) -> When {
    match &record.event {
        Event::MomentSet { value: MomentValue::Happened { when }, .. } => *when,
        Event::UpdatePosted { content, .. } => content.happened,
        _ => When::exactly(record.at),
    }
}

fn said(incident: &Incident, record: &Record) -> Option<(Announces, String)> {
    let Record { seq, by, event, .. } = record;
    let announced = match event {
        Event::IncidentDeclared { title, severity, .. } => {
            (Announces::Status, format!("{by} declared {severity}: {title}"))
        }
        Event::DrillDeclared { title, severity, of, .. } => {
            (Announces::Status, format!("{by} declared {severity}: {title} (a drill of {of})"))
        }
        Event::IncidentResolved { .. } => (Announces::Status, format!("{by} resolved the incident")),
        Event::IncidentClosed { .. } => (Announces::Status, format!("{by} closed the incident")),
        Event::IncidentReopened { incident: id } if *id == incident.id => {
            (Announces::Status, format!("{by} reopened the incident"))
        }
        Event::IncidentReopened { incident: id } => (Announces::Merger, format!("{by} took {id} out again")),
        Event::IncidentMerged { incident: id, into, reason } => {
            (Announces::Merger, because(format!("{by} merged {id} into {into}"), reason))
        }
        Event::IncidentDescribed { .. } => (Announces::Description, described(by, event)),
        Event::SeverityChanged { from, to, .. } => (Announces::Severity, severity(by, *from, *to)),
        Event::RoleTaken { role, .. } => (Announces::Role, format!("{by} is {role}")),
        Event::RoleDropped { role, .. } => (Announces::Role, format!("{by} is no longer {role}")),
        Event::MomentSet { moment, value, reason, .. } => {
            moment_said(incident, *seq, *moment, *value, reason)?
        }
        Event::HypothesisJudged { entry, verdict, reason, .. } => {
            (Announces::Verdict(*verdict), judged(incident, by, *entry, *verdict, reason))
        }
        Event::UpdatePosted { content, .. } => (Announces::Update, update(content)),
        Event::NudgeAnswered { nudge, due, answer, .. } => {
            (Announces::Clock, answered(by, *nudge, *due, answer))
        }
        Event::CommandDeclined { .. } if offered_by(incident, *seq).as_ref() == Some(by) => {
            (Announces::Command, format!("{by} took the offer of command back"))
        }
        _ => return command(by, event).or_else(|| work(incident, by, event)),
    };
    Some(announced)
}

/// Who made the offer that a record is about: the last one before it.
fn offered_by(incident: &Incident, seq: Seq) -> Option<Person> {
    let offers = incident.history.values().filter(|record| record.seq < seq);
    let is_offer = |record: &&Record| {
        matches!(record.event, Event::CommandOffered { .. } | Event::HandoverOffered { .. })
    };
    offers.rev().find(is_offer).map(|record| record.by.clone())
}

fn command(by: &Person, event: &Event) -> Option<(Announces, String)> {
    let text = match event {
        Event::CommandTaken { relieved: None, .. } => format!("{by} took command"),
        Event::CommandTaken { relieved: Some(relieved), .. } => {
            format!("{by} took command, relieving {relieved}")
        }
        Event::CommandOffered { to, .. } => format!("{by} offered command to {to}"),
        Event::HandoverOffered { to, .. } => format!("{by} offered command to {to}, with a hand-over packet"),
        Event::CommandAccepted { from, .. } => format!("{by} accepted command from {from}"),
        Event::HandoverAccepted { from, .. } => {
            format!("{by} read the hand-over packet and accepted command from {from}")
        }
        Event::CommandDeclined { .. } => format!("{by} declined command"),
        Event::CommandReleased { .. } => format!("{by} released command; nobody has it"),
        Event::NextCommanderNamed { next: Some(next), .. } => format!("{by} named {next} as next IC"),
        Event::NextCommanderNamed { next: None, .. } => format!("{by} named nobody as next IC"),
        _ => return None,
    };
    Some((Announces::Command, text))
}

fn work(incident: &Incident, by: &Person, event: &Event) -> Option<(Announces, String)> {
    let announced = match event {
        Event::TaskWritten { task, content, .. } => {
            let text = &content.text;
            let what = match &content.owner {
                Some(owner) => format!("{by} set {task} for {owner}: {text}"),
                None => format!("{by} set {task}: {text}"),
            };
            (Announces::Task, what)
        }
        Event::TaskMarked { task, state, outcome, .. } => {
            (Announces::Task, task_marked(incident, by, *task, *state, outcome))
        }
        Event::CriterionWritten { criterion, content, .. } => {
            (Announces::Criterion, format!("{by} set exit criterion {criterion}: {}", content.text))
        }
        Event::CriterionMarked { criterion, state, reason, .. } => {
            (Announces::Criterion, criterion_marked(incident, by, *criterion, *state, reason))
        }
        Event::ChecklistStarted { content, .. } => {
            let steps = content.steps.len();
            (Announces::Step, format!("{by} began the checklist {} ({steps} steps)", content.title))
        }
        Event::StepMarked { checklist, step, state, reason, .. } => {
            (Announces::Step, step_marked(incident, by, (*checklist, *step), *state, reason))
        }
        _ => return None,
    };
    Some(announced)
}

fn described(by: &Person, event: &Event) -> String {
    let Event::IncidentDescribed { title, services, impact, .. } = event else { return String::new() };
    let services = services.as_ref().map(|services| {
        let names: Vec<_> = services.iter().map(ServiceName::as_str).collect();
        if names.is_empty() {
            "services unknown".to_owned()
        } else {
            format!("services {}", names.join(", "))
        }
    });
    let parts = [
        title.as_ref().map(|title| format!("title “{title}”")),
        services,
        impact.as_ref().map(|impact| format!("impact “{impact}”")),
    ];
    format!("{by} now says: {}", parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn severity(by: &Person, from: Severity, to: Severity) -> String {
    match to.cmp(&from) {
        std::cmp::Ordering::Less => format!("{by} raised the severity from {from} to {to}"),
        std::cmp::Ordering::Equal => format!("{by} left the severity at {to}"),
        std::cmp::Ordering::Greater => format!("{by} lowered the severity from {from} to {to}"),
    }
}

/// Only the last word on a moment stands in the timeline.
fn moment_said(
    incident: &Incident,
    seq: Seq,
    moment: Moment,
    value: MomentValue,
    reason: &str,
) -> Option<(Announces, String)> {
    if incident.moments.get(&moment).is_none_or(|said| said.seq != seq) {
        return None;
    }
    let text = match value {
        MomentValue::Happened { .. } => moment.title().to_owned(),
        MomentValue::Never => format!("{}: did not happen", moment.title()),
        MomentValue::Unknown => return None,
    };
    Some((Announces::Moment(moment), because(text, reason)))
}

fn judged(incident: &Incident, by: &Person, entry: EntryId, verdict: Verdict, reason: &str) -> String {
    let verb = match verdict {
        Verdict::Open => "reopened",
        Verdict::Confirmed => "confirmed",
        Verdict::Refuted => "refuted",
    };
    let text = incident.entries.get(&entry).map_or("", |entry| entry.content.text.as_str());
    because(format!("{by} {verb} {entry} “{text}”"), reason)
}

fn task_marked(incident: &Incident, by: &Person, task: TaskId, state: TaskState, outcome: &str) -> String {
    let verb = match state {
        TaskState::Open => "reopened",
        TaskState::Done => "finished",
        TaskState::Cancelled => "cancelled",
    };
    let text = incident.tasks.get(&task).map_or("", |task: &Task| task.content.text.as_str());
    because(format!("{by} {verb} {task} “{text}”"), outcome)
}

fn criterion_marked(
    incident: &Incident,
    by: &Person,
    id: CriterionId,
    state: CriterionState,
    reason: &str,
) -> String {
    let word = match state {
        CriterionState::Open => "is open again",
        CriterionState::Met => "is met",
        CriterionState::Dropped => "is dropped",
    };
    let text = incident.criteria.get(&id).map_or("", |criterion| criterion.content.text.as_str());
    because(format!("{by}: exit criterion {id} “{text}” {word}"), reason)
}

fn step_marked(
    incident: &Incident,
    by: &Person,
    (checklist, step): (ChecklistId, u32),
    state: StepState,
    reason: &str,
) -> String {
    let verb = match state {
        StepState::Open => "unticked",
        StepState::Done => "ticked",
        StepState::Skipped => "skipped",
    };
    let checklist = incident.checklists.get(&checklist);
    let title = checklist.map_or("", |checklist| checklist.title.as_str());
    let text = checklist.and_then(|list| list.step(step)).map_or("", |found| found.step.text.as_str());
    because(format!("{by} {verb} {title} {step}: {text}"), reason)
}

fn update(content: &UpdateContent) -> String {
    let brief = &content.brief;
    let parts = [("", &brief.condition), ("actions: ", &brief.actions), ("needs: ", &brief.needs)];
    let said: Vec<_> = parts
        .iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(name, text)| format!("{name}{text}"))
        .collect();
    let next = content.next.map_or_else(String::new, |next| format!(" · next by {}", utc(next)));
    format!("{} update: {}{next}", content.audience, said.join(" · "))
}

fn answered(by: &Person, nudge: Nudge, due: Time, answer: &Answer) -> String {
    let due = utc(due);
    match answer {
        Answer::Done => format!("{by} answered “{nudge}”, due {due}"),
        Answer::Snoozed { span } => format!("{by} put off “{nudge}”, due {due}, by {}", span.exact()),
        Answer::Dismissed { reason } => because(format!("{by} dismissed “{nudge}”, due {due}"), reason),
    }
}

fn utc(at: Time) -> String {
    format!("{} UTC", at.hour_minute(&TimeZone::UTC))
}

fn because(text: String, reason: &str) -> String {
    match reason.trim() {
        "" => text,
        reason => format!("{text}: {reason}"),
    }
}
