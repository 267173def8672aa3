//! Engines on real files: two of them on one journal and one store are one room.

use super::{clock, dana, declare, sam, write};
use sitroom::domain::{Clock, IncidentId, Signal, SignalId, Span};
use sitroom::engine::{Attendance, Engine, Handle, Parts, Snapshot, StoreKeeper, SubmitError};
use sitroom::journal::{JournalError, SqliteJournal, Unwritable};
use sitroom::store::Store;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// What must come, comes within this even where the machine is busy.
const BOUND: Duration = Duration::from_secs(60);

async fn on_files(home: &Path, person: sitroom::domain::Person, clock: &Clock) -> Handle {
    looking_at(home, person, clock, "cockpit").await
}

async fn looking_at(home: &Path, person: sitroom::domain::Person, clock: &Clock, what: &str) -> Handle {
    let journal = SqliteJournal::open(home.join("journal.sqlite")).await.unwrap();
    let store = Store::open(&home.join("store.sqlite")).await.unwrap();
    let keeper = StoreKeeper::open(store.clone()).await.unwrap();
    let session = format!("session of {person}");
    let attendance = Attendance { store, session, person, what: what.to_owned() };
    Engine::start(Parts {
        keeper: Some(Arc::new(keeper)),
        attendance: Some(attendance),
        ..Parts::new("payments-prod", journal, clock.clone())
    })
}

async fn shows(handle: &Handle, what: impl FnMut(&Arc<Snapshot>) -> bool) -> Arc<Snapshot> {
    let mut snapshots = handle.snapshot();
    let shown = timeout(BOUND, snapshots.wait_for(what)).await;
    shown.expect("it is shown in time").expect("the room is open").clone()
}

fn signal(name: usize, clock: &Clock) -> Signal {
    Signal {
        at: clock.now() - Span::minutes(5),
        id: SignalId::of("test", &name.to_string()),
        ..super::signal(name)
    }
}

#[tokio::test]
async fn two_engines_on_one_set_of_files_see_what_the_other_is_told() {
    let home = tempfile::tempdir().unwrap();
    let clock = clock();
    let (one, other) =
        (on_files(home.path(), dana(), &clock).await, on_files(home.path(), sam(), &clock).await);
    shows(&one, |room| !room.loading).await;
    shows(&other, |room| !room.loading).await;
    one.submit(dana(), declare()).await.unwrap();
    shows(&other, |room| room.room.incident(IncidentId(1)).is_some()).await;
    other.submit(sam(), write(1, "the rollback has begun")).await.unwrap();
    shows(&one, |room| room.room.incident(IncidentId(1)).is_some_and(|incident| incident.entries.len() == 1))
        .await;

    one.report((0..3_000).map(|name| signal(name, &clock)).collect()).await.unwrap();
    shows(&other, |room| room.signals.len() == 3_000).await;
    other.report((2_900..3_100).map(|name| signal(name, &clock)).collect()).await.unwrap();
    shows(&one, |room| room.signals.len() == 3_100).await;

    assert_eq!(other.stop().await, Vec::<&str>::new());
    assert_eq!(one.stop().await, Vec::<&str>::new());
    let again = on_files(home.path(), dana(), &clock).await;
    let shown = shows(&again, |room| !room.loading && room.seq.0 == 2).await;
    assert_eq!((shown.signals.len(), shown.room.incidents.len()), (3_100, 1));
    again.stop().await;
}

#[tokio::test]
async fn who_is_here_is_known_and_who_leaves_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let clock = clock();
    let here = |room: &Snapshot| room.present.iter().map(|here| here.person.clone()).collect::<Vec<_>>();
    let one = on_files(home.path(), dana(), &clock).await;
    shows(&one, |room| here(room) == [dana()]).await;
    let other = on_files(home.path(), sam(), &clock).await;
    shows(&other, |room| here(room) == [dana(), sam()]).await;
    one.stop().await;
    other.stop().await;
    let again = on_files(home.path(), sam(), &clock).await;
    shows(&again, |room| here(room) == [sam()]).await;
    again.stop().await;
}

#[tokio::test]
async fn where_nothing_can_be_saved_all_is_shown_and_nothing_pretends() {
    let home = tempfile::tempdir().unwrap();
    let clock = clock();
    let sound = on_files(home.path(), dana(), &clock).await;
    sound.submit(dana(), declare()).await.unwrap();
    let readable = SqliteJournal::open_read_only(home.path().join("journal.sqlite")).await.unwrap();
    let why = JournalError::new("the disk is read-only", "mount it for writing");
    let journal = Unwritable::new(why, None, Some(readable));
    assert!(journal.notice().contains("nothing you do will be saved"));
    let handle = Engine::start(Parts::new("payments-prod", journal, clock));
    shows(&handle, |room| room.room.incidents.len() == 1).await;
    let answer = handle.submit(sam(), write(1, "lost?")).await;
    let (what, fix) = ("the disk is read-only".to_owned(), "mount it for writing".to_owned());
    assert_eq!(answer, Err(SubmitError::NotSaved { what, fix }));
    sound.submit(dana(), write(1, "others go on")).await.unwrap();
    let shown = shows(&handle, |room| room.seq.0 == 2).await;
    assert_eq!(shown.room.incidents[&IncidentId(1)].entries.len(), 1);
    handle.stop().await;
    sound.stop().await;
}

#[tokio::test]
async fn a_process_at_which_nobody_sits_is_nobody_who_is_here() {
    let home = tempfile::tempdir().unwrap();
    let clock = clock();
    let server = looking_at(home.path(), dana(), &clock, "").await;
    let seated = on_files(home.path(), sam(), &clock).await;
    let shown = shows(&server, |room| !room.present.is_empty()).await;
    let people: Vec<_> = shown.present.iter().map(|attendee| attendee.person.as_str()).collect();
    assert_eq!(people, ["sam"]);
    seated.stop().await;
    server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_the_chain_is_said_to_everybody() {
    let home = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(home.path().join("journal.sqlite")).await.unwrap();
    let wrong = "record 7 is not what it was".to_owned();
    let proof = Some(Box::pin(std::future::ready(Some(wrong.clone()))) as sitroom::engine::Proof);
    let room = Engine::start(Parts { proof, ..Parts::new("payments-prod", journal, clock()) });
    shows(&room, |room| room.notices.contains(&wrong)).await;
    room.stop().await;
}
