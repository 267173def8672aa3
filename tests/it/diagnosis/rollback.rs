//! Triggers and modes over the built-in stories: one that comes a third of the way, one that is met and over again.

use super::{scenario, situation_at, situation_of, story};
use sitroom::diagnosis::{Level, Situation, Standing};
use sitroom::domain::Time;
use sitroom::domain::catalog::Mode;

fn migration(at: &str) -> Situation {
    let scenario = scenario(include_str!("../../../assets/scenarios/payments-migration.toml"));
    situation_at(&scenario, format!("2026-03-16T{at}:00Z").parse::<Time>().unwrap())
}

#[test]
fn after_a_deploy_it_is_said_how_far_its_triggers_are() {
    let situation = situation_of(story());
    let own: Vec<_> =
        situation.triggers.iter().filter(|it| it.service.as_str() == "checkout-service").collect();
    let first = own.iter().find(|it| it.trigger == "payment-api/error rate > 5 % for 2 minutes").unwrap();
    assert_eq!((first.standing, first.says.as_str()), (Standing::Clear, "1.9 %, limit 5 %, held 0 of 2 min"));
    assert_eq!(first.watch.as_ref().map(|watch| watch.version.as_str()), Some("v2.14.3"));
    let other = situation.triggers.iter().find(|it| it.service.as_str() == "payment-api").unwrap();
    assert_eq!(other.watch, None, "nothing of it was deployed within the hour");
    assert!(situation.triggers.iter().all(|it| !it.demands_rollback && it.standing != Standing::Unknown));
    assert!(situation.modes.is_empty());
}

#[test]
fn the_first_action_is_to_roll_back_what_has_met_its_trigger() {
    let early = migration("14:04");
    assert!(early.triggers.iter().all(|it| !it.demands_rollback));
    let met = migration("14:10");
    assert_eq!(
        met.actions[0].text,
        "Roll back payment-service v3.9.0 to v3.8.0: lock waits > 100 for 2 minutes met since 14:05 UTC, after the \
         deploy at 14:00 UTC."
    );
    assert!(met.actions[0].because.starts_with("it has been met for 5 min: "), "{}", met.actions[0].because);
    assert_eq!(met.issues.iter().filter(|issue| issue.rule == "rollback-trigger").count(), 1);
    let over = migration("15:13");
    assert!(over.actions.iter().all(|action| action.rule != "rollback-trigger"), "it was rolled back");
}

#[test]
fn a_mode_stands_in_the_line_of_its_service_until_it_is_over() {
    let during = migration("14:10");
    let mode = during.modes.first().unwrap();
    assert_eq!((mode.name.as_str(), mode.mode), ("payments are read only", Mode::Critical));
    let service = during.state.services.iter().find(|it| it.name == mode.service).unwrap();
    assert!(service.text.starts_with("payments are read only: ") && service.level >= Level::Degraded);
    assert_eq!(service.modes, ["payments are read only"]);
    assert!(migration("15:40").modes.is_empty());
}
