//! The files of a room, opened for an engine. Neither of them can keep the cockpit from opening: what is wrong is a
//! notice, and the room goes on without.

use crate::cli::{Start, room};
use crate::domain::{Health, SourceName, SourceStatus};
use crate::engine::{INBOX, Proof, StoreKeeper};
use crate::journal::{JournalError, SqliteJournal, Unwritable, VerifyError, verify};
use crate::store::{Store, StoreError};

/// The journal for appending, or why nothing can be appended.
pub(super) async fn journal(start: &Start) -> Result<SqliteJournal, Unwritable> {
    if let Err(hidden) = room::check_place(start) {
        // It may be another room's journal that lies in the usual place, so it is not even read.
        return Err(Unwritable::new(JournalError::new(hidden.what, hidden.fix), None, None));
    }
    let path = start.paths.journal_file(start.settings());
    match SqliteJournal::open(&path).await {
        Ok(journal) => Ok(journal),
        Err(why) => {
            let readable = SqliteJournal::open_read_only(&path).await.ok();
            Err(Unwritable::new(why, Some(path), readable))
        }
    }
}

/// Walks the chain of the journal that was opened: nobody should find out only from an auditor that it was changed.
pub(super) fn proof(start: &Start) -> Proof {
    let path = start.paths.journal_file(start.settings());
    Box::pin(async move {
        let journal = SqliteJournal::open_read_only(&path).await.ok()?;
        match verify(&journal).await {
            Err(broken @ VerifyError::Broken { .. }) => Some(said(&broken)),
            // What cannot be read is said by who reads it.
            Ok(_) | Err(VerifyError::Journal(_)) => None,
        }
    })
}

/// The record that is wrong, and where the rest is to be seen.
pub(in crate::cli) fn said(broken: &VerifyError) -> String {
    format!("the journal was changed behind our back: {broken}; `sitroom journal verify` says more")
}

pub(super) async fn store(start: &Start) -> Result<(Store, StoreKeeper), StoreError> {
    let store = Store::open(&start.paths.store_file()).await?;
    let keeper = StoreKeeper::open(store.clone()).await?;
    Ok((store, keeper))
}

/// The inbox of a room without a store.
pub(super) fn closed_inbox(error: &StoreError) -> SourceStatus {
    SourceStatus::new(SourceName::new(INBOX), Health::Failing, format!("{error}; {}", error.fix()))
}
