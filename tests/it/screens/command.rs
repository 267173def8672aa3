//! Command on screen: clocks that press and never take a key, the hand-over, status updates, who is here.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::super::support::story::Story;
use super::pictures::picture;
use sitroom::domain::event::{
    Audience, Brief, Content, EntryKind, Event, Record, Role, Severity, TaskContent, UpdateContent, When,
};
use sitroom::domain::incident::handover;
use sitroom::domain::{EntryId, IncidentId, Person, Room, ServiceName, Span, TaskId};
use sitroom::engine::Attendee;
use std::sync::Arc;

const ID: IncidentId = IncidentId(1);
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// Something that happened so many minutes ago.
fn happened(scene: &mut Scene, by: &str, minutes: i64, event: Event) {
    let mut room = Room::clone(&scene.snapshot.room);
    let at = scene.now - Span::minutes(minutes);
    room.apply(&Record { key: None, seq: room.seq.next(), at, by: Person::new(by), event });
    scene.snapshot.seq = room.seq;
    scene.snapshot.room = Arc::new(room);
}

/// An incident in its third half hour quarter: declared, commanded, written into, told of once.
fn commanded() -> Scene {
    let mut scene = Scene::at_the_end();
    let now = scene.now;
    happened(
        &mut scene,
        "sam",
        22,
        Event::IncidentDeclared {
            incident: ID,
            title: "Payments fail at checkout".into(),
            severity: Severity::Sev1,
            services: vec![ServiceName::new("payment-api")],
            impact: "one in fifty payments fails".into(),
            evidence: Vec::new(),
        },
    );
    happened(&mut scene, "dana", 18, Event::CommandTaken { incident: ID, relieved: None });
    happened(&mut scene, "dana", 18, Event::RoleTaken { incident: ID, role: Role::Expert });
    happened(&mut scene, "lee", 17, Event::RoleTaken { incident: ID, role: Role::Scribe });
    let hypothesis = Content {
        entry_kind: EntryKind::Hypothesis,
        happened: When::exactly(now - Span::minutes(15)),
        text: "the pool of v2.14.3 is too small".into(),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
    };
    happened(
        &mut scene,
        "lee",
        15,
        Event::EntryWritten { incident: ID, entry: EntryId(1), content: hypothesis },
    );
    let content = TaskContent {
        text: "roll checkout-service back".into(),
        owner: Some(Person::new("sam")),
        due: Some(now + Span::minutes(6)),
        call_back: None,
    };
    happened(&mut scene, "dana", 12, Event::TaskWritten { incident: ID, task: TaskId(1), content });
    let brief = Brief {
        condition: "2 % of payments fail".into(),
        needs: "the DBA on call".into(),
        ..Brief::default()
    };
    let content = UpdateContent {
        audience: Audience::Internal,
        happened: When::exactly(now - Span::minutes(11)),
        brief,
        next: Some(now + Span::minutes(9)),
    };
    happened(&mut scene, "dana", 11, Event::UpdatePosted { incident: ID, content });
    happened(
        &mut scene,
        "dana",
        10,
        Event::NextCommanderNamed { incident: ID, next: Some(Person::new("sam")) },
    );
    let here = |session: &str, person: &str, what: &str| Attendee {
        session: session.into(),
        person: Person::new(person),
        what: what.into(),
    };
    scene.snapshot.present = Arc::from([
        here("1", "dana", "Incident"),
        here("2", "lee", "Incident, typing"),
        here("3", "sam", "Feed"),
    ]);
    scene
}

/// The same after sam handed over to dana.
fn offered() -> Scene {
    let mut scene = commanded();
    happened(&mut scene, "sam", 9, Event::CommandTaken { incident: ID, relieved: Some(Person::new("dana")) });
    let incident = scene.snapshot.room.incident(ID).unwrap();
    let packet = Arc::new(handover(incident, &scene.snapshot.clocks, scene.now - Span::minutes(1)));
    happened(&mut scene, "sam", 1, Event::HandoverOffered { incident: ID, to: Person::new("dana"), packet });
    scene
}

fn pictures(name: &str, scene: impl Fn() -> Scene, keys: impl Fn(&mut Stage)) {
    for size in SIZES {
        picture(name, scene(), size, &keys);
    }
}

#[test]
fn the_panel_has_the_clocks_the_people_and_the_warnings() {
    pictures("command", commanded, |stage| {
        stage.press("screen.incident");
    });
}

#[test]
fn what_is_due_is_answered_from_a_menu() {
    pictures("nudge", commanded, |stage| {
        stage.press("nudge.answer");
    });
}

#[test]
fn the_giver_edits_the_brief_and_sees_what_goes_along() {
    pictures("handover-give", commanded, |stage| {
        stage.press("screen.incident").press("command.hand-over");
    });
}

#[test]
fn the_receiver_reads_the_packet_before_anything_changes() {
    pictures("handover-read", offered, |stage| {
        stage.press("command.hand-over");
    });
}

#[test]
fn an_offer_and_a_clock_that_is_due_press_side_by_side_on_the_narrowest_screen() {
    let mut stage = Stage::new(offered(), 80, 24);
    let shown = stage.press("screen.incident").picture();
    let status = shown.lines().nth(23).unwrap();
    assert!(status.contains("sam offers you INC-1, H") && status.contains("over, A"), "{status}");
    picture("offer-and-clock", offered(), (80, 24), |stage| {
        stage.press("screen.incident");
    });
    picture("offer-and-clock", offered(), (120, 40), |stage| {
        stage.press("screen.incident");
    });
}

#[test]
fn an_update_begins_with_what_is_known() {
    pictures("update", commanded, |stage| {
        stage.press("screen.incident").press("incident.update");
    });
}

#[test]
fn a_line_being_typed_keeps_its_keys_while_a_clock_presses_beside_it() {
    picture("nudge-beside-the-line", commanded(), (80, 24), |stage| {
        stage.press("entry.new").type_text("f A is the letter of the nudge");
    });
}

/// Somebody declares an incident of the severity that is proposed and takes command.
fn declared() -> Story {
    let mut story = Story::at_the_end();
    story.resize(120, 40).press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").type_text(" ").press("text.accept");
    story.shows("IC dana");
    story
}

#[test]
fn the_next_clock_stands_on_every_screen() {
    let mut story = declared();
    story.resize(80, 24);
    for screen in ["screen.situation", "screen.incident", "screen.feed"] {
        story.press(screen).shows("call out the time in ");
    }
    story.press("entry.new").type_text("f A A H U").shows("call out the time in ").hides("scenario");
    story.shows("f A A H U");
}

#[test]
fn a_clock_is_answered_by_name_and_the_timeline_keeps_it() {
    let mut story = declared();
    story.press("nudge.done").shows("Nothing is due");
    story.press("nudge.answer");
    story.shows("Not applicable, with the reason");
    story.press("overlay.accept").shows("call out the time: answered");
    story.press("screen.incident").shows("dana answered");
}

#[test]
fn an_update_is_kept_with_its_audience_and_the_promise() {
    let mut story = declared();
    story.press("incident.update").shows("Status update of INC-1");
    story.press("text.clear").type_text("payments fail").press("text.accept");
    story.press("text.accept").press("text.accept").press("text.clear").type_text("soon");
    story.press("text.accept").press("text.accept").shows("is no moment");
    story.press("text.clear").type_text("25m").press("text.accept");
    story.press("text.accept").shows("The internal update is in the timeline of INC-1");
    story.shows("payments fail");
    story.shows("internal update");
}

#[test]
fn what_is_typed_takes_the_place_of_what_was_proposed_and_shift_tab_goes_back() {
    let mut story = declared();
    story.press("incident.update").type_text("payments fail").press("text.complete").type_text("we look");
    story.press("text.previous").press("text.end").type_text(" at checkout");
    for _ in 0..4 {
        story.press("text.accept");
    }
    story.press("text.accept").shows("The internal update is in the timeline");
    story.press("incident.update").press("text.accept").press("text.accept").type_text("patience");
    for _ in 0..3 {
        story.press("text.accept");
    }
    story.hides("Status update of INC-1").press("incident.update");
    for said in ["payments fail at checkout", "we look", "patience"] {
        story.shows(said);
    }
    story.press("text.cancel");
    story.press("incident.declare").type_text("Ledger lags").press("text.complete").press("text.complete");
    story.press("text.previous").type_text("1").shows("SEV-1  down").press("text.complete");
    story.press("text.complete").press("text.complete").type_text("x").shows("space marks it");
}

#[test]
fn the_answer_to_a_key_is_whole_where_a_clock_runs() {
    let mut story = declared();
    story.resize(80, 24).press("screen.incident").shows("call out the time in");
    let whole = "The short story: pinned, key moments, facts, decisions, command";
    story.press("timeline.view").shows(whole);
}

#[test]
fn an_offer_that_was_taken_back_is_not_accepted_any_more() {
    let mut stage = Stage::new(offered(), 80, 24);
    assert!(stage.press("command.hand-over").picture().contains("sam hands over command"));
    stage.change(|scene| happened(scene, "sam", 0, Event::CommandDeclined { incident: ID }));
    let gone = "sam does not offer you command of INC-1 any more";
    assert!(stage.picture().contains(gone));
    let answered = stage.press("overlay.accept").picture();
    assert!(answered.contains(gone) && !answered.contains("Accept command"), "{answered}");
}

#[test]
fn whom_one_relieves_is_not_asked_any_more_once_command_went_on() {
    let mut stage = Stage::new(offered(), 80, 24);
    stage.press("screen.incident").press("command.take").press("list.down").press("list.down");
    assert!(stage.press("overlay.accept").picture().contains("Relieve sam?"), "{}", stage.picture());
    let relieved = Some(Person::new("sam"));
    stage.change(|scene| happened(scene, "lee", 0, Event::CommandTaken { incident: ID, relieved }));
    assert!(stage.picture().contains("lee has command of INC-1 by now"), "{}", stage.picture());
}

#[test]
fn an_update_that_was_left_is_gone_on_with() {
    let mut story = declared();
    story.press("incident.update").press("text.clear").type_text("half a sen").press("text.cancel");
    story.hides("half a sen").press("incident.update").shows("half a sen");
}

#[test]
fn a_hand_over_that_says_nothing_is_asked_about_once() {
    let mut story = declared();
    story.press("command.hand-over").type_text("@lee");
    for _ in 0..5 {
        story.press("text.accept");
    }
    story.shows("it tells lee nothing").hides("Command of INC-1 is offered").press("text.accept");
    story.shows("Command of INC-1 is offered to lee");
}

#[test]
fn command_stays_until_the_packet_is_read_and_accepted() {
    let mut story = declared();
    story.press("command.hand-over").shows("GOES ALONG");
    story.type_text("@lee").press("text.accept").type_text("payments fail");
    for _ in 0..4 {
        story.press("text.accept");
    }
    story.shows("Command of INC-1 is offered to lee");
    story.press("screen.incident").shows("offered to lee");
    story.shows("IC dana");
    story.sit_down_as("lee");
    story.shows("dana offers you command of INC-1");
    story.press("command.hand-over").shows("payments fail");
    story.press("overlay.accept").shows("Accept command from dana");
    story.hides("IC lee").press("overlay.accept").shows("You have command of INC-1");
    story.press("screen.incident").shows("IC lee");
}
