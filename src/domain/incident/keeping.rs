//! What the policy asked of an incident and what came of it: in time, late and by how much, or not at all.
//!
//! The clocks ask while an incident runs; this judges afterwards, from what the journal saw. Drills are scored and
//! standing triggers evaluated with it.

use super::clocks::first_sent;
use super::{BySeverity, ClockPolicy, Incident};
use crate::domain::event::{Audience, Event, Role, Severity};
use crate::domain::time::{Span, Time};

/// One thing that was to be done by a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    pub expected: Expected,
    pub due: Time,
    pub kept: Kept,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    /// Somebody takes command.
    Command,
    ExternalUpdate,
    InternalUpdate,
    /// Somebody claims a role that is asked for.
    Role(Role),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    InTime {
        at: Time,
    },
    Late {
        at: Time,
        by: Span,
    },
    /// It never came; `by` is how long it was due when the incident, or the looking, ended.
    Missed {
        by: Span,
    },
    /// The incident ended before it was due.
    NotDue,
}

/// Everything the policy asks for, in the order it was due. `until` is the end of what is looked at; an incident that
/// ended before ends there. What was merged is judged where it went on.
pub fn keeping(incident: &Incident, policy: &ClockPolicy, until: Time) -> Vec<Check> {
    if incident.is_merged() {
        return Vec::new();
    }
    let end = incident.resolved_at.or(incident.closed_at).map_or(until, |end| end.min(until));
    let mut checks = command(incident, policy, end);
    checks.extend(external(incident, policy, end));
    let every = |at| policy.internal.get(severity_at(incident, at));
    let sent = first_sent(incident, Audience::Internal);
    let first = due(incident, &policy.internal, incident.declared_at, sent);
    checks.extend(updates(incident, Audience::Internal, first, every, end));
    checks.extend(roles(incident, policy, end));
    checks.sort_by_key(|check| (check.due, check.expected));
    checks
}

impl Check {
    /// Whether the moment it was due came within the incident.
    pub fn is_judged(&self) -> bool {
        self.kept != Kept::NotDue
    }

    pub fn is_kept(&self) -> bool {
        matches!(self.kept, Kept::InTime { .. })
    }

    /// How late it was, or how long overdue when it all ended.
    pub fn late_by(&self) -> Option<Span> {
        match self.kept {
            Kept::Late { by, .. } | Kept::Missed { by } => Some(by),
            Kept::InTime { .. } | Kept::NotDue => None,
        }
    }

    fn of(expected: Expected, due: Time, at: Option<Time>, end: Time) -> Self {
        let kept = match at {
            Some(at) if at <= due => Kept::InTime { at },
            Some(at) => Kept::Late { at, by: at - due },
            None if end > due => Kept::Missed { by: end - due },
            None => Kept::NotDue,
        };
        Self { expected, due, kept }
    }
}

impl Expected {
    /// The word for files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::ExternalUpdate => "external-update",
            Self::InternalUpdate => "internal-update",
            Self::Role(_) => "role",
        }
    }

    /// The words for people.
    pub fn title(self) -> String {
        match self {
            Self::Command => "IC declared".to_owned(),
            Self::ExternalUpdate => "External update".to_owned(),
            Self::InternalUpdate => "Internal update".to_owned(),
            Self::Role(role) => format!("{role} claimed"),
        }
    }
}

/// Every time nobody had command, the first from the declaration on.
fn command(incident: &Incident, policy: &ClockPolicy, end: Time) -> Vec<Check> {
    let mut vacant = Some(incident.declared_at);
    let mut checks = Vec::new();
    let mut settle =
        |vacant: Time, at| checks.extend(due(incident, &policy.command, vacant, at).map(|due| (due, at)));
    for record in incident.history.values().take_while(|record| record.at <= end) {
        match &record.event {
            Event::CommandTaken { .. } => {
                if let Some(since) = vacant.take() {
                    settle(since, Some(record.at));
                }
            }
            Event::CommandReleased { .. } => vacant = Some(record.at),
            _ => {}
        }
    }
    if let Some(since) = vacant {
        settle(since, None);
    }
    checks.into_iter().map(|(due, at)| Check::of(Expected::Command, due, at, end)).collect()
}

/// The first is due after command is taken, any other when it was promised.
fn external(incident: &Incident, policy: &ClockPolicy, end: Time) -> Vec<Check> {
    let sent = first_sent(incident, Audience::External);
    let first =
        incident.command.first_taken_at.and_then(|taken| due(incident, &policy.external, taken, sent));
    updates(incident, Audience::External, first, |_| None, end)
}

/// When something is due that is asked for from a moment on, by how severe it was held to be: from then, or from
/// when the severity first asked for it. Nothing where the severity asked no more before it was due or `done`.
fn due(incident: &Incident, within: &BySeverity, from: Time, done: Option<Time>) -> Option<Time> {
    let asks = |at: Time| within.get(severity_at(incident, at));
    let changes = || {
        let records = incident.history.values().filter(|record| record.at > from);
        records.filter(|record| matches!(record.event, Event::SeverityChanged { .. })).map(|record| record.at)
    };
    let (since, within) = std::iter::once(from).chain(changes()).find_map(|at| Some((at, asks(at)?)))?;
    let due = since + within;
    let settled = done.map_or(due, |done| done.min(due));
    let is_dropped = changes().filter(|at| (since..settled).contains(at)).any(|at| asks(at).is_none());
    (!is_dropped).then_some(due)
}

/// Each update against when it was due: at first, as promised in the one before, or as often as `every` says.
fn updates(
    incident: &Incident,
    audience: Audience,
    first: Option<Time>,
    every: impl Fn(Time) -> Option<Span>,
    end: Time,
) -> Vec<Check> {
    let expected = match audience {
        Audience::Internal => Expected::InternalUpdate,
        Audience::External => Expected::ExternalUpdate,
    };
    let of_audience = incident.updates.values().map(|update| &update.content);
    let mut sent: Vec<_> =
        of_audience.filter(|update| update.audience == audience && update.happened.from <= end).collect();
    sent.sort_by_key(|update| update.happened.from);
    let mut due = first;
    let mut checks = Vec::new();
    for update in sent {
        let at = update.happened.from;
        checks.extend(due.map(|due| Check::of(expected, due, Some(at), end)));
        due = update.next.or_else(|| Some(at + every(at)?));
    }
    checks.extend(due.map(|due| Check::of(expected, due, None, end)));
    checks
}

fn roles(incident: &Incident, policy: &ClockPolicy, end: Time) -> Vec<Check> {
    let Some(after) = policy.roles_after else { return Vec::new() };
    let due = incident.declared_at + after;
    let claimed = |wanted: Role| {
        let taken = |event: &Event| matches!(event, Event::RoleTaken { role, .. } if *role == wanted);
        incident.history.values().find(|record| record.at <= end && taken(&record.event))
    };
    let check =
        |role: &Role| Check::of(Expected::Role(*role), due, claimed(*role).map(|record| record.at), end);
    policy.roles.iter().map(check).collect()
}

/// How severe it was held to be at a moment.
fn severity_at(incident: &Incident, at: Time) -> Severity {
    let later = incident.history.values().filter(|record| record.at > at);
    let mut changed = later.filter_map(|record| match &record.event {
        Event::SeverityChanged { from, .. } => Some(*from),
        _ => None,
    });
    changed.next().unwrap_or(incident.severity)
}
