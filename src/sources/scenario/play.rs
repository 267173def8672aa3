//! A scenario played as a source: whatever has become due since the last time it was asked.
//!
//! Pure. Whoever drives it brings the time and does the waiting.

use super::Scenario;
use super::series::Series;
use crate::domain::{Signal, Time};
use std::sync::Arc;

/// A place in a scenario: how far its events and each of its series have been told.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    event: usize,
    /// One for each series that has samples left.
    heads: Vec<Head>,
}

/// The next sample of a series. Its time is kept, since it is compared with all others for every signal told.
#[derive(Clone, Copy, Debug)]
struct Head {
    at: Time,
    series: usize,
    place: u64,
}

/// What is told next.
#[derive(Clone, Copy)]
enum Next {
    Event(Time),
    Sample { head: usize, at: Time },
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
        let first = |(series, given): (usize, &Series)| Some(Head { at: given.at(0)?, series, place: 0 });
        Self { event: 0, heads: scenario.series.iter().enumerate().filter_map(first).collect() }
    }

    /// The next signal, if it is due by `until`.
    pub(super) fn advance(&mut self, scenario: &Scenario, until: Time) -> Option<Signal> {
        match self.next(scenario).filter(|next| next.at() <= until)? {
            Next::Event(_) => {
                self.event += 1;
                scenario.events.get(self.event - 1).cloned()
            }
            Next::Sample { head, .. } => Some(self.sample(head, scenario)),
        }
    }

    fn sample(&mut self, head: usize, scenario: &Scenario) -> Signal {
        let Head { at, series, place } = self.heads[head];
        let series = &scenario.series[series];
        match series.at(place + 1) {
            Some(next) => self.heads[head] = Head { at: next, place: place + 1, ..self.heads[head] },
            None => {
                self.heads.remove(head);
            }
        }
        series.sample(place, at)
    }

    fn next(&self, scenario: &Scenario) -> Option<Next> {
        let event = scenario.events.get(self.event).map(|event| Next::Event(event.at));
        let first = self.heads.iter().enumerate().min_by_key(|(_, head)| head.at);
        let sample = first.map(|(place, head)| Next::Sample { head: place, at: head.at });
        event.into_iter().chain(sample).min_by_key(|next| next.at())
    }
}

impl Next {
    fn at(self) -> Time {
        match self {
            Self::Event(at) | Self::Sample { at, .. } => at,
        }
    }
}
