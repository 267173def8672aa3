//! The journal: the append-only, hash-chained record of everything people did and decided.
//!
//! A journal only stores; what may be appended is decided in the domain. Whoever appends says which record it
//! believes to be the last, and is told when it is not, so that it decides again over the newer state. What an
//! append has answered for is on disk.
//!
//! Where the rows lie is the business of a [`Rows`]; that they form a chain, and what they say, is written here
//! once for all of them. The format is described in `docs/JOURNAL.md`.

pub mod chain;
pub mod envelope;
pub mod memory;
pub mod seal;
pub mod sqlite;
pub mod transfer;
pub mod unwritable;
pub mod verify;

pub use chain::{Fault, Hash, Head, Row, Wrong};
pub use memory::MemoryJournal;
pub use sqlite::SqliteJournal;
pub use transfer::{ImportError, export, import};
pub use unwritable::Unwritable;
pub use verify::{Sound, VerifyError, verify};

use crate::domain::{Event, Fingerprint, Person, Record, Seq, Time};
use envelope::Reading;
use std::future::Future;
use tokio::sync::watch;

/// An event on its way into the journal, before it has a place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub at: Time,
    pub by: Person,
    /// The key they came with, when they came over SSH.
    pub key: Option<Fingerprint>,
    pub event: Event,
}

pub trait Journal: Send + Sync + 'static {
    /// Appends all drafts or none, provided that the last record is `after`; durable when it answers.
    ///
    /// Who stops waiting for the answer does not know it: the records may be there, and reading on tells.
    fn append(
        &self,
        after: Seq,
        drafts: Vec<Draft>,
    ) -> impl Future<Output = Result<Vec<Record>, AppendError>> + Send;

    /// At most `limit` records after the one given, in order.
    ///
    /// A record that a newer version wrote is an error rather than a gap: nobody may decide over a state of which
    /// a part is not understood.
    fn read(
        &self,
        after: Seq,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Record>, JournalError>> + Send;

    /// Marked changed whenever somebody, in this process or another, may have appended.
    fn changes(&self) -> watch::Receiver<()>;
}

/// Where the rows of a journal are kept: what a backend is, and all it has to know.
pub trait Rows: Send + Sync + 'static {
    /// The last row's place and hash, or [`Head::GENESIS`].
    fn head(&self) -> impl Future<Output = Result<Head, JournalError>> + Send;

    /// The hash of one row; that of [`Head::GENESIS`] for place 0, nothing where there is no row.
    fn hash_of(&self, seq: Seq) -> impl Future<Output = Result<Option<Hash>, JournalError>> + Send;

    /// At most `limit` rows after the one given, in order, as they lie there.
    fn rows(&self, after: Seq, limit: usize) -> impl Future<Output = Result<Vec<Row>, JournalError>> + Send;

    /// Adds all rows or none, provided that `from` is the head; durable when it answers.
    fn extend(&self, from: Head, rows: Vec<Row>) -> impl Future<Output = Result<(), AppendError>> + Send;

    fn watch(&self) -> watch::Receiver<()>;

    /// What people call the place: a path, or a word.
    fn place(&self) -> String;
}

impl<R: Rows> Journal for R {
    async fn append(&self, after: Seq, drafts: Vec<Draft>) -> Result<Vec<Record>, AppendError> {
        let Some(hash) = self.hash_of(after).await? else {
            return Err(AppendError::Conflict(self.head().await?.seq));
        };
        let from = Head { seq: after, hash };
        let (records, rows) = seal(from, drafts);
        if !rows.is_empty() {
            self.extend(from, rows).await?;
        }
        Ok(records)
    }

    async fn read(&self, after: Seq, limit: usize) -> Result<Vec<Record>, JournalError> {
        let rows = self.rows(after, limit).await?;
        let place = self.place();
        rows.iter().map(|row| understood(row, &place)).collect()
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.watch()
    }
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

impl JournalError {
    pub fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), fix: fix.into() }
    }
}

/// Gives drafts their places after `from`, and the rows that say so.
fn seal(from: Head, drafts: Vec<Draft>) -> (Vec<Record>, Vec<Row>) {
    let mut head = from;
    drafts
        .into_iter()
        .map(|Draft { at, by, key, event }| {
            let record = Record { seq: head.seq.next(), at, by, key, event };
            let row = head.next(envelope::write(&record));
            head = row.head();
            (record, row)
        })
        .unzip()
}

fn understood(row: &Row, place: &str) -> Result<Record, JournalError> {
    let seq = row.seq;
    match envelope::read(&row.text) {
        Ok(Reading::Known(record)) if record.seq == seq => Ok(*record),
        Ok(Reading::Known(record)) => {
            Err(verify_it(format!("{place}: record {seq} calls itself {}", record.seq)))
        }
        Ok(Reading::Newer { what, .. }) => Err(JournalError::new(
            format!("{place}: record {seq} was written by a newer sitroom ({what})"),
            "upgrade sitroom; until then `sitroom journal verify` and `sitroom journal export` still work",
        )),
        Err(why) => Err(verify_it(format!("{place}: record {seq} cannot be read: {why}"))),
    }
}

fn verify_it(what: String) -> JournalError {
    JournalError::new(what, "run `sitroom journal verify` to see what else is wrong, and restore a backup")
}
