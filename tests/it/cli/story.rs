//! The outage of one March afternoon, written down afterwards from the shell alone: ranges, `~` times, facts and
//! hypotheses, and the durations that come of what people said.

use super::Shell;
use serde_json::Value;

/// As a scribe typed it, the day before each time.
const TYPED: &str = "\
f 2026-03-16 ~14:00 a database migration goes out with the usual pipeline https://deploys.example.org/4127
h 2026-03-16 ~14:00 - 14:05 it holds a lock on a table that everybody needs #db
f 2026-03-16 ~14:05 - 14:10 payments time out or answer 500 https://graphs.example.org/errors
f 2026-03-16 ~14:10 the alarm pages who is on call https://pages.example.org/88
f 2026-03-16 ~14:10 - 14:25 the migration is suspected, and a way back is looked for @sam
f 2026-03-16 ~14:25 the rollback playbook is out of date and does not know such a migration
f 2026-03-16 ~14:30 more engineers are asked to help
f 2026-03-16 ~14:30 - 14:40 nobody knows who is in charge; time goes into asking
f 2026-03-16 ~14:40 leadership is told
h 2026-03-16 ~14:40 - 15:10 a plain way back is barred, since half of it is done; a fix is made by hand #db
f 2026-03-16 ~15:10 - 15:25 the fix is in, payments come back
f 2026-03-16 ~15:30 errors are as rare as ever
h 2026-03-16 ~15:30 - 16:00 samples of payments are whole, nothing is corrupt
";

const MOMENTS: &[(&str, &str)] = &[
    ("impact-start", "2026-03-16 ~14:00 the migration begins"),
    ("detected", "2026-03-16 ~14:10 the page"),
    ("declared", "2026-03-16 ~14:20 said in the channel"),
    ("ic-assigned", "2026-03-16 ~14:40 dana says so aloud"),
    ("escalated", "2026-03-16 ~14:40 leadership is told"),
    ("resolved", "2026-03-16 ~15:30 errors are as rare as ever"),
];

fn told() -> Shell {
    let shell = Shell::new();
    let title = "Payments fail after a migration";
    shell.done(&["incident", "declare", "--title", title, "--sev", "1", "--service", "payment-api"]);
    shell.done(&["ic", "take"]);
    shell.done(&["role", "take", "scribe", "--as", "sam"]);
    shell.done(&["task", "add", "ask", "what", "it", "cost", "@lee"]);
    let answers = shell.fed(&["--as", "sam", "note", "-", "--json"], TYPED);
    assert_eq!((answers.code, answers.err.as_str()), (0, ""));
    assert_eq!(answers.out.lines().count(), TYPED.lines().count());
    for (moment, line) in MOMENTS {
        shell.done(&["incident", "moment", moment, line, "--as", "sam"]);
    }
    assert_eq!(shell.run(&["incident", "resolve"]).code, 0, "what is left open stops nobody");
    shell
}

#[test]
fn the_timeline_is_what_was_typed_in_the_order_it_happened() {
    let shell = told();
    let whole = shell.done(&["incident", "show", "1"]);
    let lines: Vec<_> = whole.lines().filter(|line| line.starts_with('E')).collect();
    assert_eq!(lines.len(), TYPED.lines().count());
    for (place, says) in [
        (0, "E1 ~2026-03-16 14:00 UTC Fact: a database migration goes out"),
        (1, "E2 ~2026-03-16 14:00-14:05 UTC Hypothesis: it holds a lock on a table that everybody needs #db"),
        (
            4,
            "E5 ~2026-03-16 14:10-14:25 UTC Fact: the migration is suspected, and a way back is looked for @sam",
        ),
        (9, "E10 ~2026-03-16 14:40-15:10 UTC Hypothesis: a plain way back is barred"),
        (12, "E13 ~2026-03-16 15:30-16:00 UTC Hypothesis: samples of payments are whole"),
    ] {
        assert!(lines[place].starts_with(says), "{}", lines[place]);
    }
    let entries = shell.json(&["incident", "show", "1", "--json"])["entries"].clone();
    let entries = entries.as_array().unwrap();
    let of = |kind: &str| entries.iter().filter(|entry| entry["kind"] == kind).count();
    assert_eq!((of("fact"), of("hypothesis")), (10, 3));
    assert!(entries.iter().all(|it| it["happened"]["approximate"] == true && it["written_by"] == "sam"));
    assert_eq!(entries.iter().filter(|it| it["evidence"][0]["is"] == "link").count(), 3);
    assert!(entries.iter().filter(|it| it["kind"] == "hypothesis").all(|it| it["verdict"] == "open"));
}

#[test]
fn the_durations_are_those_that_were_lived_and_the_rest_is_not_captured() {
    let shell = told();
    let said = shell.json(&["incident", "moment", "--incident", "1", "--json"]);
    assert_eq!(said["schema"], "sitroom/moments/1");
    let durations = said["durations"].as_array().unwrap();
    let duration = |name: &str| {
        let found = durations.iter().find(|it| it["duration"] == name).unwrap();
        (found["state"].as_str().unwrap(), found["text"].as_str().unwrap().to_owned())
    };
    for (name, state, text) in [
        ("detect", "recorded", "~10 min"),
        ("escalate", "recorded", "~30 min"),
        ("ic-gap", "recorded", "~20 min"),
        ("resolve", "recorded", "~90 min"),
        ("acknowledge", "not-captured", "not captured: Acknowledged"),
        ("mitigate", "not-captured", "not captured: Mitigated"),
    ] {
        assert_eq!(duration(name), (state, text.to_owned()), "{name}");
    }
    assert_eq!(said["impossible"], Value::Array(vec![]));
    let printed = shell.done(&["incident", "moment", "--incident", "1"]);
    for line in [
        "Detected: ~2026-03-16 14:10 UTC (the page)",
        "Acknowledged: not captured",
        "Time to resolve: ~90 min",
    ] {
        assert!(printed.contains(line), "{printed}");
    }
}
