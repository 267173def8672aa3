//! What is found without knowing where it is, and what is said before somebody loses, repeats or ends something.

use super::super::support::scene::Scene;
use super::super::support::stage::Stage;
use super::super::support::story::Story;
use sitroom::domain::event::{CriterionContent, Event, Record, Severity, TaskContent};
use sitroom::domain::{CriterionId, IncidentId, Intent, Person, Room, Span, TaskId};
use sitroom::tui::message::Message;
use std::sync::Arc;

static TITLES: [&str; 9] = [
    "CURRENT STATE",
    "ACTIVE ISSUES",
    "WHAT CHANGED",
    "SUSPECTS",
    "PRIORITY ACTIONS",
    "PRIMARY EXPOSURE",
    "PR AND REVIEW SIGNALS",
    "OPERATIONAL SIGNALS",
    "RUNTIME SEQUENCE",
];

/// The characters of a picture, without its roles.
fn shown(stage: &mut Stage) -> String {
    stage.picture()
}

fn declare(scene: &mut Scene, id: u32, by: &str, title: &str, severity: Severity) {
    let declared = Event::IncidentDeclared {
        incident: IncidentId(id),
        title: title.into(),
        severity,
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    happened(scene, by, declared);
}

fn happened(scene: &mut Scene, by: &str, event: Event) {
    let mut room = Room::clone(&scene.snapshot.room);
    let at = scene.now - Span::minutes(3);
    room.apply(&Record { key: None, seq: room.seq.next(), at, by: Person::new(by), event });
    scene.snapshot.seq = room.seq;
    scene.snapshot.room = Arc::new(room);
}

fn declared() -> Scene {
    let mut scene = Scene::at_the_end();
    declare(&mut scene, 1, "dana", "Checkout fails", Severity::Sev2);
    scene
}

#[test]
fn the_focus_reaches_every_pane_that_holds_something_at_any_size() {
    for (width, height) in [(80, 24), (100, 30), (110, 36), (200, 60)] {
        let mut stage = Stage::new(Scene::at_the_end(), width, height);
        let picture = shown(&mut stage);
        assert!(picture.contains("SUSPECTS") && picture.contains("PRIORITY ACTIONS"), "{width}: {picture}");
        let mut seen = Vec::new();
        for _ in 0..TITLES.len() {
            stage.press("pane.next").press("pane.zoom");
            let picture = shown(&mut stage);
            seen.extend(TITLES.iter().copied().filter(|title| picture.contains(title)));
            stage.press("pane.zoom");
        }
        seen.sort_unstable();
        seen.dedup();
        for title in ["SUSPECTS", "PRIORITY ACTIONS", "PRIMARY EXPOSURE", "RUNTIME SEQUENCE", "ACTIVE ISSUES"]
        {
            assert!(seen.contains(&title), "{width}: {seen:?}");
        }
    }
}

#[test]
fn what_could_not_be_kept_is_said_and_asked_about() {
    let mut stage = Stage::new(declared(), 120, 40);
    stage.press("entry.new").type_text("f half a fact").press("text.cancel");
    assert!(shown(&mut stage).contains("The line is kept; n goes on"));
    stage.tell(Message::DraftsKept(Err("the disk is full".to_owned())));
    stage.press("entry.new").type_text(" more").press("text.cancel");
    assert!(shown(&mut stage).contains("kept only until you leave"));
    // A story has said that it keeps nothing.
    stage.change(|scene| scene.snapshot.story = None);
    stage.press("app.quit");
    assert!(shown(&mut stage).contains("lose what is half typed?"));
    stage.press("confirm.no").tell(Message::DraftsKept(Ok(()))).press("app.quit");
    assert!(!shown(&mut stage).contains("lose what is half typed?"));
}

#[test]
fn resolving_names_what_is_left_undone() {
    let mut scene = declared();
    let criterion = CriterionContent { text: "support is calm".into(), check: None };
    let task = TaskContent { text: "restart the pods".into(), owner: None, due: None, call_back: None };
    let incident = IncidentId(1);
    let criterion = Event::CriterionWritten { incident, criterion: CriterionId(1), content: criterion };
    happened(&mut scene, "dana", criterion);
    happened(&mut scene, "dana", Event::TaskWritten { incident, task: TaskId(1), content: task });
    let mut stage = Stage::new(scene, 120, 40);
    stage.press("app.palette").type_text("resolve").press("overlay.accept");
    let picture = shown(&mut stage);
    assert!(picture.contains("Resolve INC-1?"), "{picture}");
    assert!(picture.contains("X1 is not met") && picture.contains("1 task is running"), "{picture}");
    stage.press("confirm.yes");
    assert_eq!(stage.intents(), [Intent::Resolve(incident)]);
}

#[test]
fn a_second_declaration_of_the_same_offers_the_first() {
    let mut stage = Stage::new(declared(), 120, 40);
    stage.press("incident.declare").press("text.clear").type_text("checkout FAILS");
    stage.press("text.accept").press("text.accept").press("text.accept");
    let picture = shown(&mut stage);
    assert!(picture.contains("Open INC-1 instead?") && picture.contains("declared 3m ago"), "{picture}");
    assert_eq!(stage.intents(), []);
    stage.press("confirm.no").press("text.accept");
    assert!(matches!(stage.intents(), [Intent::Declare { .. }]));
}

#[test]
fn the_header_names_the_incident_one_commands() {
    let mut scene = declared();
    declare(&mut scene, 2, "sam", "Ledger lags", Severity::Sev1);
    let mut stage = Stage::new(scene.clone(), 80, 24);
    assert!(shown(&mut stage).contains("INC-2"));
    happened(&mut scene, "dana", Event::CommandTaken { incident: IncidentId(1), relieved: None });
    let mut stage = Stage::new(scene, 80, 24);
    let picture = shown(&mut stage);
    assert!(picture.contains("INC-1 SEV-2"), "{picture}");
}

#[test]
fn what_is_open_stands_above_what_is_over() {
    let mut scene = declared();
    declare(&mut scene, 2, "sam", "Ledger lags", Severity::Sev1);
    happened(&mut scene, "sam", Event::IncidentResolved { incident: IncidentId(2) });
    let mut stage = Stage::new(scene, 120, 40);
    let picture = stage.press("screen.incident").press("overlay.close").picture();
    let row = |id: &str| picture.lines().skip(2).position(|line| line.contains(id)).unwrap();
    assert!(row("INC-1") < row("INC-2"), "{picture}");
}

#[test]
fn the_incident_screen_says_that_it_does_not_travel() {
    let mut stage = Stage::new(declared(), 80, 24);
    stage.press("screen.incident").press("time.back-far");
    let picture = shown(&mut stage);
    assert!(picture.contains("THIS IS NOW") && picture.contains("INC-1"), "{picture}");
    stage.press("screen.situation");
    let picture = shown(&mut stage);
    let header = picture.lines().find(|line| line.contains("AS OF")).unwrap_or_default();
    assert!(header.contains("AS OF") && !header.contains("INC-1"), "{picture}");
}

#[test]
fn tasks_are_given_one_after_the_other() {
    let mut story = Story::at_the_end();
    story.press("incident.declare").press("text.clear").type_text("Checkout fails");
    story.press("text.accept").press("text.accept").press("text.accept").shows("Checkout fails");
    story.press("work.tasks").press("work.add").type_text("restart the pods").press("text.accept");
    story.type_text("call support").press("text.accept").press("text.cancel");
    story.shows("T1").shows("T2").shows("call support");
    story.press("work.add").type_text("too late call:14:00").press("text.accept").shows("still to come");
}
