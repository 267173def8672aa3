//! From signals and catalog to a situation: what state we are in, what changed, what is open, in what order.
//!
//! Pure and deterministic: the same signals, catalog, policy, sources and `now` give the same situation, whatever
//! order the signals came in. Signals later than `now` are not seen, so looking back is the same function at
//! another `now`. Nothing here is stored as fact; every statement names its rule and carries its evidence.

pub mod policy;
pub mod situation;

pub use policy::Policy;
pub use situation::{
    Changed, Chart, Confidence, ConfidenceLevel, Evidence, Gravity, Horizon, Issue, Level, Reason, Remedy,
    ServiceState, Signals, Situation, SourceSeen, Spark, State, Statement, Step, StepKind, Suspect,
};

use crate::domain::{Catalog, SeriesName, SignalLog, SignalRef, SourceStatus, Time};

/// The situation at `now`, from scratch.
pub fn situation(
    signals: &SignalLog,
    catalog: &Catalog,
    policy: &Policy,
    sources: &[SourceStatus],
    now: Time,
) -> Situation {
    let mut diagnosis = Diagnosis::new(catalog.clone(), policy.clone());
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
}

impl Diagnosis {
    pub fn new(catalog: Catalog, policy: Policy) -> Self {
        Self { catalog, policy }
    }

    /// Takes one more signal in, in any order; one that is known already changes nothing.
    pub fn observe(&mut self, signal: SignalRef<'_>) {
        let _ = (signal, &self.catalog, &self.policy);
    }

    pub fn situation(&mut self, sources: &[SourceStatus], now: Time) -> Situation {
        Situation::quiet(sources, now)
    }

    /// A series within a window, with the baseline it is judged against at the window's end.
    pub fn chart(&mut self, series: &SeriesName, from: Time, to: Time) -> Option<Chart> {
        let _ = (series, from, to);
        None
    }
}
