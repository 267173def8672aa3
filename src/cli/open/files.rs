//! The files of a room, opened for an engine. Neither of them can keep the cockpit from opening: what is wrong is a
//! notice, and the room goes on without.

use crate::cli::{Start, room};
use crate::domain::{Health, SourceName, SourceStatus};
use crate::engine::{INBOX, StoreKeeper};
use crate::journal::{JournalError, SqliteJournal, Unwritable};
use crate::store::{Store, StoreError};

/// The journal for appending, or why nothing can be appended.
pub(super) async fn journal(start: &Start) -> Result<SqliteJournal, Unwritable> {
    if let Err(hidden) = room::check_place(start) {
        // It may be another room's journal that lies in the usual place, so it is not even read.
        return Err(Unwritable::new(JournalError::new(hidden.what, hidden.fix), None));
    }
    let path = start.paths.journal_file(start.settings());
    match SqliteJournal::open(&path).await {
        Ok(journal) => Ok(journal),
        Err(why) => Err(Unwritable::new(why, SqliteJournal::open_read_only(&path).await.ok())),
    }
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
