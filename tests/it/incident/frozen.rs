//! The second frozen journal: the kinds of event an incident is run with. Never written again, as the first is.

use super::at;
use sitroom::domain::event::*;
use sitroom::domain::incident::{Measured, Status, durations, timeline};
use sitroom::domain::{
    ChecklistId, CriterionId, EntryId, IncidentId, Person, Record, Room, Seq, SignalId, Span, TaskId,
};
use sitroom::journal::{Draft, Journal, MemoryJournal, export, import, verify};
use std::sync::Arc;

const FROZEN: &str = include_str!("../../frozen/journal-v1-incident.jsonl");
const HEAD: &str = "ba124b6d121f033be5045827a5ee59b7de31639cc46fcf708494329f03240c7b";

const KINDS: [&str; 16] = [
    "incident-described",
    "incident-merged",
    "next-commander-named",
    "handover-offered",
    "handover-accepted",
    "moment-set",
    "proposal-declined",
    "hypothesis-weighed",
    "task-written",
    "task-marked",
    "criterion-written",
    "criterion-marked",
    "checklist-started",
    "step-marked",
    "update-posted",
    "nudge-answered",
];

const ONE: IncidentId = IncidentId(1);
const TWO: IncidentId = IncidentId(2);

#[tokio::test]
async fn it_comes_in_and_is_told_to_the_same_state_for_ever() {
    let journal = MemoryJournal::new();
    import(&journal, &mut FROZEN.as_bytes()).await.unwrap();
    let sound = verify(&journal).await.unwrap();
    assert_eq!((sound.head.hash.to_string().as_str(), sound.newer), (HEAD, 0));
    let room = Room::replay(&journal.read(Seq(0), 1_000).await.unwrap());
    let incident = room.incident(ONE).unwrap();
    assert_eq!(incident.title, "Payments fail for half of all customers");
    assert_eq!(incident.command.holder, Some(Person::new("sam")));
    assert_eq!(incident.command.accepted_packet.as_deref(), Some(&packet()));
    assert_eq!(room.incident(TWO).unwrap().status, Status::Merged(ONE));
    assert_eq!(incident.entries[&EntryId(1)].leaning(Bearing::Against).count(), 1);
    assert_eq!(incident.tasks[&TaskId(1)].state, TaskState::Done);
    assert_eq!(incident.criteria[&CriterionId(1)].evidence.len(), 4);
    assert_eq!(incident.checklists[&ChecklistId(1)].passed(), 2);
    assert_eq!((incident.updates.len(), incident.nudges.len(), incident.declined.len()), (2, 9, 1));
    assert!(durations(incident).iter().any(|(_, measured)| matches!(measured, Measured::Recorded(_))));
    assert_eq!(timeline(incident).len(), 55);
}

#[tokio::test]
async fn the_same_events_are_written_as_the_same_bytes() {
    let journal = MemoryJournal::new();
    journal.append(Seq(0), events()).await.unwrap();
    let mut lines = Vec::new();
    export(&journal, &mut lines).await.unwrap();
    assert_eq!(String::from_utf8(lines).unwrap(), FROZEN);
}

#[test]
fn it_holds_every_kind_and_every_word() {
    for kind in KINDS {
        assert!(FROZEN.contains(&format!(r#""event":{{"kind":"{kind}""#)), "{kind}");
    }
    for is in [
        "number",
        "series",
        "log",
        "finding",
        "entry",
        "evidence",
        "happened",
        "never",
        "unknown",
        "alarm",
        "no-command",
        "external-update",
        "internal-update",
        "call-out",
        "roles-unclaimed",
        "call-back",
        "time-box",
        "done",
        "snoozed",
        "dismissed",
    ] {
        assert!(FROZEN.contains(&format!(r#""is":"{is}""#)), "{is}");
    }
}

#[test]
fn every_record_of_it_reads_back() {
    for draft in events() {
        let record = Record { key: None, seq: Seq(1), at: draft.at, by: draft.by, event: draft.event };
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}

fn events() -> Vec<Draft> {
    let told = [opening(), handing_over(), moments(), weighing(), tasks(), criteria(), checklist(), clocks()];
    told.concat()
}

fn draft(by: &str, minute: i64, event: Event) -> Draft {
    Draft { key: None, at: at(minute), by: Person::new(by), event }
}

fn opening() -> Vec<Draft> {
    let declared = |incident, title: &str| Event::IncidentDeclared {
        incident,
        title: title.into(),
        severity: Severity::Sev2,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let described = Event::IncidentDescribed {
        incident: ONE,
        title: Some("Payments fail for half of all customers".into()),
        services: Some(vec!["payment-api".into()]),
        impact: Some("half of all payments fail".into()),
    };
    let impact =
        Event::IncidentDescribed { incident: ONE, title: None, services: None, impact: Some("".into()) };
    let merged = |into, reason: &str| Event::IncidentMerged { incident: TWO, into, reason: reason.into() };
    vec![
        draft("dana", 0, declared(ONE, "Payments fail")),
        draft("lee", 1, declared(TWO, "Checkout is slow")),
        draft("sam", 2, described),
        draft("sam", 3, impact),
        draft("dana", 4, merged(ONE, "")),
        draft("dana", 5, Event::IncidentReopened { incident: TWO }),
        draft("dana", 6, merged(ONE, "the same database")),
    ]
}

fn packet() -> Packet {
    let task = TaskContent {
        text: "look at the locks".into(),
        owner: Some(Person::new("lee")),
        due: Some(at(40)),
        call_back: Some(at(20)),
    };
    Packet {
        composed_at: at(9),
        severity: Severity::Sev2,
        brief: brief(),
        hypotheses: vec![
            OpenHypothesis { of: None, entry: EntryId(1), text: "the pool is exhausted".into() },
            OpenHypothesis { of: Some(TWO), entry: EntryId(1), text: "the queue is full".into() },
        ],
        tasks: vec![
            RunningTask { of: None, task: TaskId(1), content: task.clone() },
            RunningTask { of: Some(TWO), task: TaskId(2), content: task },
        ],
        timers: vec![Timer { nudge: Nudge::CallBack { of: None, task: TaskId(1) }, due: at(20) }],
        owners: vec![Owner { role: Role::Scribe, person: Person::new("lee") }],
        criteria: vec!["5xx below 0.5 % for 10 min".into()],
        last_update: Some(update(Audience::Internal, Some(30))),
        next_update: Some(at(30)),
    }
}

fn bare_packet() -> Packet {
    Packet {
        composed_at: at(8),
        severity: Severity::Sev5,
        brief: Brief::default(),
        hypotheses: Vec::new(),
        tasks: Vec::new(),
        timers: Vec::new(),
        owners: Vec::new(),
        criteria: Vec::new(),
        last_update: None,
        next_update: None,
    }
}

fn handing_over() -> Vec<Draft> {
    let named = |next: Option<&str>| Event::NextCommanderNamed { incident: ONE, next: next.map(Person::new) };
    let offered =
        |packet| Event::HandoverOffered { incident: ONE, to: Person::new("sam"), packet: Arc::new(packet) };
    let accepted =
        Event::HandoverAccepted { incident: ONE, from: Person::new("dana"), packet: packet().into() };
    vec![
        draft("dana", 7, Event::CommandTaken { incident: ONE, relieved: None }),
        draft("dana", 7, named(Some("lee"))),
        draft("dana", 7, named(None)),
        draft("dana", 8, offered(bare_packet())),
        draft("dana", 9, offered(packet())),
        draft("sam", 10, accepted),
    ]
}

fn reading() -> Reading {
    Reading {
        source: "aws".into(),
        query: "payment-api/5xx".into(),
        from: Some(at(-20)),
        to: Some(at(10)),
        link: Some("https://example.org/metrics?a=1&b=2".into()),
        read_at: at(11),
    }
}

fn evidence() -> Vec<Evidence> {
    let bare = Reading { from: None, to: None, link: None, ..reading() };
    let signal = Evidence::Signal { id: SignalId(7), at: at(-1), title: "5xx 0.7 % → 1.9 %".into() };
    let point = |minute, value: &str| Point { at: at(minute), value: value.into() };
    let points = vec![point(-1, "0.7"), point(0, "1.9")];
    let lines = vec![LogLine { at: at(0), text: "\u{1b}[31mlock wait timeout\n größe".into() }];
    vec![
        Evidence::Number { reading: reading(), value: "1.9".into(), unit: "%".into() },
        Evidence::Series { reading: reading(), points, unit: String::new() },
        Evidence::Log { reading: bare, lines },
        Evidence::Finding {
            basis: basis(),
            title: "error rate up after deploy".into(),
            read_at: at(11),
            evidence: vec![signal],
        },
    ]
}

fn basis() -> Basis {
    Basis { rule: "elevated-after-deploy".into(), version: 2 }
}

fn moments() -> Vec<Draft> {
    let set = |moment, value, reason: &str, basis, evidence| {
        let event =
            Event::MomentSet { incident: ONE, moment, value, reason: String::from(reason), evidence, basis };
        draft("sam", 12, event)
    };
    let happened = |when| MomentValue::Happened { when };
    let mut drafts: Vec<_> = (0..)
        .zip(Moment::ALL)
        .map(|(minute, moment)| set(*moment, happened(When::exactly(at(minute))), "", None, Vec::new()))
        .collect();
    let range = When { from: at(-5), to: Some(at(0)), approximate: true };
    drafts.push(set(Moment::ImpactStart, happened(range), "seen in the logs", Some(basis()), evidence()));
    drafts.push(set(Moment::Escalated, MomentValue::Never, "the team had it", None, Vec::new()));
    drafts.push(set(Moment::Closed, MomentValue::Unknown, "", None, Vec::new()));
    let declined = |evidence, reason: &str| Event::ProposalDeclined {
        incident: ONE,
        moment: Moment::Mitigated,
        when: When::about(at(14)),
        basis: basis(),
        evidence,
        reason: reason.into(),
    };
    drafts.push(draft("lee", 13, declined(evidence(), "another alarm")));
    drafts
}

fn weighing() -> Vec<Draft> {
    let written = |entry, entry_kind, text: &str| Event::EntryWritten {
        incident: ONE,
        entry: EntryId(entry),
        content: super::content(entry_kind, When::about(at(13)), text),
    };
    let weighed =
        |ground, bearing| Event::HypothesisWeighed { incident: ONE, entry: EntryId(1), ground, bearing };
    let fact = || Ground::Entry { of: None, entry: EntryId(2) };
    let elsewhere = Ground::Entry { of: Some(TWO), entry: EntryId(9) };
    let mut drafts = vec![
        draft("lee", 14, written(1, EntryKind::Hypothesis, "the pool is exhausted")),
        draft("lee", 14, written(2, EntryKind::Fact, "the pool is at 40 %")),
        draft("lee", 15, weighed(fact(), Bearing::For)),
        draft("lee", 15, weighed(fact(), Bearing::Against)),
        draft("lee", 15, weighed(elsewhere.clone(), Bearing::For)),
        draft("lee", 15, weighed(elsewhere, Bearing::Withdrawn)),
    ];
    let grounds = evidence().into_iter().map(|evidence| Ground::Evidence { evidence });
    drafts.extend(grounds.map(|ground| draft("lee", 16, weighed(ground, Bearing::For))));
    drafts
}

fn tasks() -> Vec<Draft> {
    let full = packet().tasks.remove(0).content;
    let bare = TaskContent { text: "roll back".into(), owner: None, due: None, call_back: None };
    let written = |task, content| Event::TaskWritten { incident: ONE, task: TaskId(task), content };
    let marked = |state, outcome: &str| Event::TaskMarked {
        incident: ONE,
        task: TaskId(1),
        state,
        outcome: outcome.into(),
    };
    vec![
        draft("sam", 17, written(1, full)),
        draft("sam", 17, written(2, bare)),
        draft("lee", 18, marked(TaskState::Cancelled, "")),
        draft("lee", 18, marked(TaskState::Open, "still needed")),
        draft("lee", 19, marked(TaskState::Done, "no locks left")),
    ]
}

fn criteria() -> Vec<Draft> {
    let series = |side| LiveCheck::Series {
        series: "payment-api/5xx".into(),
        side,
        limit: "0.5".into(),
        good_for: Span::minutes(10),
    };
    let alarm = |service| LiveCheck::Alarm { name: "5xx-high".into(), service, good_for: Span::seconds(90) };
    let checks = [
        None,
        Some(series(Side::Below)),
        Some(series(Side::Above)),
        Some(alarm(None)),
        Some(alarm(Some("payment-api".into()))),
    ];
    let mut drafts: Vec<_> = (1..)
        .zip(checks)
        .map(|(number, check)| {
            let content = CriterionContent { text: "it is quiet again".into(), check };
            draft(
                "sam",
                20,
                Event::CriterionWritten { incident: ONE, criterion: CriterionId(number), content },
            )
        })
        .collect();
    let marked = |state, reason: &str, evidence| Event::CriterionMarked {
        incident: ONE,
        criterion: CriterionId(1),
        state,
        reason: reason.into(),
        evidence,
    };
    drafts.push(draft("sam", 21, marked(CriterionState::Dropped, "cannot be told", Vec::new())));
    drafts.push(draft("sam", 22, marked(CriterionState::Open, "", Vec::new())));
    drafts.push(draft("sam", 23, marked(CriterionState::Met, "", evidence())));
    drafts
}

fn checklist() -> Vec<Draft> {
    let bare = Step { text: "stop the pipeline".into(), role: None, link: None };
    let full = Step {
        text: "tell support".into(),
        role: Some(Role::CustomerLiaison),
        link: Some("https://example.org/runbook".into()),
    };
    let content = ChecklistContent {
        title: "Rollback".into(),
        template: "payment-api/rollback".into(),
        role: Some(Role::Expert),
        target: None,
        steps: vec![bare.clone(), full],
    };
    let own = ChecklistContent { template: String::new(), role: None, steps: vec![bare], ..content.clone() };
    let started = |checklist, content| Event::ChecklistStarted {
        incident: ONE,
        checklist: ChecklistId(checklist),
        content,
    };
    let marked = |step, state, reason: &str| Event::StepMarked {
        incident: ONE,
        checklist: ChecklistId(1),
        step,
        state,
        reason: reason.into(),
    };
    vec![
        draft("sam", 24, started(1, content)),
        draft("sam", 24, started(2, own)),
        draft("lee", 25, marked(1, StepState::Done, "")),
        draft("lee", 26, marked(1, StepState::Open, "it still ran")),
        draft("lee", 27, marked(1, StepState::Done, "")),
        draft("lee", 28, marked(2, StepState::Skipped, "they know")),
    ]
}

fn brief() -> Brief {
    Brief {
        condition: "half of all payments fail".into(),
        actions: "rolling back".into(),
        needs: "a database engineer".into(),
    }
}

fn update(audience: Audience, next: Option<i64>) -> UpdateContent {
    UpdateContent { audience, happened: When::about(at(5)), brief: brief(), next: next.map(at) }
}

fn clocks() -> Vec<Draft> {
    let bare = UpdateContent {
        brief: Brief { condition: "we are on it".into(), ..Brief::default() },
        ..update(Audience::External, None)
    };
    let posted = |content| Event::UpdatePosted { incident: ONE, content };
    let nudged = |nudge, answer| Event::NudgeAnswered { incident: ONE, nudge, due: at(10), answer };
    let dismissed = |reason: &str| Answer::Dismissed { reason: reason.into() };
    let task = TaskId(1);
    let answered = [
        (Nudge::NoCommand, Answer::Done),
        (Nudge::ExternalUpdate, Answer::Snoozed { span: Span::minutes(5) }),
        (Nudge::InternalUpdate, Answer::Snoozed { span: Span::seconds(90) }),
        (Nudge::CallOut, Answer::Done),
        (Nudge::RolesUnclaimed, dismissed("we are two")),
        (Nudge::CallBack { of: None, task }, dismissed("")),
        (Nudge::TimeBox { of: None, task }, Answer::Done),
        (Nudge::TimeBox { of: Some(TWO), task }, Answer::Done),
        (Nudge::CallBack { of: Some(TWO), task }, Answer::Done),
    ];
    let mut drafts =
        vec![draft("sam", 29, posted(update(Audience::Internal, Some(30)))), draft("sam", 29, posted(bare))];
    drafts.extend(answered.map(|(nudge, answer)| draft("sam", 30, nudged(nudge, answer))));
    drafts
}
