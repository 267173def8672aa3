//! Having signals kept: what was gathered is handed on in batches, what was kept before comes back, and so does what
//! other processes keep from now on.
//!
//! What is kept is a cache. Failing to keep is said and hurts nothing: the sources still tell the same.

use super::board::{Board, Subject};
use crate::domain::Signal;
use crate::domain::log::Chunk;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Work on its way; write `Box::pin(async move { … })`.
pub type Keeping<'a, T = ()> = Pin<Box<dyn Future<Output = Result<T, KeepError>> + Send + 'a>>;

pub trait SignalKeeper: Send + Sync + 'static {
    /// Sends all that is kept in pieces, the newest first; ends early when nobody takes them any more.
    fn load(&self, pieces: mpsc::Sender<Vec<Chunk>>) -> Keeping<'_>;

    /// Keeps signals that were not seen before.
    fn keep(&self, signals: Vec<Signal>) -> Keeping<'_>;

    /// What anybody has kept since the load or the last call; nothing where nothing is new.
    fn follow(&self) -> Keeping<'_, Vec<Chunk>>;

    /// Waits until there may be something to follow; for ever where nobody can know.
    fn stirred(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// What went wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct KeepError {
    pub what: String,
    pub fix: String,
}

pub(super) async fn load_all(
    keeper: Arc<dyn SignalKeeper>,
    pieces: mpsc::Sender<Vec<Chunk>>,
    board: Arc<Board>,
) {
    let loaded = keeper.load(pieces).await;
    board.notice(Subject::Loading, loaded.err().map(|error| say("reading kept signals", &error)));
}

/// Ends when nobody gathers any more and all is handed on.
pub(super) async fn keep_all(
    keeper: Arc<dyn SignalKeeper>,
    mut gathered: mpsc::Receiver<Vec<Signal>>,
    board: Arc<Board>,
) {
    while let Some(mut batch) = gathered.recv().await {
        while let Ok(more) = gathered.try_recv() {
            batch.extend(more);
        }
        let kept = keeper.keep(batch).await;
        board.notice(Subject::Keeping, kept.err().map(|error| say("keeping signals", &error)));
    }
}

fn say(what: &str, error: &KeepError) -> String {
    format!("{what}: {}; {}", error.what, error.fix)
}
