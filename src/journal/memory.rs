//! A journal that lasts as long as its process: for demonstrations, drills and tests.

use super::{AppendError, Hash, Head, JournalError, Row, Rows};
use crate::domain::Seq;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

#[derive(Debug, Default)]
pub struct MemoryJournal {
    /// Row `n` lies at index `n - 1`.
    rows: Mutex<Vec<Row>>,
    changed: watch::Sender<()>,
}

impl MemoryJournal {
    pub fn new() -> Self {
        Self::default()
    }

    /// Rows are added whole, so a panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, Vec<Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rows for MemoryJournal {
    async fn head(&self) -> Result<Head, JournalError> {
        Ok(head(&self.lock()))
    }

    async fn hash_of(&self, seq: Seq) -> Result<Option<Hash>, JournalError> {
        Ok(match index(seq).checked_sub(1) {
            None => Some(Hash::GENESIS),
            Some(at) => self.lock().get(at).map(|row| row.hash),
        })
    }

    async fn rows(&self, after: Seq, limit: usize) -> Result<Vec<Row>, JournalError> {
        Ok(self.lock().iter().skip(index(after)).take(limit).cloned().collect())
    }

    async fn extend(&self, from: Head, rows: Vec<Row>) -> Result<(), AppendError> {
        let mut kept = self.lock();
        let head = head(&kept);
        if head != from {
            return Err(AppendError::Conflict(head.seq));
        }
        kept.extend(rows);
        drop(kept);
        self.changed.send_replace(());
        Ok(())
    }

    fn watch(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    fn place(&self) -> String {
        "the journal in memory".into()
    }
}

fn head(rows: &[Row]) -> Head {
    rows.last().map_or(Head::GENESIS, Row::head)
}

fn index(seq: Seq) -> usize {
    usize::try_from(seq.0).unwrap_or(usize::MAX)
}
