//! The built program in a real terminal: what it shows, what it leaves behind, and how much it writes.

use super::pty::Pty;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ratatui::layout::Size;
use rustix::process::Signal;
use std::fs;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const SITROOM: &str = env!("CARGO_BIN_EXE_sitroom");
const SIZE: Size = Size { width: 80, height: 24 };

/// The cockpit on the first scenario, its story told at once, with no files of anybody's.
struct Cockpit {
    pty: Pty,
    home: TempDir,
}

impl Cockpit {
    fn open(size: Size, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let at_home = [&demo(&home)[1..], arguments].concat();
        let pty = Pty::start(size, SITROOM, &at_home, environment);
        Self { pty, home }
    }

    fn shown() -> Self {
        let mut cockpit = Self::open(SIZE, &[], &[]);
        cockpit.pty.shows("ACTIVE ISSUES");
        cockpit.pty.shows("payments-prod");
        cockpit
    }

    #[track_caller]
    fn has_left_cleanly(mut self) {
        let status = self.pty.ends();
        self.pty.is_as_it_was();
        assert_eq!(status.code(), Some(0), "{status}");
        drop(self.home);
    }
}

fn demo(home: &TempDir) -> [&str; 6] {
    [SITROOM, "demo", "--speed", "1000000", "--home", home.path().to_str().unwrap()]
}

#[test]
#[ignore = "needs a real terminal"]
fn it_opens_on_the_room_and_its_state() {
    let mut cockpit = Cockpit::shown();
    cockpit.pty.shows("ELEVATED");
    assert!(cockpit.pty.is_full_screen());
}

#[test]
#[ignore = "needs a real terminal"]
fn every_way_out_leaves_the_terminal_as_it_was() {
    for key in [b"q", b"\x03"] {
        let mut cockpit = Cockpit::shown();
        cockpit.pty.send(b"M");
        cockpit.pty.shows("The mouse selects lines");
        cockpit.pty.send(key);
        cockpit.has_left_cleanly();
    }
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let cockpit = Cockpit::shown();
        cockpit.pty.signal(signal);
        cockpit.has_left_cleanly();
    }
}

#[test]
#[ignore = "needs a real terminal"]
fn a_terminal_that_goes_away_ends_the_session() {
    let cockpit = Cockpit::shown();
    let status = cockpit.pty.hang_up();
    assert!(status.code().is_some(), "{status}");
}

#[test]
#[ignore = "needs a real terminal"]
fn it_is_suspended_and_comes_back_whole() {
    let home = tempfile::tempdir().unwrap();
    let inputrc = home.path().join("inputrc");
    fs::write(&inputrc, "set enable-bracketed-paste off\n").unwrap();
    let environment = [("PS1", "ready> "), ("INPUTRC", inputrc.to_str().unwrap())];
    let mut shell = Pty::start(SIZE, "bash", &["--norc", "--noprofile", "-i"], &environment);
    shell.shows("ready>");
    shell.send(format!("{}\r", demo(&home).join(" ")).as_bytes());
    shell.shows("ACTIVE ISSUES");
    shell.wait_for_silence(Duration::from_millis(300));
    shell.send(b"\x1a");
    shell.wait_for("the shell", |shell| !shell.is_full_screen() && shell.screen().contains("Stopped"));
    shell.send(b"fg\r");
    shell.wait_for("the cockpit", |shell| {
        shell.is_full_screen() && shell.screen().contains("RUNTIME SEQUENCE")
    });
    shell.shows("payments-prod");
    shell.send(b"q");
    shell.wait_for("the shell", |shell| !shell.is_full_screen());
    shell.send(b"echo left with $?\r");
    shell.shows("left with 0");
    shell.send(b"exit\r");
    shell.ends();
    shell.is_as_it_was();
}

#[test]
#[ignore = "needs a real terminal"]
fn it_follows_the_size_of_the_terminal_down_to_one_cell() {
    let mut cockpit = Cockpit::shown();
    cockpit.pty.resize(Size::new(120, 40));
    cockpit.pty.shows("PRIORITY ACTIONS");
    cockpit.pty.resize(Size::new(40, 10));
    cockpit.pty.shows("sitroom needs 60x16");
    cockpit.pty.resize(Size::new(1, 1));
    cockpit.pty.send(b"\t:x\x1b");
    cockpit.pty.resize(SIZE);
    cockpit.pty.shows("WHAT CHANGED");
    // A lone escape is the key only once nothing has followed it for a moment.
    cockpit.pty.wait_for_silence(Duration::from_millis(100));
    cockpit.pty.send(b"q");
    cockpit.has_left_cleanly();
}

#[test]
#[ignore = "needs a real terminal"]
fn it_opens_in_a_terminal_of_one_cell() {
    let mut cockpit = Cockpit::open(Size::new(1, 1), &[], &[]);
    cockpit.pty.wait_for("a full screen", Pty::is_full_screen);
    cockpit.pty.resize(SIZE);
    cockpit.pty.shows("ACTIVE ISSUES");
    cockpit.pty.send(b"q");
    cockpit.has_left_cleanly();
}

#[test]
#[ignore = "needs a real terminal"]
fn without_colours_there_are_none() {
    for (arguments, environment) in [(&[][..], &[("NO_COLOR", "1")][..]), (&["--no-color"], &[])] {
        let mut cockpit = Cockpit::open(SIZE, arguments, environment);
        cockpit.pty.shows("ACTIVE ISSUES");
        cockpit.pty.wait_for_silence(Duration::from_millis(300));
        let coloured: Vec<_> = colours(cockpit.pty.bytes()).collect();
        assert!(coloured.is_empty(), "with {arguments:?} {environment:?}: {coloured:?}");
    }
}

/// The parameters of every sequence that asks for a colour other than the terminal's own.
fn colours(bytes: &[u8]) -> impl Iterator<Item = String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let sequences: Vec<_> = text.split("\x1b[").skip(1).map(str::to_owned).collect();
    sequences.into_iter().filter_map(|sequence| {
        let (parameters, _) = sequence.split_once('m')?;
        let is_colour = |code: &str| matches!(code.parse(), Ok(30..=38 | 40..=48 | 90..=107));
        let is_style = parameters.chars().all(|c| c.is_ascii_digit() || c == ';');
        (is_style && parameters.split(';').any(is_colour)).then(|| parameters.to_owned())
    })
}

#[test]
#[ignore = "needs a real terminal"]
fn in_ascii_there_is_nothing_else() {
    let mut cockpit = Cockpit::open(SIZE, &["--ascii"], &[]);
    cockpit.pty.shows("ACTIVE ISSUES");
    for key in [&b"?"[..], b"\x1b", b"\r", b"\x1b", b"3", b"\r", b"\x1b", b"t"] {
        cockpit.pty.send(key);
        cockpit.pty.wait_for_silence(Duration::from_millis(100));
    }
    let other: String =
        String::from_utf8_lossy(cockpit.pty.bytes()).chars().filter(|c| !c.is_ascii()).collect();
    assert!(other.is_empty(), "{other}");
}

#[test]
#[ignore = "needs a real terminal"]
fn while_nothing_happens_next_to_nothing_is_written() {
    let mut cockpit = Cockpit::shown();
    cockpit.pty.bytes_in(Duration::from_secs(3));
    let idle = cockpit.pty.bytes_in(Duration::from_secs(5));
    assert!(idle <= 5 * 60, "{idle} bytes in five seconds");
}

/// A tmux of its own, which ends with the test.
struct Tmux {
    pty: Pty,
    socket: String,
    home: TempDir,
}

impl Tmux {
    fn around_the_cockpit(name: &str, settings: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let configuration = home.path().join("tmux.conf");
        fs::write(&configuration, format!("set -g status off\nset -s escape-time 0\n{settings}\n")).unwrap();
        let socket = format!("sitroom-{name}-{}", std::process::id());
        let inside = demo(&home).join(" ");
        let arguments = ["-L", &socket, "-f", configuration.to_str().unwrap(), "new-session", &inside];
        let pty = Pty::start(SIZE, "tmux", &arguments, &[]);
        let mut tmux = Self { pty, socket, home };
        tmux.pty.shows("▸▲");
        tmux
    }

    fn answers(&self, arguments: &[&str]) -> String {
        let answer = Command::new("tmux").args(["-L", &self.socket]).args(arguments).output().unwrap();
        String::from_utf8(answer.stdout).unwrap()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.answers(&["kill-server"]);
        let _ = self.home.path();
    }
}

#[test]
#[ignore = "needs tmux"]
fn a_copy_passes_through_tmux_to_the_terminal_around_it() {
    let mut tmux =
        Tmux::around_the_cockpit("through", "set -g allow-passthrough on\nset -s set-clipboard off");
    tmux.pty.send(b"y");
    tmux.pty.shows("Copied");
    tmux.pty.wait_for("the copy", |pty| copied(pty.bytes()).is_some());
    let text = copied(tmux.pty.bytes()).unwrap();
    assert!(text.contains("severity   high"), "{text}");
}

#[test]
#[ignore = "needs tmux"]
fn a_copy_is_taken_by_a_tmux_that_passes_nothing_through() {
    let mut tmux = Tmux::around_the_cockpit("taken", "set -g allow-passthrough off\nset -s set-clipboard on");
    tmux.pty.send(b"y");
    tmux.pty.shows("Copied");
    let text = tmux.answers(&["show-buffer"]);
    assert!(text.contains("severity   high"), "{text}");
}

/// What the terminal was asked to put into its clipboard.
fn copied(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let (_, after) = text.split_once("\x1b]52;")?;
    let data = after.split_once(';')?.1.split(['\x07', '\x1b']).next()?;
    String::from_utf8(STANDARD.decode(data).ok()?).ok()
}
