//! The mouse is another way to the same verbs, and reaches nothing below what lies on top.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use sitroom::domain::event::Severity;
use sitroom::domain::{Intent, Person, Record, Room, decide};
use sitroom::tui::input::Input;
use sitroom::tui::message::Message;
use std::sync::Arc;

fn click(stage: &mut Stage, x: u16, y: u16) {
    stage.picture();
    stage.tell(Message::Input(Input::Click { x, y }));
}

fn declared() -> Scene {
    let mut scene = Scene::at_the_end();
    let (mut room, by) = (Room::default(), Person::new("dana"));
    let declare = Intent::Declare {
        title: "Checkout fails".into(),
        severity: Severity::Sev2,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let event = decide(&room, &by, declare).unwrap();
    room.apply(&Record { key: None, seq: room.seq.next(), at: scene.now, by, event });
    (scene.snapshot.seq, scene.snapshot.room) = (room.seq, Arc::new(room));
    scene
}

#[test]
fn a_tab_does_what_its_key_does() {
    let shown = |go: fn(&mut Stage)| {
        let mut stage = Stage::new(declared(), 120, 40);
        stage.press("screen.incident").press("filter.clear").press("screen.situation");
        go(&mut stage);
        stage.picture()
    };
    let by_key = shown(|stage| {
        stage.press("screen.incident");
    });
    assert!(by_key.contains("TIMELINE"), "{by_key}");
    assert!(shown(|stage| click(stage, 16, 1)) == by_key);
}

#[test]
fn a_click_beside_a_list_that_lies_on_top_moves_nothing_in_it() {
    let mut stage = Stage::new(Scene::at_the_end(), 120, 40);
    stage.press("screen.feed").press("app.palette");
    let before = stage.picture();
    click(&mut stage, 2, 20);
    assert!(stage.picture() == before, "{}", stage.picture());
    click(&mut stage, 30, 20);
    assert!(stage.picture() != before);
}

#[test]
fn what_is_asked_since_a_while_ago_is_never_blank_for_want_of_a_moment() {
    let mut stage = Stage::new(Scene::at_the_end(), 120, 40);
    stage.press("screen.feed").ui.feed.list_mut().ask("since:2h");
    stage.picture();
    stage.tell(Message::Tick);
    assert!(stage.ui.feed.list().count().found > 0);
}
