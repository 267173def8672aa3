//! Whether a series was on one side of a limit for a whole window, and how far it is from that.
//!
//! Time counts from one measurement to another, never from a measurement to now: what was not measured did not hold.
//! A gap longer than the series usually has begins the count anew, and a series that has been silent says nothing.

use super::Bound;
use super::standing::{ConditionState, MeasuredState, Standing, Verdict, counted_in, held_of};
use crate::diagnosis::rules::rollback_trigger::RULE;
use crate::diagnosis::series::{Point, Series};
use crate::diagnosis::situation::Evidence;
use crate::diagnosis::stats::rounded;
use crate::diagnosis::view::View;
use crate::domain::catalog::Unit;
use crate::domain::held;
use crate::domain::phrase::Compare;
use crate::domain::trigger::Window;
use crate::domain::{SeriesName, Span, Time};

#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub unit: Unit,
    pub compare: Compare,
    pub limit: Bound,
    pub window: Window,
}

/// Farther back nothing is followed: it held for a day.
const FARTHEST: Span = Span::hours(24);

pub(super) fn verdict(view: &View<'_>, text: &str, name: &SeriesName, asked: Asked) -> Verdict {
    // What lies ahead of the moment is not there yet, whether or not it has come in.
    let known = view.history.series.get(name).filter(|series| !series.until(view.now).is_empty());
    let Some(series) = known else {
        return Verdict::unknown(text, format!("{name} is not measured yet"));
    };
    let points = series.between(view.now - FARTHEST, view.now);
    let Some(last) = points.last() else {
        return Verdict::unknown(text, format!("{name} was not measured for a day"));
    };
    let Some(limit) = bound(series, asked.limit, view.now) else {
        return Verdict::unknown(text, format!("{name} has no baseline yet"));
    };
    let silence = Span::minutes(view.limit(&RULE, "silence-minutes") as i64);
    let gap = held::gap(points.iter().rev().map(|point| point.key.at));
    let is_silent = view.now - last.key.at > silence.max(gap);
    match asked.window {
        Window::Within(span) => within(text, series, points, (asked, limit, span), view.now),
        _ if is_silent => {
            Verdict::unknown(text, format!("{name} was not measured for {}", last.key.at.age(view.now)))
        }
        Window::Now => held(text, series, points, (asked, limit, Span::ZERO), gap),
        Window::Held(span) => held(text, series, points, (asked, limit, span), gap),
    }
}

fn bound(series: &Series, limit: Bound, now: Time) -> Option<f64> {
    match limit {
        Bound::Fixed(limit) => Some(limit),
        Bound::TimesBaseline(times) => series.baseline(now).map(|baseline| baseline.center * times),
    }
}

type Question = (Asked, f64, Span);

fn held(text: &str, series: &Series, points: &[Point], (asked, limit, span): Question, gap: Span) -> Verdict {
    let last = &points[points.len() - 1];
    let newest_first = points.iter().rev();
    let holds = newest_first.map(|point| (point.key.at, asked.compare.holds(point.value, limit)));
    let mut run = held::run(holds, gap);
    run.reverse();
    let standing = match run.first() {
        None => Standing::Clear,
        Some(since) => match run.iter().find(|at| **at - *since >= span) {
            Some(met_at) => Standing::Met { since: *since, met_at: *met_at },
            None => Standing::Holding { since: *since },
        },
    };
    let held = run.first().map_or(Span::ZERO, |since| last.key.at - *since);
    let said = far(series, asked.unit, last.value, limit);
    let says = if span == Span::ZERO { said } else { format!("{said}, {}", held_of(held, span)) };
    state(text, series, (asked, limit, span), (standing, says), (last.value, held))
}

/// Counts within a span; where nothing was counted, nothing happened.
fn within(
    text: &str,
    series: &Series,
    points: &[Point],
    (asked, limit, span): Question,
    now: Time,
) -> Verdict {
    let sum = |to: Time| series.between(to - span, to).iter().map(|point| point.value).sum::<f64>();
    let counted = sum(now);
    let standing = if asked.compare.holds(counted, limit) {
        let run = points.iter().rev().map(|point| point.key.at);
        let since = run.take_while(|at| asked.compare.holds(sum(*at), limit)).last().unwrap_or(now);
        Standing::Met { since, met_at: since }
    } else {
        Standing::Clear
    };
    let (unit, word) = counted_in(span);
    let says =
        format!("{} within {} {word}", far(series, asked.unit, counted, limit), span.as_millis() / unit);
    state(text, series, (asked, limit, span), (standing, says), (counted, Span::ZERO))
}

/// `1.2 %, limit 5 %`.
fn far(series: &Series, unit: Unit, value: f64, limit: f64) -> String {
    let say = |value: f64| unit.say((value * 10.0).round() / 10.0);
    let (value, limit) = (series.say(value), if limit.abs() < 0.1 { limit.to_string() } else { say(limit) });
    format!("{value}, limit {limit}")
}

fn state(
    text: &str,
    series: &Series,
    (asked, limit, span): Question,
    (standing, says): (Standing, String),
    (value, held): (f64, Span),
) -> Verdict {
    let since = match standing {
        Standing::Met { since, .. } | Standing::Holding { since } => Some(since),
        Standing::Clear | Standing::Unknown => None,
    };
    let measured = MeasuredState {
        series: series.name.clone(),
        unit: asked.unit,
        value: rounded(value),
        limit: rounded(limit),
        held_seconds: held.as_seconds(),
        of_seconds: span.as_seconds(),
    };
    Verdict::one(ConditionState {
        condition: text.to_owned(),
        standing,
        says,
        measured: Some(measured),
        evidence: vec![Evidence::Series { name: series.name.clone(), marked_at: since }],
    })
}
