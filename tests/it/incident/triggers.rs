//! Kill criteria counted over the journal, and action items over all incidents.

use super::{ID, Life, at, content};
use sitroom::domain::event::*;
use sitroom::domain::incident::{TriggerState, follow_ups, metrics, triggers};
use sitroom::domain::{IncidentId, Intent, Person, Span, Time};

const TWO: IncidentId = IncidentId(2);

fn criterion(measure: Measure, count: u32) -> RetroContent {
    RetroContent::KillCriterion(KillCriterion {
        signal: "IC not declared in time".into(),
        window: "30 days".into(),
        threshold: "twice".into(),
        commitment: "re-train everybody".into(),
        owner: Some(Person::new("dana")),
        source: "the journal".into(),
        watch: Some(Watch {
            measure,
            at_least: Some(Severity::Sev2),
            from: None,
            window: Some(Span::days(30)),
            count,
        }),
    })
}

fn late() -> Measure {
    Measure::CommandLate { within: Span::minutes(10) }
}

fn state(life: &Life, now: Time) -> TriggerState {
    triggers(&life.room, now)[0].state.clone()
}

#[test]
fn a_criterion_is_due_when_it_was_seen_often_enough_and_not_before() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("sam", 12, Intent::TakeCommand { incident: ID, relieving: None });
    life.says("sam", 20, Intent::Resolve(ID));
    life.says("dana", 30, Intent::WriteItem(ID, criterion(late(), 2)));
    life.declare("Checkout fails", Severity::Sev1, 100);
    let one = vec![ID];
    assert!(matches!(state(&life, at(109)), TriggerState::Counting { seen, .. } if seen == one));
    assert_eq!(state(&life, at(111)), TriggerState::Due { seen: vec![ID, TWO] });
}

#[test]
fn what_is_less_severe_or_outside_the_window_does_not_count() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("sam", 5, Intent::Resolve(ID));
    life.says("dana", 30, Intent::WriteItem(ID, criterion(late(), 1)));
    life.declare("A page is slow", Severity::Sev4, 100);
    life.declare("Checkout fails", Severity::Sev1, 31 * 24 * 60);
    assert_eq!(state(&life, at(32 * 24 * 60)), TriggerState::Over { seen: Vec::new() });
}

#[test]
fn a_label_and_a_late_update_are_seen_and_what_nobody_can_count_is_for_people() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let mut stale = content(EntryKind::Fact, When::exactly(at(3)), "the rollback playbook is outdated");
    stale.labels = vec!["stale-playbook".into()];
    life.says("dana", 3, Intent::Write(ID, stale));
    life.says("dana", 4, Intent::TakeCommand { incident: ID, relieving: None });
    let labelled = Measure::Labelled { label: "stale-playbook".into() };
    life.says("dana", 30, Intent::WriteItem(ID, criterion(labelled, 1)));
    let update = Measure::ExternalUpdateLate { within: Span::minutes(15) };
    life.says("dana", 30, Intent::WriteItem(ID, criterion(update, 1)));
    let RetroContent::KillCriterion(mut loose) = criterion(late(), 1) else { panic!("a kill criterion") };
    loose.watch = None;
    life.says("dana", 31, Intent::WriteItem(ID, RetroContent::KillCriterion(loose)));
    let found: Vec<_> = triggers(&life.room, at(40)).into_iter().map(|it| it.state).collect();
    let due = TriggerState::Due { seen: vec![ID] };
    assert_eq!(found, [due.clone(), due, TriggerState::ForPeople]);
}

#[test]
fn a_label_counts_where_its_incident_goes_on() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.declare("Checkout fails", Severity::Sev2, 1);
    let mut stale = content(EntryKind::Fact, When::exactly(at(3)), "the rollback playbook is outdated");
    stale.labels = vec!["stale-playbook".into()];
    life.says("dana", 3, Intent::Write(TWO, stale));
    life.says("dana", 4, Intent::Merge { incident: TWO, into: ID, reason: String::new() });
    let labelled = Measure::Labelled { label: "stale-playbook".into() };
    life.says("dana", 30, Intent::WriteItem(ID, criterion(labelled, 1)));
    assert_eq!(state(&life, at(40)), TriggerState::Due { seen: vec![ID] });
}

#[test]
fn action_items_are_open_until_somebody_did_them_and_overdue_the_day_after() {
    let mut life = Life::declared(Severity::Sev2, 0);
    let action = |text: &str, due: Option<&str>| {
        RetroContent::ActionItem(ActionItem {
            text: text.into(),
            action_type: ActionType::Fix,
            owner: None,
            due: due.map(|due| due.parse().unwrap()),
            success: String::new(),
            follow_up: None,
            notes: String::new(),
            addresses: Vec::new(),
        })
    };
    life.says("dana", 1, Intent::WriteItem(ID, action("some day", None)));
    life.says("dana", 1, Intent::WriteItem(ID, action("soon", Some("2026-03-17"))));
    life.says("dana", 1, Intent::WriteItem(ID, action("done", Some("2026-03-16"))));
    let done = life.incident().retro.items.last_key().unwrap();
    life.says("sam", 2, Intent::MarkItem(ID, done, ItemState::Done, String::new()));
    let open = |now| -> Vec<_> {
        let found = follow_ups(&life.room, now);
        found.iter().map(|it| (it.action.text.clone(), it.is_overdue)).collect()
    };
    let wanted = |overdue| [("soon".to_owned(), overdue), ("some day".to_owned(), false)];
    assert_eq!(open("2026-03-17T23:59:00Z".parse().unwrap()), wanted(false));
    assert_eq!(open("2026-03-18T00:00:00Z".parse().unwrap()), wanted(true));
}

#[test]
fn only_what_was_recorded_is_measured() {
    let mut life = Life::declared(Severity::Sev2, 0);
    life.says("sam", 7, Intent::TakeCommand { incident: ID, relieving: None });
    life.declare("Checkout fails", Severity::Sev1, 100);
    let found = metrics(&life.room);
    let gap = found.iter().find(|metric| metric.duration.word == "ic-gap").unwrap();
    assert_eq!((gap.recorded.as_slice(), gap.of), (&[Span::minutes(7)][..], 2));
    assert!(found.iter().filter(|metric| metric.duration.word != "ic-gap").all(|it| it.median().is_none()));
}
