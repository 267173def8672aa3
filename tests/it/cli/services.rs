//! `sitroom services`: tiers, levels, the order of deployment, cycles, and who stops with whom.

use super::Shell;
use serde_json::Value;
use std::fs;

const SCENARIO: &str = include_str!("../../../assets/scenarios/payments-migration.toml");

fn page(shell: &Shell, arguments: &[&str]) -> Value {
    let all = [&["services", "--json"], arguments].concat();
    serde_json::from_str(&shell.done(&all)).unwrap()
}

#[test]
fn the_deploy_order_is_computed_and_follows_when_dependencies_change() {
    let shell = Shell::new();
    let line =
        |arguments: &[&str]| page(&shell, arguments)["deploy_order"]["line"].as_str().unwrap().to_owned();
    assert_eq!(
        line(&["--scenario", "payments-migration"]),
        "account-service, audit-service → payment-service then transaction-service → notification-service"
    );
    let name = "name = \"account-service\"\n";
    let changed = SCENARIO.replacen(name, &format!("{name}depends_on = [\"audit-service\"]\n"), 1);
    assert_ne!(changed, SCENARIO);
    fs::create_dir_all(shell.home()).unwrap();
    let file = shell.home().join("changed.toml");
    fs::write(&file, changed).unwrap();
    assert_eq!(
        line(&["--scenario", file.to_str().unwrap()]),
        "audit-service then account-service → payment-service then transaction-service → notification-service"
    );
}

#[test]
fn a_cycle_and_what_goes_against_the_tiers_are_named() {
    let shell = Shell::new();
    let name = "name = \"account-service\"\n";
    fs::create_dir_all(shell.home()).unwrap();
    let file = shell.home().join("circle.toml");
    let needs = format!("{name}depends_on = [\"notification-service\"]\n");
    fs::write(&file, SCENARIO.replacen(name, &needs, 1)).unwrap();
    let text = shell.done(&["services", "--scenario", file.to_str().unwrap()]);
    assert!(
        text.contains("Cycles: these stand on each other\n  account-service, notification-service"),
        "{text}"
    );
    assert!(text.contains("Against the tiers\n  account-service depends on notification-service"), "{text}");
}

#[test]
fn levels_are_those_of_the_moment_and_the_same_bytes_every_time() {
    let shell = Shell::new();
    let asked = ["--scenario", "payments-migration", "--at"];
    let level = |at: &str| {
        let page = page(&shell, &[&asked[..], &[at]].concat());
        let services = page["services"].as_array().unwrap().clone();
        let one = services.into_iter().find(|service| service["name"] == "payment-service").unwrap();
        one["level"].as_str().unwrap().to_owned()
    };
    assert_eq!(level("13:50"), "normal");
    assert_ne!(level("14:30"), "normal");
    let arguments = ["services", "--json", "--scenario", "payments-migration"];
    assert_eq!(shell.done(&arguments), shell.done(&arguments));
}

#[test]
fn one_service_says_who_stops_with_it_and_what_it_stands_on() {
    let shell = Shell::new();
    let page = page(&shell, &["account-service", "--scenario", "payments-migration"]);
    let service = &page["services"][0];
    assert_eq!((&page["schema"], &service["tier"]), (&"sitroom/services/1".into(), &"foundation".into()));
    let stops: Vec<_> = service["detail"]["blast_radius"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {}", it["distance"], it["name"].as_str().unwrap()))
        .collect();
    assert_eq!(stops, ["1 payment-service", "1 transaction-service", "2 notification-service"]);
    assert_eq!(service["stops"], 3);
    let text = shell.done(&["services", "notification-service", "--scenario", "payments-migration"]);
    assert!(text.contains("It stands on\n  payment-service, 1 step away"), "{text}");
    let unknown = shell.run(&["services", "acount-service", "--scenario", "payments-migration"]);
    unknown.complains(2, "no service `acount-service`", "did you mean \"account-service\"?");
}

#[test]
fn how_far_triggers_are_which_mode_it_is_in_and_what_is_not_written_down() {
    let shell = Shell::new();
    let asked = ["payment-service", "--scenario", "payments-migration", "--at", "14:30"];
    let page = page(&shell, &asked);
    let service = &page["services"][0];
    let (mode, trigger) = (&service["modes"][0], &service["triggers"][0]);
    assert_eq!((&mode["name"], &mode["mode"]), (&"payments are read only".into(), &"critical".into()));
    assert_eq!(trigger["demands_rollback"], true);
    let measured = &trigger["conditions"][0]["measured"];
    assert!(measured["value"].as_f64() > measured["limit"].as_f64(), "{trigger}");
    assert_eq!(measured["of_seconds"], 120);
    let (complete, gaps) = (&service["completeness"], service["detail"]["gaps"].as_array().unwrap());
    let number = |key: &str| complete[key].as_u64().unwrap();
    assert_eq!(number("needed") - number("met"), gaps.len() as u64);
    assert_eq!(number("percent"), number("met") * 100 / number("needed"));
    let text = shell.done(&[&["services"], &asked[..]].concat());
    assert!(text.contains("payment-service: ROLL BACK, critical"), "{text}");
    assert!(text.contains("Serves less\n  payments are read only (critical), for "), "{text}");
    assert!(text.contains("Rollback triggers\n  ROLL BACK: "), "{text}");
    assert!(text.contains("Not written down\n  critical service without "), "{text}");
}

#[test]
fn without_a_catalog_it_says_how_to_begin() {
    let shell = Shell::new();
    shell.run(&["services"]).complains(2, "no service is known", "--scenario payments-migration");
    assert!(!shell.home().exists(), "looking makes nothing");
}
