//! How many lines of a log become signals: a flood is counted and not kept, and what is grave has a share of its own.

use crate::domain::{Span, Time};
use crate::sources::Budget;
use crate::sources::pace::Pace;

/// What is not used for a while may come at once, as the first look back does.
const BURST: i64 = 15;
/// What nobody reads past, so it is not crowded out by what everybody does.
const GRAVE: [&str; 6] = ["warn", "warning", "error", "fatal", "critical", "panic"];

#[derive(Debug)]
pub(super) struct Intake {
    plain: Budget,
    grave: Budget,
    read: Pace,
    left_out: Pace,
    /// The newest moment anything was read at.
    at: Time,
}

impl Intake {
    pub fn new(lines_per_minute: u32, now: Time) -> Self {
        let minutes = u32::try_from(BURST).unwrap_or(1);
        let budget = || Budget::new(lines_per_minute.saturating_mul(minutes), Span::minutes(BURST), now);
        Self { plain: budget(), grave: budget(), read: Pace::default(), left_out: Pace::default(), at: now }
    }

    /// Whether this line is to be kept.
    pub fn takes(&mut self, level: &str, now: Time) -> bool {
        self.at = self.at.max(now);
        self.read.one_more(now);
        let budget = if GRAVE.contains(&level) { &mut self.grave } else { &mut self.plain };
        let is_taken = budget.take(now).is_ok();
        if !is_taken {
            self.left_out.one_more(now);
        }
        is_taken
    }

    /// Nothing as long as every line is kept.
    pub fn said(&self) -> String {
        match self.left_out.in_a_minute(self.at) {
            0 => String::new(),
            out => {
                let read = self.read.in_a_minute(self.at);
                format!("{read} lines a minute, {out} of them counted but not kept; log_filter narrows them")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_what_is_grave_still_comes_through() {
        let now = Time::from_millis(1_773_842_940_000);
        let mut intake = Intake::new(10, now);
        let taken = (0..1_000).filter(|_| intake.takes("info", now)).count();
        assert_eq!(taken, 150, "a quarter of an hour's worth at once");
        assert!(intake.takes("error", now));
        assert!(intake.said().starts_with("1001 lines a minute, 850 of them"), "{}", intake.said());
        let later = now + Span::minutes(3);
        assert_eq!((0..1_000).filter(|_| intake.takes("info", later)).count(), 30);
    }
}
