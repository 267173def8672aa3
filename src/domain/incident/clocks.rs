//! The commander's clocks: what is due when, whether it was done, and what was put off.
//!
//! Pure: the same incident, policy and moment give the same clocks. Only what people answered is in the journal;
//! a clock that is due has no record until somebody answers it or does what it asks for.

use super::{BySeverity, ClockPolicy, Incident, Status, Task, Update};
use crate::domain::event::{Answer, Audience, Event, Nudge, Role, Severity};
use crate::domain::id::{IncidentId, Person};
use crate::domain::time::{Span, Time};

/// The choices when a nudge is put off.
pub const SNOOZES: [Span; 3] = [Span::minutes(5), Span::minutes(10), Span::minutes(15)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub nudge: Nudge,
    pub due: Time,
    pub state: ClockState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockState {
    /// Still to come.
    Running,
    /// It is time, or past it.
    Due,
    /// It was due, and is asked again at this moment.
    Snoozed { until: Time },
    /// What it asked for was done at this moment, in time or late.
    Kept { at: Time },
    /// Left undone on purpose.
    Dismissed { at: Time },
}

/// The last answer to a nudge, and which occurrence of it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub due: Time,
    pub at: Time,
    pub by: Person,
    pub answer: Answer,
}

/// Every clock of an open incident: what is due first, then what comes, then what is behind us.
pub fn clocks(incident: &Incident, policy: &ClockPolicy, now: Time) -> Vec<Clock> {
    if incident.status != Status::Open {
        return Vec::new();
    }
    let single = [
        command(incident, policy, now),
        external(incident, policy, now),
        internal(incident, policy, now),
        call_out(incident, policy, now),
        roles(incident, policy, now),
    ];
    let tasks = incident.with_merged().flat_map(|(of, origin)| {
        origin.tasks.values().filter(|task| task.is_running()).map(move |task| (of, task))
    });
    let tasks = tasks.flat_map(|(of, task)| of_task(incident, of, task, now));
    let mut clocks: Vec<_> = single.into_iter().flatten().chain(tasks).collect();
    clocks.sort_by_key(|clock| (clock.rank(), clock.next(), clock.nudge));
    clocks
}

impl Clock {
    pub fn is_due(&self) -> bool {
        self.state == ClockState::Due
    }

    /// Whether it still asks for something.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, ClockState::Running | ClockState::Due | ClockState::Snoozed { .. })
    }

    /// The moment a countdown runs to.
    pub fn next(&self) -> Time {
        match self.state {
            ClockState::Snoozed { until } => until,
            _ => self.due,
        }
    }

    fn rank(&self) -> u8 {
        match self.state {
            ClockState::Due => 0,
            ClockState::Running | ClockState::Snoozed { .. } => 1,
            ClockState::Kept { .. } | ClockState::Dismissed { .. } => 2,
        }
    }
}

fn command(incident: &Incident, policy: &ClockPolicy, now: Time) -> Option<Clock> {
    let within = policy.command.get(incident.severity)?;
    let held = incident.command.holder.is_some();
    let vacant_since = match incident.command.since {
        Some(since) if !held => since,
        _ => incident.declared_at,
    };
    let due = vacant_since.max(asked_since(incident, &policy.command)) + within;
    let kept = incident.command.first_taken_at.filter(|_| held);
    Some(clock(incident, Nudge::NoCommand, due, kept, now))
}

/// Since when the severity has been one that asks for it.
fn asked_since(incident: &Incident, within: &BySeverity) -> Time {
    let counts = |severity: Severity| within.get(severity).is_some();
    let mut since = incident.declared_at;
    for record in incident.history.values() {
        if let Event::SeverityChanged { from, to, .. } = &record.event
            && !counts(*from)
            && counts(*to)
        {
            since = record.at;
        }
    }
    since
}

/// The first is due after command is taken; from then on, what was promised.
fn external(incident: &Incident, policy: &ClockPolicy, now: Time) -> Option<Clock> {
    let last = incident.last_update(Audience::External);
    let first_due = || {
        let within = policy.external.get(incident.severity)?;
        Some(incident.command.first_taken_at?.max(asked_since(incident, &policy.external)) + within)
    };
    match last {
        None => Some(clock(incident, Nudge::ExternalUpdate, first_due()?, None, now)),
        Some(Update { content, .. }) => match content.next {
            Some(promised) => Some(clock(incident, Nudge::ExternalUpdate, promised, None, now)),
            None => Some(clock(
                incident,
                Nudge::ExternalUpdate,
                first_due()?,
                first_sent(incident, Audience::External),
                now,
            )),
        },
    }
}

pub(super) fn first_sent(incident: &Incident, to: Audience) -> Option<Time> {
    let sent = incident.updates.values().filter(|update| update.content.audience == to);
    sent.map(|update| update.content.happened.from).min()
}

fn internal(incident: &Incident, policy: &ClockPolicy, now: Time) -> Option<Clock> {
    let last = incident.last_update(Audience::Internal).map(|update| &update.content);
    let every = policy.internal.get(incident.severity);
    let promised = last.and_then(|content| content.next);
    let asked = || asked_since(incident, &policy.internal);
    let since = last.map_or_else(asked, |content| content.happened.from);
    let due = promised.or_else(|| Some(since + every?))?;
    Some(clock(incident, Nudge::InternalUpdate, due, None, now))
}

/// The latest round number of minutes; those that went by unheard do not pile up.
fn call_out(incident: &Incident, policy: &ClockPolicy, now: Time) -> Option<Clock> {
    let every = policy.call_out.filter(|every| *every > Span::ZERO)?;
    let gone = (now - incident.declared_at).as_millis() / every.as_millis();
    let round =
        |number: i64| incident.declared_at + Span::millis(every.as_millis().saturating_mul(number.max(1)));
    let latest = round(gone);
    let settled = answered(incident, Nudge::CallOut, latest)
        .is_some_and(|answered| !matches!(answered.answer, Answer::Snoozed { .. }));
    let due = if settled { round(gone.max(1) + 1) } else { latest };
    Some(clock(incident, Nudge::CallOut, due, None, now))
}

fn roles(incident: &Incident, policy: &ClockPolicy, now: Time) -> Option<Clock> {
    let due = incident.declared_at + policy.roles_after?;
    let waiting = !unclaimed_roles(incident, policy).is_empty();
    let clock = clock(incident, Nudge::RolesUnclaimed, due, None, now);
    waiting.then_some(clock)
}

/// The roles the room asks for and nobody has.
pub fn unclaimed_roles(incident: &Incident, policy: &ClockPolicy) -> Vec<Role> {
    let is_held = |role: &Role| incident.roles.get(role).is_some_and(|people| !people.is_empty());
    policy.roles.iter().copied().filter(|role| !is_held(role)).collect()
}

fn of_task(
    incident: &Incident,
    of: Option<IncidentId>,
    task: &Task,
    now: Time,
) -> impl Iterator<Item = Clock> {
    let id = task.id;
    let call_back = task.content.call_back.map(|due| (Nudge::CallBack { of, task: id }, due));
    let time_box = task.content.due.map(|due| (Nudge::TimeBox { of, task: id }, due));
    let asked = [call_back, time_box].into_iter().flatten();
    asked.map(move |(nudge, due)| clock(incident, nudge, due, None, now))
}

fn answered(incident: &Incident, nudge: Nudge, due: Time) -> Option<&Answered> {
    incident.nudges.get(&nudge).filter(|answered| answered.due == due)
}

fn clock(incident: &Incident, nudge: Nudge, due: Time, kept: Option<Time>, now: Time) -> Clock {
    let by_itself = || if now < due { ClockState::Running } else { ClockState::Due };
    let state = match (kept, answered(incident, nudge, due)) {
        (Some(at), _) => ClockState::Kept { at },
        (None, None) => by_itself(),
        (None, Some(Answered { at, answer, .. })) => match answer {
            Answer::Done => ClockState::Kept { at: *at },
            Answer::Dismissed { .. } => ClockState::Dismissed { at: *at },
            Answer::Snoozed { span } if now < *at + *span => ClockState::Snoozed { until: *at + *span },
            Answer::Snoozed { .. } => by_itself(),
        },
    };
    Clock { nudge, due, state }
}
