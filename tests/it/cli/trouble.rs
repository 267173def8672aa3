//! What stands in the way: broken files, folders that may not be written, a reader that leaves.

use super::Shell;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

#[test]
fn a_configuration_of_noise_is_named_and_nothing_is_written_past_it() {
    let shell = Shell::new();
    let noise: Vec<u8> =
        (0..2_000_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let file = shell.configure(&noise);
    let refused = shell.run(&["incident", "declare", "--title", "x", "--sev", "1"]);
    refused.complains(2, &file.display().to_string(), " ");
    assert!(!shell.home().join("data").exists());
    assert_eq!(shell.run(&["config", "check"]).code, 2);
    assert_eq!(shell.run(&["doctor"]).code / 2, 0, "the doctor itself goes on");
    assert_eq!(fs::read(file).unwrap(), noise);
}

#[test]
fn a_broken_scenario_says_where() {
    let shell = Shell::new();
    let file = shell.path("mine.toml");
    fs::write(&file, "title = \"x\"\nendz = \"2026-03-18T14:29:00Z\"\n").unwrap();
    let place = format!("{}:2", file.display());
    let refused = shell.run(&["status", "--scenario", file.to_str().unwrap()]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains(&place), "{refused:?}");
}

#[test]
fn read_only_changes_nothing() {
    let shell = Shell::declared();
    for words in [
        vec!["note", "f x"],
        vec!["incident", "resolve"],
        vec!["ic", "take"],
        vec!["task", "add", "x"],
        vec!["emit", "note", "x"],
    ] {
        let words: Vec<_> = words.into_iter().chain(["--read-only"]).collect();
        shell.run(&words).complains(2, "it is read only", "leave out --read-only");
    }
    assert!(shell.done(&["incident", "list", "--read-only"]).contains("Checkout fails"));
    assert!(!shell.home().join("data/store.sqlite").exists());
}

#[test]
fn a_journal_that_is_none_is_left_alone() {
    let shell = Shell::new();
    let file = shell.home().join("data/journal.sqlite");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "my diary, and long enough to be something else").unwrap();
    let refused = shell.run(&["incident", "declare", "--title", "x", "--sev", "1"]);
    refused.complains(3, "not a journal", "name another file");
    assert_eq!(fs::read_to_string(file).unwrap(), "my diary, and long enough to be something else");
    let doctor = shell.run(&["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("fail  journal"), "{doctor:?}");
}

#[test]
fn a_home_nobody_may_write_is_said_and_still_read() {
    let shell = Shell::declared();
    let data = shell.home().join("data");
    let file = data.join("journal.sqlite");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).unwrap();
    let is_root = fs::write(data.join("probe"), "").is_ok();
    if !is_root {
        let refused = shell.run(&["note", "f x"]);
        assert_eq!(refused.code, 3, "{refused:?}");
        assert!(refused.err.contains("journal.sqlite") && refused.err.contains("writable"), "{refused:?}");
        assert!(shell.done(&["incident", "list"]).contains("Checkout fails"));
    }
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_home_in_the_way_is_named() {
    let shell = Shell::new();
    fs::create_dir(shell.home()).unwrap();
    fs::write(shell.home().join("data"), "a file").unwrap();
    let refused = shell.run(&["incident", "declare", "--title", "x", "--sev", "1"]);
    refused.complains(3, "cannot be made here", "--home DIR");
    assert_eq!(shell.run(&["doctor"]).code, 1);
}

#[test]
fn somebody_has_to_be_somebody() {
    let shell = Shell::new();
    let mut command = shell.command(&["incident", "declare", "--title", "x", "--sev", "1"]);
    let answer = super::answer(command.env_remove("USER").output().unwrap());
    answer.complains(2, "nobody has said who you are", "--as NAME");
    shell.run(&["--as", "two words", "note", "x"]).complains(2, "--as", "--as dana");
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let shell = Shell::new();
    let mut child = shell.command(&["man"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn whoever_writes_into_a_journal_that_was_changed_is_told() {
    let shell = Shell::declared();
    shell.done(&["note", "f one"]);
    let journal = shell.home().join("data/journal.sqlite");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut raw = SqliteConnectOptions::new().filename(&journal).connect().await.unwrap();
        let sql = "DROP TRIGGER record_never_changes; UPDATE record SET text = replace(text, 'one', 'two') WHERE seq = 2";
        sqlx::raw_sql(sql).execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();
    });
    let noted = shell.run(&["note", "f three"]);
    assert_eq!(noted.code, 0);
    assert!(noted.err.contains("record #2") && noted.err.contains("journal verify"), "{noted:?}");
    assert!(shell.run(&["journal", "verify"]).code == 1);
}
