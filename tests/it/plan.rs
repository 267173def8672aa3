//! The plan of the built-in scenario: that everything such a plan says has a place, and that its numbers are counted.

use super::support::scene::Scene;
use sitroom::diagnosis::plan::{PlanState, Verdict};
use sitroom::diagnosis::{Policy, situation_in};
use sitroom::domain::catalog::Plan;
use sitroom::domain::catalog::plan::{KindWord, Share};
use sitroom::domain::goal::{Measure, Target, WHATS, What};
use sitroom::domain::{Kind, SignalLog};
use sitroom::sources::scenario::Scenario;
use std::sync::Arc;

fn text() -> &'static str {
    Scenario::built_in().iter().find(|scenario| scenario.name == "payments-migration").unwrap().text
}

fn told(text: &str) -> Scenario {
    Scenario::parse("payments-migration", text).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn plan() -> Plan {
    told(text()).catalog().plan.clone()
}

/// The plan measured at the end of a story.
fn measured(text: &str) -> Arc<PlanState> {
    let scenario = told(text);
    let now = scenario.end();
    let (signals, room): (SignalLog, _) = (scenario.signals_until(now).collect(), scenario.room_until(now));
    let policy = Policy::default();
    let situation = situation_in(&Arc::new(room), &signals, scenario.catalog(), &policy, &[], now);
    situation.plan.unwrap()
}

fn vector(plan: &PlanState, id: &str) -> (f64, f64) {
    let vector = plan.vectors.iter().find(|vector| vector.id == id).unwrap();
    (vector.share.unwrap().round(), vector.recovery_share.unwrap().round())
}

#[test]
fn the_assessment_says_what_is_wrong_and_what_is_at_stake() {
    let plan = plan();
    assert!(plan.statement.contains("seven deployments in ten"));
    assert_eq!(plan.failure_rate, Some(Share { least: 70, most: 70 }));
    let stakes: Vec<_> =
        plan.stakes.iter().map(|stake| (stake.value.as_str(), stake.what.as_str())).collect();
    assert_eq!(stakes, [("$50M", "transactions a day"), ("$100K+", "an hour of downtime")]);
    assert!(plan.approach.contains("beside the manual ones"));
}

#[test]
fn each_vector_has_its_analysis_impact_strategy_and_shares() {
    let plan = plan();
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
    let plan = plan();
    let days: Vec<_> = plan.phases.iter().map(|phase| phase.days.to_string()).collect();
    assert_eq!((days, plan.length()), (vec!["1-7".into(), "8-14".into(), "15-30".into()], 30));
    assert!(plan.phases.iter().all(|phase| !phase.objective.is_empty()));
    let tasks: Vec<_> = plan.phases.iter().flat_map(|phase| &phase.tasks).collect();
    let of_first: Vec<_> = plan.phases[0].tasks.iter().map(|task| task.days.unwrap().to_string()).collect();
    assert_eq!(of_first, ["1-3", "4-5", "6-7"]);
    assert!(tasks.iter().any(|task| task.detail.contains("create index concurrently")));
    assert!(tasks.iter().all(|task| !task.owner.is_empty()));
    let metrics: Vec<_> = plan.phases.iter().map(|phase| phase.metrics.len()).collect();
    assert_eq!(metrics, [3, 3, 3]);
    let goal = plan.phases[2].metrics[0].goal.clone().unwrap();
    assert!(matches!(goal.measure, Measure::Room { what: What::DeploySuccessRate, .. }));
    assert!(matches!(goal.target, Target::Limit(..)));
    assert!(plan.phases[2].metrics[2].goal.is_none(), "people judge it");
}

#[test]
fn risks_have_a_mitigation_and_a_trigger_and_obligations_stay() {
    let plan = plan();
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
    let plan = plan();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
}

#[test]
fn seven_in_ten_fail_and_the_vectors_have_the_shares_that_people_say() {
    let plan = measured(text());
    assert_eq!((plan.failures.failed, plan.failures.deployments), (40, 57));
    assert_eq!(plan.failures.rate.map(f64::round), Some(70.0));
    assert_eq!(vector(&plan, "configuration").0, 45.0);
    assert_eq!(vector(&plan, "database"), (25.0, 80.0));
    assert_eq!(plan.failures.unrecognised, 0);
    for (state, said) in plan.vectors.iter().zip(&self::plan().vectors) {
        assert!(said.failures.is_none_or(|said| said.holds(state.share.unwrap())), "{}", state.id);
        assert!(said.recovery.is_none_or(|said| said.holds(state.recovery_share.unwrap())), "{}", state.id);
    }
}

#[test]
fn the_shares_follow_when_the_deployments_and_incidents_are_others() {
    let fewer = measured(&text().replace("failed = 28", "failed = 8"));
    // Of the incidents six are put down to deployments that say they went well.
    assert_eq!((fewer.failures.failed, fewer.failures.deployments), (26, 57));
    let other = text().replace(
        "causes = [\"configuration\", \"database\", \"configuration\", \"dependency\"]",
        "causes = [\"dependency\"]",
    );
    let other = measured(&other);
    assert_eq!((vector(&other, "configuration").0, vector(&other, "dependency").0), (15.0, 80.0));
    let (before, _) = text().split_once("[[incident]]").unwrap();
    let (_, after) = text().split_once("# ---- 72 hours of metrics").unwrap();
    let without = measured(&format!("{before}\n# {after}"));
    assert!(vector(&without, "database").1 < 50.0, "no incident says how long recovering took");
    let detected = without.metrics.iter().find(|metric| metric.name.starts_with("Detected")).unwrap();
    assert_eq!(detected.verdict, Verdict::NotMeasured);
}

#[test]
fn the_order_of_deployment_follows_tiers_and_dependencies() {
    let stages = |text: &str| {
        let order = &measured(text).deploy_order;
        order
            .iter()
            .map(|stage| stage.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let expected =
        ["account-service audit-service", "payment-service transaction-service", "notification-service"];
    assert_eq!(stages(text()), expected);
    let alone = text()
        .replace("tier = \"supporting\"", "tier = \"foundation\"")
        .replace("depends_on = [\"payment-service\", \"transaction-service\"]\n", "");
    assert_eq!(
        stages(&alone),
        ["account-service audit-service notification-service", "payment-service transaction-service"]
    );
}

/// What a plan wants to come true is measured, or it says why it is not.
#[test]
fn every_success_metric_is_measured_or_says_why_not() {
    for metric in &measured(text()).metrics {
        match metric.verdict {
            Verdict::Met | Verdict::NotMet => {
                assert!(metric.now.is_some() && metric.goal.is_some(), "{metric:?}");
            }
            Verdict::NotMeasured | Verdict::ForPeople => assert!(!metric.why.is_empty(), "{metric:?}"),
        }
    }
    let judged = |verdict| measured(text()).metrics.iter().filter(|metric| metric.verdict == verdict).count();
    assert_eq!((judged(Verdict::ForPeople), judged(Verdict::NotMeasured)), (1, 0));
}

#[test]
fn nothing_is_said_of_a_plan_where_there_is_none() {
    assert_eq!(Scene::at_the_end().snapshot.situation.plan, None);
}

#[test]
fn the_manual_has_every_measure_of_the_language() {
    let manual = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/PLAN.md")).unwrap();
    for row in WHATS {
        let is_there =
            manual.lines().any(|line| line.contains(&format!("`{}`", row.word)) && line.contains(row.about));
        assert!(is_there, "{} is not in docs/PLAN.md as the table has it", row.word);
    }
}
