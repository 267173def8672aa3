//! What people ask: decided in order, appended in groups, shown when durable, the same in every process.

use super::journal::{Memory, Temper};
use super::{BASE, clock, dana, declare, idle, now_shown, parts, room, sam, write};
use proptest::prelude::*;
use sitroom::domain::event::Role;
use sitroom::domain::{EntryId, Event, IncidentId, Intent, Person, Record, Refusal, Room, Seq};
use sitroom::engine::{Engine, Handle, SubmitError};
use sitroom::journal::Draft;
use std::time::Duration;
use tokio::task::JoinHandle;

fn submits(handle: &Handle, by: Person, intent: Intent) -> JoinHandle<Result<Record, SubmitError>> {
    let handle = handle.clone();
    #[expect(
        clippy::disallowed_methods,
        reason = "each person of a test is a task of their own, and awaited"
    )]
    tokio::spawn(async move { handle.submit(by, intent).await })
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_when_the_room_shows_it() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    assert!(!now_shown(&handle).loading);
    let record = handle.submit(dana(), declare()).await.unwrap();
    let shown = now_shown(&handle);
    assert_eq!((record.seq, shown.seq, shown.room.seq), (Seq(1), Seq(1), Seq(1)));
    assert_eq!(shown.room.incident(IncidentId(1)).unwrap().declared_by, dana());
    assert_eq!(journal.records(), [record]);
}

#[tokio::test(start_paused = true)]
async fn a_room_opens_with_what_its_journal_holds() {
    let journal = Memory::default();
    let first = room(&journal).await;
    first.submit(dana(), declare()).await.unwrap();
    for n in 0..2_500 {
        let event = Event::RoleTaken { incident: IncidentId(1), role: Role::ALL[n % 2] };
        journal.sneak_in(Draft { key: None, at: BASE, by: sam(), event });
    }
    let second = Engine::start(parts(&journal));
    assert!(now_shown(&second).loading);
    idle().await;
    assert_eq!((now_shown(&second).seq, now_shown(&second).loading), (Seq(2_501), false));
    assert_eq!(*now_shown(&second).room, Room::replay(&journal.records()));
}

#[tokio::test(start_paused = true)]
async fn intents_that_wait_together_are_one_append() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    let gate = journal.gate();
    let shut = gate.write().await;
    let first = submits(&handle, dana(), declare());
    idle().await;
    let waiting: Vec<_> = (0..10).map(|n| submits(&handle, sam(), write(1, &format!("entry {n}")))).collect();
    idle().await;
    assert_eq!(now_shown(&handle).seq, Seq(0), "nothing shows before it is durable");
    drop(shut);
    first.await.unwrap().unwrap();
    let mut seqs = Vec::new();
    for answer in waiting {
        seqs.push(answer.await.unwrap().unwrap().seq);
    }
    assert_eq!(journal.appends(), [1, 10]);
    assert_eq!(seqs, (2..=11).map(Seq).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_in_a_group_touches_nobody_else() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    handle.submit(dana(), declare()).await.unwrap();
    let gate = journal.gate();
    let shut = gate.write().await;
    let busy = submits(&handle, dana(), write(1, "held up"));
    idle().await;
    let take = || Intent::TakeCommand { incident: IncidentId(1), relieving: None };
    let (won, lost) = (submits(&handle, dana(), take()), submits(&handle, sam(), take()));
    idle().await;
    drop(shut);
    assert!(busy.await.unwrap().is_ok() && won.await.unwrap().is_ok());
    let held = Refusal::CommandHeld { incident: IncidentId(1), holder: dana() };
    assert_eq!(lost.await.unwrap(), Err(held.into()));
    assert_eq!(now_shown(&handle).seq, Seq(3));
}

#[tokio::test(start_paused = true)]
async fn who_comes_late_reads_on_and_decides_again() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    handle.submit(dana(), declare()).await.unwrap();
    idle().await;
    let taken = Event::CommandTaken { incident: IncidentId(1), relieved: None };
    journal.sneak_in(Draft { key: None, at: BASE, by: sam(), event: taken });
    let take = Intent::TakeCommand { incident: IncidentId(1), relieving: None };
    let held = Refusal::CommandHeld { incident: IncidentId(1), holder: sam() };
    assert_eq!(handle.submit(dana(), take).await, Err(held.into()));
    assert_eq!(handle.submit(dana(), write(1, "sam has command")).await.unwrap().seq, Seq(3));
    assert_eq!(*now_shown(&handle).room, Room::replay(&journal.records()));
}

#[tokio::test(start_paused = true)]
async fn a_race_that_cannot_be_won_is_given_up() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    journal.is(Temper::Contended);
    let answer = handle.submit(dana(), declare()).await;
    assert!(matches!(&answer, Err(SubmitError::NotSaved { fix, .. }) if fix == "try again"), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn what_another_process_appends_shows_here() {
    let journal = Memory::default();
    let (here, there) = (room(&journal).await, room(&journal).await);
    let record = there.submit(sam(), declare()).await.unwrap();
    idle().await;
    assert_eq!((now_shown(&here).seq, now_shown(&here).room.seq), (record.seq, record.seq));
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_changes_nothing_says_so_and_is_tried_again() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    handle.submit(dana(), declare()).await.unwrap();
    journal.is(Temper::Full);
    let not_saved = SubmitError::NotSaved {
        what: "no space left on the disk".to_owned(),
        fix: "make some room".to_owned(),
    };
    assert_eq!(handle.submit(sam(), write(1, "lost?")).await, Err(not_saved));
    assert_eq!(
        handle.submit(sam(), write(7, "where?")).await,
        Err(Refusal::NoIncident(IncidentId(7)).into())
    );
    tokio::time::sleep(Duration::from_secs(30)).await;
    let shown = now_shown(&handle);
    assert_eq!(shown.seq, Seq(1));
    assert_eq!(*shown.notices, ["the journal: no space left on the disk; make some room".to_owned()]);
    journal.is(Temper::Sound);
    assert_eq!(handle.submit(sam(), write(1, "not lost")).await.unwrap().seq, Seq(2));
    assert!(now_shown(&handle).notices.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_kept_counts_as_saved_even_if_its_answer_was_lost() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    journal.is(Temper::Mute);
    assert_eq!(handle.submit(dana(), declare()).await.unwrap().seq, Seq(1));
    assert_eq!(now_shown(&handle).seq, Seq(1));
}

#[tokio::test(start_paused = true)]
async fn stopping_answers_what_was_asked_and_then_nothing_more() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    let gate = journal.gate();
    let shut = gate.write().await;
    let asked: Vec<_> = (0..5).map(|_| submits(&handle, dana(), declare())).collect();
    idle().await;
    let stopping = handle.stop();
    drop(shut);
    assert_eq!(stopping.await, Vec::<&str>::new());
    for answer in asked {
        assert!(answer.await.unwrap().is_ok());
    }
    assert_eq!(journal.records().len(), 5);
    assert_eq!(handle.submit(dana(), declare()).await, Err(SubmitError::Gone));
    assert_eq!(handle.stop().await, Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn a_writer_that_crashes_is_said_aloud() {
    let journal = Memory::default();
    let handle = room(&journal).await;
    journal.is(Temper::Panics);
    assert_eq!(handle.submit(dana(), declare()).await, Err(SubmitError::Gone));
    assert!(now_shown(&handle).notices[0].contains("the journal's writer has crashed"));
    assert_eq!(handle.stop().await, ["the journal's writer"]);
}

/// One intent of somebody at one of two engines.
#[derive(Clone, Copy, Debug)]
struct Move {
    engine: usize,
    person: usize,
    intent: usize,
    incident: u32,
}

fn moves() -> impl Strategy<Value = Vec<Vec<Move>>> {
    let one = (0..2_usize, 0..3_usize, 0..9_usize, 1..3_u32)
        .prop_map(|(engine, person, intent, incident)| Move { engine, person, intent, incident });
    proptest::collection::vec(proptest::collection::vec(one, 1..6), 1..12)
}

fn intent_of(the: Move) -> Intent {
    let incident = IncidentId(the.incident);
    match the.intent {
        0 => declare(),
        1 => Intent::TakeCommand { incident, relieving: None },
        2 => Intent::TakeCommand { incident, relieving: Some(sam()) },
        3 => Intent::OfferCommand(incident, sam()),
        4 => Intent::AcceptCommand(incident),
        5 => Intent::Resolve(incident),
        6 => Intent::Reopen(incident),
        7 => Intent::Strike(incident, EntryId(1), "wrong".to_owned()),
        _ => write(the.incident, "seen"),
    }
}

async fn play(rounds: Vec<Vec<Move>>) {
    let journal = Memory::default();
    let engines = [room(&journal).await, room(&journal).await];
    let people = [dana(), sam(), Person::new("lee")];
    let mut saved = 0;
    for round in rounds {
        let asked: Vec<_> = round
            .into_iter()
            .map(|the| submits(&engines[the.engine], people[the.person].clone(), intent_of(the)))
            .collect();
        for answer in asked {
            saved += usize::from(answer.await.unwrap().is_ok());
        }
    }
    idle().await;
    let told = Room::replay(&journal.records());
    assert_eq!(journal.records().len(), saved);
    assert_eq!(*now_shown(&engines[0]).room, told);
    assert_eq!(*now_shown(&engines[1]).room, told);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn two_engines_on_one_journal_end_in_the_same_room(rounds in moves()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(play(rounds));
    }
}

#[tokio::test(start_paused = true)]
async fn a_story_and_standing_notices_are_shown_from_the_first_snapshot() {
    let story = sitroom::engine::Story { title: "Checkout deploy".to_owned(), speed: "60×".to_owned() };
    let parts = sitroom::engine::Parts {
        story: Some(story.clone()),
        notices: vec!["read-only".to_owned()],
        ..sitroom::engine::Parts::new("demo", Memory::default(), clock())
    };
    let handle = Engine::start(parts);
    let shown = now_shown(&handle);
    assert_eq!((&shown.story, &*shown.name), (&Some(story), "demo"));
    assert_eq!(*shown.notices, ["read-only".to_owned()]);
}
