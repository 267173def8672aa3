//! Files that are broken, foreign or out of reach: the first fault is named, nothing panics, nothing is touched.

use super::{declared, fact, home};
use sitroom::domain::Seq;
use sitroom::journal::{Fault, Head, Journal, JournalError, Rows, SqliteJournal, VerifyError, Wrong, verify};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::path::{Path, PathBuf};

const RECORDS: u32 = 600;

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

async fn run(path: &Path, sql: String) {
    let mut connection = raw(path).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// A whole journal, all of it in its one file.
async fn whole() -> (tempfile::TempDir, PathBuf) {
    let (home, path) = home();
    let journal = SqliteJournal::open(&path).await.unwrap();
    journal.append(Seq(0), vec![declared("a")]).await.unwrap();
    let facts =
        (1..RECORDS).map(|number| fact(number, &format!("fact {number} {}", "x".repeat(200)))).collect();
    journal.append(Seq(1), facts).await.unwrap();
    drop(journal);
    run(&path, "PRAGMA wal_checkpoint(TRUNCATE)".into()).await;
    let copy = home.path().join("copy.db");
    fs::copy(&path, &copy).unwrap();
    (home, copy)
}

async fn fault_after(tampering: &str) -> Fault {
    let (_home, path) = whole().await;
    let unguarded = "DROP TRIGGER record_follows_the_last; DROP TRIGGER record_never_changes; DROP TRIGGER record_never_goes;";
    run(&path, format!("{unguarded} {tampering}")).await;
    let journal = SqliteJournal::open_read_only(&path).await.unwrap();
    match verify(&journal).await.unwrap_err() {
        VerifyError::Broken { fault, .. } => fault,
        VerifyError::Journal(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn tampering_is_found_where_it_began() {
    let changed =
        fault_after("UPDATE record SET text = replace(text, 'fact 41 ', 'fact 14 ') WHERE seq IN (42, 77)")
            .await;
    assert_eq!(changed, Fault { seq: Seq(42), wrong: Wrong::Hash });
    let hash = fault_after("UPDATE record SET hash = zeroblob(32) WHERE seq = 9").await;
    assert_eq!(hash, Fault { seq: Seq(9), wrong: Wrong::Hash });
    let dropped = fault_after("DELETE FROM record WHERE seq BETWEEN 5 AND 7").await;
    assert_eq!(dropped, Fault { seq: Seq(5), wrong: Wrong::Gap(Seq(8)) });
    let moved = fault_after("UPDATE record SET seq = seq + 1000 WHERE seq = 3").await;
    assert_eq!(moved, Fault { seq: Seq(3), wrong: Wrong::Gap(Seq(4)) });
    let bytes = fault_after("UPDATE record SET text = CAST(x'fffe00' AS TEXT) WHERE seq = 11").await;
    assert_eq!(bytes, Fault { seq: Seq(11), wrong: Wrong::Hash });
}

/// Who can write the file can also compute hashes; what such a row says is still checked.
#[tokio::test]
async fn a_forged_row_with_the_right_hash_is_still_no_record() {
    for (text, found) in [("{}", None), (r#"{"v":2,"seq":7}"#, Some(Seq(7)))] {
        let (_home, path) = home();
        let journal = SqliteJournal::open(&path).await.unwrap();
        journal.extend(Head::GENESIS, vec![Head::GENESIS.next(text.into())]).await.unwrap();
        let Err(VerifyError::Broken { fault: Fault { seq: Seq(1), wrong }, .. }) = verify(&journal).await
        else {
            panic!("{text} passed");
        };
        match found {
            Some(seq) => assert_eq!(wrong, Wrong::OutOfOrder(seq)),
            None => assert!(matches!(wrong, Wrong::Unreadable(_)), "{wrong:?}"),
        }
        assert!(journal.read(Seq(0), 1).await.is_err());
    }
}

#[tokio::test]
async fn a_file_damaged_in_the_middle_says_where_and_what_to_do() {
    let (_home, path) = whole().await;
    let mut bytes = fs::read(&path).unwrap();
    let page = 4_096;
    let middle = bytes.len() / 2 / page * page;
    bytes[middle..middle + page].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    let journal = SqliteJournal::open(&path).await.unwrap();
    let VerifyError::Journal(error) = verify(&journal).await.unwrap_err() else { panic!("no damage seen") };
    assert!(error.what.contains("damaged") && error.what.contains("copy.db"), "{error}");
    assert!(error.fix.contains("journal export"), "{}", error.fix);
    let last = error.what.split("after record #").nth(1).and_then(|rest| rest.split(':').next());
    let last: u64 = last.unwrap_or_else(|| panic!("{error}")).parse().unwrap();
    assert!((100..u64::from(RECORDS)).contains(&last), "{error}");
    let mut saved = Vec::new();
    assert!(sitroom::journal::export(&journal, &mut saved).await.is_err());
    assert_eq!(saved.iter().filter(|byte| **byte == b'\n').count() as u64, last);
}

#[tokio::test]
async fn one_changed_byte_is_found() {
    let (_home, path) = whole().await;
    let mut bytes = fs::read(&path).unwrap();
    let place = bytes.windows(9).position(|window| window == b"fact 300 ").unwrap();
    bytes[place + 5] = b'4';
    fs::write(&path, bytes).unwrap();
    let journal = SqliteJournal::open_read_only(&path).await.unwrap();
    let Err(VerifyError::Broken { fault, .. }) = verify(&journal).await else { panic!("not seen") };
    assert_eq!(fault, Fault { seq: Seq(301), wrong: Wrong::Hash });
}

async fn refused(path: &Path) -> JournalError {
    let before = fs::read(path).unwrap();
    let error = SqliteJournal::open(path).await.err().unwrap();
    assert!(SqliteJournal::open_read_only(path).await.is_err());
    assert!(fs::read(path).unwrap() == before, "{} was touched", path.display());
    assert!(error.what.contains(path.to_str().unwrap()), "{error}");
    error
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let noise = home.path().join("noise");
    let bytes: Vec<u8> = (0..9_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    fs::write(&noise, bytes).unwrap();
    assert!(refused(&noise).await.what.contains("not a journal"));

    let foreign = home.path().join("foreign.db");
    run(&foreign, "CREATE TABLE mine (x)".into()).await;
    assert!(refused(&foreign).await.what.contains("not a journal"));

    let newer = home.path().join("newer.db");
    drop(SqliteJournal::open(&newer).await.unwrap());
    run(&newer, "PRAGMA user_version = 2; PRAGMA wal_checkpoint(TRUNCATE)".into()).await;
    assert!(refused(&newer).await.fix.contains("upgrade"));
}

#[tokio::test]
async fn a_journal_held_by_another_program_says_so() {
    let (_home, path) = home();
    let journal = SqliteJournal::open(&path).await.unwrap();
    let mut holder = raw(&path).await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let error = journal.append(Seq(0), vec![declared("a")]).await.unwrap_err();
    assert!(error.to_string().contains("locked"), "{error}");
    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    journal.append(Seq(0), vec![declared("a")]).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(home.path().join("probe"), "").is_ok() {
        return;
    }
    let error = SqliteJournal::open(home.path().join("journal.db")).await.err().unwrap();
    assert!(error.what.contains("journal.db") && error.fix.contains("writable"), "{error}");
}

#[tokio::test]
async fn a_folder_in_place_of_the_file_is_named() {
    let home = tempfile::tempdir().unwrap();
    let error = SqliteJournal::open(home.path()).await.err().unwrap();
    assert!(error.what.contains("cannot be opened"), "{error}");
}
