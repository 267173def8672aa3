//! What was due and when it came, as drills are scored and triggers evaluated by it.

use super::{ID, Life, at};
use sitroom::domain::event::{Audience, Brief, Role, Severity, UpdateContent, When};
use sitroom::domain::incident::{Check, ClockPolicy, Expected, Kept, keeping, score};
use sitroom::domain::{Event, Intent, Room, Span};

fn kept(life: &Life, until: i64) -> Vec<Check> {
    keeping(life.incident(), &ClockPolicy::default(), at(until))
}

fn of(checks: &[Check], expected: Expected) -> Vec<Kept> {
    checks.iter().filter(|check| check.expected == expected).map(|check| check.kept).collect()
}

fn update(minute: i64, audience: Audience, next: Option<i64>) -> Intent {
    let brief = Brief { condition: "payments fail".into(), ..Brief::default() };
    let content = UpdateContent { audience, happened: When::exactly(at(minute)), brief, next: next.map(at) };
    Intent::PostUpdate(ID, content)
}

fn command() -> Intent {
    Intent::TakeCommand { incident: ID, relieving: None }
}

#[test]
fn what_came_in_time_is_kept_and_what_did_not_says_by_how_much() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 4, command());
    life.says("dana", 22, update(22, Audience::External, None));
    life.says("sam", 9, Intent::TakeRole(ID, Role::Scribe));
    let checks = kept(&life, 40);
    assert_eq!(of(&checks, Expected::Command), [Kept::InTime { at: at(4) }]);
    assert_eq!(of(&checks, Expected::ExternalUpdate), [Kept::Late { at: at(22), by: Span::minutes(3) }]);
    assert_eq!(of(&checks, Expected::InternalUpdate), [Kept::Missed { by: Span::minutes(10) }]);
    assert_eq!(of(&checks, Expected::Role(Role::Scribe)), [Kept::InTime { at: at(9) }]);
    assert_eq!(of(&checks, Expected::Role(Role::Deputy)), [Kept::Missed { by: Span::minutes(30) }]);
}

#[test]
fn nothing_is_due_after_the_incident_ended() {
    let mut life = Life::declared(Severity::Sev1, 0);
    life.says("dana", 8, Intent::Resolve(ID));
    assert!(kept(&life, 600).iter().all(|check| !check.is_judged()));
}

#[test]
fn a_promised_update_is_due_when_it_was_promised() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 20, update(20, Audience::Internal, Some(35)));
    life.says("dana", 36, update(36, Audience::Internal, None));
    let late = Kept::Late { at: at(36), by: Span::minutes(1) };
    let checks = kept(&life, 66);
    assert_eq!(of(&checks, Expected::InternalUpdate), [Kept::InTime { at: at(20) }, late, Kept::NotDue]);
}

#[test]
fn every_time_nobody_has_command_counts() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 2, command());
    life.says("dana", 30, Intent::ReleaseCommand(ID));
    life.says("sam", 45, command());
    let late = Kept::Late { at: at(45), by: Span::minutes(5) };
    assert_eq!(of(&kept(&life, 60), Expected::Command), [Kept::InTime { at: at(2) }, late]);
}

#[test]
fn a_severity_that_is_lowered_later_leaves_what_was_missed() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 30, Intent::SetSeverity(ID, Severity::Sev4));
    assert_eq!(of(&kept(&life, 60), Expected::Command), [Kept::Missed { by: Span::minutes(50) }]);
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 5, Intent::SetSeverity(ID, Severity::Sev4));
    assert_eq!(of(&kept(&life, 60), Expected::Command), [], "nobody asked for one when it came to be due");
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 3, command());
    life.says("dana", 5, Intent::SetSeverity(ID, Severity::Sev4));
    assert_eq!(of(&kept(&life, 60), Expected::Command), [Kept::InTime { at: at(3) }]);
}

#[test]
fn what_a_raised_severity_asks_for_is_due_from_then_on() {
    let mut life = Life::declared(Severity::Sev4, 0);
    life.says("dana", 2, command());
    life.says("dana", 100, Intent::SetSeverity(ID, Severity::Sev1));
    life.says("dana", 116, update(116, Audience::External, None));
    let checks = kept(&life, 130);
    let late = |minutes| Kept::Late { at: at(116), by: Span::minutes(minutes) };
    assert_eq!(of(&checks, Expected::ExternalUpdate), [late(1)]);
    assert_eq!(of(&checks, Expected::InternalUpdate), [Kept::Missed { by: Span::minutes(10) }]);
}

#[test]
fn a_severity_the_policy_does_not_speak_of_asks_for_no_commander() {
    assert_eq!(of(&kept(&Life::declared(Severity::Sev4, 0), 600), Expected::Command), []);
}

#[test]
fn a_drill_is_marked_in_the_record_and_scored() {
    let mut life = Life { room: Room::of_drill(Some("checkout-deploy".into())), ..Life::default() };
    life.declare("Checkout fails", Severity::Sev2, 3);
    life.says("dana", 5, command());
    assert!(matches!(&life.records[0].event, Event::DrillDeclared { of, .. } if of == "checkout-deploy"));
    assert_eq!(life.incident().drill.as_deref(), Some("checkout-deploy"));
    assert!(life.lines()[0].text().ends_with("(a drill of checkout-deploy)"));
    let told = Room::replay(&life.records);
    assert_eq!(told, life.room, "the mark is in the record, not in the room it began in");
    let score = score(&told, &ClockPolicy::default(), Some(at(1)), at(12));
    assert_eq!((score.kept(), score.captured(), score.is_good()), ((1, 1), (0, 5), true));
    assert_eq!(score.incidents[0].declared_after, Some(Span::minutes(2)));
}

#[test]
fn a_drill_in_which_nothing_was_declared_is_not_good() {
    let score = score(&Room::default(), &ClockPolicy::default(), Some(at(1)), at(12));
    assert_eq!((score.kept(), score.is_good()), ((0, 0), false));
}
