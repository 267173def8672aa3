//! The post-mortem pack as a real process writes it: killed in the middle, from the keyboard, and of a drill.

use super::pty::Pty;
use ratatui::layout::Size;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SITROOM: &str = env!("CARGO_BIN_EXE_sitroom");
const SIZE: Size = Size { width: 120, height: 40 };
const KILLS: u32 = 40;
const FILES: [&str; 5] =
    ["postmortem.md", "postmortem.html", "postmortem.json", "timeline.csv", "timeline.svg"];

fn sitroom(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(SITROOM);
    command.env_clear().env("USER", "dana").arg("--home").arg(home).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn done(home: &Path, arguments: &[&str]) -> String {
    let output = sitroom(home, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn only_folder(within: &Path) -> PathBuf {
    let found = fs::read_dir(within).unwrap().map(|entry| entry.unwrap().path());
    let shown: Vec<_> =
        found.filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.')).collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    shown[0].clone()
}

/// The record a pack was told from, the same in all of its files or it is no pack.
fn told_from(folder: &Path) -> u64 {
    let said = fs::read_to_string(folder.join("postmortem.json")).unwrap();
    let pack: Value = serde_json::from_str(&said).unwrap();
    let seq = pack["head"]["seq"].as_u64().unwrap();
    for file in ["postmortem.md", "postmortem.html"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(&format!("up to record {seq},")), "{file} was told from another record");
    }
    let entries = pack["timeline"].as_array().unwrap().iter().filter(|row| !row["entry"].is_null()).count();
    let csv = fs::read_to_string(folder.join("timeline.csv")).unwrap();
    assert_eq!(csv.lines().filter(|line| line.contains("\"note\"")).count(), entries);
    let found: BTreeSet<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wanted = FILES.into_iter().chain([".manifest.json"]).map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(found, wanted);
    seq
}

#[test]
#[ignore = "kills a process many times"]
fn a_kill_leaves_the_old_pack_or_the_new() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("packs");
    let export = ["export", "--out", out.to_str().unwrap()];
    done(home.path(), &["incident", "declare", "--title", "Checkout fails", "--sev", "2"]);
    done(home.path(), &export);
    let began = Instant::now();
    done(home.path(), &export);
    let takes = began.elapsed();
    let folder = only_folder(&out);
    let mut last = told_from(&folder);
    for kill in 0..KILLS {
        done(home.path(), &["note", &format!("n number {kill}")]);
        let mut child = sitroom(home.path(), &export).spawn().unwrap();
        // From before it has begun to after it is done, so that the kills fall everywhere.
        std::thread::sleep(takes * kill / (KILLS * 3 / 4));
        child.kill().unwrap();
        child.wait().unwrap();
        let seq = told_from(&only_folder(&out));
        assert!(seq == last || seq == last.max(u64::from(kill) + 2), "{seq} after {last}, kill {kill}");
        last = seq;
    }
    done(home.path(), &export);
    assert_eq!(told_from(&only_folder(&out)), u64::from(KILLS) + 1);
    let left = fs::read_dir(&out).unwrap().count();
    assert_eq!(left, 1, "what a kill left lying about is gone");
}

/// A home whose packs go into a folder of their own.
fn home() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let packs = home.path().join("packs");
    fs::create_dir_all(home.path().join("config")).unwrap();
    let config = format!("[export]\nfolder = \"{}\"\n", packs.display());
    fs::write(home.path().join("config/config.toml"), config).unwrap();
    (home, packs)
}

fn declare(pty: &mut Pty, title: &str) {
    pty.send(b"D");
    pty.shows("Declare");
    pty.send(format!("{title}\r").as_bytes());
    pty.wait_for_silence(Duration::from_millis(200));
    pty.send(b"\r");
    pty.wait_for_silence(Duration::from_millis(200));
    pty.send(b"\r");
    pty.shows("INC-1 is declared");
}

#[test]
#[ignore = "needs a real terminal"]
fn one_key_writes_the_pack_and_says_where_it_went() {
    let (home, packs) = home();
    let at = home.path().to_str().unwrap();
    let arguments = ["demo", "--speed", "1000000", "--home", at, "--as", "dana"];
    let mut pty = Pty::start(SIZE, SITROOM, &arguments, &[]);
    pty.shows("ACTIVE ISSUES");
    declare(&mut pty, "Checkout fails");
    pty.send(b"X");
    pty.shows("Written on this machine:");
    pty.send(b"\r");
    pty.shows("Copied");
    let folder = only_folder(&packs);
    assert!(folder.file_name().unwrap().to_string_lossy().contains("demo-inc-1-checkout-fails"));
    for file in FILES {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.to_uppercase().contains("DEMO"), "{file} does not say what it is");
    }
    pty.send(b"\x1b");
    pty.wait_for_silence(Duration::from_millis(200));
    pty.send(b"q");
    pty.wait_for("the end", |pty| !pty.is_full_screen());
}

#[test]
#[ignore = "needs a real terminal"]
fn a_past_incident_is_practised_on_scored_and_packed_as_a_drill() {
    let (home, _) = home();
    let at = home.path();
    done(at, &["emit", "deploy", "--service", "checkout", "--version", "v1"]);
    done(at, &["emit", "alarm", "--service", "checkout", "--name", "errors", "--state", "alarm"]);
    done(at, &["incident", "declare", "--title", "Checkout fails", "--sev", "2"]);
    done(at, &["incident", "resolve"]);
    let arguments = ["drill", "INC-1", "--speed", "20", "--home", at.to_str().unwrap(), "--as", "dana"];
    let mut pty = Pty::start(SIZE, SITROOM, &arguments, &[]);
    pty.shows("DRILL");
    declare(&mut pty, "It fails again");
    pty.send(b"I");
    pty.shows("Take command");
    pty.send(b"\r");
    pty.shows("You have command");
    pty.send(b"q");
    pty.wait_for("the score", |pty| !pty.is_full_screen() && pty.screen().contains("pack in"));
    assert!(pty.screen().contains("DRILL INC-1: "), "{}", pty.screen());
    let drill = only_folder(&at.join("data/drills"));
    let pack = fs::read_dir(&drill).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
    let text = fs::read_to_string(pack.unwrap().join("postmortem.md")).unwrap();
    assert!(text.contains("**DRILL of INC-1: nothing of this was real.**"), "{text}");
    let score: Value = serde_json::from_str(&fs::read_to_string(drill.join("score.json")).unwrap()).unwrap();
    assert_eq!((score["of"].as_str(), score["packs"].as_array().unwrap().len()), (Some("INC-1"), 1));
    let room = done(at, &["incident", "list"]);
    assert!(!room.contains("It fails again"), "a drill has a journal of its own: {room}");
}
