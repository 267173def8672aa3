//! From signals and catalog to a situation: what state we are in, what changed, what is open, in what order.
//!
//! Pure and deterministic: the same signals, catalog, policy, sources and `now` give the same situation, whatever
//! order the signals came in. Signals later than `now` are not seen, so looking back is the same function at
//! another `now`. Nothing here is stored as fact; every statement names its rule and carries its evidence.

mod anomaly;
pub mod book;
mod budgets;
mod burn;
mod changes;
mod chart;
mod confidence;
mod coverage;
mod history;
mod memory;
pub mod plan;
pub mod policy;
mod remedies;
pub mod roster;
mod rule;
pub mod rules;
mod say;
mod sequence;
mod series;
pub mod situation;
mod state;
mod stats;
mod suspects;
#[cfg(test)]
mod testing;
mod topology;
mod view;
mod watches;

pub use budgets::{Budget, Demanded};
pub use chart::chart;
pub use policy::Policy;
pub use situation::{
    Changed, Chart, Confidence, ConfidenceLevel, Coverage, Covered, CoveredEndpoint, Evidence, Gravity,
    Horizon, Issue, Level, Reason, Remedy, ServiceState, Signals, Situation, SourceSeen, Spark, State,
    Statement, Step, StepKind, Suspect, WantedAlarm,
};
pub use watches::{ConditionState, MeasuredState, ModeState, Standing, TriggerState, Watch};

use crate::domain::{Catalog, Room, SignalLog, SignalRef, SourceStatus, Span, Time};
use history::History;
use memory::{Memory, Picture, floor};
use rule::{Finding, Place};
use sequence::Moment;
use std::sync::Arc;
use topology::Topology;
use view::View;
use watches::Watches;

/// The situation at `now`, from scratch, of a room without a journal.
pub fn situation(
    signals: &SignalLog,
    catalog: &Catalog,
    policy: &Policy,
    sources: &[SourceStatus],
    now: Time,
) -> Situation {
    situation_in(&Arc::default(), signals, catalog, policy, sources, now)
}

/// The situation at `now`, from scratch; `room` is what the journal knows.
pub fn situation_in(
    room: &Arc<Room>,
    signals: &SignalLog,
    catalog: &Catalog,
    policy: &Policy,
    sources: &[SourceStatus],
    now: Time,
) -> Situation {
    let mut diagnosis = Diagnosis::new(catalog.clone(), policy.clone());
    diagnosis.recall(room);
    for signal in signals.iter() {
        diagnosis.observe(signal);
    }
    diagnosis.situation(sources, now)
}

/// The same, kept up to date signal by signal.
#[derive(Debug)]
pub struct Diagnosis {
    catalog: Catalog,
    policy: Policy,
    topology: Topology,
    watches: Watches,
    history: History,
    memory: Memory,
    /// What people did, as the journal knows it.
    room: Arc<Room>,
    plan: plan::Memory,
}

impl Diagnosis {
    pub fn new(catalog: Catalog, policy: Policy) -> Self {
        let (topology, watches) = (Topology::of(&catalog), Watches::of(&catalog));
        let (history, memory) = (History::default(), Memory::default());
        let (room, plan) = (Arc::default(), plan::Memory::default());
        Self { catalog, policy, topology, watches, history, memory, room, plan }
    }

    /// Takes in what the journal knows by now.
    pub fn recall(&mut self, room: &Arc<Room>) {
        self.room = Arc::clone(room);
    }

    /// Takes one more signal in, in any order; one that is known already changes nothing.
    pub fn observe(&mut self, signal: SignalRef<'_>) {
        if self.history.observe(signal, &self.catalog) {
            self.memory.forget(signal.kind(), signal.at());
            self.plan.forget(signal.at());
        }
    }

    /// Lets go of what was observed before a moment, but for how alarms stand; what it says from then on is what is
    /// said of the rest.
    pub fn forget(&mut self, before: Time) {
        self.history.forget(before);
        self.memory.clear();
        self.plan.clear();
    }

    pub fn situation(&mut self, sources: &[SourceStatus], now: Time) -> Situation {
        let Self { catalog, policy, topology, watches, history, memory, room, plan } = self;
        let view = View::new(history, catalog, policy, (topology, watches), sources, now);
        let findings = memory.findings(&view);
        let sequence = sequence::sequence(&view, |from, to| settled(&view, memory, from, to));
        let state = state::state(&view, &findings);
        Situation {
            at: now,
            changes: changes::changes(&view, &findings),
            exposure: statements(&findings, Place::Exposure),
            actions: remedies::remedies(&view, &findings),
            issues: issues(&findings),
            triggers: view.watches.triggers(&view),
            modes: view.modes().to_vec(),
            confidence: confidence::confidence(&view, &findings, &state),
            state,
            signals: Signals {
                pr: statements(&findings, Place::PullRequests),
                operational: statements(&findings, Place::Operational),
            },
            suspects: view.suspects().iter().map(suspect).collect(),
            sequence,
            coverage: coverage::coverage(&view),
            budgets: budgets::budgets(&view),
            sources: sources.iter().map(|status| SourceSeen::of(status, now)).collect(),
            plan: plan.state(&view, room),
        }
    }
}

const MINUTE: Span = Span::minutes(1);

/// The last minute of a window at which the findings or the first suspect were not what they were a minute before.
fn settled(view: &View<'_>, memory: &mut Memory, from: Time, to: Time) -> Option<Moment> {
    let mut at = floor(to, MINUTE);
    let mut after = memory.picture(&view.at(at));
    while at >= from {
        let before = memory.picture(&view.at(at - MINUTE));
        if before != after {
            return Some(Moment { at, text: update_text(&before, &after) });
        }
        at = at - MINUTE;
        after = before;
    }
    None
}

fn update_text(before: &Picture, after: &Picture) -> String {
    match &after.suspect {
        Some((_, suspect)) if before.suspect != after.suspect => {
            format!("Diagnosis updated: first suspect {suspect}")
        }
        _ => {
            let (new, gone) = (only_in(after, before), only_in(before, after));
            let what = match (new.as_slice(), gone.as_slice()) {
                ([], []) => "nothing is suspected any more".to_owned(),
                ([], gone) => format!("no longer {}", say::list(gone)),
                (new, _) => say::list(new),
            };
            format!("Diagnosis updated: {what}")
        }
    }
}

/// The titles of the rules whose findings stand in one picture and not in the other.
fn only_in(picture: &Picture, other: &Picture) -> Vec<&'static str> {
    let ids = picture.findings.iter().filter(|id| !other.findings.contains(id));
    let mut titles: Vec<_> =
        ids.filter_map(|id| rules::rule(id.split(':').next()?)).map(|rule| rule.title).collect();
    titles.dedup();
    titles
}

/// Gravest first, then what the team itself has said it would act on, then the youngest.
fn issues(findings: &[Finding]) -> Vec<Issue> {
    let mut issues: Vec<Issue> = findings.iter().filter_map(issue).collect();
    issues.sort_by(|a, b| {
        let demands = |issue: &Issue| issue.rule != rules::rollback_trigger::RULE.id;
        let order = a.severity.cmp(&b.severity).then(demands(a).cmp(&demands(b)));
        order.then(b.since.cmp(&a.since)).then_with(|| a.id.cmp(&b.id))
    });
    issues
}

fn issue(finding: &Finding) -> Option<Issue> {
    let text = finding.says_at(Place::Issue).next()?.to_owned();
    Some(Issue {
        id: finding.id(),
        text,
        since: finding.since,
        consequence: finding.consequence.clone(),
        severity: finding.severity,
        rule: finding.rule,
        service: finding.service.clone(),
        evidence: finding.evidence.clone(),
    })
}

fn statements(findings: &[Finding], place: Place) -> Vec<Statement> {
    let said = findings.iter().flat_map(|finding| finding.says_at(place).map(move |text| (finding, text)));
    said.map(|(finding, text)| Statement {
        text: say::capitalised(text),
        rule: finding.rule,
        evidence: finding.evidence.clone(),
    })
    .collect()
}

fn suspect(scored: &suspects::Scored) -> Suspect {
    Suspect { change: changes::of_suspect(scored), score: scored.score, reasons: scored.reasons.clone() }
}
