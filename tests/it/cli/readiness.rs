//! Readiness, sign-offs and the audit trail from the shell.

use super::Shell;
use serde_json::Value;
use std::fs;

const CATALOG: &str = r#"
[[service]]
name = "api"

[[readiness.item]]
id = "restore"
title = "Runbook: restore"
gating = "ga-blocking"
needs = "A restore that was tried"
expires_after = "90d"

[[readiness.item]]
id = "review"
title = "A first post-mortem"
gating = "soft-gating"
checks = ["post-mortem"]
"#;

fn with_catalog(text: &str) -> Shell {
    let shell = Shell::new();
    let config = shell.configure("room = \"launch\"\ncatalog = \"catalog.toml\"\n");
    fs::write(config.with_file_name("catalog.toml"), text).unwrap();
    shell
}

#[test]
fn a_launch_waits_until_everything_it_waits_for_is_signed() {
    let shell = with_catalog(CATALOG);
    let before = shell.run(&["readiness", "--json"]);
    assert_eq!((before.code, before.err.as_str()), (1, ""));
    let before: Value = serde_json::from_str(&before.out).unwrap();
    assert_eq!((&before["schema"], &before["ready"]), (&"sitroom/readiness/1".into(), &false.into()));
    assert_eq!(before["counts"]["ga_blocking_outstanding"], 1);
    assert_eq!(before["items"][0]["last_attested"], Value::Null);

    let signed = shell.done(&[
        "readiness",
        "sign",
        "restore",
        "--evidence",
        "https://example.org/r",
        "--note",
        "tried",
    ]);
    assert!(signed.contains("passed") && signed.contains("signed by dana"), "{signed}");
    let after = shell.json(&["readiness", "--json"]);
    assert_eq!((&after["ready"], &after["items"][1]["state"]), (&true.into(), &"passed".into()));
    assert_eq!(after["items"][1]["history"][0]["evidence"][0]["url"], "https://example.org/r");
    assert_eq!(shell.run(&["readiness", "--at", "-1h"]).code, 1, "an hour ago nobody had signed");

    let sums = &serde_json::from_str::<Value>(&shell.run(&["status", "--json"]).out).unwrap()["readiness"];
    assert_eq!((&sums["passed"], &sums["ga_blocking_outstanding"]), (&1.into(), &0.into()));
    let gates = serde_json::json!([
        { "gating": "ga-blocking", "passed": 1, "pending": 0, "expired": 0, "outstanding": 0 },
        { "gating": "soft-gating", "passed": 0, "pending": 1, "expired": 0, "outstanding": 1 },
    ]);
    assert_eq!((&sums["gates"], &after["counts"]["gates"]), (&gates, &gates));

    shell.done(&["--as", "sam", "readiness", "withdraw", "restore", "--reason", "the backup was empty"]);
    let text = shell.run(&["readiness"]);
    assert_eq!(text.code, 1);
    assert!(text.out.starts_with("0 of 2 signed off · 1 GA-blocking outstanding"), "{}", text.out);
}

#[test]
fn what_nobody_signed_does_not_pass_under_the_id_of_something_else() {
    let second = "\n[[readiness.item]]\nid = \"restore\"\ntitle = \"Pen test\"\ngating = \"ga-blocking\"\n";
    let shell = with_catalog(CATALOG);
    shell.done(&["readiness", "sign", "restore", "--evidence", "https://example.org/r"]);
    fs::write(shell.home().join("config/catalog.toml"), format!("{CATALOG}{second}")).unwrap();
    let found = shell.run(&["readiness"]);
    assert_eq!(found.code, 1, "{found:?}");
    assert!(found.out.starts_with("1 of 3 signed off · 1 GA-blocking outstanding"), "{}", found.out);
    let said =
        "restore  Pen test  never signed off\n           not yet: its id is that of \"Runbook: restore\"";
    assert!(found.out.contains(said), "{}", found.out);
    let again = shell.run(&["readiness", "sign", "restore", "--evidence", "https://example.org/r2"]);
    assert!(again.code == 0 && again.out.starts_with("  passed"), "{again:?}");
}

#[test]
fn what_cannot_be_signed_says_why() {
    let shell = with_catalog(CATALOG);
    let sign = |item: &str, evidence: &str| shell.run(&["readiness", "sign", item, "--evidence", evidence]);
    sign("restor", "x").complains(1, "there is no `restor` in the readiness register", "restore, review");
    sign("restore", " ").complains(1, "without evidence", "");
    assert_eq!(shell.run(&["readiness", "sign", "restore"]).code, 2);
    let withdraw = shell.run(&["readiness", "withdraw", "restore", "--reason", "x"]);
    withdraw.complains(1, "nobody has signed restore off", "");
    Shell::new().run(&["readiness"]).complains(2, "no readiness register", "[[readiness.item]]");
    let wrong = with_catalog(&format!(
        "{CATALOG}\n[[readiness.claim]]\ntitle = \"x\"\nbound = \"y\"\nbeside = [\"restoer\"]\n"
    ));
    let wrong = wrong.run(&["config", "check"]);
    assert!(wrong.out.contains("catalog.toml:18: `restoer` is not an item"), "{wrong:?}");
    assert!(wrong.out.contains("did you mean \"restore\"?"), "{wrong:?}");
}

#[test]
fn what_cannot_be_read_is_not_called_absent() {
    let shell = with_catalog("[plan]\ntitle = 5\n[[readiness.item]]\nid = \"restore\"\ngating = \"ga\"\n");
    for (part, absent) in [("plan", "there is no plan"), ("readiness", "no readiness register")] {
        let answer = shell.run(&[part]);
        assert_eq!(answer.code, 2, "{answer:?}");
        assert!(answer.err.contains(&format!("no {part} could be read from")), "{answer:?}");
        assert!(!answer.err.contains(absent), "{answer:?}");
    }
}

#[test]
fn a_scenario_has_its_register_and_nobody_signed_it() {
    let shell = Shell::new();
    let answer = shell.run(&["readiness", "--scenario", "checkout-deploy"]);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    let first = answer.out.lines().next().unwrap();
    assert_eq!(first, "0 of 7 signed off · 6 GA-blocking outstanding · 7 never signed off");
    for said in ["ready to sign", "honest bound:", "nobody from 2026-03-28", "escalate"] {
        assert!(answer.out.contains(said), "{said}: {}", answer.out);
    }
    let json = shell.run(&["readiness", "--scenario", "checkout-deploy", "--json"]);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["items"].as_array().unwrap().len(), 7);
    assert_eq!(json["budgets"][0]["demands"]["demand"], "escalate");
}

#[test]
fn the_trail_has_every_act_and_every_deployment_in_order() {
    let shell = with_catalog(CATALOG);
    assert_eq!(shell.done(&["audit"]), "nobody did anything, and nothing was deployed\n");
    shell.done(&["emit", "deploy", "--service", "api", "--version", "v2", "--at", "-10m"]);
    shell.done(&["incident", "declare", "--title", "=1+1", "--sev", "2"]);
    shell.done(&["ic", "take"]);
    shell.done(&["--as", "sam", "readiness", "sign", "restore", "--evidence", "https://example.org/r"]);
    let trail = shell.json(&["audit", "--since", "1h", "--json"]);
    assert_eq!(trail["schema"], "sitroom/audit/1");
    let entries = trail["entries"].as_array().unwrap();
    let what: Vec<_> = entries.iter().map(|entry| entry["what"].as_str().unwrap()).collect();
    assert_eq!(what, ["deployment", "incident", "command", "sign-off"]);
    assert_eq!((&entries[3]["by"], &entries[3]["subject"]), (&"sam".into(), &"restore".into()));
    assert_eq!(entries[3]["hash"].as_str().unwrap().len(), 64);
    assert_eq!(entries[0]["record"], Value::Null);
    let csv = shell.done(&["audit", "--csv"]);
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.contains("'=1+1"), "no spreadsheet takes a title for a formula: {csv}");
    shell.done(&["emit", "deploy", "--service", "api", "--version", "v3", "--outcome", "failed"]);
    shell.done(&["criterion", "add", "support is calm"]);
    let text = shell.done(&["audit", "--since", "1h ago"]);
    assert!(text.contains(", FAILED"), "{text}");
    assert!(text.contains("X1") && !text.contains("C1"), "{text}");
    let text = shell.done(&["audit", "--since", "5m"]);
    assert!(!text.contains("v2") && text.contains("sign-off"), "{text}");
}
