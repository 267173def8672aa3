//! The shell as a writer: two processes at once, a kill in the middle, a disk that is full.

#![expect(clippy::disallowed_methods, reason = "a process is fed by a thread while its answers are read")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const EACH: usize = 5_000;

fn sitroom(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitroom"));
    command.env_clear().env("USER", "dana").arg("--home").arg(home).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn done(home: &Path, arguments: &[&str]) -> String {
    let output = sitroom(home, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn declared(home: &Path) {
    done(home, &["incident", "declare", "--title", "Two scribes", "--sev", "3"]);
}

fn entries(home: &Path) -> Vec<Value> {
    let page: Value = serde_json::from_str(&done(home, &["incident", "show", "--json"])).unwrap();
    page["entries"].as_array().unwrap().clone()
}

fn writer(home: &Path, name: &str) -> Child {
    sitroom(home, &["--as", name, "note", "-", "--json"]).stdin(Stdio::piped()).spawn().unwrap()
}

#[test]
#[ignore = "ten thousand durable entries take a while"]
fn two_writers_of_five_thousand_lose_nothing_and_double_nothing() {
    let home = tempfile::tempdir().unwrap();
    declared(home.path());
    std::thread::scope(|scope| {
        for name in ["sam", "lee"] {
            let mut child = writer(home.path(), name);
            let mut input = child.stdin.take().unwrap();
            scope.spawn(move || {
                for number in 0..EACH {
                    writeln!(input, "f {number}").unwrap();
                }
            });
            scope.spawn(move || {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), EACH);
            });
        }
    });
    assert!(done(home.path(), &["journal", "verify"]).contains("10001 records, sound"));
    let mut written: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for entry in entries(home.path()) {
        let by = entry["written_by"].as_str().unwrap().to_owned();
        written.entry(by).or_default().push(entry["text"].as_str().unwrap().parse().unwrap());
    }
    let all: Vec<_> = (0..EACH).collect();
    assert_eq!(written, BTreeMap::from([("lee".to_owned(), all.clone()), ("sam".to_owned(), all)]));
}

#[test]
#[ignore = "kills a process many times"]
fn what_was_answered_for_survives_a_kill() {
    let home = tempfile::tempdir().unwrap();
    declared(home.path());
    let mut answered = Vec::new();
    for round in 0..10 {
        let mut child = writer(home.path(), "sam");
        let mut input = child.stdin.take().unwrap();
        let feeding = std::thread::spawn(move || {
            (0..EACH).take_while(|number| writeln!(input, "f {round}/{number}").is_ok()).count()
        });
        let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
        for _ in 0..100 * (round + 1) {
            answered.push(text_of(&answers.next().unwrap().unwrap()));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What was on its way out when it was killed counts too, as far as it is whole.
        let rest = answers.map_while(Result::ok).filter(|line| line.ends_with("}}"));
        answered.extend(rest.map(|line| text_of(&line)));
        feeding.join().unwrap();
        assert!(done(home.path(), &["journal", "verify"]).contains("sound"));
    }
    let kept: Vec<_> =
        entries(home.path()).iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect();
    let once: std::collections::BTreeSet<_> = kept.iter().collect();
    assert_eq!(once.len(), kept.len(), "an entry is there twice");
    assert!(answered.iter().all(|text| once.contains(text)), "an entry that was answered for is not there");
}

#[test]
#[ignore = "mounts a small disk, where that is allowed"]
fn a_full_disk_is_said_and_what_was_saved_stays_whole() {
    let home = tempfile::tempdir().unwrap();
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(home.path()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("not proved here: mounting is not allowed");
        return;
    }
    declared(home.path());
    let mut child = writer(home.path(), "sam");
    let mut input = child.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || {
        let long = "x".repeat(500);
        (0..EACH).take_while(|number| writeln!(input, "f {number} {long}").is_ok()).count()
    });
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    let answered = String::from_utf8(output.stdout).unwrap().lines().count();
    let complaint = String::from_utf8(output.stderr).unwrap();
    let verified = done(home.path(), &["journal", "verify"]);
    let kept = entries(home.path()).len();
    Command::new("umount").arg(home.path()).status().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(complaint.contains("the disk is full") && complaint.contains("make room"), "{complaint}");
    assert!(verified.contains("sound"));
    assert!(kept >= answered && answered > 0 && answered < EACH, "{kept} kept, {answered} answered");
}

fn text_of(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    assert_eq!(answer["saved"], true);
    answer["entry"]["text"].as_str().unwrap().to_owned()
}
