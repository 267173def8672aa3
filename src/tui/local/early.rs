//! Being told to end while the room is still being opened, when no session listens yet: the terminal is given back, and
//! the signal does what it does.
//!
//! A driver, on a thread of its own until the session listens.

use super::give_back;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::{self, JoinHandle};

pub(super) struct EarlySignals {
    handle: Handle,
    thread: Option<JoinHandle<()>>,
}

impl EarlySignals {
    #[expect(clippy::disallowed_methods, reason = "a signal finds a thread that waits for nothing else")]
    pub(super) fn watch(is_ours: Arc<AtomicBool>) -> io::Result<Self> {
        let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT])?;
        let handle = signals.handle();
        let thread = thread::spawn(move || {
            for signal in &mut signals {
                give_back(&is_ours);
                let _ = emulate_default_handler(signal);
            }
        });
        Ok(Self { handle, thread: Some(thread) })
    }
}

impl Drop for EarlySignals {
    fn drop(&mut self) {
        self.handle.close();
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
