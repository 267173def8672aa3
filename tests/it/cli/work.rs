//! The work of an incident from the shell: tasks, mergers, and everything in one JSON document.

use super::Shell;
use serde_json::Value;

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
fn one_document_has_everything_about_an_incident() {
    let shell = Shell::declared();
    shell.done(&["task", "add", "ask the bank"]);
    shell.done(&["ic", "take"]);
    shell.done(&["incident", "resolve"]);
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
