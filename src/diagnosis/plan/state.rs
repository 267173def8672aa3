//! What is said of a plan: numbers beside what was entered, and for each goal whether it is met.

use crate::domain::catalog::Unit;
use crate::domain::{IncidentId, ServiceName, SignalKey, Span, Time};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanState {
    /// Which day of the plan it is; absent before its first.
    pub day: Option<i64>,
    pub days: u32,
    /// What was counted: later than this, up to `to`.
    pub from: Time,
    pub to: Time,
    pub failures: Failures,
    /// In the order of the plan.
    pub vectors: Vec<VectorState>,
    /// In the order of the phases.
    pub metrics: Vec<MetricState>,
    pub risks: Vec<RiskState>,
    /// What is deployed before what, by tiers and dependencies; within one of them the order does not matter.
    pub deploy_order: Vec<Vec<ServiceName>>,
}

/// Deployments to production that ended, and those that failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failures {
    pub deployments: usize,
    pub failed: usize,
    /// In percent; absent where nothing was deployed.
    pub rate: Option<f64>,
    pub recovery_minutes: i64,
    /// Failures of which nobody measured how long recovering took.
    pub without_recovery: usize,
    /// Failures that are of no vector of the plan.
    pub unrecognised: usize,
    /// Failures that are of no vector, newest first.
    pub seen: Vec<FailureSeen>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VectorState {
    pub id: String,
    pub failures: usize,
    /// Of all failures, in percent; absent where nothing failed.
    pub share: Option<f64>,
    pub recovery_minutes: i64,
    /// Of all time spent recovering, in percent; absent where none was measured.
    pub recovery_share: Option<f64>,
    /// Newest first.
    pub seen: Vec<FailureSeen>,
}

/// One deployment that failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureSeen {
    pub signal: SignalKey,
    pub at: Time,
    pub service: ServiceName,
    pub version: String,
    /// Why it counts as failed.
    pub why: String,
    /// Why it is of this vector.
    pub recognised: Option<String>,
    pub incident: Option<IncidentId>,
    pub recovery_minutes: Option<i64>,
}

/// One success metric of a phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricState {
    /// The place of its phase in the plan, from 0.
    pub phase: usize,
    pub name: String,
    /// The expression, as it is understood.
    pub goal: Option<String>,
    pub verdict: Verdict,
    /// Why it is not measured, or what the verdict is made of.
    pub why: String,
    /// What it is to come to, as it was written: `> 90 %`, `down 60 %`.
    pub wanted: String,
    pub target: Option<Reading>,
    pub baseline: Option<Reading>,
    pub now: Option<Reading>,
    /// Evenly from the plan's first day to now, oldest first; nothing where nothing was measured.
    pub trend: Vec<Option<f64>>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RiskState {
    pub name: String,
    pub verdict: Verdict,
    pub why: String,
    pub now: Option<Reading>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Of a goal: it has come to what it is to come to. Of a risk: it has come true.
    Met,
    NotMet,
    NotMeasured,
    /// There is no expression: people judge it.
    ForPeople,
}

/// A number and what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Reading {
    pub value: f64,
    pub unit: Unit,
}

impl Reading {
    pub fn new(value: f64, unit: Unit) -> Self {
        Self { value: crate::diagnosis::stats::rounded(value), unit }
    }

    /// `62 min`, `31 %`, `240 ms`, `3`.
    pub fn say(self) -> String {
        match self.unit {
            Unit::Milliseconds if self.value >= 1_000.0 => said_length(Span::millis(self.value as i64)),
            unit => unit.say((self.value * 10.0).round() / 10.0),
        }
    }
}

/// `45 s`, `2 min`, `1 h 30 min`.
pub fn said_length(span: Span) -> String {
    let (seconds, minutes) = (span.as_seconds(), span.as_minutes());
    match minutes {
        _ if seconds < 60 => format!("{seconds} s"),
        0..120 => format!("{minutes} min"),
        _ if minutes % 60 == 0 => format!("{} h", minutes / 60),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

impl Verdict {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::NotMeasured => "not measured yet",
            Self::ForPeople => "for people",
        }
    }
}
