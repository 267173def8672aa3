//! A journal that nothing can be appended to: what it holds is shown where it can be read, and every append says why
//! nothing is saved.

use super::{AppendError, Draft, Journal, JournalError, SqliteJournal};
use crate::domain::{Record, Seq};
use tokio::sync::watch;

pub struct Unwritable {
    what: String,
    fix: String,
    readable: Option<SqliteJournal>,
    /// Never changes, for where there is nothing to follow.
    still: watch::Sender<()>,
}

impl Unwritable {
    pub fn new(why: JournalError, readable: Option<SqliteJournal>) -> Self {
        Self { what: why.what, fix: why.fix, readable, still: watch::Sender::new(()) }
    }

    /// What everybody should know from the beginning.
    pub fn notice(&self) -> String {
        let reads = if self.readable.is_some() { "it can only be read" } else { "there is nothing to read" };
        format!("nothing you do will be saved, {reads}: {}; {}", self.what, self.fix)
    }
}

impl Journal for Unwritable {
    async fn append(&self, _: Seq, _: Vec<Draft>) -> Result<Vec<Record>, AppendError> {
        Err(JournalError::new(&self.what, &self.fix).into())
    }

    async fn read(&self, after: Seq, limit: usize) -> Result<Vec<Record>, JournalError> {
        match &self.readable {
            Some(journal) => journal.read(after, limit).await,
            None => Ok(Vec::new()),
        }
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.readable.as_ref().map_or_else(|| self.still.subscribe(), Journal::changes)
    }
}
