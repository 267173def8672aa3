//! Services deployed before what they stand on.

use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::Span;
use crate::domain::signal::{Deploy, Kind};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "deploy-order",
    version: 1,
    title: "Deploy order",
    about: "Within one rollout, a service deployed to production before one it depends on.",
    looks_at: &[Kind::Deploy],
    thresholds: &[
        Threshold::new("rollout-minutes", 30.0, "two deploys belong to one rollout"),
        Threshold::new("hours", 24.0, "looked back over"),
    ],
    says: "{service} {version} was deployed {n} minutes before {dependency} {version}, which it depends on",
    step: Span::minutes(15),
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let from = view.now - Span::hours(view.limit(&RULE, "hours") as i64);
    let recent = view.history.deploys.between(from, view.now);
    recent.iter().filter(|first| first.took_effect()).flat_map(|first| too_early(view, first)).collect()
}

fn too_early(view: &View<'_>, first: &Seen<Deploy>) -> Vec<Finding> {
    let Some(service) = &first.service else { return Vec::new() };
    let rollout = Span::minutes(view.limit(&RULE, "rollout-minutes") as i64);
    let later = view.history.deploys.between(first.at(), (first.at() + rollout).min(view.now));
    later
        .iter()
        .filter(|later| later.took_effect())
        .filter(|later| later.service.as_ref().is_some_and(|other| view.topology.stands_on(service, other)))
        .map(|later| finding(first, later))
        .collect()
}

fn finding(first: &Seen<Deploy>, later: &Seen<Deploy>) -> Finding {
    let minutes = (later.at() - first.at()).as_minutes();
    let (caller, dependency) = (first.service_name(), later.service_name());
    let text = format!(
        "{caller} {} was deployed {minutes} minutes before {dependency} {}, which it depends on",
        first.body.version, later.body.version
    );
    let mut finding = Finding::new(&RULE, format!("{}/{}", first.key.id, later.key.id), later.at())
        .weighing(Gravity::Low)
        .says(Place::Operational, text)
        .number("too early by", minutes as f64, "min")
        .signal(first)
        .signal(later)
        .remedy("order", vec![("service", caller.to_owned()), ("dependency", dependency.to_owned())]);
    finding.service = first.service.clone();
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;
    use crate::domain::signal::Outcome;

    #[test]
    fn a_caller_deployed_before_what_it_stands_on_is_named() {
        let rollout = |first, second| {
            Story::new().deploy(60, first, "v2", Outcome::Succeeded).deploy(
                50,
                second,
                "v5",
                Outcome::Succeeded,
            )
        };
        assert_eq!(
            rollout("api", "db").said(&RULE, Place::Operational),
            ["api v2 was deployed 10 minutes before db v5, which it depends on"]
        );
        assert_eq!(rollout("db", "api").found(&RULE), []);
    }
}
