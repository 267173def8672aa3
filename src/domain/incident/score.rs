//! How a drill went, judged by the policy: what was due and when it came, which moments were captured, what was left
//! open.
//!
//! Pure: the same room, policy and moments give the same score. It counts and measures; it weighs nothing and judges
//! nobody.

use super::{Check, ClockPolicy, Incident, Room, keeping};
use crate::domain::event::{Moment, MomentValue, Severity};
use crate::domain::id::IncidentId;
use crate::domain::time::{Span, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// When the trouble first showed, where it did.
    pub first_alarm: Option<Time>,
    pub ended: Time,
    pub incidents: Vec<Scored>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    pub id: IncidentId,
    pub title: String,
    pub severity: Severity,
    pub declared_at: Time,
    /// From the first alarm; absent where none had been raised before.
    pub declared_after: Option<Span>,
    pub resolved_at: Option<Time>,
    pub checks: Vec<Check>,
    /// The moments a post-mortem is measured by, and whether anybody said them.
    pub moments: Vec<(Moment, MomentValue)>,
    pub entries: usize,
    pub open_hypotheses: usize,
}

/// What durations need and nothing records by itself, except the end.
const CAPTURED: [Moment; 5] =
    [Moment::ImpactStart, Moment::Detected, Moment::CauseIdentified, Moment::Mitigated, Moment::Resolved];

pub fn score(room: &Room, policy: &ClockPolicy, first_alarm: Option<Time>, ended: Time) -> Score {
    let incidents = room.incidents.values().filter(|incident| !incident.is_merged());
    let scored = incidents.map(|incident| scored(incident, policy, first_alarm, ended));
    Score { first_alarm, ended, incidents: scored.collect() }
}

fn scored(incident: &Incident, policy: &ClockPolicy, first_alarm: Option<Time>, ended: Time) -> Scored {
    Scored {
        id: incident.id,
        title: incident.title.clone(),
        severity: incident.severity,
        declared_at: incident.declared_at,
        declared_after: first_alarm
            .map(|alarm| incident.declared_at - alarm)
            .filter(|after| *after >= Span::ZERO),
        resolved_at: incident.resolved_at,
        checks: keeping(incident, policy, ended),
        moments: CAPTURED.iter().map(|moment| (*moment, incident.moment(*moment))).collect(),
        entries: incident.entries.values().filter(|entry| entry.struck.is_none()).count(),
        open_hypotheses: incident.open_hypotheses().count(),
    }
}

impl Score {
    /// How much of what was due was done in time, of how much.
    pub fn kept(&self) -> (usize, usize) {
        let judged = || self.checks().filter(|check| check.is_judged());
        (judged().filter(|check| check.is_kept()).count(), judged().count())
    }

    /// How many key moments somebody said, of how many.
    pub fn captured(&self) -> (usize, usize) {
        let moments = || self.incidents.iter().flat_map(|incident| &incident.moments);
        (moments().filter(|(_, value)| *value != MomentValue::Unknown).count(), moments().count())
    }

    /// Whether an incident was declared and everything that was due was done in time.
    pub fn is_good(&self) -> bool {
        let (kept, judged) = self.kept();
        !self.incidents.is_empty() && kept == judged
    }

    fn checks(&self) -> impl Iterator<Item = &Check> {
        self.incidents.iter().flat_map(|incident| &incident.checks)
    }
}
