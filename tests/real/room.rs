//! The cockpit on a real room, in a real terminal: what others push arrives, and nothing is gone after a kill.

#![expect(clippy::disallowed_methods, reason = "a terminal is read by a thread of its own")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const LINES: NonZero<u16> = NonZero::new(30).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(120).unwrap();
/// What must come, comes within this even where the machine is busy.
const BOUND: Duration = Duration::from_secs(60);

/// A cockpit in a terminal of its own, and what is on that terminal's screen.
struct Cockpit {
    terminal: Child,
    keys: ChildStdin,
    printed: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    pid: String,
}

impl Cockpit {
    /// `script` gives it the terminal; the shell in between sets its size and says which process is ours.
    fn open(home: &Path) -> Self {
        let pid = home.join("pid");
        let cockpit = format!(
            "stty rows {LINES} cols {COLUMNS}; echo $$ > {}; exec {} --home {}",
            pid.display(),
            env!("CARGO_BIN_EXE_sitroom"),
            home.display()
        );
        let mut script = Command::new("script");
        script.args(["-qefc", &cockpit, "/dev/null"]).env_clear().env("SHELL", "/bin/sh");
        script.env("PATH", "/usr/bin:/bin").env("USER", "dana").env("TERM", "xterm-256color");
        let mut terminal = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, mut output) = (terminal.stdin.take().unwrap(), terminal.stdout.take().unwrap());
        let (print, printed) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                if print.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let mut cockpit = Self {
            terminal,
            keys,
            printed,
            screen: vt100::Parser::new(LINES, COLUMNS, 0),
            pid: String::new(),
        };
        cockpit.shows("dana-payments");
        cockpit.pid = fs::read_to_string(pid).unwrap().trim().to_owned();
        cockpit
    }

    /// Reads on until the words are on the screen.
    fn shows(&mut self, words: &str) {
        let began = Instant::now();
        while !self.screen.screen().contents().contains(words) {
            let left = BOUND.saturating_sub(began.elapsed());
            let Ok(bytes) = self.printed.recv_timeout(left) else {
                panic!("{words:?} is not on the screen:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&bytes);
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn kill(mut self) {
        assert!(Command::new("kill").args(["-9", &self.pid]).status().unwrap().success());
        self.terminal.wait().unwrap();
    }

    fn quit(mut self) {
        self.press("q");
        let began = Instant::now();
        while self.printed.recv_timeout(BOUND.saturating_sub(began.elapsed())).is_ok() {}
        assert!(self.terminal.wait().unwrap().success(), "it leaves cleanly");
    }
}

/// A test that fails leaves no cockpit behind.
impl Drop for Cockpit {
    fn drop(&mut self) {
        if self.terminal.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = Command::new("kill").args(["-9", &self.pid]).status();
            let _ = self.terminal.kill();
            let _ = self.terminal.wait();
        }
    }
}

fn done(home: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitroom"));
    let output =
        command.env_clear().env("USER", "sam").arg("--home").arg(home).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn configured() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), "room = \"dana-payments\"\n").unwrap();
    home
}

#[test]
#[ignore = "opens a terminal"]
fn what_another_process_emits_is_on_the_feed_and_survives_a_kill() {
    let home = configured();
    let mut cockpit = Cockpit::open(home.path());
    cockpit.press("3");
    for version in ["v2.14.3", "v2.14.4"] {
        done(home.path(), &["emit", "deploy", "--service", "checkout", "--version", version]);
        cockpit.shows(&format!("{version} to production"));
    }
    cockpit.shows("inbox");
    done(home.path(), &["incident", "declare", "--title", "Checkout fails", "--sev", "2"]);
    cockpit.kill();

    let mut again = Cockpit::open(home.path());
    again.press("3");
    again.shows("v2.14.3 to production");
    again.shows("v2.14.4 to production");
    again.quit();
    assert!(done(home.path(), &["incident", "list"]).contains("Checkout fails"));
    assert!(done(home.path(), &["journal", "verify"]).contains("sound"));
    assert!(home.path().join("state/log/sitroom.log").exists());
}

#[test]
#[ignore = "opens a terminal"]
fn a_journal_that_is_none_does_not_keep_the_cockpit_from_opening() {
    let home = configured();
    fs::create_dir(home.path().join("data")).unwrap();
    let diary = "my diary, and long enough to be something else";
    fs::write(home.path().join("data/journal.sqlite"), diary).unwrap();
    let mut cockpit = Cockpit::open(home.path());
    cockpit.shows("nothing you do will be saved");
    cockpit.press("3");
    done(home.path(), &["emit", "note", "signals still come"]);
    cockpit.shows("signals still come");
    cockpit.quit();
    assert_eq!(fs::read_to_string(home.path().join("data/journal.sqlite")).unwrap(), diary);
}
