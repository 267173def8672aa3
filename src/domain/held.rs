//! For how long something has held, by measurements.
//!
//! Time counts from one measurement to another, never from a measurement to now: what was not measured did not hold.

use super::time::{Span, Time};

/// After so long without a measurement nothing is known, of a series that is not measured more rarely.
pub const SILENCE: Span = Span::minutes(10);

/// So many distances between measurements say how often there is one.
pub const DISTANCES: usize = 20;

/// The longest distance between two measurements that is no gap, for what was measured at these moments, newest
/// first: two and a half times the usual one. Of two in the middle the shorter counts: one long silence is no custom.
pub fn gap(newest_first: impl Iterator<Item = Time>) -> Span {
    let times: Vec<Time> = newest_first.take(DISTANCES + 1).collect();
    let mut distances: Vec<i64> = times.windows(2).map(|pair| (pair[0] - pair[1]).as_millis()).collect();
    distances.sort_unstable();
    let usual = distances.get(distances.len().saturating_sub(1) / 2).copied().unwrap_or(0);
    Span::millis(usual.saturating_mul(5) / 2)
}

/// The last measurements, newest first, for as long as each held and was no gap away from the next.
pub fn run(newest_first: impl Iterator<Item = (Time, bool)>, gap: Span) -> Vec<Time> {
    let mut run: Vec<Time> = Vec::new();
    for (at, holds) in newest_first {
        let is_broken = run.last().is_some_and(|next| *next - at > gap);
        if !holds || is_broken {
            break;
        }
        run.push(at);
    }
    run
}
