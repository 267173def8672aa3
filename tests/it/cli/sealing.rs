//! Seals from the shell: what a sealed journal proves, and how each kind of tampering is named.

use super::{Shell, written};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

fn data(shell: &Shell, name: &str) -> PathBuf {
    shell.home().join("data").join(name)
}

/// A journal of three records, sealed after the second.
fn sealed() -> Shell {
    let shell = Shell::declared();
    shell.done(&["ic", "take"]);
    shell.done(&["journal", "seal"]);
    shell.done(&["incident", "sev", "1"]);
    shell
}

/// The same room as if its journal had been written anew from changed lines.
fn written_anew(shell: &Shell, change: impl Fn(String) -> String) {
    let exported = shell.path("exported.jsonl");
    let _ = fs::remove_file(&exported);
    shell.done(&["journal", "export", exported.to_str().unwrap()]);
    fs::write(&exported, change(written(&exported))).unwrap();
    for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"] {
        let _ = fs::remove_file(data(shell, name));
    }
    shell.done(&["journal", "import", exported.to_str().unwrap()]);
}

/// What somebody does who has the file and knows how it is guarded.
fn tamper(shell: &Shell, change: &str) {
    let file = SqliteConnectOptions::new().filename(data(shell, "journal.sqlite"));
    let unguarded = "DROP TRIGGER record_follows_the_last; DROP TRIGGER record_never_changes; DROP TRIGGER record_never_goes;";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = file.connect().await.unwrap();
        let change = sqlx::AssertSqlSafe(format!("{unguarded} {change}"));
        sqlx::raw_sql(change).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn a_sealed_journal_proves_itself_and_its_key_is_its_owners_alone() {
    let shell = sealed();
    let answer = shell.done(&["journal", "verify", "--seal"]);
    assert!(answer.contains("sealed up to record 2") && answer.contains("1 record since then"), "{answer}");
    let mode = fs::metadata(data(&shell, "journal.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let json = shell.json(&["journal", "verify", "--seal", "--json"]);
    assert_eq!((&json["sound"], &json["seals"]["sound"]), (&true.into(), &true.into()));
    assert_eq!((&json["seals"]["last"]["seq"], &json["seals"]["uncovered"]), (&2.into(), &1.into()));
    let again = shell.json(&["journal", "seal", "--json"]);
    assert_eq!(
        (&again["schema"], &again["new"], &again["seal"]["seq"]),
        (&"sitroom/seal/1".into(), &true.into(), &3.into())
    );
    assert!(shell.done(&["journal", "seal"]).contains("sealed already"));
    assert_eq!(written(&data(&shell, "journal.seals")).lines().count(), 2);
}

#[test]
fn a_journal_that_was_cut_or_written_anew_no_longer_fits() {
    let shell = sealed();
    written_anew(&shell, |lines| lines.lines().take(1).map(|line| format!("{line}\n")).collect());
    shell.done(&["journal", "verify"]);
    let cut = shell.run(&["journal", "verify", "--seal"]);
    cut.complains(1, "1 of 1 seals do not hold", "backup");
    assert!(cut.out.contains("record 2 was sealed and is gone: the journal ends at 1"), "{cut:?}");

    let other = sealed();
    for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"] {
        let _ = fs::remove_file(data(&other, name));
    }
    other.done(&["incident", "declare", "--title", "Nothing happened", "--sev", "5"]);
    other.done(&["ic", "take"]);
    other.done(&["journal", "verify"]);
    let anew = other.run(&["journal", "verify", "--seal"]);
    assert_eq!(anew.code, 1);
    assert!(anew.out.contains("record 2 is not the one that was sealed"), "{anew:?}");
}

#[test]
fn a_changed_seal_and_another_key_are_named() {
    let shell = sealed();
    let seals = data(&shell, "journal.seals");
    let sound = written(&seals);
    fs::write(&seals, sound.replace("\"by\":\"dana\"", "\"by\":\"sam\"")).unwrap();
    let changed = shell.run(&["journal", "verify", "--seal"]);
    assert_eq!(changed.code, 1);
    assert!(changed.out.contains("its signature does not fit"), "{changed:?}");

    let kept = shell.path("kept.seals");
    fs::write(&kept, &sound).unwrap();
    shell.done(&["journal", "verify", "--seal", kept.to_str().unwrap()]);
    let stranger = sealed();
    let key = data(&stranger, "journal.pub");
    let wrong =
        shell.run(&["journal", "verify", "--seal", kept.to_str().unwrap(), "--key", key.to_str().unwrap()]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.out.contains("made with another key"), "{wrong:?}");

    fs::write(&seals, format!("{sound}nonsense\n")).unwrap();
    let torn = shell.run(&["journal", "verify", "--seal"]);
    assert_eq!(torn.code, 1);
    assert!(torn.out.contains("line 2 is no seal"), "{torn:?}");
}

/// Who has the disk could otherwise seal what they have changed, and the old seals would be one line among many.
#[test]
fn nothing_is_sealed_while_an_older_seal_does_not_hold() {
    let shell = sealed();
    written_anew(&shell, |lines| lines.lines().take(1).map(|line| format!("{line}\n")).collect());
    let refused = shell.run(&["journal", "seal"]);
    refused.complains(1, "nothing is sealed, because line 1 of the seals does not hold", "verify --seal");
    assert_eq!(written(&data(&shell, "journal.seals")).lines().count(), 1);
}

#[test]
fn a_key_that_was_lost_is_not_made_anew_beside_its_other_half() {
    let shell = sealed();
    fs::remove_file(data(&shell, "journal.key")).unwrap();
    shell.run(&["journal", "seal"]).complains(3, "the room's private key is gone", "move journal.pub");
    assert!(!data(&shell, "journal.key").exists());
    shell.done(&["journal", "verify", "--seal"]);
    for name in ["journal.pub", "journal.seals"] {
        fs::rename(data(&shell, name), shell.path(name)).unwrap();
    }
    shell.done(&["journal", "seal"]);
    shell.done(&["journal", "verify", "--seal"]);
    let (seals, key) = (shell.path("journal.seals"), shell.path("journal.pub"));
    let (seals, key) = (seals.to_str().unwrap(), key.to_str().unwrap());
    let old = shell.done(&["journal", "verify", "--seal", seals, "--key", key]);
    assert!(old.contains("sealed up to record 2"), "what was moved away goes on proving: {old}");
}

#[test]
fn an_audit_of_a_journal_that_was_tampered_with_says_so() {
    let shell = sealed();
    let sound = shell.json(&["audit", "--json"]);
    assert_eq!((&sound["sound"], &sound["fault"]), (&true.into(), &serde_json::Value::Null));
    tamper(&shell, "UPDATE record SET text = replace(text, 'sev1', 'sev5') WHERE seq = 3");
    let answer = shell.run(&["audit", "--csv"]);
    answer.complains(1, "record #3 does not match its hash", "restore a backup");
    assert_eq!(answer.out.lines().count(), 4, "what stands there is shown all the same");
    let json = shell.run(&["audit", "--json"]);
    assert_eq!((json.code, json.err.as_str()), (1, ""));
    assert!(json.out.contains("\"sound\":false"), "{json:?}");
}

#[test]
fn what_stands_in_the_way_of_a_seal_is_said_with_the_fix() {
    let shell = Shell::declared();
    shell.run(&["journal", "verify", "--seal"]).complains(1, "was never sealed", "journal seal");
    shell.done(&["journal", "seal"]);
    fs::set_permissions(data(&shell, "journal.key"), fs::Permissions::from_mode(0o644)).unwrap();
    shell.done(&["incident", "sev", "1"]);
    shell.run(&["journal", "seal"]).complains(3, "others than its owner may read it", "chmod 600");
    fs::remove_file(data(&shell, "journal.pub")).unwrap();
    shell.run(&["journal", "verify", "--seal"]).complains(1, "public key is gone", "--key FILE");
}
