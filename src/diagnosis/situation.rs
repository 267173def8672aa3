//! What the diagnosis says: the situation at a moment, in the terms screens and `sitroom status` speak.
//!
//! Serialises to the fields documented in `docs/JSON.md`. Everything is sorted, worst or weightiest first, and
//! every statement carries the evidence it rests on.

use super::budgets::Budget;
use super::plan::PlanState;
use super::watches::{ModeState, TriggerState};
use crate::domain::catalog::Unit;
use crate::domain::signal::{AlarmState, Kind};
use crate::domain::{Health, SeriesName, ServiceName, SignalId, SignalKey, SourceName, SourceStatus, Time};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Situation {
    pub at: Time,
    pub state: State,
    /// The last 72 hours, by rank; a shorter window is a filter on `at`.
    pub changes: Vec<Changed>,
    pub exposure: Vec<Statement>,
    pub actions: Vec<Remedy>,
    pub issues: Vec<Issue>,
    /// Rollback triggers of the catalog: those that demand a rollback first, then by how far they are.
    pub triggers: Vec<TriggerState>,
    /// The degradation modes services are in, the worst first.
    pub modes: Vec<ModeState>,
    pub confidence: Confidence,
    pub signals: Signals,
    pub suspects: Vec<Suspect>,
    pub sequence: Vec<Step>,
    pub coverage: Coverage,
    /// The error budgets, the one that demands most first.
    pub budgets: Vec<Budget>,
    pub sources: Vec<SourceSeen>,
    /// The team's plan, measured; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Arc<PlanState>>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    pub level: Level,
    pub sentence: String,
    /// Worst first; of those as bad, the ones with errors first, then by name.
    pub services: Vec<ServiceState>,
}

/// How a service or the whole is doing; later is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing was observed that could say. It is not known to be wrong, and not known to be well.
    #[default]
    Unknown,
    Normal,
    Elevated,
    Degraded,
    Critical,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceState {
    pub name: ServiceName,
    pub level: Level,
    /// `5xx 2.5 % (0.5 %)`, an alarm's name, `ok` or `not observed`; behind the degradation mode it is in, if it is in one.
    pub text: String,
    /// The degradation modes it is in, the worst first; the situation's `modes` say more.
    pub modes: Vec<String>,
    pub version: Option<String>,
    /// Since when it is at this level; when it is normal, when it last changed.
    pub since: Option<Time>,
    pub spark: Option<Spark>,
}

/// The series that tells most about a service, small enough to draw in a cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spark {
    pub series: SeriesName,
    pub unit: Unit,
    pub value: f64,
    pub baseline: f64,
    /// The last hour, a value a minute; a minute with nothing measured repeats the one before.
    #[serde(skip)]
    pub values: Arc<[f64]>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    pub id: SignalId,
    pub at: Time,
    /// `AWS Deploy`, `Git PR`, `Config`.
    pub tag: String,
    pub service: Option<ServiceName>,
    pub text: String,
    pub evidence: Vec<Evidence>,
    /// 1 is what to look at first.
    pub rank: usize,
    #[serde(skip)]
    pub kind: Kind,
}

/// What a statement rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Evidence {
    Signal {
        id: SignalId,
        at: Time,
        title: String,
    },
    Number {
        name: &'static str,
        value: f64,
        unit: &'static str,
    },
    Link {
        url: String,
    },
    /// A series worth drawing, with the moment to mark in it.
    Series {
        name: SeriesName,
        #[serde(skip_serializing_if = "Option::is_none")]
        marked_at: Option<Time>,
    },
    Window {
        from: Time,
        to: Time,
    },
}

/// A line of exposure or of the PR/review and operational signals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    pub text: String,
    pub rule: &'static str,
    pub evidence: Vec<Evidence>,
}

/// What the diagnosis recommends; screens call it a priority action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remedy {
    pub text: String,
    pub impact: Gravity,
    pub horizon: Horizon,
    pub because: String,
    pub rule: &'static str,
    pub service: Option<ServiceName>,
    pub evidence: Vec<Evidence>,
}

/// How much something weighs; earlier is graver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    High,
    Medium,
    Low,
}

/// By when a remedy ought to be done; earlier is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Horizon {
    #[serde(rename = "immediate")]
    Immediate,
    #[serde(rename = "within 24h")]
    Within24h,
    #[serde(rename = "before next deploy")]
    BeforeNextDeploy,
    #[serde(rename = "this week")]
    ThisWeek,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Issue {
    /// Made of the rule and what it is about, so that it stays the same while the numbers move.
    pub id: String,
    pub text: String,
    pub since: Time,
    pub consequence: String,
    pub severity: Gravity,
    pub rule: &'static str,
    pub service: Option<ServiceName>,
    pub evidence: Vec<Evidence>,
}

/// Whether this is a moment to release: a hundred, and what is taken from it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Confidence {
    pub level: ConfidenceLevel,
    /// 100 plus the weights of all reasons, not below 0; absent where nothing was observed that could say.
    pub score: Option<i64>,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfidenceLevel {
    Unknown,
    Low,
    Guarded,
    High,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub text: String,
    pub weight: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Signals {
    pub pr: Vec<Statement>,
    pub operational: Vec<Statement>,
}

/// A recent change and how much speaks for its being the cause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suspect {
    pub change: Changed,
    /// The sum of the weights, not below 0.
    pub score: i64,
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    pub at: Time,
    pub kind: StepKind,
    pub text: String,
    /// Since the step before; absent on the first.
    pub gap_minutes: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<SignalKey>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    Deploy,
    Config,
    Scaling,
    Alarm,
    Diagnosis,
    Action,
    Recovery,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceSeen {
    pub name: SourceName,
    pub state: Health,
    /// How old its data is; absent when it never answered.
    pub age_seconds: Option<i64>,
    pub message: String,
}

/// Who would be told when an endpoint is slow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// When the alarms were first listed; absent while nobody knows which there are.
    pub listed_at: Option<Time>,
    /// Services of the catalog with endpoints or alarms it wants.
    pub services: Vec<Covered>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Covered {
    pub service: ServiceName,
    pub endpoints: Vec<CoveredEndpoint>,
    pub wanted: Vec<WantedAlarm>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoveredEndpoint {
    pub name: String,
    pub path: String,
    pub critical: bool,
    /// Alarms on its p95 or p99 latency.
    pub alarms: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WantedAlarm {
    pub name: String,
    /// Absent where no such alarm is known.
    pub state: Option<AlarmState>,
}

/// A series to draw, with the baseline it is judged against.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    pub series: SeriesName,
    pub unit: Unit,
    /// Oldest first.
    pub points: Vec<(Time, f64)>,
    pub baseline: Option<f64>,
    /// Above this the series counts as elevated.
    pub limit: Option<f64>,
}

impl Confidence {
    /// With what speaks against a release all the same.
    pub(super) const fn unknown(reasons: Vec<Reason>) -> Self {
        Self { level: ConfidenceLevel::Unknown, score: None, reasons }
    }
}

/// `guarded 62`, `unknown`.
impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.score {
            Some(score) => write!(f, "{} {score}", self.level),
            None => write!(f, "{}", self.level),
        }
    }
}

/// Steps by time, with the gap of each to the one before.
pub(super) fn in_order(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by_key(|step| (step.at, step.kind));
    let mut before: Option<Time> = None;
    for step in &mut steps {
        step.gap_minutes = before.map(|before| (step.at - before).as_minutes());
        before = Some(step.at);
    }
    steps
}

impl SourceSeen {
    pub fn of(status: &SourceStatus, now: Time) -> Self {
        Self {
            name: status.name.clone(),
            state: status.health,
            age_seconds: status.last_good.map(|good| good.age(now).as_seconds()),
            message: status.message.clone(),
        }
    }
}

macro_rules! spoken {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

spoken!(Level {
    Unknown = "unknown",
    Normal = "normal", Elevated = "elevated", Degraded = "degraded", Critical = "critical" });
spoken!(Gravity { High = "high", Medium = "medium", Low = "low" });
spoken!(ConfidenceLevel { Unknown = "unknown", Low = "low", Guarded = "guarded", High = "high" });
spoken!(Horizon {
    Immediate = "immediate",
    Within24h = "within 24h",
    BeforeNextDeploy = "before next deploy",
    ThisWeek = "this week",
});
spoken!(StepKind {
    Deploy = "deploy",
    Config = "config",
    Scaling = "scaling",
    Alarm = "alarm",
    Diagnosis = "diagnosis",
    Action = "action",
    Recovery = "recovery",
});

impl Situation {
    /// A situation of which nothing is known yet.
    pub fn quiet(sources: &[SourceStatus], now: Time) -> Self {
        Self {
            at: now,
            state: State { level: Level::Unknown, sentence: String::new(), services: Vec::new() },
            changes: Vec::new(),
            exposure: Vec::new(),
            actions: Vec::new(),
            issues: Vec::new(),
            triggers: Vec::new(),
            modes: Vec::new(),
            confidence: Confidence::unknown(Vec::new()),
            signals: Signals::default(),
            suspects: Vec::new(),
            sequence: Vec::new(),
            coverage: Coverage::default(),
            budgets: Vec::new(),
            sources: sources.iter().map(|status| SourceSeen::of(status, now)).collect(),
            plan: None,
        }
    }
}
