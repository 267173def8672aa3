//! The retro in the domain: its frozen journal, what may be written of it, and what comes of it.

use super::{ID, Life, at};
use sitroom::domain::event::*;
use sitroom::domain::{EntryId, Intent, Person, Record, Refusal, RetroId, Room, Seq, SignalId, Span};
use sitroom::journal::{Draft, Journal, MemoryJournal, export, import, verify};

const FROZEN: &str = include_str!("../../frozen/journal-v1-retro.jsonl");
const HEAD: &str = "c3ecabbc9f46c1863485a0523478cb640354e9a6898359ed318f285599db7f0a";

const KINDS: [&str; 6] = [
    "retro-item-written",
    "retro-item-revised",
    "retro-item-struck",
    "retro-item-restored",
    "retro-item-marked",
    "retro-moved",
];
const CONTENTS: [&str; 15] = [
    "brief",
    "agenda",
    "impact",
    "factor",
    "why",
    "root-cause",
    "learning",
    "decision",
    "action-item",
    "parked",
    "kill-criterion",
    "share",
    "risk",
    "open-question",
    "next-step",
];

#[tokio::test]
async fn a_frozen_retro_comes_in_and_is_told_to_the_same_state_for_ever() {
    let journal = MemoryJournal::new();
    import(&journal, &mut FROZEN.as_bytes()).await.unwrap();
    let sound = verify(&journal).await.unwrap();
    assert_eq!((sound.head.hash.to_string().as_str(), sound.newer), (HEAD, 0));
    let room = Room::replay(&journal.read(Seq(0), 1_000).await.unwrap());
    let retro = &room.incident(ID).unwrap().retro;
    assert_eq!(retro.state(), RetroState::Closed);
    assert_eq!(retro.items.len(), rows().len());
    assert_eq!(retro.items[&RetroId(1)].revisions.len(), 1);
    assert_eq!(retro.standing().count(), rows().len());
    assert!(retro.items.values().any(|item| item.state == ItemState::Dropped));
}

#[tokio::test]
async fn the_same_retro_is_written_as_the_same_bytes() {
    let journal = MemoryJournal::new();
    journal.append(Seq(0), events()).await.unwrap();
    let mut lines = Vec::new();
    export(&journal, &mut lines).await.unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), FROZEN);
}

#[test]
fn the_frozen_retro_holds_every_kind_and_every_word() {
    for kind in KINDS {
        assert!(FROZEN.contains(&format!(r#""event":{{"kind":"{kind}""#)), "{kind}");
    }
    for is in CONTENTS.into_iter().chain(["command-late", "external-update-late", "labelled"]) {
        assert!(FROZEN.contains(&format!(r#"{{"is":"{is}""#)), "{is}");
    }
    for draft in events() {
        let record = Record { key: None, seq: Seq(1), at: draft.at, by: draft.by, event: draft.event };
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}

#[test]
fn a_row_needs_a_text_and_hangs_only_on_what_can_carry_it() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let why = |of, text: &str| RetroContent::Why {
        of,
        text: text.into(),
        answer: String::new(),
        support: Support::default(),
    };
    let write = |content| Intent::WriteItem(ID, content);
    assert_eq!(life.tries("dana", 1, write(why(None, " "))), Err(Refusal::EmptyItem));
    let missing = life.tries("dana", 1, write(why(Some(RetroId(7)), "why?")));
    assert_eq!(missing, Err(Refusal::NoItem(ID, RetroId(7))));
    life.says("dana", 1, write(why(None, "why did it fail?")));
    life.says("dana", 1, write(why(Some(RetroId(1)), "why was it not seen?")));
    let circle = Intent::ReviseItem(ID, RetroId(1), why(Some(RetroId(2)), "why?"), None);
    assert_eq!(life.tries("dana", 2, circle), Err(Refusal::OwnWhy(RetroId(1))));
    let risk = || RetroContent::Risk { text: "it may come back".into(), notes: String::new() };
    life.says("dana", 2, write(risk()));
    let on_risk = life.tries("dana", 2, write(why(Some(RetroId(3)), "why?")));
    assert_eq!(on_risk, Err(Refusal::CannotCarry(RetroId(3))));
    let another = Intent::ReviseItem(ID, RetroId(1), risk(), None);
    assert_eq!(life.tries("dana", 2, another), Err(Refusal::AnotherKind(RetroId(1))));
}

#[test]
fn a_row_is_struck_restored_and_marked_and_the_review_moves_on() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let step = RetroContent::NextStep { text: "tell support".into(), due: None };
    life.says("dana", 1, Intent::WriteItem(ID, step));
    let row = RetroId(1);
    assert_eq!(life.tries("dana", 1, Intent::RestoreItem(ID, row)), Err(Refusal::ItemNotStruck(row)));
    life.says("dana", 1, Intent::StrikeItem(ID, row, "said twice".into()));
    let done = || Intent::MarkItem(ID, row, ItemState::Done, "they know".into());
    assert_eq!(life.tries("dana", 2, done()), Err(Refusal::ItemStruck(row)));
    life.says("dana", 2, Intent::RestoreItem(ID, row));
    life.says("dana", 2, done());
    assert!(matches!(life.tries("dana", 3, done()), Err(Refusal::AlreadySo { .. })));
    life.says("dana", 3, Intent::MoveRetro(ID, RetroState::InReview));
    let retro = &life.room.incident(ID).unwrap().retro;
    assert_eq!((retro.state(), retro.items[&row].state), (RetroState::InReview, ItemState::Done));
    assert_eq!(Room::replay(&life.records), life.room);
}

fn draft(minute: i64, event: Event) -> Draft {
    Draft { key: None, at: at(minute), by: Person::new("dana"), event }
}

fn events() -> Vec<Draft> {
    let declared = Event::IncidentDeclared {
        incident: ID,
        title: "Payments fail".into(),
        severity: Severity::Sev2,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let mut drafts = vec![draft(0, declared)];
    let written = (1..).zip(rows()).map(|(number, content)| {
        draft(60, Event::RetroItemWritten { incident: ID, item: RetroId(number), content })
    });
    drafts.extend(written);
    let item = RetroId(1);
    let content = RetroContent::Brief { field: BriefField::Goal, text: "learn and prevent".into() };
    let struck = |reason: &str| Event::RetroItemStruck { incident: ID, item, reason: reason.into() };
    drafts.push(draft(70, Event::RetroItemRevised { incident: ID, item, content }));
    for reason in ["", "said twice"] {
        drafts.push(draft(71, struck(reason)));
        drafts.push(draft(72, Event::RetroItemRestored { incident: ID, item }));
    }
    let to_do = (1..).zip(rows()).find(|(_, row)| row.can_be_done()).unwrap().0;
    for (state, reason) in ItemState::ALL.iter().zip(["", "it works", "no longer needed"]) {
        let (item, state, reason) = (RetroId(to_do), *state, reason.to_owned());
        drafts.push(draft(80, Event::RetroItemMarked { incident: ID, item, state, reason }));
    }
    let moved = |state: &RetroState| draft(90, Event::RetroMoved { incident: ID, state: *state });
    drafts.extend(RetroState::ALL.iter().map(moved));
    drafts
}

fn support() -> Support {
    let signal = Evidence::Signal { id: SignalId(7), at: at(-1), title: "5xx 0.7 % → 1.9 %".into() };
    Support {
        evidence: "the slow query log".into(),
        grounds: vec![Ground::Entry { of: None, entry: EntryId(1) }, Ground::Evidence { evidence: signal }],
    }
}

/// Every content, full and bare, with every word there is.
fn rows() -> Vec<RetroContent> {
    let mut rows = Vec::new();
    let brief = |field: &BriefField| RetroContent::Brief { field: *field, text: "said so".into() };
    rows.extend(BriefField::ALL.iter().map(brief));
    let impact = |area: &ImpactArea| RetroContent::Impact {
        area: *area,
        text: "payments fail".into(),
        support: support(),
    };
    rows.extend(ImpactArea::ALL.iter().map(impact));
    rows.extend(
        ShareField::ALL
            .iter()
            .map(|field| RetroContent::Share { field: *field, text: "to everybody".into() }),
    );
    let factor = rows.len() as u32 + 1;
    rows.extend(Cluster::ALL.iter().map(|cluster| RetroContent::Factor {
        cluster: *cluster,
        text: "staging is small".into(),
        support: support(),
        made_sense: "it was enough so far".into(),
        fix: "a larger one".into(),
    }));
    rows.extend(reasons(RetroId(factor)));
    rows.extend(Confidence::ALL.iter().map(|confidence| RetroContent::RootCause {
        text: "no test at scale".into(),
        confidence: *confidence,
        notes: "look at growth".into(),
        support: Support::default(),
    }));
    rows.extend(work(RetroId(factor)));
    rows
}

fn reasons(factor: RetroId) -> Vec<RetroContent> {
    let why = |of, answer: &str, support| RetroContent::Why {
        of,
        text: "why?".into(),
        answer: answer.into(),
        support,
    };
    vec![
        why(Some(factor), "the table is large", support()),
        why(None, "", Support::default()),
        RetroContent::Agenda { text: "facts".into(), minutes: Some(20) },
        RetroContent::Agenda { text: "wrap".into(), minutes: None },
        RetroContent::Learning {
            text: "size counts".into(),
            support: support(),
            implication: "test it".into(),
        },
        RetroContent::Decision {
            text: "a dry run first".into(),
            why: "it was missed".into(),
            tradeoffs: "deploys take longer".into(),
            owner: Some(Person::new("platform lead")),
        },
    ]
}

fn work(factor: RetroId) -> Vec<RetroContent> {
    let day = Some("2026-04-14".parse().unwrap());
    let owner = Some(Person::new("platform lead"));
    let mut rows: Vec<_> = ActionType::ALL
        .iter()
        .map(|action_type| {
            RetroContent::ActionItem(ActionItem {
                text: "build it".into(),
                action_type: *action_type,
                owner: owner.clone(),
                due: day,
                success: "it is used".into(),
                follow_up: day,
                notes: "not cheap".into(),
                addresses: vec![factor],
            })
        })
        .collect();
    let measures = [
        Measure::CommandLate { within: Span::minutes(10) },
        Measure::ExternalUpdateLate { within: Span::minutes(15) },
        Measure::Labelled { label: "stale-playbook".into() },
    ];
    rows.extend(measures.map(|measure| {
        RetroContent::KillCriterion(KillCriterion {
            signal: "it happens again".into(),
            window: "60 days".into(),
            threshold: "2 or more".into(),
            commitment: "train everybody".into(),
            owner: owner.clone(),
            source: "the journal".into(),
            watch: Some(Watch {
                measure,
                at_least: Some(Severity::Sev2),
                from: day,
                window: Some(Span::days(60)),
                count: 2,
            }),
        })
    }));
    rows.extend([
        RetroContent::Parked { text: "automatic rollback".into(), notes: "too complex now".into() },
        RetroContent::Risk { text: "the cost is unknown".into(), notes: "count it".into() },
        RetroContent::OpenQuestion { text: "how much was lost?".into(), owner, due: day },
        RetroContent::NextStep { text: "tell support".into(), due: day },
    ]);
    rows
}
