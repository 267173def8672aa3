//! What only looks: help, status, keys, themes, completions, the manual page, the doctor.

use super::Shell;
use serde_json::Value;
use sitroom::domain::{Body, Signal, SignalId, SourceName, Span, Time};
use sitroom::store::{Heard, Store};
use std::fs;

const COMMANDS: [&str; 21] = [
    "readiness",
    "audit",
    "serve",
    "people",
    "drill",
    "triggers",
    "status",
    "services",
    "demo",
    "incident",
    "ic",
    "role",
    "note",
    "emit",
    "journal",
    "doctor",
    "config",
    "keys",
    "themes",
    "completions",
    "man",
];
const FLAGS: [&str; 8] =
    ["--config", "--home", "--as", "--read-only", "--theme", "--keymap", "--ascii", "--no-color"];

#[test]
fn help_the_manual_and_the_completions_know_everything() {
    let shell = Shell::new();
    let help = shell.done(&["--help"]);
    let manual = shell.done(&["man"]);
    for word in COMMANDS.iter().chain(&FLAGS) {
        assert!(help.contains(word), "help does not know {word}");
        assert!(manual.replace("\\-", "-").contains(word), "the manual does not know {word}");
    }
    assert!(manual.replace("\\-", "-").contains("--relieve"));
    for name in ["bash", "zsh", "fish"] {
        let script = shell.done(&["completions", name]);
        for word in COMMANDS {
            assert!(script.contains(word), "{name} does not complete {word}");
        }
    }
    assert_eq!(shell.run(&["completions", "tcl"]).code, 2);
    assert_eq!(shell.run(&["nonsense"]).code, 2);
    for command in COMMANDS {
        assert!(shell.done(&[command, "--help"]).contains("--home"));
    }
}

#[test]
fn the_situation_of_a_scenario_is_the_same_bytes_every_time() {
    let shell = Shell::new();
    let arguments = ["status", "--json", "--scenario", "checkout-deploy"];
    let first = shell.run(&arguments);
    assert_eq!((first.code, first.err.as_str()), (1, ""));
    assert_eq!(shell.run(&arguments).out, first.out);
    let page: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!(
        (&page["schema"], &page["room"]),
        (&Value::from("sitroom/situation/1"), &Value::from("payments-prod"))
    );
    for field in [
        "at",
        "source",
        "state",
        "changes",
        "exposure",
        "actions",
        "issues",
        "confidence",
        "signals",
        "suspects",
        "sequence",
        "coverage",
        "sources",
    ] {
        assert!(!page[field].is_null(), "{field}");
    }
    assert_eq!(page["at"], "2026-03-18T14:29:00.000Z");
    for (at, is) in
        [("+20m", "14:14"), ("-9m", "14:20"), ("14:17", "14:17"), ("2026-03-18T14:06:00Z", "14:06")]
    {
        let then: Value =
            serde_json::from_str(&shell.run(&[&arguments[..], &["--at", at]].concat()).out).unwrap();
        assert_eq!(then["at"], format!("2026-03-18T{is}:00.000Z"));
    }
    let plain = shell.run(&["status", "--plain", "--scenario", "checkout-deploy"]).out;
    for heading in ["State: ", "What changed", "Active issues: 7", "Runtime sequence"] {
        assert!(plain.contains(heading), "{plain}");
    }
    assert!(!plain.contains('\x1b'));
}

#[test]
fn where_nothing_is_known_status_says_how_to_begin() {
    let shell = Shell::new();
    shell.run(&["status"]).complains(2, "nothing is configured", "--scenario checkout-deploy");
    assert!(!shell.home().exists(), "looking makes nothing");
    shell.run(&["status", "--scenario", "chekout"]).complains(2, "no scenario `chekout`", "checkout-deploy");
    assert_eq!(shell.run(&["status", "--at", "noon"]).code, 2);
}

#[test]
fn where_nothing_was_observed_status_still_names_the_open_incident() {
    let shell = Shell::declared();
    let answer = shell.run(&["status"]);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    assert!(answer.out.contains("Incident: INC-1 SEV-2 Checkout fails"), "{answer:?}");
    assert!(
        answer.out.contains("State: UNKNOWN. No signals yet") && !answer.out.contains("NORMAL"),
        "{answer:?}"
    );
    let document: Value = serde_json::from_str(&shell.run(&["status", "--json"]).out).unwrap();
    assert_eq!(document["incident"]["id"], "INC-1");
    assert_eq!(document["state"]["level"], "unknown");
    shell.done(&["incident", "resolve"]);
    shell.run(&["status"]).complains(2, "nothing is configured", "sitroom emit");
}

#[test]
fn a_room_that_nobody_has_looked_at_is_not_called_normal() {
    let shell = Shell::new();
    shell.configure("room = \"payments\"\ncatalog = \"catalog.toml\"\n");
    fs::write(shell.home().join("config/catalog.toml"), "[[service]]\nname = \"checkout\"\n").unwrap();
    let answer = shell.run(&["status", "--json"]);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    let page: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(page["state"]["sentence"], "No signals yet: nothing is known about the system.");
    let said = |value: &Value| {
        (value["level"].as_str().map(str::to_owned), value["text"].as_str().map(str::to_owned))
    };
    assert_eq!(said(&page["state"]), (Some("unknown".into()), None));
    assert_eq!(said(&page["state"]["services"][0]), (Some("unknown".into()), Some("not observed".into())));
    assert_eq!(said(&page["confidence"]), (Some("unknown".into()), None));
    assert_eq!((&page["confidence"]["score"], &page["readiness"]), (&Value::Null, &Value::Null));
    let text = shell.run(&["status"]);
    assert_eq!(text.code, 1);
    assert!(text.out.contains("State: UNKNOWN") && text.out.contains("sitroom emit"), "{text:?}");

    // What was deployed is not known to be well for that.
    assert_eq!(shell.run(&["emit", "deploy", "--service", "ledger", "--version", "v1"]).code, 0);
    let answer = shell.run(&["status", "--json"]);
    let page: Value = serde_json::from_str(&answer.out).unwrap();
    let ledger = &page["state"]["services"][1];
    assert_eq!((answer.code, &page["state"]["level"]), (1, &Value::from("unknown")));
    assert_eq!((&ledger["text"], &ledger["version"]), (&Value::from("not measured"), &Value::from("v1")));

    // Of one that something watches more is known, and of the others as little as before.
    let ok = ["emit", "alarm", "--service", "ledger", "--name", "ledger-5xx", "--state", "ok"];
    assert_eq!(shell.run(&ok).code, 0);
    let page = shell.json(&["status", "--json"]);
    assert_eq!(page["state"]["level"], "normal");
    let levels: Vec<_> =
        page["state"]["services"].as_array().unwrap().iter().map(|it| &it["level"]).collect();
    assert_eq!(levels, ["normal", "unknown"]);
    assert_eq!(page["confidence"]["score"], 100);

    // An incident that is open is an answer as well.
    shell.done(&["--as", "dana", "incident", "declare", "--title", "Ledger is slow", "--sev", "3"]);
    assert_eq!(shell.run(&["status"]).code, 1);
}

#[test]
fn what_people_note_says_nothing_about_how_the_system_is() {
    let shell = Shell::new();
    shell.configure("room = \"payments\"\n");
    shell.done(&["emit", "note", "somebody looked at the dashboards"]);
    let answer = shell.run(&["status"]);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("State: UNKNOWN"), "{answer:?}");
    assert!(answer.out.contains("Release confidence: unknown"), "{answer:?}");
}

#[test]
fn the_first_alarm_of_all_goes_off_and_the_same_again_does_not() {
    let shell = Shell::new();
    let emit = |what: &[&str]| shell.done(&[&["emit"], what, &["--service", "api"]].concat());
    emit(&["deploy", "--version", "v2", "--at", "-20m"]);
    emit(&["alarm", "--name", "api-5xx", "--at", "-10m"]);
    emit(&["alarm", "--name", "api-5xx", "--at", "-9m"]);
    let page: Value = serde_json::from_str(&shell.run(&["status", "--json"]).out).unwrap();
    let kinds = page["sequence"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap());
    assert_eq!(kinds.filter(|kind| *kind == "alarm").count(), 1, "{page}");
    let changes = page["changes"].to_string();
    assert_eq!(changes.matches("api-5xx went off").count(), 1, "{changes}");
}

#[test]
fn what_is_emitted_says_something_of_a_service_that_is_known() {
    let shell = Shell::new();
    let empty = ["emit", "deploy", "--service", "api", "--version", ""];
    shell.run(&empty).complains(2, "say something", "");
    let long = "x".repeat(60_000);
    shell.run(&["emit", "note", "x", "--service", &long]).complains(2, "at most 200 letters", "");
    shell.done(&["catalog", "new", "service", "checkout"]);
    fs::write(shell.home().join("config/config.toml"), "catalog = \"catalog\"\n").unwrap();
    shell.done(&["emit", "note", "x", "--service", "checkout"]);
    let stranger = shell.run(&["emit", "note", "x", "--service", "chekout"]);
    assert_eq!(stranger.code, 0);
    assert!(stranger.err.contains("the catalog knows no service chekout"), "{stranger:?}");
}

#[test]
fn a_measurement_that_was_emitted_is_what_a_trigger_looks_at() {
    let shell = Shell::new();
    let catalog = "[[service]]\nname = \"api\"\nmetric = [{ name = \"5xx\", measures = \"errors\", unit = \"percent\" }]\n\
                   [service.rollback]\ntriggers = [\"error rate > 5 % for 2 minutes\"]\n";
    let config = shell.configure("room = \"launch\"\ncatalog = \"catalog.toml\"\n");
    fs::write(config.with_file_name("catalog.toml"), catalog).unwrap();
    let emit = |what: &[&str]| shell.run(&[&["emit", "--service", "api"], what].concat());
    let cause = ["deploy", "--version", "v2", "--at", "-5m", "--cause", "migration"];
    assert_eq!(emit(&cause).code, 0);
    for (ago, value) in [("-4m", "7.5"), ("-3m", "8"), ("-2m", "9e0"), ("-1m", "8")] {
        let told = emit(&["metric", "--name", "5xx", "--value", value, "--at", ago]);
        assert_eq!((told.code, told.err.as_str()), (0, ""));
    }
    let page: Value = serde_json::from_str(&shell.run(&["status", "--json"]).out).unwrap();
    assert_eq!(page["triggers"][0]["standing"], "met", "{}", page["triggers"]);
    assert_eq!(page["triggers"][0]["demands_rollback"], true);
    emit(&["metric", "--name", "5xx", "--value", "many"]).complains(2, "it is a number", "");
    emit(&["metric", "--name", "5xx", "--value", "NaN"]).complains(2, "it is a number", "");
    let strange = emit(&["metric", "--name", "5x", "--value", "-1"]);
    assert_eq!(strange.code, 0);
    assert!(strange.err.contains("the catalog knows no metric 5x of api"), "{strange:?}");
}

#[test]
fn a_signal_that_was_emitted_is_in_the_situation() {
    let shell = Shell::new();
    let id = shell.done(&["emit", "deploy", "--service", "checkout", "--version", "v2.14.3"]);
    assert_eq!(id.trim().len(), 16);
    let again =
        ["emit", "note", "hello \u{1b}[31mthere", "--id", "run-7", "--at", "2026-03-18T14:06:00Z", "--json"];
    assert_eq!(shell.json(&again)["new"], true);
    let second = shell.json(&again);
    assert_eq!((&second["new"], &second["title"]), (&Value::from(false), &Value::from("hello there")));
    shell.done(&["emit", "alarm", "--service", "checkout", "--name", "5xx", "--state", "ok"]);
    shell.done(&[
        "emit",
        "change",
        "--service",
        "checkout",
        "--key",
        "limit",
        "--before",
        "1",
        "--after",
        "2",
    ]);
    shell.run(&["emit", "deploy", "--version", "v1"]).complains(2, "needs the service", "--service");
    shell.run(&["emit", "note", "x", "--at", "+5m"]).complains(2, "still to come", "happened");
    let status = shell.run(&["status", "--plain"]);
    assert!(status.out.contains("checkout v2.14.3"), "{status:?}");
}

#[test]
fn the_lists_list() {
    let shell = Shell::new();
    let stories = shell.done(&["demo", "--list"]);
    let (title, summary) = stories.split_once('\n').unwrap();
    assert!(title.starts_with("checkout-deploy  ") && summary.starts_with("  "), "{stories}");
    shell.run(&["demo", "nope"]).complains(2, "no scenario `nope`", "demo --list");
    assert_eq!(shell.run(&["demo", "--speed", "0"]).code, 2);
    assert_eq!(shell.done(&["themes"]).lines().next(), Some("terminal"));
    let keys = shell.done(&["keys"]);
    assert!(keys.contains("[global]") && keys.contains("app.quit"));
    assert_ne!(shell.done(&["keys", "--keymap", "vim"]), keys);
    shell.run(&["keys", "--keymap", "vi"]).complains(2, "no keymap `vi`", "vim");
}

#[test]
fn the_configuration_is_begun_found_and_checked() {
    let shell = Shell::new();
    let path = shell.done(&["config", "path"]);
    assert!(path.trim().ends_with("config.toml"));
    assert!(shell.done(&["config", "init"]).contains("written"));
    assert!(fs::metadata(path.trim()).is_ok());
    assert!(shell.done(&["config", "init"]).contains("is there already"));
    assert!(shell.done(&["config", "check"]).contains("no problems"));
    let file = shell.configure("room = \"x\"\n\n[ui]\ntheem = \"dark\"\n");
    let checked = shell.run(&["config", "check"]);
    assert_eq!(checked.code, 2);
    assert!(checked.out.contains(&format!("{}:4:", file.display())) && checked.out.contains("did you mean"));
    shell.configure("[ui]\ntheme = \"drak\"\n");
    assert!(shell.run(&["config", "check"]).out.contains("there is no theme"));
}

#[test]
fn the_doctor_looks_and_leaves_no_trace() {
    let shell = Shell::new();
    assert!(shell.done(&["doctor"]).contains("journal"));
    assert!(!shell.home().exists());
    let checks = shell.json(&["doctor", "--json"]);
    assert_eq!(checks["schema"], "sitroom/doctor/1");
    assert!(checks["checks"].as_array().unwrap().iter().all(|check| check["verdict"].is_string()));
}

#[test]
fn the_configured_catalog_is_read_and_what_is_wrong_with_it_named() {
    let shell = Shell::new();
    shell.configure("room = \"payments\"\ncatalog = \"catalog.toml\"\n\n[rules.elevatd]\nspreads = 3\n");
    let file = shell.home().join("config/catalog.toml");
    shell.run(&["config", "check"]).complains_in_print(&["config.toml:2", "catalog.toml cannot be read"]);
    let sound = "[[service]]\nname = \"checkout\"\ncriticality = \"critical\"\n";
    fs::write(&file, format!("{sound}\n[[service]]\nname = \"ledger\"\nteir = \"core\"\n")).unwrap();
    shell.done(&["emit", "deploy", "--service", "checkout", "--version", "v2.14.3"]);
    let status = shell.run(&["status", "--json"]);
    let place = format!("{}:7: unknown field `teir`; did you mean `tier`?", file.display());
    assert!(status.err.contains(&place), "{status:?}");
    let page: Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!((&page["room"], &page["source"]), (&Value::from("payments"), &Value::from("store")));
    assert!(page["state"]["services"].to_string().contains("checkout"), "{}", page["state"]);
    let checked = shell.run(&["config", "check"]);
    checked.complains_in_print(&[&place, "unknown rule `elevatd`, did you mean `elevated`?"]);
    assert!(checked.out.ends_with("config.toml: 2 problems\n"), "as many as were named: {checked:?}");
}

#[test]
fn a_drill_needs_a_terminal_and_something_to_practise_on() {
    let shell = Shell::new();
    assert_eq!(shell.done(&["drill", "--held"]), "no drill was ever held here\n");
    shell.run(&["drill"]).complains(2, "needs a terminal", "status");
    shell.run(&["drill", "no-such-thing"]).complains(
        2,
        "there is no scenario `no-such-thing`",
        "demo --list",
    );
    assert!(!shell.home().join("data/drills").exists(), "what was not held left nothing behind");
    fs::create_dir_all(shell.home().join("data")).unwrap();
    fs::write(shell.home().join("data/drills"), "no folder").unwrap();
    shell.run(&["drill", "--held"]).complains(3, "cannot be read", "a folder");
}

#[test]
fn the_drills_that_were_held_are_listed_with_their_scores() {
    let shell = Shell::new();
    for (name, score) in [
        ("2026-03-16-140640-a", r#"{"in_time":{"count":2,"of":3},"moments_said":{"count":1,"of":5}}"#),
        ("2026-03-17-140640-b", ""),
    ] {
        let folder = shell.home().join("data/drills").join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("score.json"), score).unwrap();
    }
    assert_eq!(shell.run(&["drill", "--held", "--json"]).code, 2);
    let listed = shell.done(&["drill", "--held"]);
    let expected =
        "2026-03-17-140640-b  not scored\n2026-03-16-140640-a  2 of 3 in time, 1 of 5 key moments said\n";
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn what_is_kept_is_only_as_live_as_when_its_source_was_heard_last() {
    let (shell, now) = (Shell::new(), Time::from_millis(1_773_844_140_000));
    let store = Store::open(&shell.home().join("data/store.sqlite")).await.unwrap();
    let told = |source: &str, ago: Span| Signal {
        id: SignalId::of(source, "1"),
        at: now - ago,
        source: SourceName::new(source),
        service: None,
        title: "told".to_owned(),
        body: Body::Note,
        link: None,
        raw: None,
    };
    let quiet = told("github-work", Span::days(2));
    store.keep(&[quiet, told("aws-prod", Span::hours(4)), told("inbox", Span::hours(5))]).await.unwrap();
    let heard = |source: &str, ago: Span| Heard {
        source: SourceName::new(source),
        at: now - ago,
        fresh_until: now - ago + Span::minutes(3),
    };
    let quiet = heard("github-work", Span::minutes(2));
    store.hear(&[quiet, heard("aws-prod/alarms", Span::hours(3))]).await.unwrap();
    store.close().await;

    let at = |at: &str, form: &str| {
        let told = shell.run(&["status", form, "--at", at]);
        assert!(told.code < 2 && told.err.is_empty(), "{told:?}");
        told.out
    };
    let page: Value = serde_json::from_str(&at("2026-03-18T14:29:00Z", "--json")).unwrap();
    let sources: Vec<_> = page["sources"].as_array().unwrap().iter().collect();
    let said: Vec<_> = sources
        .iter()
        .map(|source| {
            (
                source["name"].as_str().unwrap(),
                source["state"].as_str().unwrap(),
                source["age_seconds"].as_i64().unwrap(),
            )
        })
        .collect();
    let expected =
        [("aws-prod/alarms", "stale", 3 * 3_600), ("github-work", "live", 120), ("inbox", "live", 5 * 3_600)];
    assert_eq!(said, expected);
    let plain = at("2026-03-18T14:29:00Z", "--plain");
    assert!(plain.contains("aws-prod/alarms: stale, 3h nobody has heard it since"), "{plain}");
    let later = at("2026-03-18T14:31:00Z", "--plain");
    assert!(later.contains("github-work: stale, 4m"), "{later}");
    let before = at("2026-03-18T10:29:00Z", "--plain");
    assert!(before.contains("aws-prod: live"), "as it was then: {before}");
}
