//! How a trigger stands, in the terms screens and `sitroom status` speak.

use super::deploys::Watched;
use crate::diagnosis::situation::Evidence;
use crate::domain::catalog::{Degradation, Mode, Unit};
use crate::domain::{SeriesName, ServiceName, Span, Time};
use serde::Serialize;

/// Whether something holds, and since when; what comes later is farther from being met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// It has held for as long as was asked, since `met_at`.
    Met {
        since: Time,
        met_at: Time,
    },
    /// It holds, and has not yet held for long enough.
    Holding {
        since: Time,
    },
    Clear,
    /// Nothing can be said; why, the words beside it say.
    Unknown,
}

/// A rollback trigger of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TriggerState {
    pub service: ServiceName,
    /// As the team wrote it.
    pub trigger: String,
    #[serde(flatten)]
    pub standing: Standing,
    /// How far it is: `1.2 %, limit 5 %, held 0 of 2 min`, or why nothing is known.
    pub says: String,
    /// The deploy it is watched for; a trigger is a reason to roll back only while there is one.
    pub watch: Option<Watch>,
    /// Whether it was met by what that deploy brought.
    pub demands_rollback: bool,
    pub conditions: Vec<ConditionState>,
}

/// The deploy whose triggers are watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Watch {
    pub version: String,
    pub deployed_at: Time,
    pub until: Time,
}

/// One condition of a trigger, in numbers where it has any.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConditionState {
    pub condition: String,
    #[serde(flatten)]
    pub standing: Standing,
    pub says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<MeasuredState>,
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeasuredState {
    pub series: SeriesName,
    pub unit: Unit,
    pub value: f64,
    pub limit: f64,
    pub held_seconds: i64,
    pub of_seconds: i64,
}

/// A degradation mode a service is in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModeState {
    pub service: ServiceName,
    pub name: String,
    /// How much is left: degraded, critical, failure.
    pub mode: Mode,
    pub since: Time,
    /// What it was recognised by, and how that stands.
    pub trigger: String,
    pub says: String,
    pub works: Vec<String>,
    pub fails: Vec<String>,
    pub users: Vec<String>,
    pub recovery: String,
    pub evidence: Vec<Evidence>,
}

/// What the conditions of a trigger come to.
#[derive(Clone, Debug)]
pub(in crate::diagnosis) struct Verdict {
    pub standing: Standing,
    pub says: String,
    pub conditions: Vec<ConditionState>,
}

impl Standing {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met { .. } => "met",
            Self::Holding { .. } => "holding",
            Self::Clear => "clear",
            Self::Unknown => "unknown",
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Self::Met { .. } => 0,
            Self::Holding { .. } => 1,
            Self::Clear => 2,
            Self::Unknown => 3,
        }
    }

    fn since(self) -> Option<Time> {
        match self {
            Self::Met { since, .. } | Self::Holding { since } => Some(since),
            Self::Clear | Self::Unknown => None,
        }
    }
}

impl TriggerState {
    pub(super) fn of(
        service: &ServiceName,
        trigger: &str,
        verdict: Verdict,
        watched: Option<&Watched<'_>>,
    ) -> Self {
        Self {
            service: service.clone(),
            trigger: trigger.to_owned(),
            standing: verdict.standing,
            says: verdict.says,
            watch: watched.map(Watched::state),
            demands_rollback: watched.is_some_and(|watched| watched.brought(verdict.standing)),
            conditions: verdict.conditions,
        }
    }

    pub(super) fn rank(&self) -> (bool, u8, bool) {
        (!self.demands_rollback, self.standing.rank(), self.watch.is_none())
    }
}

impl ModeState {
    pub(super) fn of(
        service: &ServiceName,
        mode: Mode,
        about: &Degradation,
        since: Time,
        verdict: &Verdict,
    ) -> Self {
        Self {
            service: service.clone(),
            name: about.name.clone(),
            mode,
            since,
            trigger: about.trigger.trim().to_owned(),
            says: verdict.says.clone(),
            works: about.works.to_vec(),
            fails: about.fails.to_vec(),
            users: about.users.to_vec(),
            recovery: about.recovery.clone(),
            evidence: verdict.evidence(),
        }
    }
}

impl Verdict {
    pub fn unknown(text: &str, why: String) -> Self {
        Self::one(ConditionState {
            condition: text.to_owned(),
            standing: Standing::Unknown,
            says: why,
            measured: None,
            evidence: Vec::new(),
        })
    }

    pub fn one(state: ConditionState) -> Self {
        Self { standing: state.standing, says: state.says.clone(), conditions: vec![state] }
    }

    /// As far as the least of them, since the last of them.
    pub fn all(parts: impl Iterator<Item = Self>) -> Self {
        Self::joined(parts, |one, other| {
            let (first, second) = if one.rank() >= other.rank() { (one, other) } else { (other, one) };
            match (first, second) {
                (Standing::Met { since, met_at }, Standing::Met { since: a, met_at: b }) => {
                    Standing::Met { since: since.max(a), met_at: met_at.max(b) }
                }
                (Standing::Holding { since }, held) => {
                    Standing::Holding { since: held.since().map_or(since, |at| since.max(at)) }
                }
                // What is certainly not so decides; what is unknown beside it does not matter.
                (Standing::Unknown, Standing::Clear) => Standing::Clear,
                (least, _) => least,
            }
        })
    }

    /// As far as the first of them.
    pub fn any(parts: impl Iterator<Item = Self>) -> Self {
        Self::joined(parts, |one, other| match (one, other) {
            (Standing::Met { since, met_at }, Standing::Met { since: a, met_at: b }) => {
                Standing::Met { since: since.min(a), met_at: met_at.min(b) }
            }
            (Standing::Holding { since }, Standing::Holding { since: a }) => {
                Standing::Holding { since: since.min(a) }
            }
            (Standing::Clear, Standing::Unknown) | (Standing::Unknown, Standing::Clear) => Standing::Unknown,
            _ if one.rank() <= other.rank() => one,
            _ => other,
        })
    }

    pub fn evidence(&self) -> Vec<Evidence> {
        self.conditions.iter().flat_map(|condition| condition.evidence.iter().cloned()).collect()
    }

    fn joined(parts: impl Iterator<Item = Self>, join: fn(Standing, Standing) -> Standing) -> Self {
        let parts: Vec<_> = parts.collect();
        let standing = parts.iter().map(|part| part.standing).reduce(join).unwrap_or(Standing::Unknown);
        let says: Vec<_> = parts.iter().map(|part| part.says.as_str()).collect();
        let says = says.join("; ");
        Self { standing, says, conditions: parts.into_iter().flat_map(|part| part.conditions).collect() }
    }
}

/// `2 min`, `90 s`: how long something is to hold, with the unit what it did hold is counted in.
pub(super) fn counted_in(span: Span) -> (i64, &'static str) {
    const UNITS: [(i64, &str); 3] = [(3_600_000, "h"), (60_000, "min"), (1_000, "s")];
    let fits = |(unit, _): &&(i64, &str)| span.as_millis() % unit == 0;
    UNITS.iter().find(fits).copied().unwrap_or((1, "ms"))
}

/// `held 1 of 2 min`; once that is long enough, `held for 16m`.
pub(super) fn held_of(held: Span, of: Span) -> String {
    if held >= of {
        return format!("held for {held}");
    }
    let (unit, word) = counted_in(of);
    format!("held {} of {} {word}", held.as_millis() / unit, of.as_millis() / unit)
}
