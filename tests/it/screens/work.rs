//! The work of an incident: stories on a real engine, and pictures of the board.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::super::support::story::Story;
use super::pictures::picture;
use sitroom::domain::event::{Bearing, Content, EntryKind, Ground, Severity, StepState, When};
use sitroom::domain::{
    EntryId, IncidentId, Intent, Person, Record, Room, ServiceName, Span, Time, decide, scribe,
};
use std::sync::Arc;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn declared() -> Story {
    let mut story = Story::at_the_end();
    story.press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Checkout fails");
    story
}

fn open<'s>(story: &'s mut Story, verb: &str) -> &'s mut Story {
    story.press("app.palette").type_text(verb).press("overlay.accept")
}

#[test]
fn a_task_is_given_done_and_taken_back() {
    let mut story = declared();
    story.press("work.tasks").shows("Nobody was given a task");
    story.press("work.add").type_text("restart the pods @sam box:20m").shows("@sam, until");
    story.press("text.accept").press("text.cancel").shows("restart the pods").shows("20m left");
    story.press("work.done").type_text("all of them").press("text.accept").shows("done: all of them");
    story.press("work.done").shows("left, until").press("work.drop").type_text("no need");
    story.press("text.accept").shows("cancelled: no need");
    story.press("overlay.close").shows("cancelled T1");
}

#[test]
fn a_line_that_is_not_understood_stays_and_says_why() {
    let mut story = declared();
    story.press("work.tasks").press("work.add").type_text("restart box:soon").press("text.accept");
    story.shows("write 20m or 14:50").press("text.cancel").hides("box:soon");
}

#[test]
fn an_exit_criterion_says_how_far_its_live_check_is() {
    let mut story = declared();
    open(&mut story, "work.criteria").press("work.add");
    story
        .type_text("it is calm when payment-api/5x < 99 for 10m")
        .shows("nothing called payment-api/5x is measured");
    story.press("text.clear");
    story.type_text("errors are usual when payment-api/5xx < 99 for 10m").shows("live: payment-api/5xx < 99");
    story.press("text.accept").press("text.cancel").shows("holds for");
    story.press("work.edit").press("text.clear").type_text("quiet when payment-api/5xx < 0.01 for 10m");
    story.press("text.accept").shows("not good");
    story.press("work.done").press("text.accept").shows("met by dana");
}

#[test]
fn a_checklist_of_the_catalog_is_begun_ticked_and_skipped_and_the_timeline_says_so() {
    let mut story = declared();
    open(&mut story, "work.checklists").press("work.add").shows("Roll back checkout-service").shows("Scribe");
    story.press("overlay.accept").shows("0 of").press("work.done").shows("1 of").press("list.down");
    story.press("work.drop").press("text.accept").shows("say why the step is skipped");
    story.type_text("not needed").press("text.accept").shows("skipped").shows("not needed");
    story.press("overlay.close").shows("dana skipped");
}

/// At three in the morning the same key does the next step, rather than undoing the last.
#[test]
fn after_a_step_the_next_one_is_under_the_cursor() {
    let mut story = declared();
    open(&mut story, "work.checklists").press("work.add").press("overlay.accept").shows("0 of");
    story.press("work.done").shows("1 of").press("work.done").shows("2 of");
    story.press("list.up").press("work.done").shows("1 of");
}

#[test]
fn an_impossible_order_is_said_and_not_prevented() {
    let mut story = declared();
    story
        .press("work.moments")
        .shows("Impact start")
        .shows("Cause identified")
        .shows("? the first alarm rang");
    story.press("work.edit").type_text("now support called").shows("TIME UTC").press("text.accept");
    story.shows("support called").shows("Declared (").shows("invalid");
}

#[test]
fn a_proposal_is_accepted_with_one_key() {
    let mut story = declared();
    story.press("work.moments").shows("? the first alarm rang").press("work.done");
    story.hides("? the first alarm rang").shows("dana: the first alarm rang");
}

#[test]
fn a_proposal_that_is_declined_is_not_made_again() {
    let mut story = declared();
    story.press("work.moments").press("work.drop").type_text("another story").press("text.accept");
    story.hides("? the first alarm rang").shows("Detected");
}

#[test]
fn an_entry_is_weighed_on_a_hypothesis() {
    let mut story = declared();
    story.press("entry.new").type_text("h the pool is full").press("text.accept");
    story.type_text("f the pool has 80 free").press("text.accept").press("text.cancel");
    story
        .press("screen.incident")
        .press("list.up")
        .press("entry.weigh")
        .shows("against E1: the pool is full");
    story.press("list.down").press("overlay.accept").shows("1 against");
    open(&mut story, "work.hypotheses");
    story.shows("against  E2 the pool has 80 free").press("work.confirm").type_text("measured");
    story.press("text.accept").shows("confirmed");
}

#[test]
fn the_short_story_leaves_notes_out_and_gives_them_back() {
    let mut story = declared();
    story.press("entry.new").type_text("n coffee is out").press("text.accept");
    story.type_text("f errors are up").press("text.accept").press("text.cancel");
    story.press("timeline.view").shows("the short story").shows("errors are up").hides("coffee");
    story.press("timeline.view").shows("coffee");
}

#[test]
fn two_incidents_are_switched_and_merged_and_the_origin_stays() {
    let mut story = declared();
    story.press("entry.new").type_text("f the first one").press("text.accept").press("text.cancel");
    story.press("incident.declare").press("text.clear").type_text("Ledger lags");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Ledger lags");
    story
        .press("incident.switch")
        .shows("INC-1")
        .press("list.down")
        .press("overlay.accept")
        .shows("the first one");
    story.press("screen.situation").press("screen.incident").shows("the first one");
    open(&mut story, "incident.merge")
        .shows("INC-1 into INC-2")
        .press("overlay.accept")
        .shows("Merge INC-1 into INC-2?");
    story.press("confirm.yes").press("screen.incident").shows("INC-1: the first one");
}

#[test]
fn what_is_pulled_in_keeps_its_rule_and_the_chart_it_was_read_from() {
    let mut story = declared();
    story.press("screen.situation").press("entry.pull").press("screen.incident").press("list.up");
    story.press("list.top").press("item.explain").shows("Evidence, as it was then").shows("rule ");
    story.press("list.bottom").shows("read 20");
}

/// A room in the middle of its work, half an hour after it began.
fn working() -> Scene {
    let mut scene = Scene::at_the_end();
    let mut told = Told { room: Room::default(), now: scene.now - Span::minutes(25) };
    let id = IncidentId(1);
    told.tell(Intent::Declare {
        title: "Checkout fails for one customer in fifty".into(),
        severity: Severity::Sev2,
        services: vec![ServiceName::new("payment-api")],
        impact: "no sales through the app".into(),
        evidence: Vec::new(),
    });
    told.tell(Intent::TakeCommand { incident: id, relieving: None });
    for line in ["restart the workers @sam box:5m call:3m", "ask the bank @lee box:2h", "draft the update"] {
        told.tell(Intent::AddTask(id, scribe::task(line, told.now, &jiff::tz::TimeZone::UTC).unwrap()));
    }
    for line in ["errors are usual when payment-api/5xx < 0.8 for 10m", "support has no open call"] {
        told.tell(Intent::AddCriterion(id, scribe::criterion(line).unwrap()));
    }
    let rollback = scene.snapshot.catalog.templates().next().unwrap();
    told.tell(Intent::StartChecklist(id, rollback.content()));
    let checklist = "L1".parse().unwrap();
    let mark = |step, state, reason: &str| Intent::MarkStep {
        incident: id,
        checklist,
        step,
        state,
        reason: reason.into(),
    };
    told.tell(mark(1, StepState::Done, ""));
    told.tell(mark(2, StepState::Skipped, "it had finished"));
    for (kind, text) in [(EntryKind::Hypothesis, "the pool is exhausted"), (EntryKind::Fact, "80 are free")] {
        let happened = When::exactly(told.now);
        let (owner, labels, evidence) = (None, Vec::new(), Vec::new());
        let content = Content { entry_kind: kind, happened, text: text.into(), owner, labels, evidence };
        told.tell(Intent::Write(id, content));
    }
    let ground = Ground::Entry { of: None, entry: EntryId(2) };
    told.tell(Intent::Weigh { incident: id, entry: EntryId(1), ground, bearing: Bearing::Against });
    scene.snapshot.seq = told.room.seq;
    scene.snapshot.room = Arc::new(told.room);
    scene
}

struct Told {
    room: Room,
    now: Time,
}

impl Told {
    fn tell(&mut self, intent: Intent) {
        let by = Person::new("dana");
        let event = decide(&self.room, &by, intent).unwrap();
        self.room.apply(&Record { key: None, seq: self.room.seq.next(), at: self.now, by, event });
        self.now = self.now + Span::seconds(20);
    }
}

fn board(name: &str, verb: &'static str, size: (u16, u16)) {
    picture(name, working(), size, |stage: &mut Stage| {
        stage.press("screen.incident").press("app.palette").type_text(verb).press("overlay.accept");
    });
}

#[test]
fn the_board_shows_each_part_in_every_size() {
    for size in SIZES {
        board("work-tasks", "work.tasks", size);
        board("work-criteria", "work.criteria", size);
        board("work-checklists", "work.checklists", size);
        board("work-moments", "work.moments", size);
        board("work-hypotheses", "work.hypotheses", size);
    }
}

#[test]
fn the_work_stands_beside_the_timeline() {
    for size in SIZES {
        picture("incident-work", working(), size, |stage| {
            stage.press("screen.incident");
        });
    }
}

#[test]
fn a_line_being_typed_says_what_is_understood_of_it() {
    picture("work-task-line", working(), (80, 24), |stage| {
        stage.press("work.tasks").press("work.add").type_text("restart the pods @sam box:20m");
    });
}
