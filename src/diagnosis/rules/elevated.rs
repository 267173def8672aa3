//! A series above its baseline with no deploy to explain it; also where "elevated" and its levels are defined.

use super::elevated_after_deploy::blamed;
use crate::diagnosis::anomaly::Elevation;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::{Gravity, Level};
use crate::diagnosis::view::View;
use crate::domain::catalog::{Measures, Unit};
use crate::domain::signal::Kind;
use crate::domain::{ServiceName, Span};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "elevated",
    version: 1,
    title: "Elevated",
    about: "An error, latency or saturation series whose last five minutes lie above its baseline: the median \
            of the day that ended an hour ago. The limit is the highest of three: the baseline plus so many \
            spreads (median absolute deviation), the baseline times a ratio, the baseline plus a floor. Needs \
            30 points of baseline, three points in the last five minutes, and enough traffic where the catalog \
            names the volume. One issue per service.",
    looks_at: &[Kind::Sample, Kind::Alarm, Kind::Deploy],
    thresholds: &[
        Threshold::new("spreads", 5.0, "spreads above the baseline"),
        Threshold::new("error-ratio", 1.6, "times the baseline, for errors"),
        Threshold::new("latency-ratio", 1.4, "times the baseline, for latency and saturation"),
        Threshold::new("least-percent", 0.3, "points above the baseline, for percentages"),
        Threshold::new("least-milliseconds", 25.0, "milliseconds above the baseline"),
        Threshold::new("least-count", 3.0, "above the baseline, for counts and rates"),
        Threshold::new("least-volume", 5.0, "of the volume series, below which a rate says nothing"),
        Threshold::new("degraded-ratio", 4.0, "times the baseline at which a service is degraded"),
        Threshold::new("critical-ratio", 15.0, "times the baseline at which a service is critical"),
        Threshold::new("degraded-percent", 5.0, "error percentage at which a service is degraded"),
        Threshold::new("critical-percent", 25.0, "error percentage at which a service is critical"),
    ],
    says: "{service} {metric} is above its baseline; {service} {metric} rose from {from} to {to} within {n} minutes",
    step: Span::ZERO,
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let mut said: Vec<&ServiceName> = Vec::new();
    let mut findings = Vec::new();
    for elevation in view.elevations() {
        let service = &elevation.series.service;
        if !said.contains(&service) && !is_explained(view, elevation) {
            said.push(service);
            findings.push(finding(view, elevation));
        }
    }
    findings
}

/// Whether it, or something next to it that moved with it, is told with a deploy.
fn is_explained(view: &View<'_>, elevation: &Elevation<'_>) -> bool {
    let near = |other: &&Elevation<'_>| {
        let (a, b) = (other.series.service.as_str(), elevation.series.service.as_str());
        view.topology.distance(a, b).is_some_and(|distance| distance <= 1)
    };
    view.elevations().iter().filter(near).any(|other| blamed(view, other).is_some())
}

fn finding(view: &View<'_>, elevation: &Elevation<'_>) -> Finding {
    let series = elevation.series;
    let level = level_of(view, elevation);
    let what = format!("{} {}", series.service, series.metric);
    let finding =
        described(Finding::new(&RULE, series.service.as_str(), elevation.detected(view)), elevation)
            .weighing(Gravity::High)
            .making(level)
            .issue(format!("{what} is above its baseline"), view.consequence(&series.service))
            .says(Place::Exposure, format!("{what} remains above its baseline"));
    // With a suspect at hand, undoing it is the remedy, and it speaks for itself.
    if !view.suspects().is_empty() {
        return finding;
    }
    finding.remedy("look", vec![("what", what), ("value", series.say(elevation.value))])
}

/// What an elevation looks like in numbers, whichever rule tells of it.
pub(in crate::diagnosis) fn described(finding: Finding, elevation: &Elevation<'_>) -> Finding {
    let series = elevation.series;
    let point = series.until(elevation.reached).last();
    let finding = finding
        .of(&series.service)
        .says(Place::Change, rise(elevation))
        .number("now", elevation.value, unit_word(series.unit))
        .number("baseline", elevation.baseline.center, unit_word(series.unit))
        .number("spread", elevation.baseline.spread, unit_word(series.unit))
        .number("limit", elevation.limit, unit_word(series.unit))
        .number("from", elevation.from, unit_word(series.unit))
        .number("to", elevation.to, unit_word(series.unit))
        .number("rise", elevation.rise_minutes() as f64, "min")
        .evidence(series.evidence(Some(elevation.onset)))
        .window(elevation.onset, elevation.reached);
    match point {
        Some(point) => finding.anchored(point.key.id, elevation.reached, &series.source, Kind::Sample),
        None => finding,
    }
}

/// `api 5xx rose from 0.5 % to 2.5 % within 9 minutes`.
fn rise(elevation: &Elevation<'_>) -> String {
    let series = elevation.series;
    let (from, to) = (series.say(elevation.from), series.say(elevation.to));
    let minutes = elevation.rise_minutes();
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!("{} {} rose from {from} to {to} within {minutes} {unit}", series.service, series.metric)
}

pub(in crate::diagnosis) fn level_of(view: &View<'_>, elevation: &Elevation<'_>) -> Level {
    let is_error_share =
        elevation.series.measures == Measures::Errors && elevation.series.unit == Unit::Percent;
    let reaches = |ratio: &str, percent: &str| {
        elevation.ratio() >= view.limit(&RULE, ratio)
            && (!is_error_share || elevation.value >= view.limit(&RULE, percent) / 2.0)
            || is_error_share && elevation.value >= view.limit(&RULE, percent)
    };
    if elevation.series.measures == Measures::Saturation {
        Level::Elevated
    } else if reaches("critical-ratio", "critical-percent") {
        Level::Critical
    } else if reaches("degraded-ratio", "degraded-percent") {
        Level::Degraded
    } else {
        Level::Elevated
    }
}

pub(in crate::diagnosis) const fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "%",
        Unit::Milliseconds => "ms",
        Unit::PerSecond => "/s",
        Unit::Count => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    #[test]
    fn a_series_above_its_baseline_says_from_to_and_how_fast() {
        let story = Story::new().series("api/5xx", 0.5, 20, 2.5);
        assert_eq!(story.said(&RULE, Place::Issue), ["api 5xx is above its baseline"]);
        assert_eq!(story.said(&RULE, Place::Change), ["api 5xx rose from 0.5 % to 2.5 % within 2 minutes"]);
        assert_eq!(story.found(&RULE)[0].consequence, "Orders fail.");
    }

    #[test]
    fn what_is_told_some_minutes_late_stands_until_the_next_is_told() {
        let story = Story::new().series("api/5xx", 0.5, 20, 2.5);
        let is_found = |late| !story.seen_after(Span::seconds(late), RULE.evaluate).is_empty();
        assert_eq!([0, 60, 180, 239, 299, 300].map(is_found), [true, true, true, true, true, false]);
    }

    #[test]
    fn noise_and_a_rate_over_no_traffic_are_nothing() {
        assert_eq!(Story::new().series("api/5xx", 0.5, 20, 0.55).found(&RULE), []);
        let idle = Story::new().series("api/5xx", 0.5, 20, 2.5).series("api/requests", 1.0, 0, 0.0);
        assert_eq!(idle.found(&RULE), []);
    }

    #[test]
    fn how_bad_it_is_goes_by_how_far_above() {
        let level = |then| Story::new().series("api/5xx", 0.5, 20, then).found(&RULE)[0].level;
        assert_eq!(
            [level(1.5), level(8.0), level(60.0)],
            [Level::Elevated, Level::Degraded, Level::Critical]
        );
    }
}
