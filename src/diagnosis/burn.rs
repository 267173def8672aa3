//! How fast an error budget burns and how much of it is spent: the arithmetic that the burn-rate rule and the budgets of
//! objectives share.

use super::series::{Point, Series};
use super::stats::mean;
use crate::domain::catalog::Unit;
use crate::domain::{Span, Time};

/// A sample speaks for the time until the next one, but for no longer than this: what was not measured is not bad.
const SPEAKS_FOR: Span = Span::minutes(10);

const MINUTE: f64 = 60_000.0;

/// A series read as how much of what it measures is bad, against what an objective allows.
pub(super) struct Meter<'a> {
    pub series: &'a Series,
    /// Above it a sample is a bad one; without it the series itself is a percentage of errors.
    above: Option<f64>,
    /// What may be bad, in percent.
    budget: f64,
}

/// What was spent of a budget within a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spent {
    pub minutes: f64,
    /// How much of the window was measured at all.
    pub measured: Span,
}

/// What an objective allows within a window, in minutes; nothing where it leaves no budget.
pub(super) fn allowed(objective: f64, window: Span) -> Option<f64> {
    let budget = 100.0 - objective;
    (budget > 0.0).then(|| window.as_millis() as f64 / MINUTE * budget / 100.0)
}

impl<'a> Meter<'a> {
    /// Nothing where the series cannot be read like that, or where the objective leaves no budget.
    pub fn of(series: &'a Series, above: Option<f64>, objective: f64) -> Option<Self> {
        let budget = 100.0 - objective;
        let is_readable = above.is_some() || series.unit == Unit::Percent;
        (is_readable && budget > 0.0).then_some(Self { series, above, budget })
    }

    /// The mean over a window as a multiple of what the budget allows; none when less than half of it was measured.
    pub fn rate(&self, now: Time, window: Span) -> Option<f64> {
        let points = self.series.between(now - window, now);
        let half = Span::millis(window.as_millis() / 2);
        let is_covered = points.first().is_some_and(|first| first.key.at <= now - half);
        mean(points.iter().map(|point| self.bad(point))).filter(|_| is_covered).map(|mean| mean / self.budget)
    }

    pub fn spent(&self, now: Time, window: Span) -> Spent {
        let points = self.series.between(now - window, now);
        let ends = points.iter().skip(1).map(|next| next.key.at).chain([now]);
        let (mut minutes, mut measured) = (0.0, Span::ZERO);
        for (point, end) in points.iter().zip(ends) {
            let spoken = (end - point.key.at).min(SPEAKS_FOR);
            minutes += self.bad(point) / 100.0 * spoken.as_millis() as f64 / MINUTE;
            measured = measured + spoken;
        }
        Spent { minutes, measured }
    }

    fn bad(&self, point: &Point) -> f64 {
        match self.above {
            None => point.value,
            Some(limit) if point.value > limit => 100.0,
            Some(_) => 0.0,
        }
    }
}
