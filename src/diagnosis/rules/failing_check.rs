//! A health check that fails several times in a row.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::{Gravity, Level};
use crate::diagnosis::view::View;
use crate::domain::Span;
use crate::domain::signal::{Health, Kind};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "failing-check",
    version: 2,
    title: "Failing health check",
    about: "A health check whose latest results are all unhealthy; one result may stand for several bad answers in \
            a row. A critical service is critical with it, another degraded.",
    looks_at: &[Kind::Health],
    thresholds: &[Threshold::new("in-a-row", 2.0, "unhealthy results before it is said")],
    says: "{service} health check {check} fails; {check} failing since {n} results",
    step: Span::minutes(5),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let in_a_row = view.limit(&RULE, "in-a-row");
    view.checks()
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

/// Bad answers in a row: each result says how many there were up to it, or is one.
fn answers(failing: &[Seen<Health>]) -> u64 {
    let add = |sum: u64, seen: &Seen<Health>| seen.body.in_a_row.map_or(sum + 1, u64::from);
    failing.iter().fold(0, add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

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
