//! Journals of released versions, which must come in, verify and be told again for ever.
//!
//! The files are never written again. A new kind of event, or a new version of the text, gets a new file.

use super::{at, draft};
use sitroom::domain::event::{Content, EntryKind, Evidence, Role, Severity, Verdict, When};
use sitroom::domain::{EntryId, Event, IncidentId, Person, Room, Seq, SignalId};
use sitroom::journal::{Draft, Journal, MemoryJournal, Rows, export, import, verify};

const VERSION_1: &str = include_str!("../../frozen/journal-v1.jsonl");
const HEAD_OF_VERSION_1: &str = "f3f8b68d391841c8e6b597e02ce75088758d223d12d8e8da61e29e83934a85d0";

const KINDS_OF_VERSION_1: [&str; 18] = [
    "incident-declared",
    "severity-changed",
    "incident-resolved",
    "incident-closed",
    "incident-reopened",
    "command-taken",
    "command-offered",
    "command-accepted",
    "command-declined",
    "command-released",
    "role-taken",
    "role-dropped",
    "entry-written",
    "entry-revised",
    "entry-struck",
    "entry-restored",
    "entry-pinned",
    "hypothesis-judged",
];

#[tokio::test]
async fn version_1_opens_for_ever() {
    let journal = MemoryJournal::new();
    import(&journal, &mut VERSION_1.as_bytes()).await.unwrap();
    let sound = verify(&journal).await.unwrap();
    assert_eq!((sound.head.hash.to_string().as_str(), sound.newer), (HEAD_OF_VERSION_1, 0));
    let records = super::all(&journal).await;
    assert_eq!(records.last().unwrap().seq, sound.head.seq);

    let room = Room::replay(&records);
    let incident = room.incident(IncidentId(1)).unwrap();
    assert_eq!(incident.command.holder, None);
    assert_eq!(incident.severity, Severity::Sev1);
    assert_eq!(incident.entries.len(), EntryKind::ALL.len());
    let hypothesis = &incident.entries[&EntryId(2)];
    assert_eq!((hypothesis.verdict, hypothesis.pinned), (Verdict::Refuted, true));
    assert_eq!(hypothesis.revisions.len(), 1);
    assert_eq!(incident.closed_at, Some(at(2_000)));
}

#[tokio::test]
async fn version_1_goes_out_as_it_came_in() {
    let journal = MemoryJournal::new();
    import(&journal, &mut VERSION_1.as_bytes()).await.unwrap();
    let mut lines = Vec::new();
    export(&journal, &mut lines).await.unwrap();
    assert!(lines == VERSION_1.as_bytes());
}

#[test]
fn version_1_holds_every_kind_of_event() {
    for kind in KINDS_OF_VERSION_1 {
        assert!(VERSION_1.contains(&format!(r#""event":{{"kind":"{kind}""#)), "{kind}");
    }
}

/// Holds the canonical text itself: the same events are the same bytes today as on the day of the release.
#[tokio::test]
async fn the_same_events_are_written_as_the_same_bytes() {
    let journal = MemoryJournal::new();
    journal.append(Seq(0), events()).await.unwrap();
    let mut lines = Vec::new();
    export(&journal, &mut lines).await.unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), VERSION_1);
    assert_eq!(journal.head().await.unwrap().hash.to_string(), HEAD_OF_VERSION_1);
}

const INCIDENT: IncidentId = IncidentId(1);

fn events() -> Vec<Draft> {
    [opening(), command(), timeline(), retelling(), ending()].concat()
}

fn opening() -> Vec<Draft> {
    let declared = |incident, title: &str, severity, evidence| Event::IncidentDeclared {
        incident: IncidentId(incident),
        title: title.into(),
        severity,
        services: vec!["payment-api".into(), "checkout".into()],
        impact: "about one payment in fifty fails".into(),
        evidence,
    };
    let evidence = vec![
        Evidence::Link { url: "https://example.org/alarms/5xx?range=2h&zoom=1#now".into() },
        Evidence::Signal {
            id: SignalId(0x0123_4567_89ab_cdef),
            at: at(-420),
            title: "5xx 0.7 % → 1.9 %".into(),
        },
    ];
    let bare = Event::IncidentDeclared {
        incident: IncidentId(2),
        title: "nothing known yet".into(),
        severity: Severity::Sev5,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let changed = |from, to| Event::SeverityChanged { incident: INCIDENT, from, to };
    vec![
        draft("dana", 0, declared(1, "Checkout fails after v2.14.3", Severity::Sev3, evidence)),
        draft("sam", 5, bare),
        draft("dana", 10, changed(Severity::Sev3, Severity::Sev4)),
        draft("dana", 11, changed(Severity::Sev4, Severity::Sev2)),
        draft("dana", 12, changed(Severity::Sev2, Severity::Sev1)),
    ]
}

fn command() -> Vec<Draft> {
    let incident = INCIDENT;
    let offered = || Event::CommandOffered { incident, to: Person::new("sam") };
    let mut drafts = vec![
        draft("dana", 20, Event::CommandTaken { incident, relieved: None }),
        draft("dana", 21, offered()),
        draft("sam", 22, Event::CommandDeclined { incident }),
        draft("dana", 23, offered()),
        draft("sam", 24, Event::CommandAccepted { incident, from: Person::new("dana") }),
        draft("lee", 25, Event::CommandTaken { incident, relieved: Some(Person::new("sam")) }),
    ];
    for (second, &role) in (30..).zip(Role::ALL) {
        drafts.push(draft("sam", second, Event::RoleTaken { incident, role }));
    }
    drafts.push(draft("sam", 40, Event::RoleDropped { incident, role: Role::Observer }));
    drafts
}

fn content(entry_kind: EntryKind, text: &str) -> Content {
    Content {
        entry_kind,
        happened: When::exactly(at(60)),
        text: text.into(),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
    }
}

fn timeline() -> Vec<Draft> {
    let full = |entry_kind| Content {
        happened: When { from: at(-600), to: Some(at(-60)), approximate: true },
        owner: Some(Person::new("sam")),
        labels: vec!["db".into(), "größe".into()],
        evidence: vec![Evidence::Link { url: "https://example.org/runbook".into() }],
        ..content(
            entry_kind,
            "rollback \"playbook\" is outdated\n\tsecond line \\ 日本 👩‍👩‍👧 \u{0}\u{1b}\u{2028}",
        )
    };
    (1..)
        .zip(EntryKind::ALL)
        .map(|(number, &kind)| {
            let content = if number % 2 == 1 { full(kind) } else { content(kind, "the pool is exhausted") };
            let event = Event::EntryWritten { incident: INCIDENT, entry: EntryId(number), content };
            draft("sam", 60 + i64::from(number), event)
        })
        .collect()
}

fn retelling() -> Vec<Draft> {
    let (incident, entry) = (INCIDENT, EntryId(2));
    let revised = content(EntryKind::Hypothesis, "the pool of checkout-worker is exhausted");
    let judged =
        |verdict, reason: &str| Event::HypothesisJudged { incident, entry, verdict, reason: reason.into() };
    let struck = |reason: &str| Event::EntryStruck { incident, entry, reason: reason.into() };
    vec![
        draft("sam", 100, Event::EntryRevised { incident, entry, content: revised }),
        draft("sam", 101, struck("")),
        draft("dana", 102, Event::EntryRestored { incident, entry }),
        draft("sam", 103, struck("said twice")),
        draft("dana", 104, Event::EntryRestored { incident, entry }),
        draft("lee", 105, Event::EntryPinned { incident, entry, pinned: false }),
        draft("lee", 106, Event::EntryPinned { incident, entry, pinned: true }),
        draft("lee", 110, judged(Verdict::Confirmed, "")),
        draft("lee", 111, judged(Verdict::Open, "too early")),
        draft("lee", 112, judged(Verdict::Refuted, "the pool was at 40 %")),
    ]
}

fn ending() -> Vec<Draft> {
    let incident = INCIDENT;
    vec![
        draft("lee", 1_000, Event::IncidentResolved { incident }),
        draft("lee", 1_001, Event::IncidentReopened { incident }),
        draft("lee", 1_002, Event::CommandReleased { incident }),
        draft("lee", 1_900, Event::IncidentResolved { incident }),
        draft("lee", 2_000, Event::IncidentClosed { incident }),
    ]
}
