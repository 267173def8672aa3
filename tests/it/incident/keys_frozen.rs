//! The frozen journal of what came over SSH, and of checklists that are run against the clock. Never written again, as
//! the others are. Together they hold every field a record can have.

use super::at;
use sitroom::domain::event::{ChecklistContent, Event, Severity, Step};
use sitroom::domain::{ChecklistId, Fingerprint, IncidentId, Person, Room, Seq, Span};
use sitroom::journal::{Draft, Journal, MemoryJournal, export, import, verify};
use std::fs;
use std::path::Path;

const FROZEN: &str = include_str!("../../frozen/journal-v1-keys.jsonl");
const HEAD: &str = "f9d61042b9a5142b4bae4f3292a05a79a122f88552f286eac99ce40137137009";
const KEY: &str = "SHA256:p0Fh3y6Jr8qkS1Wd2m9cT5uXv7bNzQeLgKaRiOtYwHs";
const CERTIFIED: &str = "SHA256:Zk4nVb8cQw2eRt6yUi0oPa5sDf9gHj3kLzXm7CqBnM1 certified sam by \
                         SHA256:aQ1wS2eD3rF4tG5yH6uJ7iK8oL9pZ0xC1vB2nM3qW4e";
const ONE: IncidentId = IncidentId(1);

#[tokio::test]
async fn it_comes_in_and_is_told_to_the_same_state_for_ever() {
    let journal = MemoryJournal::new();
    import(&journal, &mut FROZEN.as_bytes()).await.unwrap();
    let sound = verify(&journal).await.unwrap();
    assert_eq!((sound.head.hash.to_string().as_str(), sound.newer), (HEAD, 0));
    let records = journal.read(Seq(0), 1_000).await.unwrap();
    let keys: Vec<_> = records.iter().map(|record| record.key.as_ref().map(Fingerprint::as_str)).collect();
    assert_eq!(keys, [Some(KEY), Some(CERTIFIED), None, Some(KEY)]);
    let room = Room::replay(&records);
    let incident = room.incident(ONE).unwrap();
    assert_eq!(incident.command.holder, Some(Person::new("sam")));
    let target = |id| incident.checklists[&ChecklistId(id)].target;
    assert_eq!((target(1), target(2)), (Some(Span::minutes(5)), Some(Span::seconds(90))));
}

#[tokio::test]
async fn the_same_events_are_written_as_the_same_bytes() {
    let journal = MemoryJournal::new();
    journal.append(Seq(0), events()).await.unwrap();
    let mut lines = Vec::new();
    export(&journal, &mut lines).await.unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), FROZEN);
}

/// A field that is added to an event needs a sample before it is released; this names the one that has none.
#[test]
fn every_field_of_every_event_stands_in_a_frozen_journal() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = |folder: &str| {
        let files = fs::read_dir(root.join(folder)).unwrap().map(|file| file.unwrap().path());
        files.map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>().join("\n")
    };
    let frozen = texts("tests/frozen");
    let code = fs::read_to_string(root.join("src/domain/event.rs")).unwrap() + &texts("src/domain/event");
    let fields = code.lines().filter_map(|line| {
        let (name, kind) = line.trim().trim_start_matches("pub ").split_once(": ")?;
        let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let is_kind = kind.starts_with(char::is_uppercase) || kind == "bool," || kind == "u32,";
        (is_name && is_kind && kind.ends_with(',')).then_some(name)
    });
    // These are written without a name of their own, as what they are made of.
    let missing: Vec<_> = fields
        .filter(|name| !["reading", "support"].contains(name))
        .filter(|name| !frozen.contains(&format!("\"{name}\":")))
        .collect();
    assert!(missing.is_empty(), "no frozen journal has {missing:?}");
}

fn events() -> Vec<Draft> {
    let declared = Event::IncidentDeclared {
        incident: ONE,
        title: "Payments fail".into(),
        severity: Severity::Sev2,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let begun = |checklist, title: &str, template: &str, target, steps: &[&str]| Event::ChecklistStarted {
        incident: ONE,
        checklist: ChecklistId(checklist),
        content: ChecklistContent {
            title: title.into(),
            template: template.into(),
            role: None,
            target: Some(target),
            steps: steps.iter().map(|text| Step { text: (*text).into(), role: None, link: None }).collect(),
        },
    };
    let draft = |by: &str, key: Option<&str>, minute, event| Draft {
        at: at(minute),
        by: Person::new(by),
        key: key.map(Fingerprint::new),
        event,
    };
    let steps = ["stop the roll-out", "deploy the version before"];
    let rollback = begun(1, "Roll back payment-api", "payment-api/rollback", Span::minutes(5), &steps);
    let restore = begun(2, "Restore payments-db", "", Span::seconds(90), &["say to which moment"]);
    vec![
        draft("dana", Some(KEY), 0, declared),
        draft("sam", Some(CERTIFIED), 1, Event::CommandTaken { incident: ONE, relieved: None }),
        draft("sam", None, 2, rollback),
        draft("lee", Some(KEY), 3, restore),
    ]
}
