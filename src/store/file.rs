//! The file of the store: opened, begun, and moved aside when it is damaged.
//!
//! Damage is found on opening by reading everything but the signals themselves, or later by whoever stumbles on
//! it, who marks the file so that the next opening does not trust it.

use super::error::{Cause, StoreError};
use super::{Draft, Store};
use crate::domain::Person;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The form of the tables below, kept in the file as `user_version`.
const VERSION: i64 = 1;

/// What stands there instead in a file that was found damaged.
const CONDEMNED: i64 = -1;
const CONDEMN: &str = "PRAGMA user_version = -1";

/// How long to wait for another process to finish its write.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often, and after what pause, an opening that collided is tried again.
const COLLISIONS: usize = 3;
const A_MOMENT: Duration = Duration::from_millis(30);

/// A segment is some eighty kilobytes: large pages keep it in few pieces.
const PAGE_SIZE: u32 = 16_384;

/// Segments are found by time and by being small without touching their bodies, which the indexes are for.
/// What counts as small is half a chunk.
const TABLES: &str = "
CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    count INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX segments_by_time ON segments (last_at, first_at, count);
CREATE INDEX segments_small ON segments (day) WHERE count < 512;
CREATE TABLE drafts (
    person TEXT NOT NULL, slot TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (person, slot)
) WITHOUT ROWID;
CREATE TABLE presence (
    session TEXT PRIMARY KEY, person TEXT NOT NULL, what TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = 1;
";

/// Reads all that is small, and the ends of all that is large.
const LOOK_OVER: &str = "
SELECT (SELECT count(*) + total(last_at) FROM segments INDEXED BY segments_by_time)
    + (SELECT total(length(person) + length(slot) + length(text)) FROM drafts)
    + (SELECT total(length(person) + at) FROM presence)
";

pub(super) async fn open(path: &Path) -> Result<Store, StoreError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| unusable(path, "make its folder", &error))?;
    }
    match patiently(path).await {
        Err(error) if error.cause == Cause::Damaged => begin_anew(path).await,
        // Whoever moves it aside at this moment takes it from under whoever opens it.
        Err(error) if error.cause == Cause::Other => begin_anew(path).await.or(Err(error)),
        other => other,
    }
}

pub(super) async fn look(path: &Path) -> Result<Store, StoreError> {
    match fs::metadata(path) {
        Ok(_) => patiently(path).await,
        Err(error) => Err(unusable(path, "look at it", &error)),
    }
}

/// Two who make the same file at once collide where SQLite does not wait; the second comes a moment later.
async fn patiently(path: &Path) -> Result<Store, StoreError> {
    for _ in 0..COLLISIONS {
        match attempt(path).await {
            Err(error) if error.cause == Cause::Busy => tokio::time::sleep(A_MOMENT).await,
            other => return other,
        }
    }
    attempt(path).await
}

pub(super) async fn memory() -> Result<Store, StoreError> {
    let place = "the store in memory";
    let failed = |error| StoreError::new(place, "open it", &error);
    let options = SqliteConnectOptions::new().in_memory(true).disable_statement_logging();
    let pool = one_connection().connect_with(options).await.map_err(failed)?;
    prepare(&pool).await.map_err(failed)?;
    Ok(Store { place: place.into(), writer: pool.clone(), reader: pool, notice: None })
}

/// Marks the file; when even that cannot be written there is nothing more to do.
pub(super) async fn condemn(writer: &SqlitePool) {
    let _ = sqlx::raw_sql(CONDEMN).execute(writer).await;
}

async fn attempt(path: &Path) -> Result<Store, StoreError> {
    let place = path.display().to_string();
    let options = options(path);
    let failed = |error| StoreError::new(&place, "open it", &error);
    let writer = one_connection().connect_with(options.clone()).await.map_err(failed)?;
    let refused = match prepare(&writer).await {
        Ok(VERSION) => {
            let reader = one_connection().connect_lazy_with(options);
            return Ok(Store { place: place.into(), writer, reader, notice: None });
        }
        Ok(CONDEMNED) => {
            StoreError::because(&place, "open it", Cause::Damaged, "it was found damaged before")
        }
        Ok(version) => StoreError::because(
            &place,
            "open it",
            Cause::Newer,
            format!("it is of form {version}, this sitroom knows {VERSION}"),
        ),
        Err(error) => failed(error),
    };
    writer.close().await;
    Err(refused)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .page_size(PAGE_SIZE)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(PATIENCE)
        .disable_statement_logging()
}

/// The pool's own clocks are off, so that an idle store never wakes anybody.
fn one_connection() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(2 * PATIENCE)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .test_before_acquire(false)
}

/// Makes the tables where there are none, and looks the file over; its version.
async fn prepare(writer: &SqlitePool) -> sqlx::Result<i64> {
    if version(writer).await? == 0 {
        let mut begun = writer.begin_with("BEGIN IMMEDIATE").await?;
        let still: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *begun).await?;
        if still == 0 {
            sqlx::raw_sql(TABLES).execute(&mut *begun).await?;
        }
        begun.commit().await?;
    }
    let version = version(writer).await?;
    if version == VERSION {
        sqlx::query(LOOK_OVER).fetch_one(writer).await?;
    }
    Ok(version)
}

async fn version(writer: &SqlitePool) -> sqlx::Result<i64> {
    sqlx::query_scalar("PRAGMA user_version").fetch_one(writer).await
}

/// Moves the damaged file aside. Of several processes that find it damaged one does so, the others then find a
/// whole one. Drafts that can still be read come along.
async fn begin_anew(path: &Path) -> Result<Store, StoreError> {
    let _alone = alone(path).await?;
    let damage = match attempt(path).await {
        Err(error) if error.cause == Cause::Damaged => error,
        other => return other,
    };
    let drafts = rescued_drafts(path).await;
    let aside = move_aside(path).map_err(|error| unusable(path, "move the damaged file aside", &error))?;
    let mut store = attempt(path).await?;
    for (person, draft) in &drafts {
        store.keep_draft(person, &draft.slot, &draft.text).await?;
    }
    store.notice = Some(notice(&damage, &aside, drafts.len()));
    Ok(store)
}

fn notice(damage: &StoreError, aside: &Path, drafts: usize) -> Arc<str> {
    let drafts = match drafts {
        0 => "no draft could be read from it".to_owned(),
        1 => "1 draft was carried over".to_owned(),
        n => format!("{n} drafts were carried over"),
    };
    let aside = aside.display();
    format!("{damage}. It was moved to {aside} and a new one begun; signals are fetched again, {drafts}.")
        .into()
}

async fn rescued_drafts(path: &Path) -> Vec<(Person, Draft)> {
    let options = options(path).create_if_missing(false);
    let Ok(damaged) = one_connection().connect_with(options).await else { return Vec::new() };
    let drafts = sqlx::query_as::<_, (String, String, String)>("SELECT person, slot, text FROM drafts")
        .fetch_all(&damaged)
        .await
        .unwrap_or_default();
    damaged.close().await;
    drafts.into_iter().map(|(person, slot, text)| (Person::new(person), Draft { slot, text })).collect()
}

/// The right to move the file aside, held by one process at a time and given up with the handle.
async fn alone(path: &Path) -> Result<File, StoreError> {
    let failed = |error: &std::io::Error| unusable(path, "move the damaged file aside", error);
    let file = File::create(beside(path, ".repair")).map_err(|error| failed(&error))?;
    let pause = Duration::from_millis(20);
    for _ in 0..PATIENCE.as_millis() / pause.as_millis() {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => tokio::time::sleep(pause).await,
            Err(fs::TryLockError::Error(error)) => return Err(failed(&error)),
        }
    }
    Err(StoreError::because(
        &path.display().to_string(),
        "move the damaged file aside",
        Cause::Busy,
        "another process has been at it for too long",
    ))
}

/// The file itself goes last: whoever opens it in between still finds the damage, and no log of a new file is
/// carried off with the old one.
fn move_aside(path: &Path) -> std::io::Result<PathBuf> {
    let aside = (1_u32..)
        .map(|n| beside(path, &format!(".damaged-{n}")))
        .find(|aside| !aside.exists())
        .expect("there are more numbers than damaged files");
    for part in ["-wal", "-shm"] {
        match fs::rename(beside(path, part), beside(&aside, part)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, &aside)?;
    Ok(aside)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn unusable(path: &Path, doing: &str, error: &std::io::Error) -> StoreError {
    StoreError::because(&path.display().to_string(), doing, Cause::Unusable, error.to_string())
}
