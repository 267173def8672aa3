//! The clock of AWS beside ours, read off each answer: windows are asked for in its time, what it tells is told in ours.
//!
//! Whoever asks lives by ours and says what it shows when it begins; an answer is compared with what was said last,
//! whoever said it. The SDK corrects what it signs by itself. A difference smaller than an answer takes is none.

use crate::domain::{Span, Time};
use crate::sources::http::http_date;
use aws_sdk_cloudwatch::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_cloudwatch::config::{ConfigBag, Intercept, RuntimeComponents};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A poll may be this old when its last answer comes, so less than this is not noticed.
const NOTICEABLE: Span = Span::seconds(30);

#[derive(Clone, Debug, Default)]
pub(super) struct ServerClock {
    /// Milliseconds their clock is ahead of ours, as the last answer showed.
    ahead: Arc<AtomicI64>,
    /// What ours showed when something began to be asked last.
    asked_at: Arc<AtomicI64>,
}

impl ServerClock {
    pub fn skew(&self) -> Span {
        Span::millis(self.ahead.load(Ordering::Relaxed))
    }

    pub fn here(&self, there: Time) -> Time {
        there - self.skew()
    }

    pub fn there(&self, here: Time) -> Time {
        here + self.skew()
    }

    /// Something begins to be asked, when ours shows this.
    pub fn begin(&self, now: Time) {
        self.asked_at.store(now.millis(), Ordering::Relaxed);
    }

    /// Nothing while the clocks agree.
    pub fn said(&self) -> String {
        match self.skew() {
            Span::ZERO => String::new(),
            ahead if ahead > Span::ZERO => format!("this clock is {ahead} behind AWS, corrected"),
            behind => format!("this clock is {} ahead of AWS, corrected", -behind),
        }
    }

    fn learn(&self, theirs: Time) {
        let skew = theirs - Time::from_millis(self.asked_at.load(Ordering::Relaxed));
        let is_noticeable = skew.max(-skew) >= NOTICEABLE;
        let skew = if is_noticeable { Span::seconds(skew.as_seconds()) } else { Span::ZERO };
        self.ahead.store(skew.as_millis(), Ordering::Relaxed);
    }
}

impl Intercept for ServerClock {
    fn name(&self) -> &'static str {
        "the clock of the server"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        if let Some(theirs) = context.response().headers().get("date").and_then(http_date) {
            self.learn(theirs);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_measured_and_a_slow_answer_is_not_taken_for_it() {
        let (clock, now) = (ServerClock::default(), Time::from_millis(1_773_842_940_000));
        clock.begin(now);
        clock.learn(now + Span::seconds(12));
        assert_eq!((clock.skew(), clock.said().as_str()), (Span::ZERO, ""));
        clock.learn(now + Span::minutes(10));
        assert_eq!(clock.here(now + Span::minutes(10)), now);
        assert_eq!(clock.there(now), now + Span::minutes(10));
        assert_eq!(clock.said(), "this clock is 10m behind AWS, corrected");
        clock.begin(now);
        clock.learn(now - Span::minutes(10));
        assert_eq!(clock.said(), "this clock is 10m ahead of AWS, corrected");
    }

    #[test]
    fn what_began_before_the_clock_was_known_does_not_count_the_difference_twice() {
        let (clock, now) = (ServerClock::default(), Time::from_millis(1_773_842_940_000));
        for _ in 0..3 {
            clock.begin(now);
            clock.learn(now + Span::minutes(10));
            clock.learn(now + Span::minutes(10));
        }
        assert_eq!(clock.skew(), Span::minutes(10));
    }
}
