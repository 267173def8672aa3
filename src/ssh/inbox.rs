//! What a client has sent and nobody has taken in yet: bytes in order, the latest size of the window, and the end.
//!
//! Taking in never waits, so that a session that is busy or stuck holds up nothing else of its connection; more than
//! [`MOST`] bytes end it instead.

use crate::tui::carrier::Arrival;
use ratatui::layout::Size;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A pasted page is a few KiB; a log piped into `note -` may be a few hundred.
const MOST: usize = 4 << 20;
/// At most this much is handed over at once.
const PIECE: usize = 64 << 10;

#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<State>,
    news: Notify,
}

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    size: Option<Size>,
    is_over: bool,
    is_gone: bool,
    is_flooded: bool,
}

impl Inbox {
    pub(super) fn push(&self, bytes: &[u8]) {
        self.change(|state| {
            if state.is_over {
                return;
            }
            if state.bytes.len() + bytes.len() > MOST {
                state.is_over = true;
                state.is_gone = true;
                state.is_flooded = true;
            } else {
                state.bytes.extend_from_slice(bytes);
            }
        });
    }

    pub(super) fn resize(&self, size: Size) {
        self.change(|state| state.size = Some(size));
    }

    /// Nothing more is sent, but somebody still listens.
    pub(super) fn end(&self) {
        self.change(|state| state.is_over = true);
    }

    /// Nobody listens any more.
    pub(super) fn hang_up(&self) {
        self.change(|state| {
            state.is_over = true;
            state.is_gone = true;
        });
    }

    /// Dropping the future loses nothing.
    pub(super) async fn next(&self) -> Arrival {
        self.when(State::take).await
    }

    pub(super) fn waiting(&self) -> Option<Arrival> {
        self.state().take()
    }

    pub(super) async fn gone(&self) {
        self.when(|state| state.is_gone.then_some(())).await;
    }

    /// Whether it ended because too much waited.
    pub(super) fn is_flooded(&self) -> bool {
        self.state().is_flooded
    }

    async fn when<T>(&self, find: impl Fn(&mut State) -> Option<T>) -> T {
        loop {
            let mut news = std::pin::pin!(self.news.notified());
            news.as_mut().enable();
            if let Some(found) = find(&mut self.state()) {
                return found;
            }
            news.await;
        }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.news.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Option<Arrival> {
        if self.is_gone {
            return Some(Arrival::Ended);
        }
        if let Some(size) = self.size.take() {
            return Some(Arrival::Resized(size));
        }
        if !self.bytes.is_empty() {
            let rest = self.bytes.split_off(self.bytes.len().min(PIECE));
            return Some(Arrival::Bytes(std::mem::replace(&mut self.bytes, rest)));
        }
        self.is_over.then_some(Arrival::Ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_their_order_and_only_the_last_size_counts() {
        let inbox = Inbox::default();
        inbox.push(b"ab");
        inbox.resize(Size::new(80, 24));
        inbox.push(b"c");
        inbox.resize(Size::new(100, 30));
        inbox.end();
        assert_eq!(inbox.waiting(), Some(Arrival::Resized(Size::new(100, 30))));
        assert_eq!(inbox.waiting(), Some(Arrival::Bytes(b"abc".to_vec())));
        assert_eq!(inbox.waiting(), Some(Arrival::Ended));
    }

    #[test]
    fn a_flood_nobody_reads_ends_it() {
        let inbox = Inbox::default();
        let page = vec![b'x'; 32 << 10];
        (0..1_000).for_each(|_| inbox.push(&page));
        assert!(inbox.state().bytes.len() <= MOST && inbox.is_flooded());
        assert_eq!(inbox.waiting(), Some(Arrival::Ended));
    }
}
