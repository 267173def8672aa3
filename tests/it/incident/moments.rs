//! Key moments and the durations between them: recorded, pending, not applicable or invalid, never guessed.

use super::{ID, Life, at, told};
use sitroom::domain::event::{Basis, Moment, MomentValue, Severity, When};
use sitroom::domain::incident::{DURATIONS, Measured, Status, durations, impossible_orders, measure};
use sitroom::domain::{Intent, Person, Span};

fn moment(moment: Moment, value: MomentValue) -> Intent {
    Intent::SetMoment {
        incident: ID,
        moment,
        value,
        reason: String::new(),
        evidence: Vec::new(),
        basis: None,
    }
}

fn happened(which: Moment, when: When) -> Intent {
    moment(which, MomentValue::Happened { when })
}

fn said(life: &Life, word: &str) -> String {
    let duration = DURATIONS.iter().find(|duration| duration.word == word).unwrap();
    measure(life.incident(), duration).say(life.incident().status)
}

#[test]
fn nothing_is_guessed() {
    let life = Life::declared(Severity::Sev2, 0);
    for (duration, measured) in durations(life.incident()) {
        assert!(matches!(measured, Measured::Pending { .. }), "{}", duration.word);
    }
    assert_eq!(said(&life, "detect"), "pending: Impact start, Detected");
    assert_eq!(said(&life, "declare"), "pending: Detected");
}

#[test]
fn when_it_is_over_what_is_missing_was_not_captured() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 30, Intent::Resolve(ID));
    assert_eq!(said(&life, "resolve"), "not captured: Impact start");
    assert_eq!(life.incident().status, Status::Resolved);
}

#[test]
fn a_range_gives_a_range_and_about_gives_about() {
    let mut life = Life::declared(Severity::Sev2, 20);
    life.says("sam", 21, happened(Moment::ImpactStart, When::between(at(0), at(5))));
    life.says("sam", 21, happened(Moment::Detected, When::about(at(10))));
    assert_eq!(said(&life, "detect"), "~5–10 min");
    assert_eq!(said(&life, "declare"), "~10 min");
    life.says("sam", 22, happened(Moment::ImpactStart, When::exactly(at(1))));
    life.says("sam", 22, happened(Moment::Detected, When::exactly(at(10))));
    assert_eq!(said(&life, "detect"), "9 min", "a correction holds");
}

#[test]
fn an_impossible_order_is_warned_of_and_not_measured() {
    let mut life = Life::declared(Severity::Sev2, 20);
    life.says("sam", 21, happened(Moment::ImpactStart, When::exactly(at(12))));
    life.says("sam", 21, happened(Moment::Detected, When::exactly(at(10))));
    let orders = impossible_orders(life.incident());
    assert_eq!(orders.len(), 1);
    assert_eq!((orders[0].earlier, orders[0].later), (Moment::ImpactStart, Moment::Detected));
    assert!(orders[0].to_string().starts_with("Detected (2026-03-16T14:10"));
    assert!(said(&life, "detect").starts_with("invalid: Detected ("));
}

#[test]
fn ranges_that_overlap_contradict_nothing() {
    let mut life = Life::declared(Severity::Sev2, 20);
    life.says("sam", 21, happened(Moment::ImpactStart, When::between(at(5), at(12))));
    life.says("sam", 21, happened(Moment::Detected, When::exactly(at(10))));
    assert!(impossible_orders(life.incident()).is_empty());
    assert_eq!(said(&life, "detect"), "0–5 min");
}

#[test]
fn what_never_happened_is_not_applicable() {
    let mut life = Life::declared(Severity::Sev3, 0);
    let never = Intent::SetMoment {
        incident: ID,
        moment: Moment::Escalated,
        value: MomentValue::Never,
        reason: "the team had it".into(),
        evidence: Vec::new(),
        basis: None,
    };
    life.says("sam", 1, never);
    assert_eq!(said(&life, "escalate"), "not applicable: Escalated: did not happen (the team had it)");
    assert_eq!(told(&life.lines())[1], "14:01 Escalated: did not happen: the team had it");
    life.says("sam", 2, moment(Moment::Escalated, MomentValue::Unknown));
    assert!(said(&life, "escalate").starts_with("pending"));
    assert!(life.refused("sam", 3, moment(Moment::Escalated, MomentValue::Unknown)).contains("Escalated"));
}

#[test]
fn what_the_journal_saw_holds_until_a_person_knows_better() {
    let mut life = Life::declared(Severity::Sev2, 10);
    life.says("dana", 14, Intent::TakeCommand { incident: ID, relieving: None });
    assert_eq!(said(&life, "ic-gap"), "4 min");
    life.says("sam", 15, happened(Moment::Declared, When::about(at(2))));
    assert_eq!(said(&life, "ic-gap"), "~12 min");
    life.says("sam", 16, moment(Moment::Declared, MomentValue::Unknown));
    assert_eq!(said(&life, "ic-gap"), "4 min");
}

#[test]
fn reopening_forgets_what_was_said_of_the_end() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("sam", 1, happened(Moment::ImpactStart, When::exactly(at(0))));
    life.says("sam", 30, Intent::Resolve(ID));
    life.says("sam", 31, happened(Moment::Resolved, When::about(at(28))));
    assert_eq!(said(&life, "resolve"), "~28 min");
    life.says("sam", 32, Intent::Reopen(ID));
    assert_eq!(said(&life, "resolve"), "pending: Resolved");
}

#[test]
fn a_moment_stands_in_the_timeline_when_it_happened_and_only_once() {
    let mut life = Life::declared(Severity::Sev2, 20);
    life.says("sam", 25, happened(Moment::Detected, When::about(at(11))));
    life.says("sam", 26, happened(Moment::Detected, When::about(at(10))));
    assert_eq!(told(&life.lines()), ["~14:10 Detected", "14:20 dana declared SEV-2: Payments fail"]);
    assert_eq!(life.lines()[0].delay(), Span::minutes(16));
    assert_eq!(life.lines()[0].by(), &Person::new("sam"));
}

#[test]
fn a_proposal_turned_down_is_turned_down_once() {
    let mut life = Life::declared(Severity::Sev2, 20);
    let (when, basis) = (When::exactly(at(9)), Basis { rule: "first-alarm".into(), version: 1 });
    let decline = Intent::DeclineProposal {
        incident: ID,
        moment: Moment::Detected,
        when,
        basis: basis.clone(),
        evidence: Vec::new(),
        reason: "another alarm".into(),
    };
    life.says("sam", 21, decline.clone());
    assert!(life.incident().has_declined(Moment::Detected, when, &basis));
    assert!(life.refused("sam", 22, decline).contains("declined already"));
    assert_eq!(life.incident().when(Moment::Detected), None);
}
