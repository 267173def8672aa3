//! Command: taken, offered, accepted with what was read, released; mergers; what is warned of.

use super::{ID, Life, at, content, told};
use sitroom::domain::event::{EntryKind, Event, Role, Severity, Verdict, When};
use sitroom::domain::incident::{ClockPolicy, Status, command_warnings, handover, timeline};
use sitroom::domain::{IncidentId, Intent, Person};
use std::sync::Arc;

const TWO: IncidentId = IncidentId(2);

fn taking(relieving: Option<&str>) -> Intent {
    Intent::TakeCommand { incident: ID, relieving: relieving.map(Person::new) }
}

fn merging(incident: IncidentId, into: IncidentId) -> Intent {
    Intent::Merge { incident, into, reason: "the same outage".into() }
}

fn commander(life: &Life) -> Option<&str> {
    life.incident().command.holder.as_ref().map(Person::as_str)
}

fn warned(life: &Life) -> Vec<String> {
    command_warnings(life.incident(), 7).iter().map(ToString::to_string).collect()
}

#[test]
fn what_was_read_is_what_is_recorded_when_command_changes_hands() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 1, taking(None));
    life.writes("dana", 2, EntryKind::Hypothesis, When::exactly(at(2)), "the pool is exhausted");
    let offered = Arc::new(handover(life.incident(), &ClockPolicy::default(), at(3)));
    life.says("dana", 3, Intent::OfferHandover(ID, Person::new("sam"), Arc::clone(&offered)));
    assert_eq!(commander(&life), Some("dana"), "an offer moves nothing");

    let read = Arc::new(handover(life.incident(), &ClockPolicy::default(), at(5)));
    assert!(life.refused("lee", 5, Intent::AcceptHandover(ID, Arc::clone(&read))).contains("not offered"));
    life.says("sam", 5, Intent::AcceptHandover(ID, Arc::clone(&read)));
    assert_eq!(commander(&life), Some("sam"));
    assert_eq!(life.incident().command.accepted_packet.as_ref(), Some(&read));
    assert_eq!(read.hypotheses[0].text, "the pool is exhausted");
    assert_eq!(read.brief.condition, "payments fail or hang");
}

#[test]
fn the_packet_that_came_with_an_offer_is_accepted_with_it() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("dana", 1, taking(None));
    let packet = Arc::new(handover(life.incident(), &ClockPolicy::default(), at(3)));
    life.says("dana", 3, Intent::OfferHandover(ID, Person::new("sam"), Arc::clone(&packet)));
    let accepted = life.says("sam", 4, Intent::AcceptCommand(ID));
    assert!(matches!(accepted, Event::HandoverAccepted { packet: kept, .. } if *kept == packet));
}

#[test]
fn two_who_take_command_at_once_end_with_one_and_the_other_is_told() {
    let mut life = Life::declared(Severity::Sev1, 0);
    life.says("dana", 1, taking(None));
    assert_eq!(life.refused("sam", 1, taking(None)), "dana has command of INC-1; taking it relieves dana");
    life.says("sam", 2, taking(Some("dana")));
    assert!(life.refused("lee", 2, taking(Some("dana"))).contains("sam has command"));
}

#[test]
fn the_next_commander_is_named_and_forgotten_once_in_command() {
    let mut life = Life::declared(Severity::Sev1, 0);
    life.says("dana", 1, Intent::NameNext(ID, Some(Person::new("lee"))));
    assert_eq!(life.incident().command.next, Some(Person::new("lee")));
    life.says("lee", 2, taking(None));
    assert_eq!(life.incident().command.next, None);
}

#[test]
fn command_is_warned_of_and_never_in_the_way() {
    let mut life = Life::declared(Severity::Sev1, 0);
    assert_eq!(warned(&life), ["nobody has command of INC-1"]);
    life.says("dana", 1, taking(None));
    assert!(warned(&life).is_empty());
    life.says("dana", 2, Intent::TakeRole(ID, Role::Expert));
    assert!(warned(&life)[0].contains("dana has command and is SME too"));
    life.says("dana", 3, Intent::DropRole(ID, Role::Expert));
    for number in 0..8 {
        life.says(&format!("responder-{number}"), 4, Intent::TakeRole(ID, Role::Expert));
    }
    assert!(warned(&life)[0].contains("8 people report to dana"));
    life.says("sam", 5, Intent::TakeRole(ID, Role::Deputy));
    assert!(warned(&life).is_empty(), "the experts report to the deputy");
}

#[test]
fn a_merged_incident_keeps_its_entries_and_says_where_it_went() {
    let mut life = Life::declared(Severity::Sev1, 0);
    life.declare("Checkout is slow", Severity::Sev3, 4);
    let slow = content(EntryKind::Hypothesis, When::exactly(at(5)), "the queue is full");
    life.says("sam", 5, Intent::Write(TWO, slow.clone()));
    life.says("dana", 6, merging(TWO, ID));

    assert_eq!(
        told(&life.lines()),
        [
            "14:00 dana declared SEV-1: Payments fail",
            "14:04 [INC-2] dana declared SEV-3: Checkout is slow",
            "14:05 [INC-2] the queue is full",
            "14:06 dana merged INC-2 into INC-1: the same outage",
        ]
    );
    let gone = "INC-2 was merged into INC-1 and goes on there; say it of INC-1";
    assert_eq!(life.refused("sam", 7, Intent::Write(TWO, slow)), gone);
    assert_eq!(life.refused("sam", 7, Intent::TakeCommand { incident: TWO, relieving: None }), gone);
    assert_eq!(life.refused("sam", 7, Intent::Close(TWO)), gone);
    assert_eq!(life.room.in_front().map(|incident| incident.id), Some(ID));
}

#[test]
fn what_a_merged_incident_held_can_still_be_settled() {
    let mut life = Life::declared(Severity::Sev1, 0);
    life.declare("Checkout is slow", Severity::Sev3, 4);
    life.declare("Cannot pay by card", Severity::Sev2, 4);
    let text = content(EntryKind::Hypothesis, When::exactly(at(5)), "the queue is full");
    life.says("sam", 5, Intent::Write(TWO, text));
    life.says("dana", 6, merging(TWO, IncidentId(3)));
    life.says("dana", 7, merging(IncidentId(3), ID));
    let open = |life: &Life| handover(life.incident(), &ClockPolicy::default(), at(8)).hypotheses;
    assert_eq!(open(&life)[0].of, Some(TWO));
    let entry = open(&life)[0].entry;
    life.says("sam", 8, Intent::Judge(TWO, entry, Verdict::Refuted, "it was empty".into(), None));
    assert!(open(&life).is_empty(), "two mergers away, it is settled too");
    assert!(life.refused("sam", 9, Intent::Resolve(TWO)).contains("goes on there; say it of INC-1"));
}

#[test]
fn a_merger_is_told_by_the_one_it_went_into_however_far_that_has_gone() {
    let mut life = Life::declared(Severity::Sev1, 0);
    life.declare("Checkout is slow", Severity::Sev3, 4);
    life.declare("Cannot pay by card", Severity::Sev2, 4);
    life.says("dana", 6, merging(TWO, IncidentId(3)));
    life.says("dana", 7, merging(IncidentId(3), ID));
    let lines = told(&life.lines());
    let mergers: Vec<_> = lines.iter().filter(|line| line.contains("merged")).collect();
    assert_eq!(
        mergers,
        [
            "14:06 [INC-3] dana merged INC-2 into INC-3: the same outage",
            "14:07 dana merged INC-3 into INC-1: the same outage"
        ]
    );
}

#[test]
fn mergers_never_run_in_a_circle_and_can_be_taken_back() {
    let mut life = Life::declared(Severity::Sev1, 0);
    life.declare("Checkout is slow", Severity::Sev3, 4);
    assert!(life.refused("dana", 5, merging(ID, ID)).contains("into itself"));
    life.says("dana", 5, merging(TWO, ID));
    assert!(life.refused("dana", 6, merging(ID, TWO)).contains("goes on"));
    life.says("dana", 7, Intent::Reopen(TWO));
    assert_eq!(life.room.incident(TWO).unwrap().status, Status::Open);
    assert!(life.incident().merged.is_empty());
    assert!(told(&life.lines()).contains(&"14:07 dana took INC-2 out again".to_owned()));
    assert_eq!(
        told(&timeline(life.room.incident(TWO).unwrap())).last().unwrap(),
        "14:07 dana reopened the incident"
    );
}
