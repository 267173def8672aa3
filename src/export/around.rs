//! What stood around an incident: what the catalog says of its services, and what the diagnosis says of the moments
//! that count, worked out again from the signals as of then.
//!
//! Nothing here is remembered or guessed: without a catalog, or without signals of that time, a row says that it was
//! not captured.

use super::model::{Exercise, Model};
use crate::diagnosis::{Diagnosis, Issue, Level, Policy, Reason, Situation, Suspect};
use crate::domain::catalog::{Catalog, Criticality, Tier};
use crate::domain::event::{Moment, When};
use crate::domain::id::ServiceName;
use crate::domain::incident::Incident;
use crate::domain::log::SignalLog;
use crate::domain::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// Where the rest of a model comes from.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    pub catalog: &'a Catalog,
    pub signals: &'a SignalLog,
    pub policy: &'a Policy,
}

/// The moments at which it counts what could be known.
const MOMENTS: [Moment; 5] =
    [Moment::Detected, Moment::Declared, Moment::CauseIdentified, Moment::Mitigated, Moment::Resolved];
/// Signals older than this say nothing about a moment.
const FRESH: Span = Span::hours(72);
/// So many findings of a moment are told; how many there were is told as well.
const FINDINGS: usize = 5;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRow {
    pub name: ServiceName,
    /// Absent where the catalog knows nothing of it.
    pub described: Option<Described>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    pub tier: String,
    pub criticality: String,
    /// As the catalog has it; empty where it names nobody.
    pub owner: String,
    pub consequence: String,
    pub depends_on: Vec<ServiceName>,
    /// What stands on it.
    pub needed_by: Vec<ServiceName>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownRow {
    pub moment: Moment,
    pub at: Time,
    /// The time for people.
    pub time: String,
    /// Absent where no signals of that time are kept.
    pub known: Option<Known>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub level: String,
    pub sentence: String,
    pub findings: Vec<FindingRow>,
    /// How many there were, told or not.
    pub found: usize,
    pub suspect: Option<SuspectRow>,
    /// How many signals of the three days before it was worked out from.
    pub signals: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRow {
    pub text: String,
    pub rule: String,
    pub since: Time,
}

/// The recent change most spoke for, and what did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuspectRow {
    pub text: String,
    pub score: i64,
    pub reasons: Vec<String>,
}

impl Model {
    /// The same with what its surroundings say.
    #[must_use]
    pub fn within(mut self, around: Around<'_>) -> Self {
        for row in &mut self.services {
            row.described = described(around.catalog, &row.name);
        }
        if let Some(last) = self.known.iter().map(|row| row.at).max() {
            let mut diagnosis = Diagnosis::new(around.catalog.clone(), around.policy.clone());
            // All that came before, because what is usual is judged by weeks.
            around.signals.range(Time::MIN, last).for_each(|signal| diagnosis.observe(signal));
            for row in &mut self.known {
                let signals = around.signals.range(row.at - FRESH, row.at).count();
                row.known = (signals > 0).then(|| known(&diagnosis.situation(&[], row.at), signals));
            }
        }
        self
    }

    /// The same as what was played.
    #[must_use]
    pub fn played(mut self, exercise: Option<Exercise>) -> Self {
        self.incident.exercise = self.incident.exercise.or(exercise);
        self
    }
}

impl ServiceRow {
    pub(super) fn unknown(name: &ServiceName) -> Self {
        Self { name: name.clone(), described: None }
    }
}

impl KnownRow {
    /// The moments that happened, in the order they did.
    pub(super) fn unknown(incident: &Incident, said: impl Fn(When) -> String) -> Vec<Self> {
        let row = |moment: Moment| {
            let when = incident.when(moment)?;
            Some(Self { moment, at: when.from, time: said(when), known: None })
        };
        let mut rows: Vec<_> = MOMENTS.into_iter().filter_map(row).collect();
        rows.sort_by_key(|row| row.at);
        rows
    }
}

fn described(catalog: &Catalog, name: &ServiceName) -> Option<Described> {
    let service = catalog.service(name.as_str())?;
    let stands_on_it = catalog.services.iter().filter(|other| other.depends_on.contains(name));
    Some(Described {
        tier: tier(service.tier).to_owned(),
        criticality: criticality(service.criticality).to_owned(),
        owner: service.owner.clone(),
        consequence: service.consequence.clone(),
        depends_on: service.depends_on.clone(),
        needed_by: stands_on_it.map(|other| other.name.clone()).collect(),
    })
}

const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Foundation => "foundation",
        Tier::Core => "core",
        Tier::Supporting => "supporting",
    }
}

const fn criticality(criticality: Criticality) -> &'static str {
    match criticality {
        Criticality::Critical => "critical",
        Criticality::High => "high",
        Criticality::Normal => "normal",
        Criticality::Low => "low",
    }
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Unknown => "unknown",
        Level::Normal => "normal",
        Level::Elevated => "elevated",
        Level::Degraded => "degraded",
        Level::Critical => "critical",
    }
}

fn known(situation: &Situation, signals: usize) -> Known {
    let Situation { state, issues, suspects, .. } = situation;
    Known {
        level: level(state.level).to_owned(),
        sentence: state.sentence.clone(),
        findings: issues.iter().take(FINDINGS).map(finding).collect(),
        found: issues.len(),
        suspect: suspects.first().map(suspect),
        signals,
    }
}

fn finding(issue: &Issue) -> FindingRow {
    FindingRow { text: issue.text.clone(), rule: issue.rule.to_owned(), since: issue.since }
}

fn suspect(suspect: &Suspect) -> SuspectRow {
    let reason = |reason: &Reason| format!("{} {:+}", reason.text, reason.weight);
    SuspectRow {
        text: suspect.change.text.clone(),
        score: suspect.score,
        reasons: suspect.reasons.iter().map(reason).collect(),
    }
}
