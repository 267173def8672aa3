//! The frozen journal of sign-offs. Never written again, as the others are.

use super::at;
use sitroom::domain::event::{Event, Evidence};
use sitroom::domain::readiness::Did;
use sitroom::domain::{ItemId, Person, Room, Seq, SignalId, Span};
use sitroom::journal::{Draft, Journal, MemoryJournal, export, import, verify};

const FROZEN: &str = include_str!("../../frozen/journal-v1-readiness.jsonl");
const HEAD: &str = "38e1d1db6ba191fa8834972050cd028b2b43400fad551f188c0a28402fd0ce18";

#[tokio::test]
async fn it_comes_in_and_is_told_to_the_same_state_for_ever() {
    let journal = MemoryJournal::new();
    import(&journal, &mut FROZEN.as_bytes()).await.unwrap();
    let sound = verify(&journal).await.unwrap();
    assert_eq!((sound.head.hash.to_string().as_str(), sound.newer), (HEAD, 0));
    let room = Room::replay(&journal.read(Seq(0), 1_000).await.unwrap());
    let restore = &room.attestations["runbook-restore"];
    assert_eq!(restore.len(), 2);
    assert!(matches!(&restore[0].did, Did::Signed { note, .. } if note == "tried on staging, 41 minutes"));
    assert!(matches!(&restore[1].did, Did::Withdrew { reason } if reason.ends_with("is empty")));
    let listing = &room.attestations["listing"];
    assert!(matches!(listing[2].did, Did::Signed { expires_after: Some(it), .. } if it == Span::hours(36)));
    assert!(room.incidents.is_empty());
}

#[tokio::test]
async fn the_same_events_are_written_as_the_same_bytes() {
    let journal = MemoryJournal::new();
    journal.append(Seq(0), events()).await.unwrap();
    let mut lines = Vec::new();
    export(&journal, &mut lines).await.unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), FROZEN);
}

fn events() -> Vec<Draft> {
    let link = |url: &str| Evidence::Link { url: url.into() };
    let run = Evidence::Signal {
        id: SignalId(0x0123_4567_89ab_cdef),
        at: at(-60),
        title: "restore finished".into(),
    };
    let restore = Event::SignedOff {
        item: ItemId::new("runbook-restore"),
        title: "Runbook: backup and restore".into(),
        needs: "A restore that was tried".into(),
        evidence: vec![link("https://example.org/restore?run=7"), run],
        note: "tried on staging, 41 minutes".into(),
        expires_after: Some(Span::days(90)),
    };
    let listing = |title: &str, expires_after| Event::SignedOff {
        item: ItemId::new("listing"),
        title: title.into(),
        needs: String::new(),
        evidence: vec![link("docs/listing.md")],
        note: String::new(),
        expires_after,
    };
    let withdrawn =
        |item: &str, reason: &str| Event::SignOffWithdrawn { item: ItemId::new(item), reason: reason.into() };
    let draft = |by: &str, minute, event| Draft { key: None, at: at(minute), by: Person::new(by), event };
    vec![
        draft("dana", 0, restore),
        draft("sam", 1, listing("The listing is written", None)),
        draft("lee", 2, withdrawn("runbook-restore", "the backup of last night is empty")),
        draft("lee", 3, withdrawn("listing", "")),
        draft("dana", 4, listing("The listing “größe” 日本", Some(Span::hours(36)))),
    ]
}
