//! How fast an error budget burns and how much of it is spent: the arithmetic that the burn-rate rule and the budgets of
//! objectives share.

use super::series::{Point, Series};
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

    /// How bad it was over what was measured of a window, as a multiple of what the budget allows; none when less
    /// than half of the window was measured.
    pub fn rate(&self, now: Time, window: Span) -> Option<f64> {
        let Spent { minutes, measured } = self.spent(now, window);
        let is_covered = measured > Span::ZERO && measured + measured >= window;
        is_covered.then(|| minutes * MINUTE / measured.as_millis() as f64 * 100.0 / self.budget)
    }

    pub fn spent(&self, now: Time, window: Span) -> Spent {
        let from = now - window;
        // The last sample before the window may speak into it.
        let points = self.series.between(from - SPEAKS_FOR, now);
        let ends = points.iter().skip(1).map(|next| next.key.at).chain([now]);
        let (mut minutes, mut measured) = (0.0, Span::ZERO);
        for (point, end) in points.iter().zip(ends) {
            let spoken = end.min(point.key.at + SPEAKS_FOR) - point.key.at.max(from);
            let spoken = spoken.max(Span::ZERO);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::stats::rounded;
    use crate::diagnosis::testing::Story;
    use crate::domain::SeriesName;
    use crate::domain::signal::{Body, Sample};

    fn rate(samples: &[(i64, f64)]) -> Option<f64> {
        let sample = |value| Body::Sample(Sample::new(SeriesName::new("api/5xx"), value));
        let put = |story: Story, (ago, value): &(i64, f64)| {
            story.signal(Span::minutes(*ago), "api", sample(*value))
        };
        let story = samples.iter().fold(Story::new(), put);
        story.seen(|view| {
            let series = view.history.series.get("api/5xx")?;
            Meter::of(series, None, 99.0)?.rate(view.now, Span::hours(1)).map(rounded)
        })
    }

    #[test]
    fn a_rate_is_said_of_what_was_measured_and_only_where_that_is_half_of_it() {
        assert_eq!(rate(&[(50, 2.0), (1, 2.0)]), None, "two samples are eleven minutes");
        let every_ten: Vec<_> = (0..7).map(|n| (n * 10, 2.0)).collect();
        assert_eq!(rate(&every_ten), Some(2.0));
        // Ten minutes at 8 %, thirty at none, told by many samples or by few.
        let few = [(60, 8.0), (50, 0.0), (40, 0.0), (30, 0.0)];
        let many: Vec<_> = (51..=60).map(|ago| (ago, 8.0)).chain(few.into_iter().skip(1)).collect();
        assert_eq!((rate(&few), rate(&many)), (Some(2.0), Some(2.0)));
    }
}
