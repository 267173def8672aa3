//! Laws: what is told again is what was lived, whatever is accepted takes effect, and no record can do harm.

use super::at;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use sitroom::domain::event::*;
use sitroom::domain::incident::*;
use sitroom::domain::{
    ChecklistId, CriterionId, EntryId, IncidentId, Intent, Person, Record, Room, Seq, Span, TaskId, Time,
    decide,
};
use std::sync::Arc;

fn incident() -> BoxedStrategy<IncidentId> {
    (1_u32..5).prop_map(IncidentId).boxed()
}

fn entry() -> BoxedStrategy<EntryId> {
    (1_u32..5).prop_map(EntryId).boxed()
}

fn person() -> BoxedStrategy<Person> {
    select(vec!["dana", "sam", "lee"]).prop_map(Person::new).boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![Just(String::new()), Just(" ".to_owned()), "\\PC{1,12}", Just("1.5".to_owned())].boxed()
}

fn time() -> BoxedStrategy<Time> {
    prop_oneof![8 => (-90_i64..200).prop_map(at), 1 => Just(Time::MIN), 1 => Just(Time::MAX)].boxed()
}

fn span() -> BoxedStrategy<Span> {
    prop_oneof![
        (-5_i64..90).prop_map(Span::minutes),
        Just(Span::millis(i64::MAX)),
        Just(Span::millis(i64::MIN))
    ]
    .boxed()
}

fn when() -> BoxedStrategy<When> {
    (time(), proptest::option::of(time()), any::<bool>())
        .prop_map(|(from, to, approximate)| When { from, to, approximate })
        .boxed()
}

fn word<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> BoxedStrategy<T> {
    select(all).boxed()
}

fn reading() -> BoxedStrategy<Reading> {
    (text(), proptest::option::of(time()), proptest::option::of(text()), time())
        .prop_map(|(query, from, link, read_at)| Reading {
            source: "aws".into(),
            query,
            from,
            to: from,
            link,
            read_at,
        })
        .boxed()
}

fn basis() -> BoxedStrategy<Basis> {
    (1_u32..3).prop_map(|version| Basis { rule: "first-alarm".into(), version }).boxed()
}

fn evidence() -> BoxedStrategy<Evidence> {
    let leaf = prop_oneof![
        text().prop_map(|url| Evidence::Link { url }),
        (reading(), text()).prop_map(|(reading, value)| Evidence::Number {
            reading,
            value,
            unit: "%".into()
        }),
        (reading(), time(), text()).prop_map(|(reading, at, value)| Evidence::Series {
            reading,
            points: vec![Point { at, value }],
            unit: String::new(),
        }),
        (reading(), time(), text())
            .prop_map(|(reading, at, text)| Evidence::Log { reading, lines: vec![LogLine { at, text }] }),
    ];
    leaf.prop_recursive(2, 4, 2, |inner| {
        (basis(), text(), time(), proptest::collection::vec(inner, 0..3)).prop_map(
            |(basis, title, read_at, evidence)| Evidence::Finding { basis, title, read_at, evidence },
        )
    })
    .boxed()
}

fn content() -> BoxedStrategy<Content> {
    (word(EntryKind::ALL), when(), text(), proptest::collection::vec(evidence(), 0..2))
        .prop_map(|(entry_kind, happened, text, evidence)| Content {
            entry_kind,
            happened,
            text,
            owner: None,
            labels: vec!["db".into()],
            evidence,
        })
        .boxed()
}

fn ground() -> BoxedStrategy<Ground> {
    prop_oneof![
        (proptest::option::of(incident()), entry()).prop_map(|(of, entry)| Ground::Entry { of, entry }),
        evidence().prop_map(|evidence| Ground::Evidence { evidence }),
    ]
    .boxed()
}

fn value() -> BoxedStrategy<MomentValue> {
    prop_oneof![
        3 => when().prop_map(|when| MomentValue::Happened { when }),
        1 => Just(MomentValue::Never),
        1 => Just(MomentValue::Unknown),
    ]
    .boxed()
}

fn task() -> BoxedStrategy<TaskContent> {
    (text(), proptest::option::of(person()), proptest::option::of(time()))
        .prop_map(|(text, owner, due)| TaskContent { text, owner, due, call_back: due })
        .boxed()
}

fn criterion() -> BoxedStrategy<CriterionContent> {
    let check = prop_oneof![
        (text(), span()).prop_map(|(name, good_for)| LiveCheck::Alarm { name, service: None, good_for }),
        (text(), span(), word(Side::ALL)).prop_map(|(limit, good_for, side)| LiveCheck::Series {
            series: "payment-api/5xx".into(),
            side,
            limit,
            good_for,
        }),
    ];
    (text(), proptest::option::of(check)).prop_map(|(text, check)| CriterionContent { text, check }).boxed()
}

fn checklist() -> BoxedStrategy<ChecklistContent> {
    (text(), proptest::collection::vec(text(), 0..3))
        .prop_map(|(title, steps)| ChecklistContent {
            title,
            template: String::new(),
            role: Some(Role::Scribe),
            target: None,
            steps: steps.into_iter().map(|text| Step { text, role: None, link: None }).collect(),
        })
        .boxed()
}

fn update() -> BoxedStrategy<UpdateContent> {
    (word(Audience::ALL), when(), text(), proptest::option::of(time()))
        .prop_map(|(audience, happened, condition, next)| UpdateContent {
            audience,
            happened,
            brief: Brief { condition, ..Brief::default() },
            next,
        })
        .boxed()
}

fn nudge() -> BoxedStrategy<Nudge> {
    let task = TaskId(1);
    select(vec![
        Nudge::NoCommand,
        Nudge::ExternalUpdate,
        Nudge::InternalUpdate,
        Nudge::CallOut,
        Nudge::RolesUnclaimed,
        Nudge::CallBack { of: None, task },
        Nudge::TimeBox { of: None, task },
        Nudge::CallBack { of: Some(IncidentId(2)), task },
    ])
    .boxed()
}

fn answer() -> BoxedStrategy<Answer> {
    prop_oneof![
        Just(Answer::Done),
        span().prop_map(|span| Answer::Snoozed { span }),
        text().prop_map(|reason| Answer::Dismissed { reason }),
    ]
    .boxed()
}

fn packet() -> Arc<Packet> {
    let mut room = Room::default();
    let declare = Intent::Declare {
        title: "t".into(),
        severity: Severity::Sev2,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let event = decide(&room, &Person::new("dana"), declare).unwrap();
    room.apply(&Record { key: None, seq: Seq(1), at: at(0), by: Person::new("dana"), event });
    Arc::new(handover(room.in_front().unwrap(), &ClockPolicy::default(), at(3)))
}

fn about_incidents() -> BoxedStrategy<Intent> {
    prop_oneof![
        3 => (text(), word(Severity::ALL)).prop_map(|(title, severity)| Intent::Declare {
            title,
            severity,
            services: Vec::new(),
            impact: String::new(),
            evidence: Vec::new(),
        }),
        1 => (incident(), proptest::option::of(text())).prop_map(|(incident, title)| Intent::Describe {
            incident,
            impact: title.clone(),
            title,
            services: None,
        }),
        1 => (incident(), word(Severity::ALL)).prop_map(|(i, to)| Intent::SetSeverity(i, to)),
        1 => incident().prop_map(Intent::Resolve),
        1 => incident().prop_map(Intent::Close),
        2 => incident().prop_map(Intent::Reopen),
        2 => (incident(), incident(), text())
            .prop_map(|(incident, into, reason)| Intent::Merge { incident, into, reason }),
    ]
    .boxed()
}

fn about_command() -> BoxedStrategy<Intent> {
    let packet = packet();
    let read = Arc::clone(&packet);
    prop_oneof![
        (incident(), proptest::option::of(person()))
            .prop_map(|(incident, relieving)| Intent::TakeCommand { incident, relieving }),
        (incident(), person()).prop_map(|(i, to)| Intent::OfferCommand(i, to)),
        (incident(), person()).prop_map(move |(i, to)| Intent::OfferHandover(i, to, Arc::clone(&packet))),
        incident().prop_map(Intent::AcceptCommand),
        incident().prop_map(move |i| Intent::AcceptHandover(i, Arc::clone(&read))),
        incident().prop_map(Intent::DeclineCommand),
        incident().prop_map(Intent::ReleaseCommand),
        (incident(), proptest::option::of(person())).prop_map(|(i, next)| Intent::NameNext(i, next)),
        (incident(), word(Role::ALL)).prop_map(|(i, role)| Intent::TakeRole(i, role)),
        (incident(), word(Role::ALL)).prop_map(|(i, role)| Intent::DropRole(i, role)),
    ]
    .boxed()
}

fn about_entries() -> BoxedStrategy<Intent> {
    prop_oneof![
        4 => (incident(), content()).prop_map(|(i, c)| Intent::Write(i, c)),
        1 => (incident(), entry(), content()).prop_map(|(i, e, c)| Intent::Revise(i, e, c, None)),
        1 => (incident(), entry(), text()).prop_map(|(i, e, why)| Intent::Strike(i, e, why)),
        1 => (incident(), entry()).prop_map(|(i, e)| Intent::Restore(i, e)),
        1 => (incident(), entry(), any::<bool>()).prop_map(|(i, e, pinned)| Intent::Pin(i, e, pinned)),
        1 => (incident(), entry(), word(Verdict::ALL), text())
            .prop_map(|(i, e, verdict, why)| Intent::Judge(i, e, verdict, why, None)),
        2 => (incident(), entry(), ground(), word(Bearing::ALL))
            .prop_map(|(incident, entry, ground, bearing)| Intent::Weigh { incident, entry, ground, bearing }),
    ]
.boxed()
}

fn about_work() -> BoxedStrategy<Intent> {
    let id = || 1_u32..4;
    prop_oneof![
        (incident(), task()).prop_map(|(i, c)| Intent::AddTask(i, c)),
        (incident(), id(), task()).prop_map(|(i, t, c)| Intent::ReviseTask(i, TaskId(t), c)),
        (incident(), id(), word(TaskState::ALL), text()).prop_map(|(i, t, state, outcome)| Intent::MarkTask(
            i,
            TaskId(t),
            state,
            outcome
        )),
        (incident(), criterion()).prop_map(|(i, c)| Intent::AddCriterion(i, c)),
        (incident(), id(), criterion()).prop_map(|(i, x, c)| Intent::ReviseCriterion(i, CriterionId(x), c)),
        (incident(), id(), word(CriterionState::ALL), text()).prop_map(|(incident, x, state, reason)| {
            let evidence = Vec::new();
            Intent::MarkCriterion { incident, criterion: CriterionId(x), state, reason, evidence }
        }),
        (incident(), checklist()).prop_map(|(i, c)| Intent::StartChecklist(i, c)),
        (incident(), id(), 0_u32..4, word(StepState::ALL), text()).prop_map(
            |(incident, list, step, state, reason)| Intent::MarkStep {
                incident,
                checklist: ChecklistId(list),
                step,
                state,
                reason,
            }
        ),
        (incident(), update()).prop_map(|(i, content)| Intent::PostUpdate(i, content)),
    ]
    .boxed()
}

fn about_moments() -> BoxedStrategy<Intent> {
    prop_oneof![
        (incident(), word(Moment::ALL), value(), text(), proptest::option::of(basis())).prop_map(
            |(incident, moment, value, reason, basis)| Intent::SetMoment {
                incident,
                moment,
                value,
                reason,
                evidence: Vec::new(),
                basis,
            }
        ),
        (incident(), word(Moment::ALL), when(), basis()).prop_map(|(incident, moment, when, basis)| {
            let (evidence, reason) = (Vec::new(), String::new());
            Intent::DeclineProposal { incident, moment, when, basis, evidence, reason }
        }),
        (incident(), nudge(), time(), answer())
            .prop_map(|(incident, nudge, due, answer)| Intent::AnswerNudge { incident, nudge, due, answer }),
    ]
    .boxed()
}

fn lives() -> BoxedStrategy<Vec<(Person, Time, Intent)>> {
    let intent = prop_oneof![
        2 => about_incidents(),
        2 => about_command(),
        3 => about_entries(),
        3 => about_work(),
        2 => about_moments(),
    ];
    proptest::collection::vec((person(), time(), intent), 1..80).boxed()
}

fn live(
    intents: Vec<(Person, Time, Intent)>,
    mut each: impl FnMut(&Room, &Record, &Room),
) -> (Room, Vec<Record>) {
    let (mut room, mut records) = (Room::default(), Vec::new());
    for (by, at, intent) in intents {
        let Ok(event) = decide(&room, &by, intent) else { continue };
        let record = Record { key: None, seq: room.seq.next(), at, by, event };
        let before = room.clone();
        room.apply(&record);
        each(&before, &record, &room);
        records.push(record);
    }
    (room, records)
}

/// Asks everything that can be asked of a room.
fn read_all(room: &Room, now: Time) {
    for incident in room.incidents.values() {
        let lines = timeline(incident);
        assert!(lines.is_sorted_by_key(|line| (line.when.from, line.seq)));
        for line in &lines {
            let _ = (line.text(), line.by(), line.delay(), line.is_curated());
        }
        let policy = ClockPolicy::default();
        assert!(clocks(incident, &policy, now).iter().all(|clock| clock.next() >= Time::MIN));
        let packet = handover(incident, &policy, now);
        assert_eq!(serde_json::from_str::<Packet>(&serde_json::to_string(&packet).unwrap()).unwrap(), packet);
        for (_, measured) in durations(incident) {
            assert!(!measured.say(incident.status).is_empty());
        }
        let _ =
            (impossible_orders(incident), command_warnings(incident, 7), unclaimed_roles(incident, &policy));
        assert!(room.goes_on_in(incident.id).is_some(), "mergers end somewhere");
    }
}

/// What the incidents above hold of a merged one is what it is.
fn mergers_are_true(room: &Room) -> bool {
    room.incidents.values().all(|incident| {
        let below = incident.merged.iter().all(|(id, held)| {
            room.incident(*id) == Some(held.as_ref()) && held.status == Status::Merged(incident.id)
        });
        let above = match incident.status {
            Status::Merged(into) => {
                room.incident(into).is_some_and(|into| into.merged.contains_key(&incident.id))
            }
            _ => true,
        };
        below && above
    })
}

/// Whether a record left anything behind besides that it was said.
fn took_effect(before: &Room, after: &Room) -> bool {
    let [before, after] = [before, after].map(|room| {
        let mut room = room.clone();
        for incident in room.incidents.values_mut() {
            let incident = Arc::make_mut(incident);
            (incident.history, incident.merged) = Default::default();
        }
        room.incidents
    });
    before != after
}

/// What may be said again though it holds already.
fn may_repeat(event: &Event) -> bool {
    matches!(
        event,
        Event::EntryPinned { .. }
            | Event::CommandOffered { .. }
            | Event::HandoverOffered { .. }
            | Event::NextCommanderNamed { .. }
            | Event::IncidentDescribed { .. }
            | Event::CriterionWritten { .. }
            | Event::TaskWritten { .. }
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn what_is_accepted_takes_effect_and_is_told_again_the_same(intents in lives(), now in time()) {
        let (room, records) = live(intents, |before, record, after| {
            assert!(took_effect(before, after) || may_repeat(&record.event), "{record:?}");
            assert!(mergers_are_true(after), "{record:?}");
        });
        prop_assert_eq!(&Room::replay(&records), &room);
        read_all(&room, now);
    }

    #[test]
    fn every_record_reads_back_as_it_was_written(intents in lives()) {
        let (_, records) = live(intents, |_, _, _| {});
        for record in records {
            let text = serde_json::to_string(&record).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Record>(&text).unwrap(), &record);
        }
    }

    #[test]
    fn no_order_of_records_does_harm(
        intents in lives(),
        places in proptest::collection::vec(any::<Index>(), 0..120),
        mergers in proptest::collection::vec((1_u32..5, 1_u32..5, any::<Index>()), 0..6),
        now in time(),
    ) {
        let (_, records) = live(intents, |_, _, _| {});
        let mut events: Vec<Event> = if records.is_empty() {
            Vec::new()
        } else {
            places.iter().map(|place| place.get(&records).event.clone()).collect()
        };
        for (from, into, place) in mergers {
            let merged = Event::IncidentMerged {
                incident: IncidentId(from),
                into: IncidentId(into),
                reason: String::new(),
            };
            events.insert(place.index(events.len() + 1), merged);
        }
        let mut room = Room::default();
        for (seq, event) in (1..).zip(events) {
            room.apply(&Record { key: None, seq: Seq(seq), at: at(0), by: Person::new("lee"), event });
            prop_assert!(mergers_are_true(&room));
        }
        read_all(&room, now);
    }

    #[test]
    fn a_record_told_twice_changes_nothing(intents in lives()) {
        let (mut room, records) = live(intents, |_, _, _| {});
        let before = room.clone();
        for record in &records {
            room.apply(record);
        }
        prop_assert_eq!(room, before);
    }
}
