//! How long to wait after a failure: twice as long each time, anywhere in between, so that many rooms that lost
//! the same server do not come back to it all at once.
//!
//! Pure: chance is handed in as a number from 0 to 1, drawn by [`Jitter`] from a seed.

use crate::domain::Span;

/// Exponential growth from `first`, never above `most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    pub first: Span,
    pub most: Span,
}

impl Backoff {
    /// The longest wait after so many failures in a row; the first failure is 1.
    pub fn ceiling(self, failures: u32) -> Span {
        let doublings = failures.saturating_sub(1).min(32);
        Span::millis(self.first.as_millis().saturating_mul(1_i64 << doublings)).min(self.most)
    }

    /// Full jitter: any wait up to the ceiling, by the chance given.
    pub fn wait(self, failures: u32, chance: f64) -> Span {
        share_of(self.ceiling(failures), chance)
    }
}

pub(super) fn share_of(span: Span, chance: f64) -> Span {
    Span::millis((span.as_millis() as f64 * chance.clamp(0.0, 1.0)) as i64)
}

/// Chance enough to spread requests (SplitMix64); of no use for secrets.
#[derive(Clone, Debug)]
pub struct Jitter(u64);

impl Jitter {
    /// Different names draw differently from one seed.
    pub fn seeded(seed: u64, name: &str) -> Self {
        Self(name.bytes().fold(seed, |mixed, byte| Self(mixed ^ u64::from(byte)).step()))
    }

    /// From 0 up to, and without, 1.
    pub fn draw(&mut self) -> f64 {
        (self.step() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn step(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BACKOFF: Backoff = Backoff { first: Span::seconds(1), most: Span::seconds(60) };

    #[test]
    fn the_ceiling_doubles_until_it_is_high_enough() {
        for (failures, seconds) in [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (u32::MAX, 60)] {
            assert_eq!(BACKOFF.ceiling(failures), Span::seconds(seconds), "{failures} failures");
        }
    }

    #[test]
    fn two_names_of_one_seed_draw_differently_and_each_the_same_again() {
        let draws = |name| {
            let mut jitter = Jitter::seeded(7, name);
            [jitter.draw(), jitter.draw(), jitter.draw()]
        };
        assert_eq!(draws("aws"), draws("aws"));
        assert_ne!(draws("aws"), draws("github"));
    }

    proptest! {
        #[test]
        fn a_wait_is_never_negative_and_never_above_its_ceiling(failures: u32, seed: u64) {
            let wait = BACKOFF.wait(failures, Jitter::seeded(seed, "x").draw());
            prop_assert!(wait >= Span::ZERO && wait <= BACKOFF.ceiling(failures));
        }
    }
}
