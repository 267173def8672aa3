//! A scenario played as a source: whatever has become due since the last time it was asked.
//!
//! Pure. Whoever drives it brings the time and does the waiting.

use super::Scenario;
use crate::domain::{Signal, Time};
use std::sync::Arc;

/// A place in a scenario: how far its events and each of its series have been told.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    event: usize,
    samples: Vec<u64>,
}

/// What is told next.
#[derive(Clone, Copy)]
enum Next {
    Event(Time),
    Sample { series: usize, at: Time },
}

/// Plays a scenario to the engine.
#[derive(Clone, Debug)]
pub struct ScenarioSource {
    scenario: Arc<Scenario>,
    cursor: Cursor,
}

impl ScenarioSource {
    pub fn new(scenario: Arc<Scenario>) -> Self {
        let cursor = Cursor::new(&scenario);
        Self { scenario, cursor }
    }

    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// All that has happened by now and was not told yet, oldest first: the first time, all history.
    pub fn due(&mut self, now: Time) -> Vec<Signal> {
        std::iter::from_fn(|| self.cursor.advance(&self.scenario, now)).collect()
    }

    /// When the next signal is due; `None` when there is nothing left to tell.
    pub fn next_at(&self) -> Option<Time> {
        self.cursor.next(&self.scenario).map(Next::at)
    }
}

impl Cursor {
    pub(super) fn new(scenario: &Scenario) -> Self {
        Self { event: 0, samples: vec![0; scenario.series.len()] }
    }

    /// The next signal, if it is due by `until`.
    pub(super) fn advance(&mut self, scenario: &Scenario, until: Time) -> Option<Signal> {
        match self.next(scenario).filter(|next| next.at() <= until)? {
            Next::Event(_) => {
                self.event += 1;
                scenario.events.get(self.event - 1).cloned()
            }
            Next::Sample { series, at } => {
                let place = self.samples[series];
                self.samples[series] += 1;
                Some(scenario.series[series].sample(place, at))
            }
        }
    }

    fn next(&self, scenario: &Scenario) -> Option<Next> {
        let event = scenario.events.get(self.event).map(|event| Next::Event(event.at));
        let samples = scenario.series.iter().zip(&self.samples).enumerate();
        let samples = samples
            .filter_map(|(series, (given, place))| Some(Next::Sample { series, at: given.at(*place)? }));
        event.into_iter().chain(samples).min_by_key(|next| next.at())
    }
}

impl Next {
    fn at(self) -> Time {
        match self {
            Self::Event(at) | Self::Sample { at, .. } => at,
        }
    }
}
