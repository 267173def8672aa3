//! The commander's clocks: due, put off, answered, kept.

use super::{ID, Life, at};
use sitroom::domain::event::{
    Answer, Audience, Brief, Nudge, Role, Severity, TaskContent, TaskState, UpdateContent, When,
};
use sitroom::domain::incident::{Clock, ClockPolicy, ClockState, SNOOZES, clocks};
use sitroom::domain::{IncidentId, Intent, Person, Span, TaskId, Time};

fn clock(life: &Life, nudge: Nudge, minute: i64) -> Option<Clock> {
    all(life, minute).into_iter().find(|clock| clock.nudge == nudge)
}

fn all(life: &Life, minute: i64) -> Vec<Clock> {
    clocks(life.incident(), &ClockPolicy::default(), at(minute))
}

fn state(life: &Life, nudge: Nudge, minute: i64) -> Option<(Time, ClockState)> {
    clock(life, nudge, minute).map(|clock| (clock.due, clock.state))
}

fn answer(nudge: Nudge, due: i64, answer: Answer) -> Intent {
    Intent::AnswerNudge { incident: ID, nudge, due: at(due), answer }
}

fn update(audience: Audience, minute: i64, next: Option<i64>) -> Intent {
    let brief = Brief { condition: "half of the payments fail".into(), ..Brief::default() };
    let happened = When::exactly(at(minute));
    Intent::PostUpdate(ID, UpdateContent { audience, happened, brief, next: next.map(at) })
}

fn take(life: &mut Life, by: &str, minute: i64) {
    life.says(by, minute, Intent::TakeCommand { incident: ID, relieving: None });
}

#[test]
fn command_is_due_within_ten_minutes_of_a_severe_incident() {
    let mut life = Life::declared(Severity::Sev2, 0);
    assert_eq!(state(&life, Nudge::NoCommand, 9), Some((at(10), ClockState::Running)));
    assert_eq!(state(&life, Nudge::NoCommand, 10), Some((at(10), ClockState::Due)));
    take(&mut life, "dana", 12);
    assert_eq!(state(&life, Nudge::NoCommand, 13), Some((at(10), ClockState::Kept { at: at(12) })));
    life.says("dana", 30, Intent::ReleaseCommand(ID));
    assert_eq!(state(&life, Nudge::NoCommand, 31), Some((at(40), ClockState::Running)));
}

#[test]
fn the_clock_of_command_starts_when_the_severity_asks_for_it() {
    let mut life = Life::declared(Severity::Sev3, 0);
    assert_eq!(state(&life, Nudge::NoCommand, 50), None);
    life.says("sam", 20, Intent::SetSeverity(ID, Severity::Sev2));
    life.says("sam", 25, Intent::SetSeverity(ID, Severity::Sev1));
    assert_eq!(state(&life, Nudge::NoCommand, 26), Some((at(30), ClockState::Running)));
}

#[test]
fn the_first_external_update_is_due_after_command_and_then_as_promised() {
    let mut life = Life::declared(Severity::Sev1, 0);
    assert_eq!(state(&life, Nudge::ExternalUpdate, 30), None);
    take(&mut life, "dana", 5);
    assert_eq!(state(&life, Nudge::ExternalUpdate, 20), Some((at(20), ClockState::Due)));
    life.says("dana", 22, update(Audience::External, 22, None));
    assert_eq!(state(&life, Nudge::ExternalUpdate, 23), Some((at(20), ClockState::Kept { at: at(22) })));
    life.says("dana", 24, update(Audience::External, 24, Some(44)));
    assert_eq!(state(&life, Nudge::ExternalUpdate, 43), Some((at(44), ClockState::Running)));
}

#[test]
fn updates_are_due_from_when_the_severity_asks_for_them() {
    let mut life = Life::declared(Severity::Sev4, 0);
    take(&mut life, "dana", 5);
    life.says("dana", 100, Intent::SetSeverity(ID, Severity::Sev1));
    assert_eq!(state(&life, Nudge::ExternalUpdate, 101), Some((at(115), ClockState::Running)));
    assert_eq!(state(&life, Nudge::InternalUpdate, 101), Some((at(120), ClockState::Running)));
}

#[test]
fn internal_updates_are_due_by_severity_or_as_promised() {
    for (severity, every) in [(Severity::Sev1, 20), (Severity::Sev2, 30), (Severity::Sev3, 60)] {
        let mut life = Life::declared(severity, 0);
        assert_eq!(state(&life, Nudge::InternalUpdate, 1), Some((at(every), ClockState::Running)));
        life.says("dana", 7, update(Audience::Internal, 5, None));
        assert_eq!(clock(&life, Nudge::InternalUpdate, 8).unwrap().due, at(5 + every));
        life.says("dana", 9, update(Audience::Internal, 9, Some(12)));
        assert_eq!(clock(&life, Nudge::InternalUpdate, 9).unwrap().due, at(12));
    }
    assert_eq!(state(&Life::declared(Severity::Sev4, 0), Nudge::InternalUpdate, 500), None);
}

#[test]
fn a_nudge_put_off_comes_back_with_the_moment_it_was_due() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 11, answer(Nudge::NoCommand, 10, Answer::Snoozed { span: SNOOZES[0] }));
    assert_eq!(state(&life, Nudge::NoCommand, 15), Some((at(10), ClockState::Snoozed { until: at(16) })));
    assert_eq!(state(&life, Nudge::NoCommand, 16), Some((at(10), ClockState::Due)));
    life.says("dana", 17, answer(Nudge::NoCommand, 10, Answer::Snoozed { span: SNOOZES[2] }));
    let dismissed = Answer::Dismissed { reason: "we are two".into() };
    life.says("dana", 18, answer(Nudge::NoCommand, 10, dismissed));
    assert_eq!(state(&life, Nudge::NoCommand, 60), Some((at(10), ClockState::Dismissed { at: at(18) })));
    assert!(life.refused("sam", 19, answer(Nudge::NoCommand, 10, Answer::Done)).contains("by dana"));
    let long = answer(Nudge::CallOut, 10, Answer::Snoozed { span: Span::hours(2) });
    assert!(life.refused("sam", 19, long).contains("60 minutes"));
}

#[test]
fn call_outs_do_not_pile_up() {
    let mut life = Life::declared(Severity::Sev2, 0);
    assert_eq!(state(&life, Nudge::CallOut, 3), Some((at(10), ClockState::Running)));
    assert_eq!(state(&life, Nudge::CallOut, 35), Some((at(30), ClockState::Due)));
    life.says("dana", 36, answer(Nudge::CallOut, 30, Answer::Done));
    assert_eq!(state(&life, Nudge::CallOut, 36), Some((at(40), ClockState::Running)));
    assert_eq!(state(&life, Nudge::CallOut, 40), Some((at(40), ClockState::Due)));
}

#[test]
fn unclaimed_roles_are_asked_for_until_they_are_claimed() {
    let mut life = Life::declared(Severity::Sev2, 0);
    assert_eq!(state(&life, Nudge::RolesUnclaimed, 10), Some((at(10), ClockState::Due)));
    for role in [Role::Deputy, Role::Scribe, Role::Expert] {
        life.says("sam", 11, Intent::TakeRole(ID, role));
    }
    assert_eq!(state(&life, Nudge::RolesUnclaimed, 12), None);
}

#[test]
fn a_task_asks_for_its_call_back_and_its_end_while_it_runs() {
    let mut life = Life::declared(Severity::Sev4, 0);
    let content = TaskContent {
        text: "look at the locks".into(),
        owner: Some(Person::new("lee")),
        due: Some(at(20)),
        call_back: Some(at(8)),
    };
    life.says("dana", 1, Intent::AddTask(ID, content.clone()));
    let task = TaskId(1);
    assert_eq!(state(&life, Nudge::CallBack { of: None, task }, 8), Some((at(8), ClockState::Due)));
    life.says("dana", 9, answer(Nudge::CallBack { of: None, task }, 8, Answer::Done));
    assert_eq!(
        state(&life, Nudge::CallBack { of: None, task }, 9),
        Some((at(8), ClockState::Kept { at: at(9) }))
    );
    let later = TaskContent { call_back: Some(at(15)), ..content };
    life.says("dana", 10, Intent::ReviseTask(ID, task, later));
    assert_eq!(state(&life, Nudge::CallBack { of: None, task }, 15), Some((at(15), ClockState::Due)));
    let done = Intent::MarkTask(ID, task, TaskState::Done, "no locks".into());
    life.says("lee", 16, done);
    assert_eq!(state(&life, Nudge::CallBack { of: None, task }, 17), None);
    assert_eq!(state(&life, Nudge::TimeBox { of: None, task }, 30), None);
    assert!(
        life.refused("dana", 17, answer(Nudge::CallBack { of: None, task: TaskId(9) }, 0, Answer::Done))
            .contains("T9")
    );
}

#[test]
fn a_call_back_goes_on_when_its_incident_is_merged() {
    let mut life = Life::declared(Severity::Sev4, 0);
    life.declare("Checkout is slow", Severity::Sev4, 1);
    let two = IncidentId(2);
    let content =
        TaskContent { text: "look at the queue".into(), owner: None, due: None, call_back: Some(at(8)) };
    life.says("dana", 2, Intent::AddTask(two, content));
    life.says("dana", 3, Intent::Merge { incident: two, into: ID, reason: String::new() });
    let nudge = Nudge::CallBack { of: Some(two), task: TaskId(1) };
    assert_eq!(nudge.to_string(), "call back INC-2 T1");
    assert_eq!(state(&life, nudge, 8), Some((at(8), ClockState::Due)));
    life.says("dana", 9, answer(nudge, 8, Answer::Done));
    assert_eq!(state(&life, nudge, 9), Some((at(8), ClockState::Kept { at: at(9) })));
    life.says("lee", 10, Intent::MarkTask(two, TaskId(1), TaskState::Done, String::new()));
    assert_eq!(state(&life, nudge, 11), None);
}

#[test]
fn what_is_due_comes_first_and_nothing_is_due_when_it_is_over() {
    let mut life = Life::declared(Severity::Sev1, 0);
    take(&mut life, "dana", 2);
    let order: Vec<_> = all(&life, 18).iter().map(|clock| clock.nudge).collect();
    assert_eq!(
        order,
        [
            Nudge::CallOut,
            Nudge::RolesUnclaimed,
            Nudge::ExternalUpdate,
            Nudge::InternalUpdate,
            Nudge::NoCommand
        ]
    );
    life.says("dana", 19, Intent::Resolve(ID));
    assert!(all(&life, 100).is_empty());
}
