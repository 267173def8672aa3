//! A circuit breaker: after enough failures in a row nobody asks for a while, then one probe decides.
//!
//! Pure. Moments are spans since the asking began, which run on whatever the clocks on the wall do.

use crate::domain::Span;

/// When to open, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// Failures in a row that open it.
    pub after: u32,
    /// How long it stays open the first time; each failed probe doubles that.
    pub pause: Span,
    pub longest: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    trip: Trip,
    circuit: Circuit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circuit {
    Closed {
        failures: u32,
    },
    /// Nobody asks before `until`; whoever asks then is the probe.
    Open {
        until: Span,
        pause: Span,
    },
}

impl Breaker {
    pub fn new(trip: Trip) -> Self {
        Self { trip, circuit: Circuit::Closed { failures: 0 } }
    }

    pub fn is_open(&self) -> bool {
        matches!(self.circuit, Circuit::Open { .. })
    }

    /// Whether one may ask at this moment; if not, from when on.
    pub fn allows(&self, moment: Span) -> Result<(), Span> {
        match self.circuit {
            Circuit::Open { until, .. } if moment < until => Err(until),
            _ => Ok(()),
        }
    }

    pub fn succeeded(&mut self) {
        self.circuit = Circuit::Closed { failures: 0 };
    }

    /// Counts a failure; what failed while open was the probe.
    pub fn failed(&mut self, moment: Span) {
        self.circuit = match self.circuit {
            Circuit::Closed { failures } if failures + 1 < self.trip.after => {
                Circuit::Closed { failures: failures + 1 }
            }
            Circuit::Closed { .. } => self.open(moment, self.trip.pause),
            Circuit::Open { pause, .. } => self.open(moment, pause + pause),
        };
    }

    fn open(&self, moment: Span, pause: Span) -> Circuit {
        let pause = pause.min(self.trip.longest);
        Circuit::Open { until: moment + pause, pause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRIP: Trip = Trip { after: 3, pause: Span::seconds(30), longest: Span::seconds(100) };

    #[derive(Clone, Copy)]
    enum Happens {
        Fails,
        Answers,
    }

    /// Second, what happens, and until when the circuit is open afterwards.
    #[test]
    fn the_circuit_opens_probes_and_closes_as_the_table_says() {
        use Happens::{Answers, Fails};
        let story = [
            (0, Fails, None),
            (1, Fails, None),
            (2, Answers, None),
            (3, Fails, None),
            (4, Fails, None),
            (5, Fails, Some(35)),
            (35, Fails, Some(95)),
            (95, Fails, Some(195)),
            (195, Fails, Some(295)),
            (295, Answers, None),
            (296, Fails, None),
        ];
        let mut breaker = Breaker::new(TRIP);
        for (second, happens, open_until) in story {
            let moment = Span::seconds(second);
            assert_eq!(breaker.allows(moment), Ok(()), "second {second}");
            match happens {
                Fails => breaker.failed(moment),
                Answers => breaker.succeeded(),
            }
            let expected = open_until.map_or(Ok(()), |until| Err(Span::seconds(until)));
            assert_eq!(breaker.allows(moment), expected, "second {second}");
            assert_eq!(breaker.is_open(), open_until.is_some(), "second {second}");
        }
    }
}
