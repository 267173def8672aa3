//! A pseudo-terminal with a program in it, and the screen that a person would see there.
//!
//! Nothing here sleeps: whoever waits, waits for bytes, and not for ever.

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Nobody waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(20);
const BLINK: Duration = Duration::from_millis(20);

/// What runs in it, and no longer than the test does.
struct Program(Child);

/// Alternate screen, bracketed paste, focus, mouse, its encoding, synchronised output.
const MODES: [u16; 6] = [1049, 2004, 1004, 1000, 1006, 2026];

pub struct Pty {
    master: OwnedFd,
    /// Held so that the modes can be read when the program has gone.
    terminal: OwnedFd,
    program: Program,
    screen: vt100::Parser,
    bytes: Vec<u8>,
    line_before: String,
}

impl Pty {
    /// Starts a program whose controlling terminal this is.
    pub fn start(size: Size, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let terminal = ioctl_tiocgptpeer(&master, flags).unwrap();
        tcsetwinsize(&master, winsize(size)).unwrap();
        // Before anything runs in it: a shell sets its line for editing as soon as it starts.
        let line_before = line_modes(&terminal);
        let end = || Stdio::from(terminal.try_clone().unwrap());
        let child = Command::new("setsid")
            .args(["--ctty", program])
            .args(arguments)
            .env_remove("NO_COLOR")
            .env_remove("TMUX")
            .envs([("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LC_ALL", "C.UTF-8")])
            .envs(environment.iter().copied())
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        let [rows, columns] = cells(size);
        let screen = vt100::Parser::new(rows, columns, 0);
        Self { master, terminal, program: Program(child), screen, bytes: Vec::new(), line_before }
    }

    pub fn send(&mut self, bytes: &[u8]) {
        rustix::io::write(&self.master, bytes).unwrap();
    }

    pub fn resize(&mut self, size: Size) {
        let [rows, columns] = cells(size);
        self.screen.set_size(rows, columns);
        tcsetwinsize(&self.master, winsize(size)).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.program.0), signal).unwrap();
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        self.wait_for(text, |pty| pty.screen().contains(text));
    }

    #[track_caller]
    pub fn wait_for(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < until, "waited in vain for `{what}`:\n{}", self.screen());
            self.read(BLINK);
        }
    }

    /// Waits until nothing has been written for as long.
    pub fn wait_for_silence(&mut self, silence: Duration) {
        let until = Instant::now() + PATIENCE;
        while self.read(silence) && Instant::now() < until {}
    }

    /// How many bytes are written in a time.
    pub fn bytes_in(&mut self, time: Duration) -> usize {
        let before = self.bytes.len();
        let until = Instant::now() + time;
        while let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            self.read(left);
        }
        self.bytes.len() - before
    }

    /// Waits for the program to end, and takes in what it wrote last.
    #[track_caller]
    pub fn ends(&mut self) -> ExitStatus {
        let until = Instant::now() + PATIENCE;
        loop {
            self.read(BLINK);
            if let Some(status) = self.program.0.try_wait().unwrap() {
                while self.read(BLINK) {}
                return status;
            }
            assert!(Instant::now() < until, "it does not end:\n{}", self.screen());
        }
    }

    /// Takes the terminal away, as a connection that is lost does, and waits for the program to end.
    pub fn hang_up(self) -> ExitStatus {
        let Self { master, terminal, mut program, .. } = self;
        drop((master, terminal));
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = program.0.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "it does not end");
            std::thread::yield_now();
        }
    }

    /// Every mode that was switched is as it was before.
    #[track_caller]
    pub fn is_as_it_was(&self) {
        let text = String::from_utf8_lossy(&self.bytes);
        for mode in MODES {
            let [on, off] = ['h', 'l'].map(|letter| text.rfind(&format!("\x1b[?{mode}{letter}")));
            assert!(on.is_none() || on < off, "mode {mode} is left on");
        }
        assert!(!self.screen.screen().hide_cursor(), "the cursor is left hidden");
        assert_eq!(line_modes(&self.terminal), self.line_before);
    }

    /// From the key to the window of help, and back to where it was.
    pub fn open_help(&mut self) -> Duration {
        let began = Instant::now();
        self.send(b"?");
        self.shows("Keys here");
        let taken = began.elapsed();
        self.send(b"q");
        self.wait_for("the window is closed", |pty| !pty.screen().contains("Keys here"));
        taken
    }

    /// The most memory the program has had at a time.
    #[cfg(target_os = "linux")]
    pub fn peak_kilobytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.program.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    pub fn screen(&self) -> String {
        self.screen.screen().contents()
    }

    pub fn is_full_screen(&self) -> bool {
        self.screen.screen().alternate_screen()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes in what is written within a time; false when nothing is.
    fn read(&mut self, within: Duration) -> bool {
        let within = Timespec::try_from(within).unwrap();
        let mut ready = [PollFd::new(&self.master, PollFlags::IN)];
        if poll(&mut ready, Some(&within)).unwrap() == 0 {
            return false;
        }
        let mut bytes = [0; 65_536];
        let count = rustix::io::read(&self.master, &mut bytes).unwrap_or(0);
        self.bytes.extend(&bytes[..count]);
        self.screen.process(&bytes[..count]);
        count > 0
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

pub fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How the line is set: what is echoed, what is a signal, what is translated.
fn line_modes(terminal: &OwnedFd) -> String {
    let modes = tcgetattr(terminal).unwrap();
    format!(
        "{:?} {:?} {:?} {:?}",
        modes.input_modes, modes.output_modes, modes.control_modes, modes.local_modes
    )
}

fn winsize(size: Size) -> Winsize {
    Winsize { ws_row: size.height, ws_col: size.width, ws_xpixel: 0, ws_ypixel: 0 }
}

fn cells(size: Size) -> [NonZeroU16; 2] {
    [size.height, size.width].map(|cells| NonZeroU16::new(cells).unwrap())
}
