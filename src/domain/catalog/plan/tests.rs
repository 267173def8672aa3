use super::*;
use crate::domain::goal::{Measure, Target, What};
use crate::domain::Catalog;

/// A whole plan, told in our own words: everything such a document says has its place.
const WHOLE: &str = include_str!("whole.toml");

fn whole() -> Plan {
    toml::from_str::<Catalog>(WHOLE).unwrap().plan
}

#[test]
fn the_assessment_says_what_is_wrong_and_what_is_at_stake() {
    let plan = whole();
    assert!(plan.statement.contains("seven deployments in ten"));
    assert_eq!(plan.failure_rate, Some(Share { least: 70, most: 70 }));
    let stakes: Vec<_> = plan.stakes.iter().map(|stake| (stake.value.as_str(), stake.what.as_str())).collect();
    assert_eq!(stakes, [("$50M", "transactions a day"), ("$100K+", "an hour of downtime")]);
    assert!(plan.approach.contains("beside the manual ones"));
}

#[test]
fn each_vector_has_its_analysis_impact_strategy_and_shares() {
    let plan = whole();
    let ids: Vec<_> = plan.vectors.iter().map(|vector| vector.id.as_str()).collect();
    assert_eq!(ids, ["configuration", "database", "dependency"]);
    let [configuration, database, dependency] = &plan.vectors[..] else { panic!() };
    assert!(configuration.analysis.contains("endpoints of staging"));
    assert!(configuration.impact.contains("every promotion"));
    assert!(configuration.strategy.contains("values for each environment"));
    assert_eq!(configuration.failures, Some(Share { least: 40, most: 50 }));
    assert_eq!((database.failures.unwrap().least, database.recovery.unwrap().least), (25, 80));
    assert!(database.strategy.contains("point in time") && database.impact.contains("compliance"));
    assert!(dependency.analysis.contains("account-service") && dependency.strategy.contains("versions"));
    assert!(dependency.failures.is_none(), "nobody said how many");
    assert_eq!(configuration.recognised.kinds, [KindWord(Kind::Config)]);
}

#[test]
fn phases_have_days_objectives_tasks_and_metrics() {
    let plan = whole();
    let days: Vec<_> = plan.phases.iter().map(|phase| phase.days.to_string()).collect();
    assert_eq!((days, plan.length()), (vec!["1-7".into(), "8-14".into(), "15-30".into()], 30));
    let tasks: Vec<_> = plan.phases.iter().flat_map(|phase| &phase.tasks).collect();
    let of_first: Vec<_> = plan.phases[0].tasks.iter().map(|task| task.days.unwrap().to_string()).collect();
    assert_eq!(of_first, ["1-3", "4-5", "6-7"]);
    assert!(tasks.iter().any(|task| task.detail.contains("create index concurrently")));
    assert!(tasks.iter().all(|task| !task.owner.is_empty()));
    assert_eq!(plan.phases[0].progress().unwrap().percent(), (100 + 80 + 45) / 3);
    let metrics: Vec<_> = plan.phases.iter().map(|phase| phase.metrics.len()).collect();
    assert_eq!(metrics, [3, 3, 3]);
    let goal = plan.phases[2].metrics[0].goal.clone().unwrap();
    assert!(matches!(goal.measure, Measure::Room { what: What::DeploySuccessRate, .. }));
    assert!(matches!(goal.target, Target::Limit(..)));
    assert!(plan.phases[2].metrics[2].goal.is_none(), "people judge it");
}

#[test]
fn risks_have_a_mitigation_and_a_trigger_and_obligations_stay() {
    let plan = whole();
    let areas: Vec<_> = plan.risks.iter().map(|risk| risk.area.as_str()).collect();
    assert_eq!(areas, ["implementation", "people", "tools", "security"]);
    assert!(plan.risks.iter().all(|risk| !risk.mitigation.is_empty() && !risk.trigger.is_empty()));
    assert!(plan.risks[0].when.is_some() && plan.risks[1].when.is_none());
    let texts: Vec<_> = plan.compliance.iter().map(|kept| kept.text.as_str()).collect();
    assert!(texts[0].contains("never changed") && texts[1].contains("signed"));
    assert!(texts[2].contains("PCI-DSS"));
}

#[test]
fn a_plan_is_written_back_as_it_was_read() {
    let plan = whole();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
}

#[test]
fn days_of_the_plan_are_counted_from_its_first() {
    let plan = whole();
    let day = |text: &str| plan.day(text.parse().unwrap());
    assert_eq!(day("2026-03-01T23:59:59Z"), None);
    assert_eq!(day("2026-03-02T00:00:00Z"), Some(1));
    assert_eq!(day("2026-03-16T16:00:00Z"), Some(15));
}

#[test]
fn what_is_wrong_is_refused_with_the_way_to_write_it() {
    let wrong = |text: &str| toml::from_str::<Plan>(text).unwrap_err().message().to_owned();
    assert!(wrong("failure_rate = \"most\"").contains("write 70 % or 40-50 %"));
    assert!(wrong("failure_rate = \"50-40 %\"").contains("not a share"));
    assert!(wrong("[[phase]]\nname = 'x'\ndays = '9-2'").contains("write 1-7 or 4"));
    assert!(wrong("[[phase]]\nname = 'x'\ndays = '1'\ntask = [{ title = 'y', progress = 101 }]").contains("0 to 100"));
    let goal = "[[phase]]\nname = 'x'\ndays = '1'\nmetric = [{ name = 'y', goal = 'mttd(3d) < 5 %' }]";
    assert!(wrong(goal).contains("column 12: expected how long"), "{}", wrong(goal));
    assert!(wrong("[[vector]]\nid = 'x'\nrecognised = { kinds = ['confg'] }").contains("not a kind of signal"));
}
