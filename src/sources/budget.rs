//! How many requests one may still make of an API: a bucket that fills steadily and is emptied by asking.
//!
//! One budget an API, shared by everything that asks it. Pure: the time is handed in, waiting is the caller's.

use crate::domain::{Span, Time};

#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    most: f64,
    per_milli: f64,
    left: f64,
    counted_at: Time,
}

impl Budget {
    /// At most `requests` in any `per`, in one burst or spread; full at the beginning.
    pub fn new(requests: u32, per: Span, now: Time) -> Self {
        let most = f64::from(requests.max(1));
        let per_milli = most / per.as_millis().max(1) as f64;
        Self { most, per_milli, left: most, counted_at: now }
    }

    /// Takes one request out, or says how long to wait for it.
    pub fn take(&mut self, now: Time) -> Result<(), Span> {
        self.fill(now);
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Ok(());
        }
        Err(Span::millis(((1.0 - self.left) / self.per_milli).ceil() as i64))
    }

    /// What was taken was not used after all.
    pub fn give_back(&mut self) {
        self.left = (self.left + 1.0).min(self.most);
    }

    /// Whole requests left at this moment.
    pub fn left(&self, now: Time) -> u32 {
        self.filled(now) as u32
    }

    /// Whole requests there are when it is full.
    pub fn size(&self) -> u32 {
        self.most as u32
    }

    /// What the API itself says is left; believed only when it is less than we think.
    pub fn told(&mut self, left: u32, now: Time) {
        self.fill(now);
        self.left = self.left.min(f64::from(left));
    }

    fn fill(&mut self, now: Time) {
        self.left = self.filled(now);
        self.counted_at = self.counted_at.max(now);
    }

    fn filled(&self, now: Time) -> f64 {
        let gone = self.counted_at.age(now);
        (self.left + gone.as_millis() as f64 * self.per_milli).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn second(second: i64) -> Time {
        Time::from_millis(second * 1_000)
    }

    #[test]
    fn a_burst_empties_it_and_time_fills_it() {
        let mut budget = Budget::new(3, Span::seconds(30), second(0));
        for left in [2, 1, 0] {
            assert_eq!(budget.take(second(0)), Ok(()));
            assert_eq!(budget.left(second(0)), left);
        }
        assert_eq!(budget.take(second(0)), Err(Span::seconds(10)));
        assert_eq!(budget.take(second(10)), Ok(()));
        assert_eq!(budget.left(second(1_000)), 3);
    }

    #[test]
    fn what_the_api_says_is_believed_when_it_is_less() {
        let mut budget = Budget::new(100, Span::minutes(1), second(0));
        budget.told(7, second(0));
        budget.told(5_000, second(0));
        assert_eq!(budget.left(second(0)), 7);
    }

    #[test]
    fn a_clock_that_steps_back_gives_nothing() {
        let mut budget = Budget::new(1, Span::seconds(10), second(100));
        assert_eq!(budget.take(second(100)), Ok(()));
        assert!(budget.take(second(50)).is_err());
        assert!(budget.take(second(101)).is_err());
    }

    proptest! {
        #[test]
        fn never_more_than_a_burst_and_the_flow(moments in proptest::collection::vec(0_i64..60, 0..200)) {
            let mut moments = moments;
            moments.sort_unstable();
            let mut budget = Budget::new(10, Span::seconds(60), second(0));
            let granted = moments.iter().filter(|at| budget.take(second(**at)).is_ok()).count();
            prop_assert!(granted <= 20);
        }
    }
}
