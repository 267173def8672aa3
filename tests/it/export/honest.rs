//! What is said for and against, what did not happen, what is settled, and who was asked: told as it was, nothing lost.

use super::story::{ID, Life, at, content};
use super::{pack, part, written};
use sitroom::domain::event::*;
use sitroom::domain::{ChecklistId, EntryId, Intent, Person, RetroId, SignalId, TaskId};
use sitroom::export::Format;

#[test]
fn what_did_not_happen_is_said_and_not_asked_again() {
    let mut life = Life::declared();
    let (reason, evidence) = (String::new(), Vec::new());
    let value = MomentValue::Never;
    let set =
        Intent::SetMoment { incident: ID, moment: Moment::Escalated, value, reason, evidence, basis: None };
    life.says("dana", 30, set);
    let pack = pack(&life);
    let said =
        |title: &str| part(&pack, "Key moments").rows.iter().find(|row| row[0] == title).unwrap()[1].clone();
    assert_eq!((said("Escalated").as_str(), said("Detected").as_str()), ("did not happen", "not captured"));
    let questions = &part(&pack, "Open questions").rows;
    assert!(!questions.iter().any(|row| row[0].contains("Escalated")), "{questions:?}");
}

fn signal(title: &str) -> Evidence {
    Evidence::Signal { id: SignalId::of("test", title), at: at(6), title: title.into() }
}

#[test]
fn what_speaks_against_a_hypothesis_is_in_every_format() {
    let mut life = Life::declared();
    life.says("dana", 30, Intent::Write(ID, content(EntryKind::Hypothesis, "the pool is exhausted")));
    life.says(
        "dana",
        31,
        Intent::Write(ID, content(EntryKind::Fact, "the pool was raised and nothing changed")),
    );
    let finding = Evidence::Finding {
        basis: Basis { rule: "elevated".into(), version: 1 },
        title: "latency is flat".into(),
        read_at: at(10),
        evidence: vec![signal("the pool has room")],
    };
    let grounds = [
        (Ground::Entry { of: None, entry: EntryId(2) }, Bearing::Against),
        (Ground::Evidence { evidence: finding }, Bearing::Against),
        (Ground::Evidence { evidence: signal("connections wait") }, Bearing::For),
    ];
    for (ground, bearing) in grounds {
        life.says("sam", 32, Intent::Weigh { incident: ID, entry: EntryId(1), ground, bearing });
    }
    let pulled = Support {
        evidence: String::new(),
        grounds: vec![Ground::Evidence { evidence: signal("the disk is full") }],
    };
    life.row(RetroContent::Learning {
        text: "look at disks".into(),
        support: pulled,
        implication: String::new(),
    });
    let pack = pack(&life);
    let row = pack.model.timeline.iter().find(|row| row.entry.as_deref() == Some("E1")).unwrap();
    assert_eq!(row.against, ["E2 the pool was raised and nothing changed", "latency is flat"]);
    assert!(row.evidence.contains(&"connections wait".to_owned()));
    for format in Format::ALL {
        assert!(written(&pack, *format).contains("latency is flat"), "{format:?}");
    }
    let titles: Vec<_> = pack.model.signals.iter().map(|signal| signal.title.as_str()).collect();
    assert_eq!(titles, ["connections wait", "the disk is full", "the pool has room"]);
}

#[test]
fn a_why_below_a_struck_row_stands_and_an_answered_question_is_not_open() {
    let mut life = Life::declared();
    let why = |of, text: &str| RetroContent::Why {
        of,
        text: text.into(),
        answer: "so".into(),
        support: Support::default(),
    };
    let struck = life.row(why(None, "why one?"));
    let below = life.row(why(Some(struck), "why two?"));
    life.row(why(Some(below), "why three?"));
    life.says("dana", 1_500, Intent::StrikeItem(ID, struck, String::new()));
    for text in ["who pays?", "who knew?"] {
        life.row(RetroContent::OpenQuestion { text: text.into(), owner: None, due: None });
    }
    let step = life.row(RetroContent::NextStep { text: "count the cost".into(), due: None });
    let answered = RetroId(step.0 - 1);
    for item in [answered, step] {
        life.says("dana", 1_501, Intent::MarkItem(ID, item, ItemState::Done, String::new()));
    }
    let pack = pack(&life);
    let whys: Vec<_> =
        part(&pack, "5 whys").rows.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    assert_eq!(whys, [("0", "why two?"), ("1", "why three?")]);
    let questions = &part(&pack, "Open questions").rows;
    assert!(
        questions.iter().any(|row| row[0] == "who pays?")
            && !questions.iter().any(|row| row[0] == "who knew?")
    );
    assert!(part(&pack, "Next steps").rows.is_empty());
}

#[test]
fn whoever_had_command_or_was_asked_to_is_named() {
    let mut life = Life::declared();
    let take = |relieving| Intent::TakeCommand { incident: ID, relieving };
    life.says("sam", 30, take(None));
    life.says("lee", 31, take(Some(Person::new("sam"))));
    life.says("lee", 32, Intent::OfferCommand(ID, Person::new("payments-on-call")));
    life.says("lee", 33, Intent::NameNext(ID, Some(Person::new("platform-lead"))));
    life.says("sam", 34, Intent::TakeRole(ID, Role::Scribe));
    life.says("sam", 35, Intent::DropRole(ID, Role::Scribe));
    let people = pack(&life).model.incident.people;
    let was = |name: &str| people[&Person::new(name)].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((was("sam"), was("lee")), (vec!["IC", "Scribe"], vec!["IC"]));
    assert_eq!(
        (was("payments-on-call"), was("platform-lead")),
        (vec!["was offered command"], vec!["named as next IC"])
    );
}

#[test]
fn an_action_answers_nothing_where_no_factor_is_named() {
    let gate = pack(&Life::declared()).gate;
    let actions = gate.dimensions.iter().find(|dimension| dimension.word == "actions").unwrap();
    assert!(actions.missing().any(|missing| missing == "name the factors that actions are to answer"));
}

#[test]
fn the_pack_has_the_work_with_whose_it_is_and_its_labels() {
    let mut life = Life::declared();
    let said = Content {
        owner: Some(Person::new("sam")),
        labels: vec!["db".into()],
        ..content(EntryKind::Decision, "roll back now")
    };
    life.says("dana", 30, Intent::Write(ID, said));
    let task = |text: &str| TaskContent { text: text.into(), owner: None, due: None, call_back: None };
    life.says("dana", 31, Intent::AddTask(ID, task("ask the bank")));
    life.says("dana", 32, Intent::MarkTask(ID, TaskId(1), TaskState::Done, "they knew".into()));
    let steps = vec![Step { text: "stop the roll-out".into(), role: None, link: None }];
    let (title, template) = ("Rollback".to_owned(), String::new());
    let list = ChecklistContent { title, template, role: None, target: None, steps };
    life.says("dana", 33, Intent::StartChecklist(ID, list));
    let (checklist, state, reason) = (ChecklistId(1), StepState::Done, String::new());
    life.says("dana", 34, Intent::MarkStep { incident: ID, checklist, step: 1, state, reason });
    let pack = pack(&life);
    for (format, wanted) in [
        (Format::Markdown, &["roll back now @sam #db", "they knew", "ticked Rollback 1: stop the roll"][..]),
        (Format::Csv, &["sam,db", "they knew", "stop the roll-out"]),
        (Format::Json, &["\"owner\": \"sam\"", "they knew", "stop the roll-out"]),
    ] {
        let text = written(&pack, format).replace('\\', "");
        for wanted in wanted {
            assert!(
                text.contains(wanted) || text.contains(&wanted.replace(',', "\",\"")),
                "{wanted} in {text}"
            );
        }
    }
}
