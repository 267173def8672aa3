//! The work of an incident from the shell: tasks, mergers, and everything in one JSON document.

use super::Shell;
use jiff::tz::TimeZone;
use serde_json::Value;
use sitroom::domain::{Span, Time};

#[test]
fn a_task_is_given_listed_and_done() {
    let shell = Shell::declared();
    assert_eq!(shell.done(&["task", "list"]), "INC-1 has no task\n");
    let given = shell.json(&["task", "add", "restart", "the pods", "@sam", "box:20m", "--json"]);
    assert_eq!(given["schema"], "sitroom/task/1");
    let task = &given["task"];
    assert_eq!((&task["id"], &task["owner"], &task["state"]), (&"T1".into(), &"sam".into(), &"open".into()));
    assert_eq!((&task["text"], &task["overdue"]), (&"restart the pods".into(), &false.into()));
    assert!(
        shell.done(&["task", "done", "t1", "all", "of", "them"]).contains("T1 done: restart the pods @sam")
    );
    let list = shell.json(&["task", "list", "--json"]);
    assert_eq!(
        (&list["schema"], &list["tasks"][0]["outcome"]),
        (&"sitroom/tasks/1".into(), &"all of them".into())
    );
    shell.done(&["task", "reopen", "1"]);
    assert!(shell.done(&["task", "edit", "1", "restart", "two", "pods"]).contains("restart two pods"));
    assert!(shell.done(&["task", "drop", "1"]).contains("T1 cancelled"));
    shell.run(&["task", "drop", "1"]).complains(1, "T1 is cancelled already", "");
    shell.run(&["task", "done", "9"]).complains(1, "no task T9", "task list");
    shell.run(&["task", "add", "x", "box:soon"]).complains(1, "write 20m or 14:50", "task add");
    let due: Time = task["due"].as_str().unwrap().parse().unwrap();
    let over = format!("call:{}", (due - Span::hours(1)).hour_minute(&TimeZone::UTC));
    shell.run(&["task", "add", "x", &over]).complains(1, "write a time still to come", "");
}

#[test]
fn an_incident_goes_on_in_another_and_its_entries_with_it() {
    let shell = Shell::declared();
    shell.done(&["note", "f the first one"]);
    shell.done(&["incident", "declare", "--title", "Ledger lags", "--sev", "3"]);
    assert!(shell.done(&["incident", "merge", "1", "2"]).contains("merged into INC-2"));
    let whole = shell.json(&["incident", "show", "2", "--json"]);
    let merged = &whole["merged"][0];
    assert_eq!((&merged["id"], &merged["entries"][0]["text"]), (&"INC-1".into(), &"the first one".into()));
    shell.run(&["incident", "merge", "1", "2"]).complains(1, "was merged into INC-2", "");
}

#[test]
fn the_work_of_a_merged_incident_is_listed_and_left_open_by_the_one_it_goes_on_in() {
    let shell = Shell::declared();
    shell.done(&["task", "add", "call", "the", "bank", "@sam"]);
    shell.done(&["criterion", "add", "the bank is content"]);
    let ledger = ["--service", "ledger", "--impact", "balances are wrong"];
    shell.done(&[&["incident", "declare", "--title", "Ledger lags", "--sev", "3"][..], &ledger].concat());
    shell.done(&["task", "add", "watch it", "--incident", "2"]);
    shell.done(&["incident", "merge", "2", "1"]);
    shell.done(&["incident", "declare", "--title", "Ledger lags again", "--sev", "5"]);
    shell.done(&["incident", "merge", "1", "3"]);
    assert!(
        shell.done(&["task", "list"]).contains("INC-1 T1 open: call the bank @sam\nINC-2 T1 open: watch it")
    );
    assert!(shell.done(&["criterion", "list"]).contains("INC-1 X1 open: the bank is content"));
    let listed = shell.json(&["task", "list", "--json"])["tasks"].clone();
    assert_eq!((&listed[0]["incident"], &listed[1]["incident"]), (&"INC-1".into(), &"INC-2".into()));
    let whole = shell.json(&["incident", "show", "3", "--json"]);
    assert_eq!(whole["merged"][0]["tasks"][0]["text"], "call the bank");
    let said = shell.done(&["incident", "show", "3"]);
    for wanted in
        ["services: ledger", "impact: balances are wrong", "INC-1 2", "dana set T1 for sam: call the bank"]
    {
        assert!(said.contains(wanted), "{said}");
    }
    let resolved = shell.run(&["incident", "resolve"]);
    assert!(resolved.err.contains("INC-1 X1 is not met and 2 tasks are running"), "{}", resolved.err);
}

#[test]
fn of_several_open_incidents_ones_own_is_meant_and_none_is_ended_by_guessing() {
    let shell = Shell::declared();
    shell.done(&["ic", "take"]);
    let worse = ["incident", "declare", "--title", "Ledger is down", "--sev", "1"];
    shell.done(&[&["--as", "sam"], &worse[..]].concat());
    shell.done(&["--as", "sam", "ic", "take"]);
    assert!(shell.done(&["incident", "sev", "4"]).starts_with("INC-1 SEV-4"), "dana has command of INC-1");
    shell.done(&["note", "f mine"]);
    assert!(shell.done(&["incident", "show"]).contains("Fact: mine"));
    for ends in [&["incident", "sev", "3"][..], &["incident", "resolve"]] {
        shell.run(&[&["--as", "lee"], ends].concat()).complains(
            1,
            "INC-1 and INC-2 are open",
            "name the one",
        );
    }
    assert!(shell.done(&["--as", "lee", "note", "f theirs"]).contains("theirs"));
    assert!(shell.done(&["incident", "show", "2"]).contains("Fact: theirs"), "the worst is in front");
    for id in ["1", "2"] {
        shell.done(&["incident", "resolve", id]);
    }
    shell.run(&["incident", "close"]).complains(1, "INC-1 and INC-2 are resolved", "name the one");
}

#[test]
fn one_document_has_everything_about_an_incident() {
    let shell = Shell::declared();
    shell.done(&["task", "add", "ask the bank"]);
    shell.done(&["ic", "take"]);
    assert_eq!(shell.run(&["incident", "resolve"]).code, 0, "what is left open stops nobody");
    let whole = shell.json(&["incident", "show", "1", "--json"]);
    assert_eq!(whole["tasks"][0]["text"], "ask the bank");
    assert_eq!((&whole["criteria"], &whole["checklists"]), (&Value::Array(vec![]), &Value::Array(vec![])));
    let moment = |name: &str| {
        let moments = whole["moments"].as_array().unwrap();
        moments.iter().find(|it| it["moment"] == name).unwrap()["state"].clone()
    };
    assert_eq!((moment("declared"), moment("impact-start")), ("recorded".into(), "not-captured".into()));
    let durations = whole["durations"].as_array().unwrap();
    let gap = durations.iter().find(|it| it["duration"] == "ic-gap").unwrap();
    assert_eq!((&gap["state"], &gap["most_minutes"]), (&"recorded".into(), &0.into()));
    assert_eq!(whole["impossible"], Value::Array(vec![]));
}

#[test]
fn an_exit_criterion_is_written_met_and_reopened() {
    let shell = Shell::declared();
    assert_eq!(shell.done(&["criterion", "list"]), "INC-1 has no exit criterion\n");
    let line = "errors are usual when payment-api/5xx < 0.8 for 10m";
    let written = shell.json(&["criterion", "add", line, "--json"]);
    assert_eq!(written["schema"], "sitroom/criterion/1");
    let criterion = &written["criterion"];
    assert_eq!((&criterion["id"], &criterion["check"]["is"]), (&"X1".into(), &"series".into()));
    shell.done(&["criterion", "add", "support", "has", "no", "open", "call"]);
    assert_eq!(
        shell.done(&["criterion", "met", "x2", "asked", "lee"]),
        "X2 met: support has no open call (asked lee)\n"
    );
    shell.run(&["criterion", "met", "2"]).complains(1, "X2 is met already", "");
    assert!(shell.done(&["criterion", "reopen", "2"]).starts_with("X2 open"));
    assert!(shell.done(&["criterion", "edit", "2", "nobody calls"]).contains("nobody calls"));
    assert!(shell.done(&["criterion", "drop", "2", "it", "is", "night"]).contains("X2 dropped"));
    let list = shell.json(&["criterion", "list", "--json"]);
    assert_eq!(
        (&list["schema"], &list["criteria"][1]["state"]),
        (&"sitroom/criteria/1".into(), &"dropped".into())
    );
    shell.run(&["criterion", "met", "9"]).complains(1, "no exit criterion X9", "criterion list");
    shell.run(&["criterion", "add", "x when a/b < much for 5m"]).complains(
        1,
        "not a number",
        "criterion add",
    );
}

#[test]
fn a_checklist_is_begun_ticked_and_skipped_with_the_reason() {
    let shell = Shell::declared();
    assert!(shell.done(&["checklist", "templates"]).contains("Incident commander (role, 6 steps)"));
    assert_eq!(shell.json(&["checklist", "templates", "--json"])["schema"], "sitroom/templates/1");
    assert_eq!(shell.done(&["checklist", "list"]), "INC-1 has no checklist\n");
    shell.run(&["checklist", "begin", "Nobody"]).complains(1, "no checklist", "checklist templates");
    let begun = shell.json(&["checklist", "begin", "incident commander", "--json"]);
    assert_eq!((&begun["schema"], &begun["checklist"]["id"]), (&"sitroom/checklist/1".into(), &"L1".into()));
    assert!(shell.done(&["checklist", "tick", "l1", "1"]).contains("1 done: Say aloud"));
    let skipped = shell.done(&["checklist", "skip", "1", "3", "nobody", "else", "is", "awake"]);
    assert!(
        skipped.contains("(2 of 6)")
            && skipped.contains("3 skipped")
            && skipped.contains("(nobody else is awake)")
    );
    assert!(shell.done(&["checklist", "reopen", "1", "1"]).contains("(1 of 6)"));
    let list = shell.json(&["checklist", "list", "--json"]);
    assert_eq!(list["checklists"][0]["steps"][2]["state"], "skipped");
    shell.run(&["checklist", "tick", "1", "7"]).complains(1, "L1 has no step 7", "checklist list");
    shell.run(&["checklist", "tick", "4", "1"]).complains(1, "no checklist L4", "checklist list");
}

#[test]
fn a_key_moment_is_said_corrected_and_taken_back() {
    let shell = Shell::declared();
    assert_eq!(shell.done(&["incident", "moment", "mitigated"]), "Mitigated: pending\n");
    assert!(shell.done(&["incident", "moment", "detected", "-7m the page"]).contains("UTC (the page)"));
    assert!(
        shell.done(&["incident", "moment", "escalated", "never nobody had to"]).contains("did not happen")
    );
    let impossible = shell.done(&["incident", "moment", "impact-start", "now"]);
    assert!(impossible.contains("impossible: Detected") && impossible.contains("is before Impact start"));
    assert!(shell.done(&["incident", "moment", "detected", "unknown"]).contains("Detected: pending"));
    shell.run(&["incident", "moment", "detected", "soon"]).complains(
        1,
        "write 14:25",
        "incident moment detected",
    );
    assert_eq!(shell.run(&["incident", "moment", "noon", "now"]).code, 2);
}
