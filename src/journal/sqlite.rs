//! A journal in an SQLite file, which any number of processes may read and append to at once.
//!
//! An append is one statement: it takes the write lock, compares the head, adds every row and commits, all in one
//! round trip and one fsync. There is no open transaction that a dropped future, a panic or a kill could leave
//! behind. The file itself refuses what a journal must never see: an update, a deletion, a gap.

mod follow;
mod open;
mod trouble;

use super::{AppendError, Hash, Head, JournalError, Row, Rows};
use crate::domain::Seq;
use follow::Follower;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection as _, Row as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::watch;
use trouble::trouble;

/// The subquery makes a lost race add nothing; hashes come in one piece, 32 bytes a row.
const EXTEND: &str = "
    INSERT INTO record (seq, text, hash)
    SELECT ?1 + key + 1, value, substr(?3, key * 32 + 1, 32) FROM json_each(?2)
    WHERE coalesce((SELECT hash FROM record ORDER BY seq DESC LIMIT 1), zeroblob(32)) = ?4";
const HEAD: &str = "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1";
const HASH: &str = "SELECT hash FROM record WHERE seq = ?1";
/// As bytes, so that damaged text comes out as it lies there instead of failing before anyone can look at it.
const ROWS: &str = "SELECT seq, CAST(text AS BLOB), hash FROM record WHERE seq > ?1 ORDER BY seq LIMIT ?2";

pub struct SqliteJournal {
    file: Arc<File>,
    /// The last head this process saw, which spares a reading before most appends; the statement checks it.
    head: Mutex<Option<Head>>,
    follower: OnceLock<Follower>,
    runtime: tokio::runtime::Handle,
}

struct File {
    path: PathBuf,
    access: Access,
    connection: tokio::sync::Mutex<SqliteConnection>,
    changed: watch::Sender<()>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    Append,
    ReadOnly,
}

impl SqliteJournal {
    /// Opens the journal, and makes an empty one, private to its owner, where there is none.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, JournalError> {
        let path = path.into();
        let connection = open::for_appending(&path).await?;
        Ok(Self::new(path, Access::Append, connection))
    }

    /// Opens a journal that exists, and never writes to it.
    pub async fn open_read_only(path: impl Into<PathBuf>) -> Result<Self, JournalError> {
        let path = path.into();
        let connection = open::for_reading(&path).await?;
        Ok(Self::new(path, Access::ReadOnly, connection))
    }

    /// Lets go of the file, and waits until that is done: where nobody else has it open, everything is in that one file
    /// then.
    pub async fn close(self) {
        // Whoever follows it has it for a moment, and then lets go by themselves.
        let Some(file) = Arc::into_inner(self.file) else { return };
        if let Err(error) = file.connection.into_inner().close().await {
            tracing::warn!(file = %file.path.display(), %error, "the journal did not close well");
        }
    }

    pub fn path(&self) -> &Path {
        &self.file.path
    }

    fn new(path: PathBuf, access: Access, connection: SqliteConnection) -> Self {
        let connection = tokio::sync::Mutex::new(connection);
        Self {
            file: Arc::new(File { path, access, connection, changed: watch::Sender::new(()) }),
            head: Mutex::new(None),
            follower: OnceLock::new(),
            runtime: tokio::runtime::Handle::current(),
        }
    }

    fn known(&self) -> Option<Head> {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, head: Option<Head>) {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }
}

impl Rows for SqliteJournal {
    async fn head(&self) -> Result<Head, JournalError> {
        self.file.head().await
    }

    async fn hash_of(&self, seq: Seq) -> Result<Option<Hash>, JournalError> {
        match self.known() {
            _ if seq == Head::GENESIS.seq => Ok(Some(Hash::GENESIS)),
            Some(head) if head.seq == seq => Ok(Some(head.hash)),
            _ => self.file.hash_of(seq).await,
        }
    }

    async fn rows(&self, after: Seq, limit: usize) -> Result<Vec<Row>, JournalError> {
        self.file.rows(after, limit).await
    }

    async fn extend(&self, from: Head, rows: Vec<Row>) -> Result<(), AppendError> {
        let Some(end) = rows.last().map(Row::head) else {
            return Ok(());
        };
        if self.file.access == Access::ReadOnly {
            return Err(self.file.opened_for_reading().into());
        }
        if self.file.extend(from, &rows).await? {
            self.remember(Some(end));
            self.file.changed.send_replace(());
            return Ok(());
        }
        let head = self.file.head().await?;
        self.remember(Some(head));
        Err(AppendError::Conflict(head.seq))
    }

    fn watch(&self) -> watch::Receiver<()> {
        let receiver = self.file.changed.subscribe();
        self.follower.get_or_init(|| Follower::start(&self.file, &self.runtime));
        receiver
    }

    fn place(&self) -> String {
        self.file.path.display().to_string()
    }
}

impl File {
    async fn head(&self) -> Result<Head, JournalError> {
        let mut connection = self.connection.lock().await;
        let row = sqlx::query(HEAD).fetch_optional(&mut *connection).await;
        let row = row.map_err(|error| trouble(&self.path, "its end", &error))?;
        Ok(row.map_or(Head::GENESIS, |row| Head { seq: seq_in(&row), hash: hash_in(&row, 1) }))
    }

    async fn hash_of(&self, seq: Seq) -> Result<Option<Hash>, JournalError> {
        let mut connection = self.connection.lock().await;
        let row = sqlx::query(HASH).bind(number(seq)).fetch_optional(&mut *connection).await;
        let row = row.map_err(|error| trouble(&self.path, &format!("record {seq}"), &error))?;
        Ok(row.map(|row| hash_in(&row, 0)))
    }

    async fn rows(&self, after: Seq, limit: usize) -> Result<Vec<Row>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut connection = self.connection.lock().await;
        let rows = sqlx::query(ROWS).bind(number(after)).bind(limit).fetch_all(&mut *connection).await;
        let rows = rows.map_err(|error| trouble(&self.path, &format!("after record {after}"), &error))?;
        Ok(rows.iter().map(row_in).collect())
    }

    /// Whether the rows are there now: not when `from` was not the head.
    async fn extend(&self, from: Head, rows: &[Row]) -> Result<bool, JournalError> {
        let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
        let texts = serde_json::to_string(&texts).expect("text is JSON");
        let hashes: Vec<u8> = rows.iter().flat_map(|row| row.hash.as_bytes()).copied().collect();
        let mut connection = self.connection.lock().await;
        let done = sqlx::query(EXTEND)
            .bind(number(from.seq))
            .bind(texts)
            .bind(hashes)
            .bind(from.hash.as_bytes().to_vec())
            .execute(&mut *connection)
            .await
            .map_err(|error| trouble(&self.path, &format!("after record {}", from.seq), &error))?;
        Ok(done.rows_affected() > 0)
    }

    fn opened_for_reading(&self) -> JournalError {
        JournalError::new(
            format!("{}: opened for reading only", self.path.display()),
            "this is a defect of sitroom; please report it with what you did",
        )
    }
}

fn row_in(row: &SqliteRow) -> Row {
    let text = String::from_utf8_lossy(row.try_get_unchecked::<&[u8], _>(1).unwrap_or_default()).into_owned();
    Row { seq: seq_in(row), text, hash: hash_in(row, 2) }
}

fn seq_in(row: &SqliteRow) -> Seq {
    Seq(row.try_get_unchecked::<i64, _>(0).unwrap_or_default().max(0).unsigned_abs())
}

/// Bytes that are no hash become one that nothing has, so that the walk along the chain stops there.
fn hash_in(row: &SqliteRow, column: usize) -> Hash {
    Hash::from_bytes(row.try_get_unchecked(column).unwrap_or_default()).unwrap_or(Hash::GENESIS)
}

fn number(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Severity;
    use crate::domain::{Event, IncidentId, Person, Time};
    use crate::journal::{Draft, Journal, verify};

    fn draft(impact: String) -> Draft {
        let event = Event::IncidentDeclared {
            incident: IncidentId(1),
            title: "checkout fails".into(),
            severity: Severity::Sev2,
            services: Vec::new(),
            impact,
            evidence: Vec::new(),
        };
        Draft { key: None, at: Time::from_millis(0), by: Person::new("dana"), event }
    }

    async fn run(journal: &SqliteJournal, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(&mut *journal.file.connection.lock().await).await.map(|_| ())
    }

    #[tokio::test]
    async fn a_full_disk_loses_nothing_and_says_what_to_do() {
        let home = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(home.path().join("journal.db")).await.unwrap();
        journal.append(Seq(0), vec![draft("small".into())]).await.unwrap();
        run(&journal, "PRAGMA max_page_count = 4").await.unwrap();
        let Err(AppendError::Journal(error)) = journal.append(Seq(1), vec![draft("x".repeat(100_000))]).await
        else {
            panic!("the disk was full");
        };
        assert!(error.what.contains("journal.db") && error.what.contains("full"), "{error}");
        assert!(error.fix.contains("room"), "{}", error.fix);
        assert_eq!(verify(&journal).await.unwrap().head.seq, Seq(1));
        run(&journal, "PRAGMA max_page_count = 4000").await.unwrap();
        journal.append(Seq(1), vec![draft("x".repeat(100_000))]).await.unwrap();
    }

    #[tokio::test]
    async fn the_file_refuses_whatever_is_not_an_append() {
        let home = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(home.path().join("journal.db")).await.unwrap();
        journal.append(Seq(0), vec![draft("a".into()), draft("b".into())]).await.unwrap();
        for sql in [
            "UPDATE record SET text = '{}'",
            "DELETE FROM record WHERE seq = 2",
            "INSERT OR REPLACE INTO record VALUES (2, '{}', zeroblob(32))",
            "REPLACE INTO record SELECT * FROM record",
            "INSERT INTO record VALUES (4, '{}', zeroblob(32))",
            "INSERT INTO record VALUES (3, '{}', zeroblob(31))",
            "INSERT INTO record VALUES (3, 7, zeroblob(32)), (4, x'00', zeroblob(32))",
        ] {
            assert!(run(&journal, sql).await.is_err(), "{sql}");
        }
        assert_eq!(verify(&journal).await.unwrap().head.seq, Seq(2));
    }

    #[tokio::test]
    async fn what_is_durable_is_set_as_it_must_be() {
        let home = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(home.path().join("journal.db")).await.unwrap();
        let mut connection = journal.file.connection.lock().await;
        let mode: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await.unwrap();
        let synchronous: i64 =
            sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *connection).await.unwrap();
        assert_eq!((mode.as_str(), synchronous), ("wal", 2));
    }

    #[tokio::test]
    async fn following_ends_with_the_journal() {
        let home = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(home.path().join("journal.db")).await.unwrap();
        let mut changes = journal.changes();
        drop(journal);
        let ended = tokio::time::timeout(std::time::Duration::from_secs(10), changes.changed()).await;
        assert!(ended.unwrap().is_err());
    }
}
