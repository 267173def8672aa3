//! What a check thinks of its service, answer by answer, and what of that is worth telling.
//!
//! Pure. One good answer makes it healthy, so many bad ones in a row make it unhealthy; within the time a start may
//! take, bad answers do not count until there was a good one.

use crate::domain::{Span, Time};

#[derive(Clone, Debug)]
pub(super) struct Course {
    threshold: u32,
    grace: Span,
    repeated: Span,
    bad: u32,
    told: Option<(bool, Time)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub healthy: bool,
    /// Bad answers up to now, without a good one between.
    pub in_a_row: u32,
}

impl Course {
    pub fn new(threshold: u32, grace: Span, repeated: Span) -> Self {
        Self { threshold, grace, repeated, bad: 0, told: None }
    }

    /// `running` is for how long the check has been asked.
    pub fn answered(&mut self, is_good: bool, at: Time, running: Span) -> Option<Told> {
        if is_good {
            self.bad = 0;
            return self.tell(true, at);
        }
        if self.told.is_none() && running < self.grace {
            return None;
        }
        self.bad = self.bad.saturating_add(1);
        if self.bad < self.threshold { None } else { self.tell(false, at) }
    }

    /// What is new, or so old that it is said again.
    fn tell(&mut self, healthy: bool, at: Time) -> Option<Told> {
        let is_known = self.told.is_some_and(|(told, when)| told == healthy && at - when < self.repeated);
        if is_known {
            return None;
        }
        self.told = Some((healthy, at));
        Some(Told { healthy, in_a_row: self.bad })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of answers, one a minute: `+` good, `-` bad.
    fn told(answers: &str, threshold: u32, grace: Span) -> Vec<(i64, bool, u32)> {
        let mut course = Course::new(threshold, grace, Span::minutes(10));
        let ask = |(minute, answer): (i64, char)| {
            let running = Span::minutes(minute);
            let told = course.answered(answer == '+', Time::from_millis(running.as_millis()), running)?;
            Some((minute, told.healthy, told.in_a_row))
        };
        (0..).zip(answers.chars()).filter_map(ask).collect()
    }

    #[test]
    fn only_changes_are_told_and_so_many_bad_ones_make_one() {
        assert_eq!(told("+++--+---+", 3, Span::ZERO), [(0, true, 0), (8, false, 3), (9, true, 0)]);
        assert_eq!(told("---", 1, Span::ZERO), [(0, false, 1)]);
        assert_eq!(told("--", 3, Span::ZERO), []);
    }

    #[test]
    fn what_stays_the_same_is_said_again_after_a_while() {
        assert_eq!(told(&"+".repeat(21), 3, Span::ZERO), [(0, true, 0), (10, true, 0), (20, true, 0)]);
        assert_eq!(told(&"-".repeat(13), 2, Span::ZERO), [(1, false, 2), (11, false, 12)]);
    }

    #[test]
    fn a_start_takes_its_time_until_it_has_started() {
        assert_eq!(told("-----", 2, Span::minutes(3)), [(4, false, 2)]);
        assert_eq!(told("-+--", 2, Span::minutes(30)), [(1, true, 0), (3, false, 2)]);
    }
}
