//! Incidents, command, roles, notes and the journal from the shell.

use super::{Shell, written};
use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

#[test]
fn an_incident_goes_from_declared_to_closed() {
    let shell = Shell::new();
    assert_eq!(shell.done(&["incident", "list"]), "no incident was ever declared here\n");
    let declared = shell.json(&[
        "incident",
        "declare",
        "--title",
        "Checkout fails",
        "--sev",
        "SEV-2",
        "--service",
        "checkout",
        "--service",
        "ledger",
        "--impact",
        "no sales",
        "--json",
    ]);
    assert_eq!(declared["schema"], "sitroom/incident/1");
    assert_eq!((&declared["id"], &declared["severity"]), (&Value::from("INC-1"), &Value::from(2)));
    assert_eq!(declared["services"], serde_json::json!(["checkout", "ledger"]));
    assert!(shell.done(&["incident", "sev", "1"]).starts_with("INC-1 SEV-1 open"));
    assert!(shell.done(&["incident", "resolve"]).starts_with("INC-1 SEV-1 resolved"));
    assert!(shell.done(&["incident", "reopen"]).starts_with("INC-1 SEV-1 open"));
    shell.run(&["incident", "close"]).complains(1, "no incident is resolved", "incident list");
    shell.done(&["incident", "resolve"]);
    assert!(shell.done(&["incident", "close"]).starts_with("INC-1 SEV-1 closed"));
    let list = shell.json(&["incident", "list", "--json"]);
    assert_eq!((&list["schema"], &list["seq"]), (&Value::from("sitroom/incidents/1"), &Value::from(6)));
    assert_eq!(list["incidents"][0]["status"], "closed");
    assert!(shell.done(&["incident", "show", "1"]).contains("impact: no sales"));
    shell.run(&["incident", "show"]).complains(1, "no incident is open", "declare");
    shell.run(&["incident", "show", "INC-9"]).complains(1, "no incident INC-9", "incident list");
}

#[test]
fn command_is_taken_offered_and_accepted_and_never_slips_away() {
    let shell = Shell::declared();
    shell.done(&["ic", "take"]);
    let refused = shell.run(&["--as", "sam", "ic", "take"]);
    refused.complains(1, "dana has command of INC-1", "ic take --relieve dana");
    shell.done(&["ic", "offer", "@lee"]);
    shell.run(&["ic", "accept", "--as", "sam"]).complains(1, "was not offered to you", "ic offer");
    assert!(shell.done(&["--as", "lee", "ic", "accept"]).contains("lee has command"));
    assert!(shell.done(&["--as", "sam", "ic", "take", "--relieve", "lee"]).contains("sam has command"));
    let released = shell.json(&["--as", "sam", "ic", "release", "--json"]);
    assert_eq!(released["command"]["holder"], Value::Null);
    let scribe = shell.json(&["role", "take", "scribe", "--json"]);
    assert_eq!(scribe["roles"]["scribe"], serde_json::json!(["dana"]));
    shell.run(&["role", "take", "scribe"]).complains(1, "you already are Scribe", "");
    shell.done(&["role", "drop", "scribe"]);
    assert_eq!(shell.run(&["role", "take", "boss"]).code, 2);
}

#[test]
fn an_offer_is_taken_back_and_ends_with_the_incident() {
    let shell = Shell::declared();
    shell.done(&["ic", "take"]);
    shell.done(&["ic", "offer", "lee"]);
    shell.run(&["--as", "sam", "ic", "withdraw"]).complains(1, "was not offered to you", "ic offer");
    shell.done(&["ic", "withdraw"]);
    assert_eq!(shell.json(&["incident", "show", "--json"])["command"]["offered_to"], Value::Null);
    shell.run(&["--as", "lee", "ic", "accept"]).complains(1, "was not offered to you", "ic offer");
    shell.done(&["ic", "offer", "lee"]);
    shell.done(&["incident", "resolve"]);
    assert_eq!(shell.json(&["incident", "show", "INC-1", "--json"])["command"]["offered_to"], Value::Null);
}

#[test]
fn an_offer_to_somebody_who_could_never_accept_it_says_so() {
    let shell = Shell::declared();
    shell.done(&["ic", "take"]);
    fs::create_dir_all(shell.home().join("config")).unwrap();
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    let people = format!("[[person]]\nname = \"sam\"\nrights = \"observe\"\nkeys = [\"{key}\"]\n");
    fs::write(shell.home().join("config/people.toml"), people).unwrap();
    let listed = shell.run(&["ic", "offer", "sam"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    assert!(listed.err.contains("sam may only observe") && listed.err.contains("ic withdraw"), "{listed:?}");
    assert!(shell.run(&["ic", "offer", "nobodyever"]).err.contains("nobodyever is unknown"));
}

#[test]
fn what_is_left_undone_is_said_when_an_incident_is_resolved() {
    let shell = Shell::declared();
    shell.done(&["criterion", "add", "support", "is", "calm"]);
    shell.done(&["task", "add", "restart the pods"]);
    let resolved = shell.run(&["incident", "resolve"]);
    assert_eq!((resolved.code, resolved.out.starts_with("INC-1 SEV-2 resolved")), (0, true));
    assert!(
        resolved.err.contains("INC-1 is resolved, but X1 is not met and 1 task is running"),
        "{resolved:?}"
    );
}

#[test]
fn a_note_is_read_as_the_scribe_line_is() {
    let shell = Shell::declared();
    let line = "f -7m rollback playbook is outdated https://wiki/x @sam #db";
    let saved: Value = serde_json::from_str(&shell.done(&["note", "--json", line])).unwrap();
    assert_eq!((&saved["schema"], &saved["saved"]), (&Value::from("sitroom/entry/1"), &Value::from(true)));
    let entry = &saved["entry"];
    assert_eq!((&entry["kind"], &entry["owner"]), (&Value::from("fact"), &Value::from("sam")));
    assert_eq!(entry["text"], "rollback playbook is outdated");
    assert_eq!(entry["evidence"], serde_json::json!([{"is": "link", "url": "https://wiki/x"}]));
    assert!(shell.done(&["note", "-7m it began"]).contains("Note: it began"));
    shell.run(&["note", "f 25:10 x"]).complains(1, "`25:10` is not a time of day", "write 14:25");
    shell.run(&["note", "f -7y x"]).complains(1, "`-7y`", "write -7m");
}

#[test]
fn lines_are_answered_one_by_one_and_a_refused_one_stops_nobody() {
    let shell = Shell::declared();
    let answer = shell.fed(&["note", "-", "--json"], "f one\n\nf 99:99 two\nh three\n");
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    let lines: Vec<Value> = answer.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> =
        lines.iter().map(|line| (line["line"].as_u64().unwrap(), line["saved"] == true)).collect();
    assert_eq!(told, [(1, true), (3, false), (4, true)]);
    assert_eq!(shell.fed(&["note", "-"], "f four").code, 0);
}

#[test]
fn an_answer_means_that_the_entry_is_there_while_the_input_is_still_open() {
    let shell = Shell::declared();
    let mut writer = shell.command(&["note", "-", "--json"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = writer.stdin.take().unwrap();
    let mut answers = BufReader::new(writer.stdout.take().unwrap()).lines();
    for number in 1..=3 {
        writeln!(input, "f number {number}").unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        let seen = shell.json(&["incident", "show", "--json"]);
        assert_eq!(seen["seq"], answer["seq"]);
        assert_eq!(seen["entries"][number - 1]["text"], format!("number {number}"));
    }
    drop(input);
    assert!(writer.wait().unwrap().success());
}

#[test]
fn whatever_is_typed_is_kept_exactly_and_printed_harmlessly() {
    let shell = Shell::declared();
    let long = format!("long {}", "0123456789".repeat(1_000));
    let texts = [
        "\u{1b}[2J\u{1b}[31mred\u{1b}[0m \u{1b}]52;c;AAAA\u{7} escape",
        "abc\u{202e}txt.exe\u{202c} override",
        "zero\u{200b}width \u{feff}mark",
        "a family 👨\u{200d}👩\u{200d}👧\u{200d}👦",
        "rtl שלום עולם مرحبا",
        long.as_str(),
    ];
    let lines: String = texts.iter().map(|text| format!("f {text}\n")).collect();
    assert_eq!(shell.fed(&["note", "-"], &lines).code, 0);
    let kept = |shell: &Shell| -> Vec<String> {
        let entries = shell.json(&["incident", "show", "--json"])["entries"].clone();
        entries.as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kept(&shell), texts);
    let printed = shell.done(&["incident", "show"]);
    assert!(!printed.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{200b}', '\u{feff}']), "{printed}");
    let (file, again) = (shell.path("out.jsonl"), Shell::new());
    shell.done(&["journal", "export", file.to_str().unwrap()]);
    again.done(&["journal", "import", file.to_str().unwrap()]);
    assert_eq!(kept(&again), texts);
    assert!(again.done(&["journal", "verify"]).contains("sound"));
}

#[test]
fn the_journal_goes_out_and_in_and_a_changed_byte_is_named() {
    let shell = Shell::declared();
    shell.done(&["note", "f one"]);
    assert!(shell.done(&["journal", "verify"]).contains("2 records, sound"));
    assert_eq!(shell.json(&["journal", "verify", "--json"])["records"], 2);
    let (file, again) = (shell.path("out.jsonl"), shell.path("again.jsonl"));
    shell.done(&["journal", "export", file.to_str().unwrap()]);
    assert_eq!(shell.done(&["journal", "export"]), written(&file));
    shell.run(&["journal", "export", file.to_str().unwrap()]).complains(
        3,
        "cannot be made",
        "name another file",
    );
    let other = Shell::new();
    other.done(&["journal", "import", file.to_str().unwrap()]);
    other.done(&["journal", "export", again.to_str().unwrap()]);
    assert_eq!(written(&again), written(&file));
    let broken = shell.path("broken.jsonl");
    fs::write(&broken, written(&file).replace("f one", "f two").replace("\"one\"", "\"two\"")).unwrap();
    let third = Shell::new();
    third.run(&["journal", "import", broken.to_str().unwrap()]).complains(
        1,
        "line 2",
        "nothing was imported",
    );
}

#[test]
fn triggers_say_when_nothing_was_promised() {
    let shell = Shell::declared();
    assert_eq!(shell.done(&["triggers"]), "no retro has promised anything yet\n");
    let answer = shell.json(&["triggers", "--json"]);
    assert_eq!(answer["schema"], "sitroom/triggers/1");
    assert_eq!(
        (&answer["triggers"], &answer["action_items"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    let metrics = shell.json(&["incident", "list", "--json"])["metrics"].clone();
    assert_eq!(
        metrics[0],
        serde_json::json!({"metric":"detect","recorded":0,"of":1,"median_seconds":null,"p90_seconds":null})
    );
}
