//! The readiness of the first scenario: everything such a page says has a place in the catalog, and its counts are
//! computed.

use super::read;
use sitroom::diagnosis::{Policy, situation};
use sitroom::domain::catalog::{Demand, Gating};
use sitroom::domain::readiness::{Suggestion, on_duty, register};
use sitroom::domain::{Catalog, Room, SignalLog, Time};
use sitroom::sources::scenario::Scenario;

fn told() -> (Catalog, SignalLog, Time) {
    let first = Scenario::built_in()[0];
    let scenario = read(first.name, first.text);
    let signals = scenario.signals_until(scenario.end()).collect();
    (scenario.catalog().clone(), signals, scenario.end())
}

#[test]
fn the_register_has_seven_items_six_of_which_a_launch_waits_for() {
    let (catalog, _, end) = told();
    let room = Room::default();
    let register = register(&catalog, &room, end);
    assert_eq!(
        register.counts.to_string(),
        "0 of 7 signed off · 6 GA-blocking outstanding · 7 never signed off"
    );
    for standing in &register.items {
        let item = standing.item;
        assert!(!item.needs.is_empty() && !item.why.is_empty() && !item.phase.is_empty(), "{}", item.id);
        assert!(!item.owner.is_empty(), "{}", item.id);
    }
    let soft = &register.items[6];
    assert_eq!((soft.item.gating, soft.item.phase.as_str()), (Gating::SoftGating, "launch"));
    assert_eq!(soft.item.related, ["#1269"]);
    let ready: Vec<_> = register.items.iter().filter(|it| it.suggestion() == Suggestion::Sign).collect();
    assert_eq!(ready.len(), 1, "one runbook was tried lately");
}

/// The other scenario has a past, in which people signed and took it back.
#[test]
fn what_people_signed_before_a_story_stands_in_its_register() {
    let scenario = super::built_in("payments-migration");
    let room = scenario.room_until(scenario.start());
    let register = register(scenario.catalog(), &room, scenario.start());
    assert_eq!(
        register.counts.to_string(),
        "1 of 5 signed off · 3 GA-blocking outstanding · 1 expired · 2 never signed off"
    );
    let stands = |id: &str| {
        let standing = register.item(id).unwrap();
        let did: Vec<_> = standing.acts.iter().map(|act| (act.by.as_str(), act.did.word())).collect();
        (standing.state.word(), did)
    };
    assert_eq!(stands("migration-undo"), ("expired", vec![("lee", "signed off")]));
    assert_eq!(stands("on-call"), ("pending", vec![("dana", "signed off"), ("sam", "withdrew it")]));
    assert_eq!(stands("restore-tried"), ("passed", vec![("sam", "signed off")]));
    assert_eq!(stands("objectives"), ("pending", Vec::new()));
    assert_eq!(register.items[0].item.id.as_str(), "migration-undo", "what has lapsed is seen first");
}

#[test]
fn every_claim_has_its_bound_beside_the_item_it_is_not() {
    let (catalog, _, end) = told();
    let room = Room::default();
    let register = register(&catalog, &room, end);
    let bounds = |item: &str| register.item(item).unwrap().claims.len();
    assert_eq!((bounds("slo-definitions"), bounds("on-call-rotation"), bounds("status-page")), (2, 1, 0));
    assert!(catalog.readiness.claims.iter().all(|claim| !claim.claim.is_empty() && !claim.bound.is_empty()));
    let terms: Vec<_> = catalog.readiness.terms.iter().map(|term| term.term.as_str()).collect();
    assert_eq!(terms, ["SLO", "Error budget", "RTO and RPO", "Dunning", "On-call rotation", "GA-blocking"]);
}

#[test]
fn budgets_schedules_and_runbooks_are_what_the_signals_and_the_day_make_of_them() {
    let (catalog, signals, end) = told();
    let budgets = situation(&signals, &catalog, &Policy::default(), &[], end).budgets;
    let demanded = budgets[0].demands.as_ref().unwrap();
    assert_eq!((budgets[0].id.as_str(), demanded.demand), ("api-uptime", Demand::Escalate));
    assert!(budgets.iter().any(|it| it.id == "api-latency" && it.objective.is_none()));
    assert!(
        budgets.iter().any(|it| it.id == "ledger/availability"),
        "what no agreement mentions stands there too"
    );
    let readiness = &catalog.readiness;
    let primary = on_duty(readiness.schedule("payments primary").unwrap(), end);
    assert_eq!((primary.holder.unwrap().as_str(), primary.holes.len()), ("dana", 1));
    assert!(on_duty(readiness.schedule("platform").unwrap(), end).holes.is_empty());
    let fresh = |id: &str| readiness.runbook(id).unwrap().is_fresh(end);
    assert_eq!(
        (fresh("failed-charges"), fresh("ledger-restore"), fresh("provider-down")),
        (true, false, false)
    );
    let names: Vec<_> = catalog.templates().map(|template| template.name).collect();
    assert!(
        names.contains(&"Restore the ledger from a backup".to_owned()),
        "a runbook begins as a checklist"
    );
}
