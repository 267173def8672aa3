//! The store: what is worth keeping and is not the truth of people.
//!
//! Signals (a cache with retention), drafts (half-typed lines) and presence (who is here) share one SQLite file, used by
//! several processes at once. Losing it stops nobody: a damaged file is moved aside and a new one begun. Nothing here
//! decides anything; the time is handed in.

mod compact;
mod drafts;
mod error;
mod file;
mod load;
mod presence;
mod signals;
mod watch;

pub use drafts::Draft;
pub use error::{Cause, StoreError};
pub use load::Loading;
pub use presence::{Present, STALE_AFTER};
pub use signals::{News, Position};
pub use watch::Stirs;

use sqlx::SqlitePool;
use std::path::Path;
use std::sync::Arc;

/// A handle on the store; clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    /// What the store is called in messages: its path, or that it is in memory.
    place: Arc<str>,
    /// One connection each, so that a long load never keeps a draft waiting.
    writer: SqlitePool,
    reader: SqlitePool,
    notice: Option<Arc<str>>,
}

impl Store {
    /// Opens the file, or begins it; a damaged one is moved aside, which the [notice](Self::notice) then says.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        file::open(path).await
    }

    /// Opens the file to be looked at: nothing is made, and a damaged one is left where it is, for others may be at work
    /// in it.
    pub async fn look(path: &Path) -> Result<Self, StoreError> {
        file::look(path).await
    }

    /// A store that is gone with its last handle, for demos, tests, and when there is no usable disk.
    pub async fn memory() -> Result<Self, StoreError> {
        file::memory().await
    }

    /// What people should be told about the opening, in a sentence or two.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// Brings the file to rest; without it nothing is lost, only the log of changes stays beside the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Every answer of the database passes here, so that a file found damaged is marked and never trusted again.
    async fn answer<T>(&self, doing: &str, answer: sqlx::Result<T>) -> Result<T, StoreError> {
        let error = match answer {
            Ok(answer) => return Ok(answer),
            Err(error) => StoreError::new(&self.place, doing, &error),
        };
        if error.cause == Cause::Damaged {
            file::condemn(&self.writer).await;
        }
        Err(error)
    }
}
