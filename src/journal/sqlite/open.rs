//! Opening the file: whose it is, what it must be, and how it comes into being.
//!
//! Nothing is changed in a file before it is known to be a journal or to be empty. Several processes may find it
//! missing at once; one of them makes it, the others wait. A kill at any point leaves either an empty file or a
//! journal, and both open.

use super::trouble::{is_busy, is_unopenable, trouble};
use crate::journal::JournalError;
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteSynchronous};
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

/// "sitr", so that `file` and others can tell a journal from any other database.
const APPLICATION: i64 = 0x7369_7472;
/// Of the table, not of the records in it.
const FORMAT: i64 = 1;

/// How long to wait for others who are writing.
const PATIENCE: Duration = Duration::from_secs(5);
/// The change to a write-ahead log does not wait for others by itself.
const WAL_ATTEMPTS: usize = 100;
const WAL_PAUSE: Duration = Duration::from_millis(20);

/// A replacing insert deletes without asking the trigger on deletion; the trigger on insertion, which lets a
/// record only follow the last one, is what refuses it.
const CREATE: &str = "
    CREATE TABLE record (
        seq  INTEGER PRIMARY KEY CHECK (seq > 0),
        text TEXT NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE TRIGGER record_follows_the_last BEFORE INSERT ON record
    WHEN new.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM record)
    BEGIN SELECT raise(ABORT, 'a journal is append-only: a record follows the last one'); END;
    CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
    BEGIN SELECT raise(ABORT, 'a journal is append-only: no record is changed'); END;
    CREATE TRIGGER record_never_goes BEFORE DELETE ON record
    BEGIN SELECT raise(ABORT, 'a journal is append-only: no record is deleted'); END;";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Identity {
    Empty,
    Journal,
    Newer(i64),
    Foreign,
}

pub(super) async fn for_appending(path: &Path) -> Result<SqliteConnection, JournalError> {
    create_private(path)?;
    let options = options(path).synchronous(SqliteSynchronous::Full);
    let opened = async {
        let mut connection = options.connect().await?;
        let mut identity = identify(&mut connection).await?;
        if identity == Identity::Empty {
            write_ahead(&mut connection).await?;
            identity = establish(&mut connection).await?;
        }
        Ok((connection, identity))
    };
    let (connection, identity) = opened.await.map_err(|error| trouble(path, "opening it", &error))?;
    accept(identity, path)?;
    Ok(connection)
}

pub(super) async fn for_reading(path: &Path) -> Result<SqliteConnection, JournalError> {
    if !path.exists() {
        return Err(missing(path));
    }
    let (connection, identity) = match open_to_read(options(path).read_only(true)).await {
        // Beside a file that nobody can be writing to, SQLite needs no shared memory, which it could not make here.
        Err(error) if is_unopenable(&error) && !has_log(path) => {
            open_to_read(options(path).read_only(true).immutable(true)).await
        }
        opened => opened,
    }
    .map_err(|error| trouble(path, "opening it", &error))?;
    accept(identity, path)?;
    Ok(connection)
}

/// What the name of a journal ends with for its write-ahead log, which every append writes to first.
pub(super) const LOG: &str = "-wal";

/// Whether the write-ahead log holds anything that the journal does not.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push(LOG);
    fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(PATIENCE)
        .row_buffer_size(1_024)
        .thread_name(|_| "journal".into())
        .disable_statement_logging()
}

async fn open_to_read(options: SqliteConnectOptions) -> Result<(SqliteConnection, Identity), sqlx::Error> {
    let mut connection = options.connect().await?;
    let identity = identify(&mut connection).await?;
    Ok((connection, identity))
}

async fn identify(connection: &mut SqliteConnection) -> Result<Identity, sqlx::Error> {
    let sql = "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
               FROM pragma_application_id, pragma_user_version";
    let (application, format, tables): (i64, i64, i64) = sqlx::query_as(sql).fetch_one(connection).await?;
    Ok(match (application, format, tables) {
        (0, 0, 0) => Identity::Empty,
        (APPLICATION, FORMAT, _) => Identity::Journal,
        (APPLICATION, newer, _) if newer > FORMAT => Identity::Newer(newer),
        _ => Identity::Foreign,
    })
}

async fn write_ahead(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut attempt = 1;
    loop {
        match sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&mut *connection).await {
            Err(error) if is_busy(&error) && attempt < WAL_ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(WAL_PAUSE).await;
            }
            done => return done.map(|_| ()),
        }
    }
}

/// Makes the journal, unless somebody else did while this process waited for the lock.
async fn establish(connection: &mut SqliteConnection) -> Result<Identity, sqlx::Error> {
    let mut transaction = sqlx::Connection::begin_with(connection, "BEGIN IMMEDIATE").await?;
    if identify(&mut transaction).await? == Identity::Empty {
        sqlx::raw_sql(CREATE).execute(&mut *transaction).await?;
        let stamp = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT};");
        sqlx::raw_sql(sqlx::AssertSqlSafe(stamp)).execute(&mut *transaction).await?;
    }
    let identity = identify(&mut transaction).await?;
    transaction.commit().await?;
    Ok(identity)
}

fn accept(identity: Identity, path: &Path) -> Result<(), JournalError> {
    let place = path.display();
    match identity {
        Identity::Journal => Ok(()),
        Identity::Newer(format) => Err(JournalError::new(
            format!("{place}: written in journal format {format}; this sitroom knows up to {FORMAT}"),
            "upgrade sitroom",
        )),
        Identity::Foreign => Err(JournalError::new(
            format!("{place}: a database, but not a journal of sitroom"),
            "name another file, or move this one away and a new journal is made",
        )),
        Identity::Empty => Err(JournalError::new(
            format!("{place}: an empty file, not a journal yet"),
            "start sitroom once, and it becomes one",
        )),
    }
}

fn missing(path: &Path) -> JournalError {
    JournalError::new(
        format!("{}: there is no journal here", path.display()),
        "check `--home`, or start sitroom once and one is made",
    )
}

/// What people write in an incident is nobody else's business on a shared host.
fn create_private(path: &Path) -> Result<(), JournalError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.map_or(Ok(()), create_folder).and_then(|()| create_file(path)).map_err(|error| {
        JournalError::new(
            format!("{}: the journal cannot be made here: {error}", path.display()),
            "make the folder writable for you, or choose another with `--home DIR`",
        )
    })
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Only ever creates: opening and closing a file that is in use would drop the locks this process holds on it.
fn create_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(|_| ()),
    }
}
