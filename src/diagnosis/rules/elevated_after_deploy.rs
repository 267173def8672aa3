//! A series that rose above its baseline after something near it was deployed.

use super::elevated::{described, level_of};
use super::rollback_trigger::previous;
use crate::diagnosis::anomaly::Elevation;
use crate::diagnosis::history::Seen;
use crate::diagnosis::rule::{Finding, Place, Rule, Threshold};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::signal::{Deploy, Kind, Outcome};
use crate::domain::{SignalKey, Span};
use std::collections::BTreeMap;

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "elevated-after-deploy",
    version: 2,
    title: "Elevated after deploy",
    about: "A series that is elevated (see `elevated`) and crossed its limit soon after a production deploy of \
            its service, of one it depends on, or of one that calls it. \"After\" is meant in time: who is to \
            blame is for the suspects. One issue per deploy; where several series rose, errors speak first. A \
            deploy that was rolled back is said to be that, and is not to be rolled back once more.",
    looks_at: &[Kind::Sample, Kind::Deploy, Kind::Alarm],
    thresholds: &[
        Threshold::new("within-minutes", 60.0, "from the deploy to the crossing of the limit"),
        Threshold::new("farthest", 1.0, "services between the deploy and the series, 0 for the same one"),
    ],
    says: "{measure} increased after deploy {version}; {service} {measure} remains above baseline after deploy \
           {version}; {service} {metric} rose from {from} to {to} within {n} minutes",
    step: Span::ZERO,
    evaluate,
};

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let mut told: BTreeMap<SignalKey, (&Seen<Deploy>, Vec<&Elevation<'_>>)> = BTreeMap::new();
    for elevation in view.elevations() {
        if let Some(deploy) = blamed(view, elevation) {
            told.entry(deploy.key).or_insert_with(|| (deploy, Vec::new())).1.push(elevation);
        }
    }
    told.into_values().filter_map(|(deploy, elevations)| finding(view, deploy, &elevations)).collect()
}

/// The nearest deploy before the crossing, by dependency and then by time.
pub(in crate::diagnosis) fn blamed<'a>(
    view: &View<'a>,
    elevation: &Elevation<'_>,
) -> Option<&'a Seen<Deploy>> {
    let within = Span::minutes(view.limit(&RULE, "within-minutes") as i64);
    let farthest = view.limit(&RULE, "farthest");
    let affected = elevation.series.service.as_str();
    view.history
        .deploys
        .between(elevation.crossed - within, elevation.crossed)
        .iter()
        .filter(|deploy| deploy.took_effect())
        .filter_map(|deploy| Some((view.topology.distance(deploy.service_name(), affected)?, deploy)))
        .filter(|(distance, _)| f64::from(*distance) <= farthest)
        .min_by_key(|(distance, deploy)| (*distance, std::cmp::Reverse(deploy.key)))
        .map(|(_, deploy)| deploy)
}

fn finding(view: &View<'_>, deploy: &Seen<Deploy>, elevations: &[&Elevation<'_>]) -> Option<Finding> {
    let worst = elevations.first()?;
    let is_undone = deploy.body.outcome == Outcome::RolledBack;
    let what = format!("{} {}", if is_undone { "the rollback of" } else { "deploy" }, deploy.body.version);
    let service = &worst.series.service;
    let level = elevations.iter().map(|elevation| level_of(view, elevation)).max()?;
    let measure = worst.measure();
    let finding = Finding::new(&RULE, deploy.key.id.to_string(), worst.detected(view))
        .weighing(Gravity::High)
        .making(level)
        .issue(format!("{measure} increased after {what}"), view.consequence(service))
        .says(
            Place::Exposure,
            format!("{service} {} remains above baseline after {what}", measure.to_ascii_lowercase()),
        );
    let finding = described(finding, worst).signal(deploy);
    let others = elevations.iter().skip(1).map(|other| other.series.evidence(Some(other.onset)));
    let finding = others.fold(finding, Finding::evidence);
    let is_suspected = view.suspects().first().is_some_and(|suspect| suspect.key == deploy.key);
    // What a trigger of the team's own demands is said once, in the team's own words.
    let is_demanded = view.demands().iter().any(|demand| demand.deploy == deploy.key);
    Some(if is_suspected && !is_demanded && !is_undone {
        finding.remedy("roll-back", words(view, deploy, worst))
    } else {
        finding
    })
}

fn words(view: &View<'_>, deploy: &Seen<Deploy>, worst: &Elevation<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("service", deploy.service_name().to_owned()),
        ("version", deploy.body.version.clone()),
        ("previous", previous(view, deploy)),
        ("affected", worst.series.service.to_string()),
        ("measure", worst.measure().to_ascii_lowercase()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    fn story() -> Story {
        Story::new().series("api/5xx", 0.5, 20, 2.5)
    }

    #[test]
    fn a_rise_after_a_deploy_nearby_names_its_version() {
        for service in ["api", "db", "web"] {
            let story = story().deploy(22, service, "v7", Outcome::Succeeded);
            assert_eq!(
                story.said(&RULE, Place::Issue),
                ["Error rate increased after deploy v7"],
                "{service}"
            );
        }
    }

    #[test]
    fn what_is_rolled_back_to_is_what_was_running() {
        let to = |story: Story| {
            let found = story.deploy(22, "api", "v8", Outcome::Succeeded).situation().actions;
            found.into_iter().map(|action| action.text).find(|text| text.starts_with("Roll back api v8"))
        };
        let story = story().deploy(900, "api", "v6", Outcome::Succeeded);
        assert_eq!(to(story), Some("Roll back api v8 to v6.".to_owned()));
        let story = self::story().deploy(900, "api", "v7", Outcome::Succeeded);
        let rolled_back = story.deploy(600, "api", "v7", Outcome::RolledBack);
        assert_eq!(to(rolled_back), Some("Roll back api v8 to the version before.".to_owned()));
    }

    #[test]
    fn what_was_rolled_back_is_not_rolled_back_again() {
        let story = story().deploy(22, "api", "v7", Outcome::RolledBack);
        assert_eq!(story.said(&RULE, Place::Issue), ["Error rate increased after the rollback of v7"]);
        assert!(!story.situation().actions.iter().any(|action| action.text.starts_with("Roll back")));
    }

    #[test]
    fn a_deploy_too_early_too_late_failed_or_far_away_is_not_named() {
        assert_eq!(story().deploy(90, "api", "v7", Outcome::Succeeded).found(&RULE), []);
        assert_eq!(story().deploy(10, "api", "v7", Outcome::Succeeded).found(&RULE), []);
        assert_eq!(story().deploy(22, "api", "v7", Outcome::Failed).found(&RULE), []);
        assert_eq!(story().deploy(22, "elsewhere", "v7", Outcome::Succeeded).found(&RULE), []);
    }
}
