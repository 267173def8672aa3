//! The terminal this process was started in: taken over on the way in, given back on every way out.
//!
//! A driver. Input comes from the terminal's own device, opened a second time so that only the reading side is
//! non-blocking; output goes through the standard output. Dropping the value restores the terminal, and so does
//! the panic hook when it is this session that panics; what panics on other threads is contained there and goes to
//! the log.

mod early;

use super::carrier::{Abilities, Arrival, Carrier, Multiplexer};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use early::EarlySignals;
use ratatui::layout::Size;
use rustix::process::{getpid, getsid};
use signal_hook::consts::SIGTSTP;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;
use tokio::net::unix::pipe;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Alternate screen, bracketed paste, focus events, and keys that are told apart where the terminal can (an escape from the
/// beginning of a sequence, ctrl-i from tab).
pub const ENTER: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[?25l\x1b[>1u";
pub const LEAVE: &[u8] =
    b"\x1b[<u\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// The modes of the terminal, while they are ours.
pub struct Modes {
    is_ours: Arc<AtomicBool>,
    /// Until a session listens.
    early: Option<EarlySignals>,
}

pub struct LocalTerminal {
    modes: Modes,
    keys: pipe::Receiver,
    signals: Signals,
    editor: Option<String>,
    multiplexer: Multiplexer,
}

/// Signals that end or change a session.
struct Signals {
    resized: Signal,
    terminated: Signal,
    hung_up: Signal,
    interrupted: Signal,
    /// What was interrupted since the last look was the program the person was in.
    was_apart: bool,
}

impl Modes {
    /// Takes the terminal over; whatever ends the process from now on gives it back.
    pub fn take() -> io::Result<Self> {
        let is_ours = Arc::new(AtomicBool::new(false));
        let early = EarlySignals::watch(Arc::clone(&is_ours))?;
        let modes = Self { is_ours, early: Some(early) };
        modes.restore_on_panic();
        modes.enter()?;
        Ok(modes)
    }

    fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        self.is_ours.store(true, Ordering::SeqCst);
        write_all(ENTER)
    }

    fn leave(&self) {
        give_back(&self.is_ours);
    }

    fn restore_on_panic(&self) {
        static HOOK: Once = Once::new();
        let is_ours = Arc::clone(&self.is_ours);
        let session = thread::current().id();
        HOOK.call_once(|| {
            let report = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                tracing::error!(thread = thread::current().name(), "{panic}");
                if thread::current().id() == session {
                    give_back(&is_ours);
                    report(panic);
                }
            }));
        });
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        self.leave();
    }
}

fn give_back(is_ours: &AtomicBool) {
    if is_ours.swap(false, Ordering::SeqCst) {
        let _ = write_all(LEAVE);
        let _ = disable_raw_mode();
    }
}

impl LocalTerminal {
    /// Must be called within a runtime, whose reactor watches the terminal.
    pub fn new(mut modes: Modes, editor: Option<String>, multiplexer: Multiplexer) -> io::Result<Self> {
        // A terminal is read like a pipe: non-blocking, woken by the reactor.
        let keys = pipe::OpenOptions::new().unchecked(true).open_receiver("/dev/tty")?;
        let signals = Signals::listen()?;
        modes.early = None;
        Ok(Self { modes, keys, signals, editor, multiplexer })
    }

    fn read_now(&self) -> Option<Arrival> {
        let mut bytes = vec![0; 4096];
        match self.keys.try_read(&mut bytes) {
            Ok(0) => Some(Arrival::Ended),
            Ok(count) => {
                bytes.truncate(count);
                Some(Arrival::Bytes(bytes))
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                None
            }
            Err(_) => Some(Arrival::Ended),
        }
    }

    /// Runs something that needs the terminal as it was before.
    fn apart<T>(&mut self, run: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.modes.leave();
        let outcome = run();
        self.signals.was_apart = true;
        self.modes.enter()?;
        outcome
    }
}

impl Carrier for LocalTerminal {
    async fn next(&mut self) -> Arrival {
        self.signals.forget_interrupts().await;
        loop {
            tokio::select! {
                biased;
                _ = self.signals.resized.recv() => return Arrival::Resized(self.size()),
                _ = self.signals.terminated.recv() => return Arrival::Ended,
                _ = self.signals.hung_up.recv() => return Arrival::Ended,
                _ = self.signals.interrupted.recv() => return Arrival::Ended,
                ready = self.keys.readable() => {
                    if ready.is_err() {
                        return Arrival::Ended;
                    }
                    if let Some(arrival) = self.read_now() {
                        return arrival;
                    }
                }
            }
        }
    }

    fn waiting(&mut self) -> Option<Arrival> {
        self.read_now()
    }

    fn size(&self) -> Size {
        size().unwrap_or(Size::new(80, 24))
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        write_all(bytes)
    }

    fn abilities(&self) -> Abilities {
        Abilities { suspend: has_shell(), editor: self.editor.is_some(), multiplexer: self.multiplexer }
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.apart(|| signal_hook::low_level::emulate_default_handler(SIGTSTP))
    }

    fn edit(&mut self, text: &str) -> io::Result<String> {
        let editor = self.editor.clone().ok_or(io::ErrorKind::Unsupported)?;
        self.apart(|| edit(&editor, text))
    }
}

/// Whether somebody stands behind this program who brings it back: what leads its session, as where a server of SSH or a
/// multiplexer started it by itself, would be stopped for good.
fn has_shell() -> bool {
    getsid(None).is_ok_and(|leader| leader != getpid())
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            resized: signal(SignalKind::window_change())?,
            terminated: signal(SignalKind::terminate())?,
            hung_up: signal(SignalKind::hangup())?,
            interrupted: signal(SignalKind::interrupt())?,
            was_apart: false,
        })
    }

    /// Ctrl-C in an editor reaches everybody in front of the terminal, and is meant for the editor.
    async fn forget_interrupts(&mut self) {
        if self.was_apart {
            tokio::time::sleep(DELIVERY).await;
            if let Ok(interrupted) = signal(SignalKind::interrupt()) {
                self.interrupted = interrupted;
            }
            self.was_apart = false;
        }
    }
}

/// A signal that has come is told within this.
const DELIVERY: Duration = Duration::from_millis(2);

/// Whether there is a terminal at the standard output, of whatever size.
pub fn is_there() -> bool {
    io::stdout().is_terminal()
}

/// The size of the terminal at the standard output.
pub fn size() -> Option<Size> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    (size.ws_col > 0 && size.ws_row > 0).then(|| Size::new(size.ws_col, size.ws_row))
}

pub fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// The editor is a command with arguments, `code --wait`; the text lies in a file only its owner can read. What was
/// written and cannot be taken stays in that file, and the error says where.
fn edit(editor: &str, text: &str) -> io::Result<String> {
    let file = tempfile::Builder::new().prefix("sitroom-").suffix(".txt").tempfile()?;
    std::fs::write(file.path(), text)?;
    let mut words = editor.split_whitespace();
    let program = words.next().ok_or(io::ErrorKind::NotFound)?;
    let status = Command::new(program).args(words).arg(file.path()).status()?;
    let written = std::fs::read(file.path())?;
    let is_changed = written != text.as_bytes();
    let why = match String::from_utf8(written) {
        Ok(written) if status.success() => return Ok(written),
        Ok(_) => format!("{program} ended with {status}"),
        Err(_) => "what it wrote is not UTF-8".to_owned(),
    };
    if !is_changed {
        return Err(io::Error::other(why));
    }
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Err(io::Error::other(format!("your text is in {}; {why}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An editor that does what a line of shell says to the file it is given.
    fn edited_by(script: &str, text: &str) -> io::Result<String> {
        let editor = tempfile::Builder::new().prefix("editor-").tempfile().unwrap().into_temp_path();
        std::fs::write(&editor, format!("#!/bin/sh\n{script}\n")).unwrap();
        edit(&format!("/bin/sh {}", editor.display()), text)
    }

    #[test]
    fn what_an_editor_wrote_and_cannot_be_taken_stays_in_a_file_that_is_named() {
        assert_eq!(edited_by("printf more >> \"$1\"", "some ").unwrap(), "some more");
        for script in ["printf more >> \"$1\"; exit 3", "printf '\\377' >> \"$1\""] {
            let error = edited_by(script, "some ").unwrap_err().to_string();
            let path = error.strip_prefix("your text is in ").and_then(|rest| rest.split(';').next());
            let path = path.expect(&error);
            assert!(std::fs::read(path).unwrap().starts_with(b"some "), "{error}");
            std::fs::remove_file(path).unwrap();
        }
        let given_up = edited_by("exit 1", "some ").unwrap_err().to_string();
        assert!(!given_up.contains("your text"), "{given_up}");
    }
}
