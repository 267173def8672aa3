//! A health check that fails several times in a row.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::{Gravity, Level};
use crate::diagnosis::view::View;
use crate::domain::signal::{Health, Kind};
use crate::domain::source::{Health as Asked, PROBE};
use crate::domain::{Span, Time};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "failing-check",
    version: 3,
    title: "Failing health check",
    about: "A health check whose latest results are all unhealthy; one result may stand for several bad answers in \
            a row. A critical service is critical with it, another degraded. A check that is asked from here counts \
            for as long as the catalog names it and it is answered.",
    looks_at: &[Kind::Health],
    thresholds: &[
        Threshold::new("in-a-row", 2.0, "unhealthy results before it is said"),
        Threshold::new(
            "silent-hours",
            6.0,
            "without a result, after which a check that is asked from here is over",
        ),
    ],
    says: "{service} health check {check} fails; {check} failing since {n} results",
    step: Span::minutes(5),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let in_a_row = view.limit(&RULE, "in-a-row");
    view.checks()
        .filter(|past| past.last().is_some_and(|last| is_asked(view, last)))
        .filter_map(|past| {
            let failing = past.iter().rev().take_while(|seen| !seen.body.healthy).count();
            let first = past.get(past.len() - failing)?;
            let failing = answers(&past[past.len() - failing..]);
            if (failing as f64) < in_a_row {
                return None;
            }
            let (name, check) = (first.service_name(), &first.body.check);
            let level = if view.is_critical(name) { Level::Critical } else { Level::Degraded };
            let mut finding = Finding::new(&RULE, format!("{name}/{check}"), first.at())
                .weighing(Gravity::High)
                .making(level)
                .says(Place::Operational, format!("{check} of {name} unhealthy {failing} times in a row"))
                .number("unhealthy in a row", failing as f64, "")
                .remedy("look", vec![("service", name.to_owned()), ("check", check.clone())])
                .signal(first);
            finding.service = first.service.clone();
            let consequence = first.service.as_ref().map(|service| view.consequence(service));
            Some(finding.issue(format!("{name} health check {check} fails"), consequence.unwrap_or_default()))
        })
        .collect()
}

/// The latest run of bad results of a check, where it is long enough to be said, and what ended it.
pub(in crate::diagnosis) fn failed<'a>(
    view: &View<'_>,
    past: &'a [Seen<Health>],
) -> Option<(&'a Seen<Health>, Option<&'a Seen<Health>>)> {
    let end = past.iter().rposition(|seen| !seen.body.healthy)? + 1;
    let length = past[..end].iter().rev().take_while(|seen| !seen.body.healthy).count();
    let run = &past[end - length..end];
    let is_said = answers(run) as f64 >= view.limit(&RULE, "in-a-row");
    is_said.then(|| (&run[0], past.get(end)))
}

/// Others tell when a check changes and then no more; what is asked from here is told again and again, until nobody
/// asks.
fn is_asked(view: &View<'_>, last: &Seen<Health>) -> bool {
    if last.source.as_str() != PROBE {
        return true;
    }
    let silent = Span::hours(view.limit(&RULE, "silent-hours") as i64);
    let service = view.catalog.service(last.service_name());
    let is_named = service
        .is_none_or(|service| service.health_checks.iter().any(|check| check.called() == last.body.check));
    is_named && view.now - last.at() <= silent
}

/// Up to when what a check said last is known to hold. What speaks only when it changes still thinks so now: a check
/// of others, and one asked from here for as long as whoever asks it is heard.
pub(in crate::diagnosis) fn last_word(view: &View<'_>, last: &Seen<Health>) -> Time {
    if !is_asked(view, last) {
        return last.at();
    }
    let probe = view.sources.iter().find(|source| source.name.as_str() == PROBE);
    match probe.filter(|probe| last.source.as_str() == PROBE && probe.health != Asked::Live) {
        Some(silent) => silent.last_good.map_or(last.at(), |good| good.max(last.at())),
        None => view.now,
    }
}

/// Bad answers in a row: each result says how many there were up to it, or is one.
fn answers(failing: &[Seen<Health>]) -> u64 {
    let add = |sum: u64, seen: &Seen<Health>| seen.body.in_a_row.map_or(sum + 1, u64::from);
    failing.iter().fold(0, add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::SourceStatus;

    #[test]
    fn a_check_that_is_asked_no_more_is_over() {
        let named = "[[service]]\nname = 'api'\nhealth_check = [{ kind = 'readiness', name = 'ready' }]";
        let failing = |catalog: &str, ago: i64| {
            let story = Story::of(catalog).told_by(PROBE);
            story.check(ago + 60, "api", false).check(ago, "api", false).found(&RULE).len()
        };
        assert_eq!(failing(named, 1), 1);
        assert_eq!(failing(named, 7 * 60), 0, "nobody has asked for hours");
        assert_eq!(failing("[[service]]\nname = 'api'", 1), 0, "the catalog names it no longer");
    }

    #[test]
    fn a_check_that_said_it_is_well_holds_for_as_long_as_it_is_asked() {
        let named = "[[service]]\nname = 'api'\nhealth_check = [{ kind = 'readiness', name = 'ready' }]";
        let text = |asked: &[(Asked, i64)], by: &str, ago: i64| {
            let story = Story::of(named).told_by(by).check(ago, "api", true);
            let story = asked.iter().fold(story, |story, (health, good)| {
                let last_good = Some(NOW - Span::minutes(*good));
                story.source(SourceStatus { last_good, ..SourceStatus::new(PROBE.into(), *health, "") })
            });
            story.situation().state.services[0].text.clone()
        };
        assert_eq!(text(&[(Asked::Live, 0)], PROBE, 50), "ok", "it speaks only when it changes");
        assert_eq!(text(&[], "scenario", 7 * 60), "ok", "and so do those of others");
        assert_eq!(text(&[], PROBE, 50), "ok", "nobody knows who asked then");
        assert_eq!(text(&[(Asked::Stale, 20)], PROBE, 50), "not measured for 20m");
        assert_eq!(text(&[(Asked::Starting, 60)], PROBE, 50), "not measured for 50m");
        assert_eq!(text(&[(Asked::Live, 0)], PROBE, 7 * 60), "not measured for 7h", "it is asked no more");
    }

    #[test]
    fn a_check_that_fails_twice_makes_a_critical_service_critical() {
        let story = Story::new().check(5, "api", true).check(3, "api", false);
        assert_eq!(story.found(&RULE), []);
        let found = story.check(1, "api", false).found(&RULE);
        assert_eq!(
            (found[0].level, found[0].says[0].1.as_str()),
            (Level::Critical, "ready of api unhealthy 2 times in a row")
        );
    }
}
