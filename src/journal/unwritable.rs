//! A journal that could not be opened for writing: what it holds is shown where it can be read, every append tries once
//! more to open it, and says why nothing is saved while that fails.

use super::{AppendError, Draft, Journal, JournalError, SqliteJournal};
use crate::domain::{Record, Seq};
use std::path::PathBuf;
use tokio::sync::{OnceCell, watch};

pub struct Unwritable {
    why: JournalError,
    /// What is opened again; nothing where it must not be written to at all.
    path: Option<PathBuf>,
    readable: Option<SqliteJournal>,
    /// What could be opened since: a disk has room again, or a mount is back.
    since: OnceCell<SqliteJournal>,
    /// Marked by what was opened since, for where there was nothing to follow before.
    changes: watch::Sender<()>,
}

impl Unwritable {
    pub fn new(why: JournalError, path: Option<PathBuf>, readable: Option<SqliteJournal>) -> Self {
        Self { why, path, readable, since: OnceCell::new(), changes: watch::Sender::new(()) }
    }

    /// What everybody should know from the beginning.
    pub fn notice(&self) -> String {
        let reads = if self.readable.is_some() { "it can only be read" } else { "there is nothing to read" };
        let JournalError { what, fix, .. } = &self.why;
        let until = if self.path.is_some() { " until this is mended" } else { "" };
        format!("nothing you do will be saved{until}, {reads}: {what}; {fix}")
    }

    async fn opened(&self) -> Result<&SqliteJournal, JournalError> {
        let Some(path) = &self.path else { return Err(JournalError::new(&self.why.what, &self.why.fix)) };
        let open = || async {
            let journal = SqliteJournal::open(path).await?;
            self.follow(&journal);
            Ok(journal)
        };
        self.since.get_or_try_init(open).await
    }

    #[expect(clippy::disallowed_methods, reason = "ends with the journal it follows")]
    fn follow(&self, journal: &SqliteJournal) {
        let (mut news, told) = (journal.changes(), self.changes.clone());
        tokio::spawn(async move {
            while news.changed().await.is_ok() {
                told.send_replace(());
            }
        });
    }
}

impl Journal for Unwritable {
    async fn append(&self, after: Seq, drafts: Vec<Draft>) -> Result<Vec<Record>, AppendError> {
        self.opened().await?.append(after, drafts).await
    }

    async fn read(&self, after: Seq, limit: usize) -> Result<Vec<Record>, JournalError> {
        match self.since.get().or(self.readable.as_ref()) {
            Some(journal) => journal.read(after, limit).await,
            None => Ok(Vec::new()),
        }
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.readable.as_ref().map_or_else(|| self.changes.subscribe(), Journal::changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Severity;
    use crate::domain::{Event, IncidentId, Person, Time};
    use std::fs;

    #[tokio::test]
    async fn what_can_be_opened_again_is_written_to() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("journal.sqlite");
        fs::create_dir(&path).unwrap();
        let why = SqliteJournal::open(&path).await.err().unwrap();
        let journal = Unwritable::new(why, Some(path.clone()), None);
        let declared = || Draft {
            at: Time::from_millis(0),
            by: Person::new("dana"),
            key: None,
            event: Event::IncidentDeclared {
                incident: IncidentId(1),
                title: "x".into(),
                severity: Severity::Sev1,
                services: Vec::new(),
                impact: String::new(),
                evidence: Vec::new(),
            },
        };
        let news = journal.changes();
        assert!(journal.append(Seq(0), vec![declared()]).await.is_err());
        fs::remove_dir(&path).unwrap();
        assert_eq!(journal.append(Seq(0), vec![declared()]).await.unwrap().len(), 1);
        assert_eq!(journal.read(Seq(0), 10).await.unwrap().len(), 1);
        drop(news);
        let hidden = Unwritable::new(JournalError::new("hidden", "mend it"), None, None);
        assert!(hidden.append(Seq(0), vec![declared()]).await.is_err());
    }
}
