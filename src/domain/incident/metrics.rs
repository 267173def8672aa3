//! How long things take here, over all incidents: the median and the ninetieth percentile of what was recorded, and
//! of how many that is. What was not captured counts as not captured, and never as zero.

use super::{DURATIONS, Duration, Measured, Room, measure};
use crate::domain::time::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    pub duration: &'static Duration,
    /// Every recorded length in the order of the incidents; of one that is not known exactly, the longest it can be.
    pub recorded: Vec<Span>,
    /// The incidents looked at, recorded or not.
    pub of: usize,
}

/// A metric for each duration there is. Drills say nothing about what is real, so they count only among themselves.
pub fn metrics(room: &Room) -> Vec<Metric> {
    let is_drill = room.drill.is_some();
    let counted = || {
        let incidents = room.incidents.values();
        incidents.filter(move |incident| !incident.is_merged() && incident.drill.is_some() == is_drill)
    };
    let metric = |duration: &'static Duration| {
        let recorded = counted().filter_map(|incident| match measure(incident, duration) {
            Measured::Recorded(length) => Some(length.most),
            Measured::Pending { .. } | Measured::NotApplicable { .. } | Measured::Invalid { .. } => None,
        });
        Metric { duration, recorded: recorded.collect(), of: counted().count() }
    };
    DURATIONS.iter().map(metric).collect()
}

impl Metric {
    pub fn median(&self) -> Option<Span> {
        self.percentile(50)
    }

    pub fn p90(&self) -> Option<Span> {
        self.percentile(90)
    }

    /// The nearest rank: a length that did occur, never one between two.
    fn percentile(&self, percent: usize) -> Option<Span> {
        let mut sorted = self.recorded.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted.get(rank.saturating_sub(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(minutes: &[i64]) -> Metric {
        let recorded = minutes.iter().map(|minutes| Span::minutes(*minutes)).collect();
        Metric { duration: &DURATIONS[0], recorded, of: 20 }
    }

    #[test]
    fn a_percentile_is_a_length_that_occurred() {
        let ten = metric(&[10, 1, 9, 2, 8, 3, 7, 4, 6, 5]);
        assert_eq!((ten.median(), ten.p90()), (Some(Span::minutes(5)), Some(Span::minutes(9))));
        assert_eq!(metric(&[3]).p90(), Some(Span::minutes(3)));
        assert_eq!(metric(&[]).median(), None);
    }
}
