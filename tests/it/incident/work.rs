//! Tasks, exit criteria, checklists, status updates, and hypotheses with what they rest on.

use super::{ID, Life, at, told};
use sitroom::domain::event::{
    Audience, Bearing, Brief, ChecklistContent, Content, CriterionContent, CriterionState, EntryKind,
    Evidence, Ground, LiveCheck, Reading, RetroContent, Severity, Side, Step, StepState, TaskContent,
    TaskState, UpdateContent, Verdict, When,
};
use sitroom::domain::incident::{ClockPolicy, draft_update, handover};
use sitroom::domain::{ChecklistId, CriterionId, EntryId, Intent, Person, RetroId, Span, TaskId};

fn task(text: &str, owner: &str) -> TaskContent {
    TaskContent { text: text.into(), owner: Some(Person::new(owner)), due: None, call_back: None }
}

fn rollback() -> ChecklistContent {
    let step = |text: &str| Step { text: text.into(), role: None, link: None };
    ChecklistContent {
        title: "Rollback".into(),
        template: "payment-api/rollback".into(),
        role: None,
        target: None,
        steps: vec![step("stop the pipeline"), step("deploy v2.14.2"), step("watch 5xx for 5 min")],
    }
}

fn mark(step: u32, state: StepState, reason: &str) -> Intent {
    Intent::MarkStep { incident: ID, checklist: ChecklistId(1), step, state, reason: reason.into() }
}

fn weigh(entry: EntryId, ground: Ground, bearing: Bearing) -> Intent {
    Intent::Weigh { incident: ID, entry, ground, bearing }
}

#[test]
fn a_task_runs_until_it_is_marked_and_says_so_by_itself() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 1, Intent::AddTask(ID, task("look at the locks", "lee")));
    let done = Intent::MarkTask(ID, TaskId(1), TaskState::Done, "no locks left".into());
    life.says("lee", 9, done.clone());
    assert_eq!(life.refused("sam", 9, done), "T1 is done already");
    assert_eq!(life.incident().tasks[&TaskId(1)].marked.as_ref().unwrap().why, "no locks left");
    assert_eq!(
        told(&life.lines())[1..],
        [
            "14:01 dana set T1 for lee: look at the locks",
            "14:09 lee finished T1 “look at the locks”: no locks left"
        ]
    );
    assert!(life.refused("sam", 9, Intent::AddTask(ID, task(" ", "lee"))).contains("text"));
}

#[test]
fn a_ticked_step_writes_the_timeline_with_who_and_when() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 1, Intent::StartChecklist(ID, rollback()));
    life.says("sam", 3, mark(1, StepState::Done, ""));
    assert!(life.refused("lee", 3, mark(1, StepState::Done, "")).contains("step 1 of L1 is done already"));
    assert!(life.refused("sam", 4, mark(2, StepState::Skipped, " ")).contains("why"));
    life.says("sam", 4, mark(2, StepState::Skipped, "already on it"));
    life.says("sam", 5, mark(1, StepState::Open, "it still ran"));
    for wrong in [0, 4, u32::MAX] {
        assert!(life.refused("sam", 6, mark(wrong, StepState::Done, "")).contains("no step"));
    }
    let list = &life.incident().checklists[&ChecklistId(1)];
    assert_eq!((list.passed(), list.next_step().map(|(number, _)| number)), (1, Some(1)));
    assert_eq!(
        told(&life.lines())[1..],
        [
            "14:01 dana began the checklist Rollback (3 steps)",
            "14:03 sam ticked Rollback 1: stop the pipeline",
            "14:04 sam skipped Rollback 2: deploy v2.14.2: already on it",
            "14:05 sam unticked Rollback 1: stop the pipeline: it still ran",
        ]
    );
    let empty = ChecklistContent { steps: Vec::new(), ..rollback() };
    assert!(life.refused("sam", 7, Intent::StartChecklist(ID, empty)).contains("at least one step"));
}

#[test]
fn a_criterion_is_prose_or_bound_to_something_alive() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let quiet = |limit: &str, good_for| CriterionContent {
        text: "5xx is back to normal".into(),
        check: Some(LiveCheck::Series {
            series: "payment-api/5xx".into(),
            side: Side::Below,
            limit: limit.into(),
            good_for,
        }),
    };
    life.says("dana", 1, Intent::AddCriterion(ID, quiet("0.5", Span::minutes(10))));
    for wrong in ["", "half", "NaN", "inf"] {
        let refused = life.refused("dana", 1, Intent::AddCriterion(ID, quiet(wrong, Span::minutes(10))));
        assert!(refused.contains("not a number"), "{wrong}: {refused}");
    }
    assert!(life.refused("dana", 1, Intent::AddCriterion(ID, quiet("1", Span::ZERO))).contains("some time"));
    assert_eq!(handover(life.incident(), &ClockPolicy::default(), at(2)).criteria, ["5xx is back to normal"]);

    let reading = Reading {
        source: "aws".into(),
        query: "payment-api/5xx".into(),
        from: Some(at(20)),
        to: Some(at(30)),
        link: None,
        read_at: at(30),
    };
    let evidence = vec![Evidence::Number { reading, value: "0.2".into(), unit: "%".into() }];
    let met = Intent::MarkCriterion {
        incident: ID,
        criterion: CriterionId(1),
        state: CriterionState::Met,
        reason: "below 0.5 for 10 min".into(),
        evidence: evidence.clone(),
    };
    life.says("dana", 30, met);
    assert_eq!(life.incident().criteria[&CriterionId(1)].evidence, evidence);
    assert!(handover(life.incident(), &ClockPolicy::default(), at(31)).criteria.is_empty());
}

#[test]
fn a_hypothesis_collects_what_speaks_for_and_against_it_and_a_refuted_one_stays() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let pool = life.writes("sam", 1, EntryKind::Hypothesis, When::exactly(at(1)), "the pool is exhausted");
    let fact = life.writes("sam", 2, EntryKind::Fact, When::exactly(at(2)), "the pool is at 40 %");
    let ground = Ground::Entry { of: None, entry: fact };
    life.says("sam", 3, weigh(pool, ground.clone(), Bearing::For));
    life.says("sam", 3, weigh(pool, ground.clone(), Bearing::Against));
    let link = Ground::Evidence { evidence: Evidence::Link { url: "https://example.org/pool".into() } };
    life.says("lee", 4, weigh(pool, link.clone(), Bearing::For));
    let found =
        |life: &Life, bearing| life.incident().entries[&pool].leaning(bearing).cloned().collect::<Vec<_>>();
    assert_eq!(
        (found(&life, Bearing::For), found(&life, Bearing::Against)),
        (vec![link.clone()], vec![ground])
    );
    life.says("lee", 5, weigh(pool, link.clone(), Bearing::Withdrawn));
    assert!(found(&life, Bearing::For).is_empty());

    for (verdict, why) in [
        (Verdict::Refuted, "40 % is not exhausted"),
        (Verdict::Open, "another pool"),
        (Verdict::Refuted, "nor that"),
    ] {
        life.says("lee", 6, Intent::Judge(ID, pool, verdict, why.into(), None));
    }
    let entry = &life.incident().entries[&pool];
    let reasons: Vec<_> = entry.judgements.iter().map(|judgement| judgement.reason.as_str()).collect();
    assert_eq!((entry.verdict, reasons.len()), (Verdict::Refuted, 3));
    assert_eq!(life.incident().open_hypotheses().count(), 0);
    assert!(told(&life.lines()).contains(&"14:01 the pool is exhausted".to_owned()));
    assert!(
        told(&life.lines()).contains(&"14:06 lee refuted E1 “the pool is exhausted”: nor that".to_owned())
    );

    let itself = Ground::Entry { of: Some(ID), entry: pool };
    assert!(life.refused("sam", 7, weigh(pool, itself, Bearing::For)).contains("itself"));
    assert!(life.refused("sam", 7, weigh(pool, link, Bearing::Withdrawn)).contains("nothing to withdraw"));
    let gone = Ground::Entry { of: None, entry: EntryId(9) };
    assert!(life.refused("sam", 7, weigh(pool, gone.clone(), Bearing::For)).contains("E9"));
    assert!(life.refused("sam", 7, weigh(fact, gone, Bearing::For)).contains("not a hypothesis"));
}

#[test]
fn an_update_begins_from_what_was_said_and_what_runs() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let draft = draft_update(life.incident(), Audience::Internal, at(1));
    assert_eq!((draft.brief.condition.as_str(), draft.brief.actions.as_str()), ("payments fail or hang", ""));
    life.says("dana", 2, Intent::AddTask(ID, task("roll back", "lee")));
    let brief = Brief {
        condition: "half of the payments fail".into(),
        actions: "looking".into(),
        needs: "a database engineer".into(),
    };
    let content = UpdateContent {
        audience: Audience::Internal,
        happened: When::exactly(at(3)),
        brief,
        next: Some(at(33)),
    };
    life.says("dana", 4, Intent::PostUpdate(ID, content.clone()));
    let next = draft_update(life.incident(), Audience::Internal, at(30)).brief;
    assert_eq!(
        (next.condition.as_str(), next.actions.as_str(), next.needs.as_str()),
        ("half of the payments fail", "roll back (lee)", "a database engineer")
    );
    assert_eq!(
        told(&life.lines()).last().unwrap(),
        "14:03 Internal update: half of the payments fail · actions: looking · needs: a database engineer · next by 14:33 UTC"
    );
    let outside = draft_update(life.incident(), Audience::External, at(30)).brief;
    assert_eq!(
        (outside.condition.as_str(), outside.actions.as_str(), outside.needs.as_str()),
        ("payments fail or hang", "", ""),
        "what was said inside stays inside"
    );
    let packet = handover(life.incident(), &ClockPolicy::default(), at(10));
    assert_eq!((packet.last_update, packet.next_update), (Some(content.clone()), Some(at(33))));
    assert_eq!(packet.tasks[0].content.text, "roll back");
    for (minute, audience, next) in [(11, Audience::External, Some(at(25))), (12, Audience::Internal, None)] {
        let update = UpdateContent { audience, happened: When::exactly(at(minute)), next, ..content.clone() };
        life.says("dana", minute, Intent::PostUpdate(ID, update));
    }
    let packet = handover(life.incident(), &ClockPolicy::default(), at(13));
    assert_eq!(packet.next_update, Some(at(25)), "what was promised outside is not forgotten");
    let empty = UpdateContent { brief: Brief::default(), ..content };
    assert!(life.refused("dana", 5, Intent::PostUpdate(ID, empty)).contains("one of them"));
}

#[test]
fn what_was_said_at_the_declaration_can_be_said_better() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let describe = |title: Option<&str>, impact: Option<&str>| Intent::Describe {
        incident: ID,
        title: title.map(Into::into),
        services: None,
        impact: impact.map(Into::into),
    };
    life.says("sam", 4, describe(None, Some("one payment in two fails")));
    assert_eq!(life.incident().title, "Payments fail");
    assert_eq!(told(&life.lines())[1], "14:04 sam now says: impact “one payment in two fails”");
    assert!(life.refused("sam", 5, describe(None, None)).contains("nothing to change"));
    assert!(life.refused("sam", 5, describe(Some(" "), None)).contains("title"));
}

#[test]
fn what_somebody_else_wrote_or_judged_meanwhile_is_not_undone_unseen() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.writes("sam", 1, EntryKind::Hypothesis, When::exactly(at(1)), "the pool");
    let pool = EntryId(1);
    let was = life.incident().entries.get(&pool).unwrap().content.clone();
    let anew = |text: &str| {
        let content = Content { text: text.into(), ..was.clone() };
        Intent::Revise(ID, pool, content, Some(Box::new(was.clone())))
    };
    life.says("lee", 2, anew("the pool is full"));
    life.says("lee", 2, anew("the pool is full again"));
    assert_eq!(
        life.refused("sam", 3, anew("a pool")),
        "lee wrote it anew meanwhile: “the pool is full again”"
    );
    let judge = |verdict| Intent::Judge(ID, pool, verdict, "seen".into(), Some(Verdict::Open));
    life.says("sam", 4, judge(Verdict::Confirmed));
    assert_eq!(life.refused("lee", 4, judge(Verdict::Refuted)), "sam says it is confirmed by now");
    life.says("sam", 5, judge(Verdict::Refuted));
    let row = |text: &str| RetroContent::Risk { text: text.into(), notes: String::new() };
    life.says("dana", 6, Intent::WriteItem(ID, row("it may come back")));
    let says =
        |text: &str| Intent::ReviseItem(ID, RetroId(1), row(text), Some(Box::new(row("it may come back"))));
    life.says("lee", 7, says("it comes back"));
    assert_eq!(life.refused("sam", 8, says("never again")), "lee wrote it anew meanwhile: “it comes back”");
}

#[test]
fn a_clock_that_is_behind_what_was_written_is_told() {
    let mut life = Life::declared(Severity::Sev2, 60);
    assert_eq!(life.room.written_behind(at(60)), None);
    let behind = life.room.written_behind(at(0)).unwrap();
    assert!(behind.starts_with("this clock is 1h behind the journal's latest record"), "{behind}");
    life.says("dana", 0, Intent::Resolve(ID));
    assert!(life.room.written_behind(at(0)).is_some(), "what was written late makes no clock right");
}
