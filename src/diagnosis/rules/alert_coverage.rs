//! Critical endpoints nobody would be paged for.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule};
use crate::diagnosis::say::{count_word, counted, list};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::catalog::{Endpoint, Service};
use crate::domain::signal::{Alarm, Kind};
use crate::domain::{Span, Time};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "alert-coverage",
    version: 1,
    title: "Alert coverage",
    about: "Endpoints the catalog calls critical for which no alarm on p95 or p99 latency is known, named one by \
            one. Silent until the alarms have been listed: what was never looked at is not missing. Open since \
            the listing that showed the gap.",
    looks_at: &[Kind::Alarm],
    thresholds: &[],
    says: "{n} critical endpoints are missing latency alerting; {n} production endpoints currently lack p95/p99 \
           latency alert coverage: {names}; Monitoring coverage gap remains on {names}",
    step: Span::hours(1),
    evaluate,
};

const PERCENTILES: [&str; 2] = ["p95", "p99"];

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let Some(since) = listed_at(view) else { return Vec::new() };
    let endpoints = view.catalog.services.iter().flat_map(|s| s.endpoints.iter().map(move |e| (s, e)));
    let missing: Vec<&Endpoint> = endpoints
        .filter(|(service, endpoint)| endpoint.critical && !is_covered(view, service, endpoint))
        .map(|(_, endpoint)| endpoint)
        .collect();
    if missing.is_empty() { Vec::new() } else { vec![finding(view, &missing, since)] }
}

/// When the alarms were first made known: an alarm that only changed its state tells nothing of the others.
pub(in crate::diagnosis) fn listed_at(view: &View<'_>) -> Option<Time> {
    let known = view.alarms().flat_map(|(_, past)| past.iter());
    known.filter(|seen| seen.body.was.is_none()).map(Seen::at).min()
}

fn is_covered(view: &View<'_>, service: &Service, endpoint: &Endpoint) -> bool {
    view.standing_alarms().any(|latest| {
        let is_here = latest.service.as_ref().is_none_or(|name| *name == service.name);
        is_here && watches(&latest.body, endpoint)
    })
}

/// Whether an alarm is about the latency of an endpoint.
pub(in crate::diagnosis) fn watches(alarm: &Alarm, endpoint: &Endpoint) -> bool {
    let is_percentile = alarm
        .statistic
        .as_deref()
        .is_some_and(|statistic| PERCENTILES.iter().any(|p| statistic.eq_ignore_ascii_case(p)));
    let is_endpoint = alarm.endpoint.as_deref().is_some_and(|watched| {
        watched.eq_ignore_ascii_case(&endpoint.name)
            || (!endpoint.path.is_empty() && watched == endpoint.path)
    });
    is_percentile && is_endpoint
}

fn finding(view: &View<'_>, missing: &[&Endpoint], since: Time) -> Finding {
    let names: Vec<&str> = missing.iter().map(|endpoint| endpoint.name.as_str()).collect();
    let endpoints = counted(missing.len(), "critical endpoint");
    let are = if missing.len() == 1 { "is" } else { "are" };
    let known = view.standing_alarms().count();
    let words = vec![
        ("names", list(&names)),
        ("count", count_word(missing.len())),
        ("endpoints", if missing.len() == 1 { "endpoint is" } else { "endpoints are" }.to_owned()),
    ];
    Finding::new(&RULE, "critical-endpoints", since)
        .weighing(Gravity::High)
        .issue(
            format!("{endpoints} {are} missing latency alerting"),
            "Latency regressions can ship without paging on-call.",
        )
        .says(
            Place::Exposure,
            format!(
                "{} currently {} p95/p99 latency alert coverage: {}",
                counted(missing.len(), "production endpoint"),
                if missing.len() == 1 { "lacks" } else { "lack" },
                list(&names)
            ),
        )
        .says(Place::Operational, format!("Monitoring coverage gap remains on {}", list(&names)))
        .number("endpoints without", missing.len() as f64, "")
        .number("alarms known", known as f64, "")
        .remedy("add-alarms", words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;
    use crate::domain::signal::AlarmState;

    #[test]
    fn critical_endpoints_without_a_percentile_alarm_are_named() {
        let listed = Story::new()
            .percentile(30, "web", ("sign-in-p99", Some("p99")), (Some("sign in"), AlarmState::Ok))
            .percentile(20, "api", ("order-average", Some("average")), (Some("order"), AlarmState::Ok));
        assert_eq!(listed.said(&RULE, Place::Issue), ["1 critical endpoint is missing latency alerting"]);
        assert_eq!(listed.said(&RULE, Place::Operational), ["Monitoring coverage gap remains on order"]);
        let covered =
            listed.percentile(10, "api", ("order-p95", Some("p95")), (Some("order"), AlarmState::Ok));
        assert_eq!(covered.found(&RULE), []);
    }

    #[test]
    fn before_any_alarm_was_listed_nothing_is_missing() {
        assert_eq!(Story::new().found(&RULE), []);
    }
}
