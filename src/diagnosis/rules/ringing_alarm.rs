//! An alarm that rings while nothing measured explains it.

use super::flapping_alarm::is_flapping;
use crate::diagnosis::rule::{Finding, Rule};
use crate::diagnosis::situation::{Gravity, Level};
use crate::diagnosis::view::{View, rang_at};
use crate::domain::Span;
use crate::domain::signal::Kind;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "ringing-alarm",
    version: 1,
    title: "Ringing alarm",
    about: "An alarm in the state alarm whose service has no elevated series of its own to tell the story, and \
            that does not flap.",
    looks_at: &[Kind::Alarm, Kind::Sample],
    thresholds: &[],
    says: "{alarm} is ringing",
    step: Span::ZERO,
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    view.ringing()
        .filter(|(_, past)| !is_flapping(view, past))
        .filter(|(latest, _)| !is_told(view, latest.service_name()))
        .filter_map(|(latest, past)| {
            let rang = rang_at(past)?;
            let is_critical = view.is_critical(latest.service_name());
            let (severity, level) = if is_critical {
                (Gravity::Medium, Level::Elevated)
            } else {
                (Gravity::Low, Level::Elevated)
            };
            let reason = latest.body.reason.clone().unwrap_or_default();
            let mut finding = Finding::new(&RULE, latest.body.name.as_str(), rang.since())
                .weighing(severity)
                .making(level)
                .issue(format!("{} is ringing", latest.body.name), reason)
                .remedy("look", vec![("alarm", latest.body.name.clone())])
                .signal(rang);
            finding.service = latest.service.clone();
            Some(finding)
        })
        .collect()
}

fn is_told(view: &View<'_>, service: &str) -> bool {
    view.elevations().iter().any(|elevation| elevation.series.service.as_str() == service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::rule::Place;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::signal::AlarmState;

    #[test]
    fn an_alarm_rings_until_it_is_ok_or_a_series_tells_the_story() {
        let ringing = || {
            Story::new().alarm(40, "api", "api-high", AlarmState::Ok).alarm(
                9,
                "api",
                "api-high",
                AlarmState::Alarm,
            )
        };
        assert_eq!(ringing().said(&RULE, Place::Issue), ["api-high is ringing"]);
        assert_eq!(ringing().alarm(1, "api", "api-high", AlarmState::Ok).found(&RULE), []);
        assert_eq!(ringing().series("api/5xx", 0.5, 20, 2.5).found(&RULE), []);
    }

    #[test]
    fn an_alarm_that_is_told_anew_rings_since_it_began_to() {
        let long = Story::new().told_anew(9, "api", "api-high", (AlarmState::Alarm, 60_000));
        assert_eq!(long.found(&RULE)[0].since, NOW - Span::minutes(60_000));
    }
}
