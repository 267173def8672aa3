//! Nothing that was typed is lost: not by a kill at any moment, not by a disk that is full, read-only or gone.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
use super::failing::{FailingDisk, Trouble};
use super::pty::Pty;
use ratatui::layout::Size;
use rustix::process::Signal;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const SITROOM: &str = env!("CARGO_BIN_EXE_sitroom");
const SIZE: Size = Size { width: 120, height: 40 };
/// What is half typed is kept within this.
const KEPT_WITHIN: Duration = Duration::from_millis(500);
const KILLS: u64 = 100;

fn configured() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    configure(home.path());
    home
}

fn configure(home: &Path) {
    fs::create_dir(home.join("config")).unwrap();
    fs::write(home.join("config/config.toml"), "room = \"dana-payments\"\nme = \"dana\"\n").unwrap();
}

fn open(home: &Path) -> Pty {
    let mut pty = Pty::start(SIZE, SITROOM, &["--home", home.to_str().unwrap()], &[]);
    // Journal and store are read by then, so that every key does what it says.
    pty.shows("Nothing was observed yet.");
    pty
}

fn open_on_the_incident(home: &Path) -> Pty {
    let mut pty = open(home);
    pty.send(b"2");
    pty.shows("INC-1");
    pty
}

fn done(home: &Path, arguments: &[&str]) -> String {
    let output = Command::new(SITROOM).arg("--home").arg(home).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn declared(home: &Path) {
    done(home, &["incident", "declare", "--title", "Checkout fails", "--sev", "2"]);
}

fn texts(home: &Path) -> Vec<String> {
    let page: Value = serde_json::from_str(&done(home, &["incident", "show", "1", "--json"])).unwrap();
    let entries = page["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect()
}

fn killed(mut pty: Pty) {
    pty.signal(Signal::KILL);
    pty.ends();
}

#[test]
#[ignore = "needs a real terminal"]
fn what_is_half_typed_survives_a_kill_and_is_there_for_another_session() {
    let home = configured();
    declared(home.path());
    let mut pty = open_on_the_incident(home.path());
    pty.send(b"n");
    pty.shows("enter saves");
    pty.send(b"\x1b[200~f one pasted\nh two pasted\n\x1b[201~");
    pty.send(b"d half a dec");
    pty.shows("half a dec");
    pty.bytes_in(KEPT_WITHIN);
    killed(pty);

    let mut again = open(home.path());
    again.shows("is back");
    again.shows("INC-1");
    again.send(b"n");
    for words in ["one pasted", "two pasted", "d half a dec"] {
        again.shows(words);
    }
    again.send(b"ision\r");
    again.wait_for("an empty line", |pty| {
        !pty.screen().contains("enter saves") || pty.screen().contains("f fact")
    });
    again.send(b"\x1b");
    again.bytes_in(KEPT_WITHIN);
    killed(again);
    assert_eq!(texts(home.path()), ["one pasted", "two pasted", "half a decision"]);

    let mut last = open_on_the_incident(home.path());
    last.wait_for_silence(KEPT_WITHIN);
    assert!(!last.screen().contains("is back"), "{}", last.screen());
}

#[test]
#[ignore = "needs a real terminal"]
fn a_declaration_that_was_begun_survives_a_closed_window() {
    let home = configured();
    let mut pty = open(home.path());
    pty.send(b"D");
    pty.shows("what is wrong");
    pty.send(b"Payments fail for ever");
    pty.shows("for ever");
    pty.bytes_in(KEPT_WITHIN);
    pty.hang_up();
    let mut again = open(home.path());
    again.send(b"D");
    again.shows("Payments fail for ever");
}

/// Lines typed at speed and a kill at a moment nobody chose: what was shown as saved is in the journal, and every line
/// is either there or, if it was typed long enough ago to be kept, in the draft.
#[test]
#[ignore = "kills a cockpit a hundred times"]
fn a_hundred_kills_lose_nothing_that_was_shown_as_saved() {
    let home = configured();
    declared(home.path());
    let (mut dice, mut sent) = (0x5eed_u64, 0_usize);
    for round in 0..KILLS {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut pty = open_on_the_incident(home.path());
        pty.send(b"n");
        pty.shows("enter saves");
        // What the round before left half typed becomes an entry of its own.
        pty.send(b"\r");
        let lines: Vec<_> = (0..3).map(|n| format!("said {round}/{n}")).collect();
        for line in &lines {
            pty.send(format!("f {line}\r").as_bytes());
        }
        sent += lines.len();
        pty.send(format!("h half {round}").as_bytes());
        pty.bytes_in(Duration::from_millis((dice >> 33) % 700));
        let screen = pty.screen();
        killed(pty);
        let kept = texts(home.path());
        let shown = lines.iter().filter(|line| is_shown_as_saved(&screen, line));
        for line in shown {
            assert!(kept.contains(line), "{line} was shown as saved and is not in the journal:\n{screen}");
        }
    }
    // What was half typed may be offered again though it was entered: the kill came before the draft was let go.
    let kept: Vec<_> = texts(home.path()).into_iter().filter(|text| text.starts_with("said")).collect();
    let once: std::collections::BTreeSet<_> = kept.iter().collect();
    assert!(once.len() <= sent && kept.len() == once.len(), "an entry is there twice: {kept:?}");
    assert!(done(home.path(), &["journal", "verify"]).contains("sound"));

    let mut pty = open_on_the_incident(home.path());
    pty.send(b"n");
    pty.send(b"h the last half");
    pty.shows("the last half");
    pty.bytes_in(KEPT_WITHIN);
    killed(pty);
    let mut again = open_on_the_incident(home.path());
    again.send(b"n");
    again.shows("the last half");
}

/// On a row of the timeline, which names who wrote it, and not as one that is being saved or as part of what is typed
/// below it; a picture that is only half there may show the one where the other was.
fn is_shown_as_saved(screen: &str, line: &str) -> bool {
    let above_the_line = screen.lines().take_while(|row| !row.contains("enter saves"));
    let mut rows = above_the_line.filter(|row| row.contains(line));
    rows.any(|row| row.contains(" dana ") && !row.contains("saving") && !row.contains("NOT SAVED"))
}

/// A disk of its own in a directory, given back when the test ends.
struct Disk(TempDir);

impl Disk {
    /// Absent where mounting is not allowed.
    fn mounted(size: &str) -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        let options = format!("size={size}");
        disk.does("mount", &["-t", "tmpfs", "-o", &options, "tmpfs"]).then_some(disk)
    }

    fn does(&self, program: &str, arguments: &[&str]) -> bool {
        let status = Command::new(program).args(arguments).arg(self.0.path()).status();
        status.is_ok_and(|status| status.success())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.does("umount", &["-l"]);
    }
}

/// A room whose journal and store lie on that disk, and a cockpit with a line in it.
fn writing_on(disk: &Disk) -> Pty {
    configure(disk.path());
    declared(disk.path());
    let mut pty = open_on_the_incident(disk.path());
    pty.send(b"n");
    pty.shows("enter saves");
    pty.send(b"f before it happened\r");
    pty.wait_for("it is saved", |pty| is_shown_as_saved(&pty.screen(), "before it happened"));
    pty
}

#[test]
#[ignore = "mounts a small disk, where that is allowed"]
fn a_full_disk_is_said_the_line_stays_and_goes_through_when_there_is_room() {
    // Where mounting is not allowed, the disk that fails when it is told to proves the same.
    let Some(disk) = Disk::mounted("6m") else {
        eprintln!("not proved here: mounting is not allowed");
        return;
    };
    let mut pty = writing_on(&disk);
    let filler = disk.path().join("filler");
    let _ = fs::write(&filler, vec![0; 8 << 20]);
    pty.send(format!("f {}\r", "the disk is full now ".repeat(400)).as_bytes());
    pty.shows("not saved");
    pty.shows("make room");
    assert!(!is_shown_as_saved(&pty.screen(), "the disk is full now"), "{}", pty.screen());
    fs::remove_file(&filler).unwrap();
    pty.send(b"\r");
    pty.wait_for("it is saved", |pty| is_shown_as_saved(&pty.screen(), "the disk is full now"));
    killed(pty);
    assert_eq!(texts(disk.path()).len(), 2);
    assert!(done(disk.path(), &["journal", "verify"]).contains("sound"));
}

#[test]
#[ignore = "mounts a small disk, where that is allowed"]
fn what_was_opened_on_a_full_disk_saves_once_there_is_room() {
    let Some(disk) = Disk::mounted("6m") else {
        eprintln!("not proved here: mounting is not allowed");
        return;
    };
    let home = disk.path().join("home");
    fs::create_dir_all(home.join("config")).unwrap();
    fs::write(home.join("config/config.toml"), "room = \"payments\"\nme = \"dana\"\n").unwrap();
    let filler = disk.path().join("filler");
    let _ = fs::write(&filler, vec![0; 8 << 20]);
    let mut pty = Pty::start(SIZE, SITROOM, &["--home", home.to_str().unwrap()], &[]);
    pty.shows("nothing you do will be saved");
    fs::remove_file(&filler).unwrap();
    pty.send(b"D");
    pty.shows("Declare an incident");
    pty.send(b"There is room again\r\r\r");
    pty.shows("INC-1");
    killed(pty);
    assert!(done(&home, &["incident", "list"]).contains("There is room again"));
}

/// A cockpit on a disk that can be told to fail, with an incident and a line that was saved.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn fails_and_comes_back(trouble: Trouble, said: &str, fix: &str) {
    let (home, disk) = (configured(), FailingDisk::new());
    declared(home.path());
    let environment = disk.environment();
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut pty = Pty::start(SIZE, SITROOM, &["--home", home.path().to_str().unwrap()], &environment);
    pty.shows("Nothing was observed yet.");
    pty.send(b"2");
    pty.shows("INC-1");
    pty.send(b"n");
    pty.shows("enter saves");
    pty.send(b"f before it happened\r");
    pty.wait_for("it is saved", |pty| is_shown_as_saved(&pty.screen(), "before it happened"));
    disk.fails(trouble);
    pty.send(b"f into the trouble\r");
    pty.shows("not saved");
    pty.shows(said);
    pty.shows(fix);
    let screen = pty.screen();
    assert!(!is_shown_as_saved(&screen, "into the trouble"), "{screen}");
    assert!(screen.contains("f into the trouble"), "the line does not stay:\n{screen}");
    assert_eq!(texts(home.path()), ["before it happened"]);
    disk.is_back();
    pty.send(b"\r");
    pty.wait_for("it is saved", |pty| is_shown_as_saved(&pty.screen(), "into the trouble"));
    killed(pty);
    assert_eq!(texts(home.path()), ["before it happened", "into the trouble"]);
    assert!(done(home.path(), &["journal", "verify"]).contains("sound"));
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
#[ignore = "needs a real terminal and a C compiler"]
fn a_disk_without_room_says_so_keeps_the_line_and_takes_it_when_there_is_room() {
    fails_and_comes_back(Trouble::Full, "the disk is full", "make room");
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
#[ignore = "needs a real terminal and a C compiler"]
fn a_disk_that_turns_read_only_says_so_keeps_the_line_and_takes_it_when_it_turns_back() {
    fails_and_comes_back(Trouble::ReadOnly, "turned read-only", "mount it writable");
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
#[ignore = "needs a real terminal and a C compiler"]
fn a_disk_that_is_lost_says_so_keeps_the_line_and_takes_it_when_it_is_back() {
    fails_and_comes_back(Trouble::Lost, "the disk failed", "do it again");
}

/// A line that is killed right after it was shown as saved is in the timeline once, and nobody is asked about it.
#[test]
#[ignore = "needs a real terminal"]
fn a_line_that_was_saved_just_before_a_kill_is_not_offered_again() {
    let home = configured();
    declared(home.path());
    for round in 0..5 {
        let mut pty = open_on_the_incident(home.path());
        pty.send(b"n");
        pty.shows("enter saves");
        let line = format!("said once {round}");
        pty.send(format!("f {line}").as_bytes());
        pty.shows(&line);
        pty.bytes_in(KEPT_WITHIN);
        pty.send(b"\r");
        pty.wait_for("it is saved", |pty| is_shown_as_saved(&pty.screen(), &line));
        killed(pty);
        let mut again = open_on_the_incident(home.path());
        again.wait_for_silence(KEPT_WITHIN);
        assert!(!again.screen().contains("is back"), "{}", again.screen());
        killed(again);
    }
    assert_eq!(texts(home.path()).len(), 5);
}
