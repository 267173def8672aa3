//! A drill from end to end: a scenario plays, people act in a journal of its own, and it is scored.

use sitroom::domain::event::Severity;
use sitroom::domain::incident::{ClockPolicy, score};
use sitroom::domain::{Clock, IncidentId, Intent, Person, Record, Room, Seq};
use sitroom::engine::{Engine, Parts};
use sitroom::journal::{Draft, Journal as _, MemoryJournal, SqliteJournal, export, import};
use sitroom::sources::scenario::Scenario;

fn declare(title: &str) -> Intent {
    Intent::Declare {
        title: title.into(),
        severity: Severity::Sev2,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    }
}

#[tokio::test]
async fn what_people_do_in_a_drill_is_marked_kept_and_scored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drills/one/journal.sqlite");
    let built_in = Scenario::built_in()[0];
    let scenario = Scenario::parse(built_in.name, built_in.text).unwrap();
    let clock = Clock::fixed(scenario.start());
    let journal = SqliteJournal::open(&path).await.unwrap();
    let parts =
        Parts { drill: Some(scenario.name().into()), ..Parts::new(scenario.room(), journal, clock.clone()) };
    let engine = Engine::start(parts);
    assert!(engine.snapshot().borrow().room.drill.is_some(), "it says so before anything is declared");
    let dana = Person::new("dana");
    let declared = engine.submit(dana.clone(), declare("Checkout fails")).await.unwrap();
    let incident = declared.event.incident().unwrap();
    engine.submit(dana, Intent::TakeCommand { incident, relieving: None }).await.unwrap();
    let room = engine.snapshot().borrow().room.clone();
    engine.stop().await;

    let score = score(&room, &ClockPolicy::default(), None, clock.now());
    assert_eq!((score.kept(), score.is_good()), ((1, 1), true));
    let kept = SqliteJournal::open_read_only(&path).await.unwrap().read(Seq(0), 10).await.unwrap();
    let told = Room::replay(&kept);
    assert_eq!(told.drill.as_deref(), Some(scenario.name()));
    assert_eq!(told.incident(incident).unwrap().drill.as_deref(), Some(scenario.name()));
}

#[test]
fn a_past_incident_is_told_with_its_signals_as_history_and_as_story() {
    let built_in = Scenario::built_in()[0];
    let scenario = Scenario::parse(built_in.name, built_in.text).unwrap();
    let signals: Vec<_> = scenario.signals_until(scenario.end()).collect();
    let told = (scenario.start(), scenario.end());
    let catalog = scenario.catalog().clone();
    let past = Scenario::of_past("INC-7", "Checkout fails", catalog, signals.clone(), told);
    assert_eq!(past.signals_until(past.end()).collect::<Vec<_>>(), signals);
    assert_eq!((past.start(), past.end(), past.name()), (told.0, told.1, "INC-7"));
}

/// Never written again: what a drill's first release recorded opens for ever.
const FROZEN: &str = include_str!("../frozen/journal-v1-drill.jsonl");

#[tokio::test]
async fn the_frozen_record_of_a_drill_opens_for_ever_and_is_written_as_the_same_bytes() {
    let journal = MemoryJournal::new();
    import(&journal, &mut FROZEN.as_bytes()).await.unwrap();
    let records = journal.read(Seq(0), 10).await.unwrap();
    let room = Room::replay(&records);
    assert_eq!(room.incident(IncidentId(1)).unwrap().drill.as_deref(), Some("checkout-deploy"));
    let again = MemoryJournal::new();
    let drafts =
        records.into_iter().map(|Record { at, by, event, .. }| Draft { key: None, at, by, event }).collect();
    again.append(Seq(0), drafts).await.unwrap();
    let mut lines = Vec::new();
    export(&again, &mut lines).await.unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), FROZEN);
}
