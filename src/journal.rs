//! The journal: the append-only, hash-chained record of everything people did and decided.
//!
//! A journal only stores; what may be appended is decided in the domain. Whoever appends says which record it
//! believes to be the last, and is told when it is not, so that it decides again over the newer state. What an
//! append has answered for is on disk.

use crate::domain::{Event, Person, Record, Seq, Time};
use std::future::Future;
use tokio::sync::watch;

/// An event on its way into the journal, before it has a place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub at: Time,
    pub by: Person,
    pub event: Event,
}

pub trait Journal: Send + Sync + 'static {
    /// Appends all drafts or none, provided that the last record is `after`; durable when it answers.
    fn append(
        &self,
        after: Seq,
        drafts: Vec<Draft>,
    ) -> impl Future<Output = Result<Vec<Record>, AppendError>> + Send;

    /// At most `limit` records after the one given, in order.
    fn read(
        &self,
        after: Seq,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Record>, JournalError>> + Send;

    /// Marked changed whenever somebody, in this process or another, may have appended.
    fn changes(&self) -> watch::Receiver<()>;
}

#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended first; read on from what you know and decide again.
    #[error("the journal has moved on to {0}")]
    Conflict(Seq),
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What went wrong, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct JournalError {
    pub what: String,
    pub fix: String,
}
