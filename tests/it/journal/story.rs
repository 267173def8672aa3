//! What every backend does alike.

use super::{ALL, all, at, declared, draft, fact, home};
use proptest::prelude::*;
use sitroom::domain::event::{Content, EntryKind, Severity, When};
use sitroom::domain::{EntryId, IncidentId, Intent, Person, Room, Seq, decide};
use sitroom::journal::{AppendError, Head, Journal, MemoryJournal, Rows, SqliteJournal, verify};

async fn the_story(journal: &impl Rows) {
    assert_eq!(all(journal).await, []);
    assert_eq!(verify(journal).await.unwrap().head, Head::GENESIS);
    assert_eq!(journal.append(Seq(0), Vec::new()).await.unwrap(), []);

    let first = journal.append(Seq(0), vec![declared("checkout fails")]).await.unwrap();
    assert_eq!(first[0].seq, Seq(1));
    let more = vec![fact(1, "deploy at 14:06"), fact(2, "\u{0}\u{1b}[31m \"ö\" 日本\n👩‍👩‍👧 \u{202e} \\")];
    let more = journal.append(Seq(1), more).await.unwrap();
    assert_eq!(more.iter().map(|record| record.seq).collect::<Vec<_>>(), [Seq(2), Seq(3)]);

    for stale in [0, 1, 2, 4, u64::MAX] {
        let refused = journal.append(Seq(stale), vec![fact(3, "late"), fact(4, "later")]).await;
        assert!(matches!(refused, Err(AppendError::Conflict(Seq(3)))), "{stale}: {refused:?}");
    }

    let everything = [first, more].concat();
    assert_eq!(all(journal).await, everything);
    assert_eq!(journal.read(Seq(1), 1).await.unwrap(), everything[1..2]);
    assert_eq!(journal.read(Seq(3), ALL).await.unwrap(), []);
    assert_eq!(journal.read(Seq(u64::MAX), usize::MAX).await.unwrap(), []);
    let sound = verify(journal).await.unwrap();
    assert_eq!((sound.head, sound.newer), (journal.head().await.unwrap(), 0));
    assert_eq!(sound.head.seq, Seq(3));
}

#[tokio::test]
async fn the_story_in_memory() {
    the_story(&MemoryJournal::new()).await;
}

#[tokio::test]
async fn the_story_in_sqlite_and_after_opening_again() {
    let (_home, path) = home();
    let told = SqliteJournal::open(&path).await.unwrap();
    the_story(&told).await;
    let head = told.head().await.unwrap();
    let again = SqliteJournal::open(&path).await.unwrap();
    assert_eq!(all(&again).await, all(&told).await);
    again.append(Seq(3), vec![fact(3, "on it goes")]).await.unwrap();
    assert!(matches!(told.append(head.seq, vec![fact(3, "late")]).await, Err(AppendError::Conflict(Seq(4)))));
    told.append(Seq(4), vec![fact(4, "and on")]).await.unwrap();
    assert_eq!(verify(&again).await.unwrap().head.seq, Seq(5));
}

#[tokio::test]
async fn both_backends_make_the_same_chain() {
    let (_home, path) = home();
    let (memory, sqlite) = (MemoryJournal::new(), SqliteJournal::open(&path).await.unwrap());
    the_story(&memory).await;
    the_story(&sqlite).await;
    assert_eq!(memory.rows(Seq(0), ALL).await.unwrap(), sqlite.rows(Seq(0), ALL).await.unwrap());
}

#[tokio::test]
async fn opening_for_reading_writes_nothing_and_makes_nothing() {
    let (home, path) = home();
    let missing = SqliteJournal::open_read_only(&path).await.err().unwrap();
    assert!(missing.what.contains("no journal") && !home.path().join("state").exists(), "{missing}");

    let writer = SqliteJournal::open(&path).await.unwrap();
    writer.append(Seq(0), vec![declared("a")]).await.unwrap();
    let reader = SqliteJournal::open_read_only(&path).await.unwrap();
    assert_eq!(all(&reader).await.len(), 1);
    let Err(AppendError::Journal(refused)) = reader.append(Seq(1), vec![fact(1, "b")]).await else {
        panic!("it was opened for reading");
    };
    assert!(refused.what.contains("reading only"), "{refused}");
    writer.append(Seq(1), vec![fact(1, "b")]).await.unwrap();
    assert_eq!(verify(&reader).await.unwrap().head.seq, Seq(2));
}

#[cfg(unix)]
#[tokio::test]
async fn a_journal_is_private_to_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let (_home, path) = home();
    let journal = SqliteJournal::open(&path).await.unwrap();
    journal.append(Seq(0), vec![declared("a")]).await.unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for file in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn an_append_here_is_a_change_here() {
    let (_home, path) = home();
    for_changes(&MemoryJournal::new()).await;
    for_changes(&SqliteJournal::open(&path).await.unwrap()).await;
}

async fn for_changes(journal: &impl Rows) {
    let mut changes = journal.changes();
    changes.mark_unchanged();
    journal.append(Seq(0), vec![declared("a")]).await.unwrap();
    assert!(changes.has_changed().unwrap());
}

#[tokio::test]
async fn a_journal_with_a_record_of_a_newer_version_verifies_and_does_not_guess() {
    let journal = MemoryJournal::new();
    journal.append(Seq(0), vec![declared("a")]).await.unwrap();
    let head = journal.head().await.unwrap();
    let newer =
        r#"{"v":1,"seq":2,"at":"2031-01-01T00:00:00.000Z","by":"dana","event":{"kind":"incident-split"}}"#;
    journal.extend(head, vec![head.next(newer.into())]).await.unwrap();
    let sound = verify(&journal).await.unwrap();
    assert_eq!((sound.head.seq, sound.newer), (Seq(2), 1));
    let error = journal.read(Seq(0), ALL).await.unwrap_err();
    assert!(error.what.contains("#2") && error.what.contains("incident-split"), "{error}");
    assert!(error.fix.contains("upgrade"), "{}", error.fix);
}

fn intents() -> impl Strategy<Value = Vec<Intent>> {
    let incident = || (1_u32..4).prop_map(IncidentId);
    let entry = || (1_u32..5).prop_map(EntryId);
    let content = ".{0,40}".prop_map(|text| Content {
        entry_kind: EntryKind::Hypothesis,
        happened: When::exactly(at(1)),
        text,
        owner: Some(Person::new("lee")),
        labels: vec!["db".into()],
        evidence: Vec::new(),
    });
    let intent = prop_oneof![
        ".{1,20}".prop_map(|title| Intent::Declare {
            title,
            severity: Severity::Sev3,
            services: Vec::new(),
            impact: String::new(),
            evidence: Vec::new(),
        }),
        (incident(), content.clone()).prop_map(|(i, c)| Intent::Write(i, c)),
        (incident(), entry(), content).prop_map(|(i, e, c)| Intent::Revise(i, e, c, None)),
        (incident(), entry(), ".{0,9}").prop_map(|(i, e, why)| Intent::Strike(i, e, why)),
        (incident(), entry()).prop_map(|(i, e)| Intent::Restore(i, e)),
        incident().prop_map(Intent::Resolve),
        incident().prop_map(Intent::Reopen),
        incident().prop_map(|incident| Intent::TakeCommand { incident, relieving: None }),
    ];
    proptest::collection::vec(intent, 1..40)
}

/// Lives through what was asked, and tells it again from what was kept.
async fn replay_equals_life(journal: &impl Rows, intents: Vec<Intent>) -> (Room, Room) {
    let mut live = Room::default();
    for (second, intent) in (0..).zip(intents) {
        let Ok(event) = decide(&live, &Person::new("dana"), intent) else { continue };
        let kept = journal.append(live.seq, vec![draft("dana", second, event)]).await.unwrap();
        kept.iter().for_each(|record| live.apply(record));
    }
    verify(journal).await.unwrap();
    (Room::replay(&all(journal).await), live)
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #[test]
    fn what_is_read_again_is_what_was_lived(intents in intents()) {
        let (told, lived) = wait(replay_equals_life(&MemoryJournal::new(), intents));
        prop_assert_eq!(told, lived);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn what_is_read_again_from_a_file_is_what_was_lived(intents in intents()) {
        let (_home, path) = home();
        let (told, lived) = wait(async {
            replay_equals_life(&SqliteJournal::open(&path).await.unwrap(), intents).await
        });
        prop_assert_eq!(told, lived);
    }
}
