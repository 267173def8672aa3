//! Several writers on one file: nothing lost, nothing doubled, everybody told, and a kill survived.

use super::{all, declared, fact, home, persist};
use sitroom::domain::event::Severity;
use sitroom::domain::{Event, Intent, Room, Seq};
use sitroom::journal::{Journal, SqliteJournal, verify};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::time::Duration;

const WRITERS: usize = 8;
const EACH: usize = 200;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn declare(title: String) -> Intent {
    Intent::Declare {
        title,
        severity: Severity::Sev3,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    }
}

/// One writer as a process of its own would be: its own runtime, its own connection, its own state of the room.
fn write(path: &Path, writer: usize, together: &Barrier) {
    together.wait();
    runtime().block_on(async {
        let journal = SqliteJournal::open(path).await.unwrap();
        let mut room = Room::default();
        for number in 0..EACH {
            persist(&journal, &mut room, "dana", &declare(format!("{writer} {number}"))).await;
        }
    });
}

#[test]
fn writers_on_one_file_lose_nothing_and_double_nothing() {
    let (_home, path) = home();
    let together = Barrier::new(WRITERS);
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (path, together) = (&path, &together);
            scope.spawn(move || write(path, writer, together));
        }
    });
    let records = runtime().block_on(async {
        let journal = SqliteJournal::open_read_only(&path).await.unwrap();
        assert_eq!(verify(&journal).await.unwrap().head.seq, Seq((WRITERS * EACH) as u64));
        all(&journal).await
    });
    let mut written: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, record) in records.iter().enumerate() {
        let Event::IncidentDeclared { incident, title, .. } = &record.event else { panic!("{record:?}") };
        assert_eq!(incident.0 as usize, place + 1, "decided over a state that was not the newest");
        let (writer, number) = title.split_once(' ').unwrap();
        written.entry(writer.parse().unwrap()).or_default().push(number.parse().unwrap());
    }
    assert_eq!(written.len(), WRITERS);
    assert!(written.values().all(|numbers| *numbers == (0..EACH).collect::<Vec<_>>()));
}

/// The slow look comes every five seconds, so what is seen within this bound was seen by the watch.
#[tokio::test]
async fn an_append_elsewhere_wakes_who_follows() {
    let (_home, path) = home();
    let (here, elsewhere) =
        (SqliteJournal::open(&path).await.unwrap(), SqliteJournal::open(&path).await.unwrap());
    let mut changes = here.changes();
    let follow = async {
        elsewhere.append(Seq(0), vec![declared("a")]).await.unwrap();
        for number in 1..=8 {
            while here.read(Seq(u64::from(number) - 1), 1).await.unwrap().is_empty() {
                changes.changed().await.unwrap();
            }
            elsewhere.append(Seq(u64::from(number)), vec![fact(number, "b")]).await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), follow).await.unwrap();
}

const VICTIM: &str = "SITROOM_TEST_VICTIM";

/// Appends until it is killed, and says after each append that it is kept.
#[test]
#[ignore = "run by the test that kills it"]
fn the_victim() {
    #[expect(clippy::disallowed_methods, reason = "how the other test tells this process where to write")]
    let Ok(path) = std::env::var(VICTIM) else { return };
    runtime().block_on(async {
        let journal = SqliteJournal::open(path).await.unwrap();
        let mut room = Room::default();
        for number in 0..100_000 {
            persist(&journal, &mut room, "dana", &declare(format!("0 {number}"))).await;
            println!("kept {}", room.seq.0);
        }
    });
}

#[test]
fn a_killed_writer_leaves_a_journal_that_opens_and_holds_what_it_answered_for() {
    let (_home, path) = home();
    let mut kept = 0;
    for _ in 0..3 {
        kept = kept.max(write_and_kill(&path, 40));
        let sound = runtime().block_on(async {
            let journal = SqliteJournal::open(&path).await.unwrap();
            let sound = verify(&journal).await.unwrap();
            journal.append(sound.head.seq, vec![declared("after the kill")]).await.unwrap();
            sound
        });
        assert!(sound.head.seq.0 >= kept, "{} of {kept}", sound.head.seq);
    }
}

/// The last record the writer answered for before it was killed.
fn write_and_kill(path: &Path, answers: usize) -> u64 {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "journal::processes::the_victim", "--ignored", "--nocapture"])
        .env(VICTIM, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let said = lines.map_while(Result::ok).filter_map(|line| line.rsplit_once("kept ")?.1.parse().ok());
    let last = said.take(answers).last();
    victim.kill().unwrap();
    victim.wait().unwrap();
    last.unwrap()
}
