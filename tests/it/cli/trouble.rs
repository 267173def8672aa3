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
fn a_configuration_that_is_not_there_is_no_empty_room() {
    let shell = Shell::declared();
    let nowhere = shell.path("typo.toml");
    let list = ["incident", "list", "--config", nowhere.to_str().unwrap()];
    assert!(shell.done(&list).contains("Checkout fails"), "the usual journal is there and is read");
    fs::remove_dir_all(shell.home().join("data")).unwrap();
    shell.run(&list).complains(2, "typo.toml", "correct the path");
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_not_the_end() {
    let shell = Shell::declared();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_sitroom"), "--home"]);
    command.arg(shell.home()).args(["--as", "dana", "note"]).arg("f long ".repeat(900));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("journal.sqlite"), "{said}");
}

/// Somebody who copies the one file after a command has everything.
#[test]
fn after_a_command_the_journal_is_in_its_one_file() {
    let shell = Shell::declared();
    for n in 0..10 {
        shell.done(&["note", &format!("f line {n}")]);
        let data = shell.home().join("data");
        assert!(!data.join("journal.sqlite-wal").exists(), "after line {n}");
        let copy = shell.path(&format!("copy-{n}"));
        fs::create_dir_all(copy.join("data")).unwrap();
        fs::copy(data.join("journal.sqlite"), copy.join("data/journal.sqlite")).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sitroom"));
        let shown = command.arg("--home").arg(copy).args(["incident", "show", "INC-1"]).output().unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.contains(&format!("line {n}")), "{shown}");
    }
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
        vec!["journal", "seal"],
        vec!["config", "init"],
        vec!["catalog", "init"],
    ] {
        let words: Vec<_> = words.into_iter().chain(["--read-only"]).collect();
        shell.run(&words).complains(2, "it is read only", "leave out --read-only or --kiosk");
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
