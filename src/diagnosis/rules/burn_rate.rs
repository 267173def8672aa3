//! How fast the error budgets of the catalog's objectives burn, over several windows at once.

use crate::diagnosis::budgets::held_to;
use crate::diagnosis::burn::Meter;
use crate::diagnosis::memory::floor;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::{Gravity, Level};
use crate::diagnosis::view::View;
use crate::domain::catalog::{Service, Slo};
use crate::domain::signal::Kind;
use crate::domain::{SeriesName, Span, Time};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "burn-rate",
    version: 2,
    title: "Burn rate",
    about: "For every objective of the catalog measured by a percentage of errors, at the agreed number where there \
            is an agreement on it: the mean of the series over a \
            short and a long window, as a multiple of what the budget allows. Both windows must lie above the \
            threshold, the long one to be sure and the short one to know that it goes on; where the short one is \
            hours, the last half hour must lie above it too. Pages and tickets are \
            issues; a watch is an operational signal only.",
    looks_at: &[Kind::Sample, Kind::Alarm],
    thresholds: &[
        Threshold::new("page-5m-1h", 14.4, "2 % of a 30-day budget within an hour"),
        Threshold::new("page-30m-6h", 6.0, "5 % of a 30-day budget within six hours"),
        Threshold::new("ticket-6h-3d", 1.0, "10 % of a 30-day budget within three days"),
        Threshold::new("watch-5m-15m", 1.0, "burning faster than the budget allows"),
    ],
    says: "{service} burn-rate remains above threshold ({multiple}×)",
    step: Span::ZERO,
    evaluate,
};

struct Pair {
    threshold: &'static str,
    short: Span,
    long: Span,
    level: Level,
    severity: Option<Gravity>,
}

/// What counts as still going on.
const STILL: Span = Span::minutes(30);

/// How far back the beginning of a slow burn is looked for.
const FARTHEST_HOURS: i64 = 48;

/// Gravest first; the first pair that holds speaks.
const PAIRS: [Pair; 4] = [
    Pair {
        threshold: "page-5m-1h",
        short: Span::minutes(5),
        long: Span::hours(1),
        level: Level::Critical,
        severity: Some(Gravity::High),
    },
    Pair {
        threshold: "page-30m-6h",
        short: Span::minutes(30),
        long: Span::hours(6),
        level: Level::Degraded,
        severity: Some(Gravity::High),
    },
    Pair {
        threshold: "ticket-6h-3d",
        short: Span::hours(6),
        long: Span::days(3),
        level: Level::Elevated,
        severity: Some(Gravity::Medium),
    },
    Pair {
        threshold: "watch-5m-15m",
        short: Span::minutes(5),
        long: Span::minutes(15),
        level: Level::Elevated,
        severity: None,
    },
];

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let objectives = view.catalog.services.iter().flat_map(|s| s.slos.iter().map(move |slo| (s, slo)));
    objectives.filter_map(|(service, slo)| burning(view, service, slo)).collect()
}

fn burning(view: &View<'_>, service: &Service, slo: &Slo) -> Option<Finding> {
    let series = view.history.series.get(&SeriesName::new(format!("{}/{}", service.name, slo.metric)))?;
    let meter = Meter::of(series, None, held_to(view, service, slo))?;
    let pair = holding(view, &meter)?;
    let (short, long) = (meter.rate(view.now, pair.short)?, meter.rate(view.now, pair.long)?);
    Some(finding(view, service, slo, pair, (&meter, short, long)))
}

/// How grave it is that this burns as it does now; nothing while it burns no faster than it may.
pub(in crate::diagnosis) fn gravity(view: &View<'_>, meter: &Meter<'_>) -> Option<Level> {
    holding(view, meter).map(|pair| pair.level)
}

fn holding(view: &View<'_>, meter: &Meter<'_>) -> Option<&'static Pair> {
    PAIRS.iter().find(|pair| holds(meter, pair, view.limit(&RULE, pair.threshold), view.now))
}

/// Over both windows, and still: what burned hours ago and is over is no issue now.
fn holds(meter: &Meter<'_>, pair: &Pair, threshold: f64, now: Time) -> bool {
    [STILL.min(pair.short), pair.short, pair.long]
        .into_iter()
        .all(|window| meter.rate(now, window).is_some_and(|rate| rate >= threshold))
}

/// Since when a slow burn has been going on, to the hour.
fn began(view: &View<'_>, meter: &Meter<'_>, pair: &Pair) -> Time {
    let threshold = view.limit(&RULE, pair.threshold);
    let hour = floor(view.now, Span::hours(1));
    let hours = (0..FARTHEST_HOURS).map(|hours| hour - Span::hours(hours));
    let burning = hours.take_while(|at| holds(meter, pair, threshold, *at));
    burning.last().unwrap_or(view.now - STILL.min(pair.short))
}

fn finding(
    view: &View<'_>,
    service: &Service,
    slo: &Slo,
    pair: &Pair,
    (meter, short, long): (&Meter<'_>, f64, f64),
) -> Finding {
    let series = meter.series;
    let elevation = view.elevations().iter().find(|elevation| elevation.series.name == series.name);
    let since = elevation.map_or_else(|| began(view, meter, pair), |elevation| elevation.detected(view));
    let multiple = format!("{short:.1}×");
    let finding = Finding::new(&RULE, format!("{}/{}", service.name, slo.name), since)
        .of(&service.name)
        .making(pair.level)
        .says(Place::Operational, format!("{} burn-rate remains above threshold ({multiple})", service.name))
        .number("burn rate, short window", short, "×")
        .number("burn rate, long window", long, "×")
        .number("threshold", view.limit(&RULE, pair.threshold), "×")
        .number("objective", held_to(view, service, slo), "%")
        .evidence(series.evidence(elevation.map(|elevation| elevation.onset)))
        .window(view.now - pair.long, view.now);
    match pair.severity {
        Some(severity) => finding
            .weighing(severity)
            .issue(
                format!("{} burns its {} budget {multiple} as fast as allowed", service.name, slo.name),
                view.consequence(&service.name),
            )
            .remedy("slow-down", vec![("service", service.name.to_string()), ("slo", slo.name.clone())]),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn the_gravest_pair_of_windows_that_holds_speaks() {
        let burning = |minutes, percent| {
            let story = Story::new().series("api/5xx", 0.1, minutes, percent);
            story.found(&RULE).first().map(|finding| (finding.severity, finding.is_issue()))
        };
        assert_eq!(burning(60, 20.0), Some((Gravity::High, true)));
        assert_eq!(burning(200, 11.0), Some((Gravity::High, true)));
        assert_eq!(burning(16, 1.8), Some((Gravity::Low, false)));
        assert_eq!(burning(16, 0.9), None);
    }

    #[test]
    fn the_number_that_was_agreed_is_the_one_that_counts() {
        let agreed =
            "[[objective]]\nid = 'a'\ntitle = 'A'\nservice = 'api'\nslo = 'availability'\nagreed = 90.0";
        let story = Story::new().series("api/5xx", 0.1, 16, 1.8).agreeing(toml::from_str(agreed).unwrap());
        assert_eq!(story.found(&RULE), [], "the budget says the same: {:?}", story.budgets());
    }

    #[test]
    fn the_multiple_is_printed() {
        let story = Story::new().series("api/5xx", 0.1, 16, 1.8);
        assert_eq!(story.said(&RULE, Place::Operational), ["api burn-rate remains above threshold (1.8×)"]);
    }
}
