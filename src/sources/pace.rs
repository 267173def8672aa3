//! How often something was done in the last minute: counted, so that it need not be guessed.

use crate::domain::{Span, Time};
use std::collections::VecDeque;

const MINUTE: Span = Span::minutes(1);
/// Whoever asks more often than this in a minute need not know how much more.
const MOST: usize = 10_000;

#[derive(Clone, Debug, Default)]
pub struct Pace(VecDeque<Time>);

impl Pace {
    pub fn one_more(&mut self, now: Time) {
        self.0.push_back(now);
        let is_over = |done: &Time| *done <= now - MINUTE;
        while self.0.len() > MOST || self.0.front().is_some_and(is_over) {
            self.0.pop_front();
        }
    }

    /// How long until it was done less often than this in a minute; nothing where it was.
    pub fn until_below(&self, most: u32, now: Time) -> Option<Span> {
        let over = (self.in_a_minute(now) as usize).checked_sub(most as usize)?;
        let leaves = self.0.iter().filter(|done| **done > now - MINUTE).nth(over);
        Some(leaves.map_or(MINUTE, |done| *done + MINUTE - now))
    }

    pub fn in_a_minute(&self, now: Time) -> u32 {
        let recent = self.0.iter().filter(|done| **done > now - MINUTE).count();
        u32::try_from(recent).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_minute_counts_and_no_more_is_kept() {
        let (mut pace, at) = (Pace::default(), |second: i64| Time::from_millis(second * 1_000));
        for second in 0..100 {
            pace.one_more(at(second));
        }
        assert_eq!((pace.in_a_minute(at(99)), pace.0.len()), (60, 60));
        assert_eq!(pace.in_a_minute(at(158)), 1);
        assert_eq!(pace.until_below(60, at(99)), Some(Span::seconds(1)));
        assert_eq!(pace.until_below(20, at(99)), Some(Span::seconds(41)));
        assert_eq!(
            (pace.until_below(61, at(99)), pace.until_below(0, at(500))),
            (None, Some(Span::minutes(1)))
        );
        for _ in 0..2 * MOST {
            pace.one_more(at(200));
        }
        assert_eq!(pace.0.len(), MOST);
    }
}
