//! From when on to ask: since the last good answer, with some overlap for what arrives late, and everything once.
//!
//! After an outage the window reaches back to where the last answer ended, so that the gap is filled. All its moments are
//! of the clock of AWS.

use crate::domain::{Signal, SignalId, Span, Time};
use std::collections::HashMap;

#[derive(Clone, Debug)]
pub(super) struct Window {
    first: Span,
    overlap: Span,
    reached: Option<Time>,
    /// The window being read, page by page; it does not move while it is.
    open: Option<(Time, Time)>,
    /// What was told, and the end of the window it was last seen in.
    told: HashMap<SignalId, Time>,
}

impl Window {
    /// The first look goes back by `first`, later ones overlap.
    pub fn new(first: Span, overlap: Span) -> Self {
        Self { first, overlap, reached: None, open: None, told: HashMap::new() }
    }

    /// Up to when everything has been read.
    pub fn reached(&self) -> Option<Time> {
        self.reached
    }

    /// From when to when to ask.
    pub fn open(&mut self, now: Time) -> (Time, Time) {
        let oldest = now - self.first;
        let from = self.reached.map_or(oldest, |reached| (reached - self.overlap).max(oldest));
        *self.open.get_or_insert((from, now))
    }

    /// All pages of the open window have been read. What lay beyond `now` when it was opened, by a clock that was not
    /// known yet, is still to come.
    pub fn close(&mut self, now: Time) {
        let Some((from, until)) = self.open.take() else { return };
        self.reached = Some(until.min(now));
        self.told.retain(|_, seen| *seen >= from - self.overlap);
    }

    /// Everything up to here has come in by another way.
    pub fn reach(&mut self, until: Time) {
        self.open = None;
        self.reached = Some(until);
        let horizon = until - self.overlap - self.overlap;
        self.told.retain(|_, seen| *seen >= horizon);
    }

    /// Gives the window up, to ask for the same again.
    pub fn give_up(&mut self) {
        self.open = None;
    }

    /// Whether a signal has not been told yet; from now on it has.
    pub fn is_new(&mut self, signal: &Signal) -> bool {
        let seen = self.open.map(|(_, until)| until).or(self.reached).unwrap_or(signal.at);
        self.told.insert(signal.id, seen).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Time {
        Time::from_millis(minute * 60_000)
    }

    #[test]
    fn a_window_overlaps_the_last_one_and_an_outage_is_filled() {
        let mut window = Window::new(Span::hours(2), Span::minutes(5));
        assert_eq!(window.open(at(600)), (at(480), at(600)));
        assert_eq!(window.open(at(601)), (at(480), at(600)), "it does not move while it is read");
        window.close(at(600));
        assert_eq!(window.open(at(640)), (at(595), at(640)));
        window.give_up();
        assert_eq!(window.open(at(690)), (at(595), at(690)));
        window.give_up();
        assert_eq!(window.open(at(6_000)), (at(5_880), at(6_000)), "no further back than the first look");
    }

    #[test]
    fn what_a_wrong_clock_asked_of_the_future_is_asked_for_when_it_is_there() {
        let mut window = Window::new(Span::hours(2), Span::minutes(5));
        window.open(at(660));
        window.close(at(600));
        assert_eq!(window.open(at(601)), (at(595), at(601)));
    }
}
