//! Rolling back: from the finding to the checklist with its clock, and what a mode and a trigger look like.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::super::support::story::Story;
use super::pictures::picture;
use sitroom::domain::event::Severity;
use sitroom::domain::{Intent, Person, Record, Room, decide};
use std::sync::Arc;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

#[test]
fn from_a_finding_one_key_begins_the_rollback_and_shows_it_when_it_runs() {
    let mut story = Story::at_the_end();
    story.press("rollback.begin").shows("No incident is open");
    story.press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Checkout fails");
    story.press("screen.situation").press("rollback.begin");
    story.shows("Roll back payment-api").shows("0 of 7").shows("of 5m");
    story.press("work.done").shows("1 of 7").press("overlay.close").press("screen.incident");
    story.shows("ticked Roll back payment-api 1").press("screen.situation").press("rollback.begin");
    story.shows("1 of 7").hides("L2");
}

/// Whoever has declared stands on the timeline, and need not look for the service again.
#[test]
fn what_is_demanded_begins_from_the_incident_as_well() {
    let mut scene = demanded();
    let (mut room, dana) = (Room::clone(&scene.snapshot.room), Person::new("dana"));
    let declare = Intent::Declare {
        title: "Payments fail".into(),
        severity: Severity::Sev1,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let event = decide(&room, &dana, declare).unwrap();
    room.apply(&Record { key: None, seq: room.seq.next(), at: scene.now, by: dana, event });
    scene.snapshot.room = Arc::new(room);
    let mut stage = Stage::new(scene, 80, 24);
    stage.press("screen.incident");
    assert!(stage.picture().contains("O roll back"), "{}", stage.picture());
    stage.press("rollback.begin");
    let begun = stage.intents().iter().any(|intent| match intent {
        Intent::StartChecklist(_, list) => list.title.contains("payment-service"),
        _ => false,
    });
    assert!(begun, "{:?}", stage.intents());
}

/// A step of another checklist must not be ticked by somebody who looks at the one they have just begun.
#[test]
fn the_cursor_stands_on_what_was_begun_and_what_is_well_is_asked_about() {
    let mut story = Story::at_the_end();
    story.press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Checkout fails");
    story
        .press("screen.situation")
        .press("rollback.begin")
        .shows("Roll back payment-api")
        .press("overlay.close");
    story.press("screen.services").press("list.top").press("rollback.begin").shows("Roll back ledger?");
    story.press("confirm.yes").shows("stop writers");
    story.press("work.done").shows("1 of 3").hides("1 of 7");
}

/// At three in the morning the red line and the key that answers it stand together, declared or not.
#[test]
fn what_is_demanded_leads_to_an_incident_where_there_is_none() {
    let mut stage = Stage::new(demanded(), 80, 24);
    stage.press("screen.services");
    assert!(stage.picture().contains("O roll back"), "{}", stage.picture());
    stage.press("rollback.begin");
    assert!(stage.picture().contains("Declare an incident"), "{}", stage.picture());
    assert!(stage.intents().is_empty());
}

fn demanded() -> Scene {
    Scene::of_built_in("payments-migration", "2026-03-16T14:12:00Z")
}

#[test]
fn a_demand_and_a_mode() {
    for size in SIZES {
        picture("rollback-demanded", demanded(), size, |_| {});
    }
}

#[test]
fn a_service_says_how_far_its_triggers_are() {
    picture("rollback-explained", demanded(), (120, 40), |stage| {
        stage.press("pane.previous").press("pane.previous").press("pane.previous").press("item.explain");
    });
}
