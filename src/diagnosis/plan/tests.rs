//! Small plans over small stories: what counts as failed, by which vector, and what goals come to.

use super::*;
use crate::diagnosis::testing::{NOW, Story};
use crate::diagnosis::view::View;
use crate::domain::event::{EntryKind, Event, Moment, MomentValue, Record, Severity, When};
use crate::domain::scribe;
use crate::domain::signal::{AlarmState, Body, Deploy, Outcome};
use crate::domain::{IncidentId, Person, ServiceName};
use jiff::tz::TimeZone;

const PLAN: &str = r#"
started = "2026-01-26"
[[vector]]
id = "configuration"
recognised = { labels = ["config"], words = ["staging"], kinds = ["config"] }
[[vector]]
id = "database"
recognised = { causes = ["migration"], words = ["schema"] }
[[phase]]
name = "one"
days = "1-7"
metric = [
    { name = "success", goal = "deploy_success_rate(7d) > 90 %" },
    { name = "settings", goal = "failures(vector: configuration, 3d) vs baseline down 60 %" },
    { name = "back", goal = "rollback_time(7d) max <= 15 min" },
    { name = "detected", goal = "mttd(7d) < 2 min" },
    { name = "series", goal = "api/5xx max over 1h < 1 %" },
    { name = "entered", goal = "failures(7d) vs baseline down 60 %", baseline = "10" },
    { name = "builds", goal = "build_success_rate(7d) > 95 %" },
    { name = "people" },
]
[[risk]]
name = "worse"
when = "deploy_failure_rate(7d) > 40 %"
[[risk]]
name = "slow"
trigger = "somebody says so"
"#;

fn plan() -> Plan {
    toml::from_str(PLAN).unwrap()
}

fn deploy(outcome: Outcome, version: &str, took: Option<Span>, cause: Option<&str>) -> Body {
    Body::Deploy(Deploy {
        version: version.to_owned(),
        environment: "production".to_owned(),
        outcome,
        previous: None,
        took,
        cause: cause.map(str::to_owned),
    })
}

/// A story whose deployments are known for fifteen days.
fn story() -> Story {
    Story::new().planned(plan()).deploy(15 * 24 * 60, "web", "v0", Outcome::Started)
}

fn state(story: &Story, room: &Room) -> PlanState {
    story.seen(|view: &View<'_>| measured(view, room))
}

fn metric(state: &PlanState, name: &str) -> MetricState {
    state.metrics.iter().find(|metric| metric.name == name).unwrap().clone()
}

/// An incident of the past: minutes ago it began, was detected and was mitigated, and what was written.
fn incident(room: &mut Room, service: &str, (began, detected, over): (i64, i64, i64), line: &str) {
    let at = |ago: i64| NOW - Span::minutes(ago);
    let id: IncidentId = room.next_incident();
    let services = vec![ServiceName::new(service)];
    let declared = Event::IncidentDeclared {
        incident: id,
        title: "Orders fail".to_owned(),
        severity: Severity::Sev2,
        services,
        impact: String::new(),
        evidence: Vec::new(),
    };
    let moment = |moment, ago| Event::MomentSet {
        incident: id,
        moment,
        value: MomentValue::Happened { when: When::exactly(at(ago)) },
        reason: String::new(),
        evidence: Vec::new(),
        basis: None,
    };
    let mut events = vec![
        declared,
        moment(Moment::ImpactStart, began),
        moment(Moment::Detected, detected),
        moment(Moment::Mitigated, over),
    ];
    if !line.is_empty() {
        let content = scribe::parse(line, at(detected), &TimeZone::UTC).content;
        assert_ne!(content.entry_kind, EntryKind::Note);
        events.push(Event::EntryWritten { incident: id, entry: crate::domain::EntryId(1), content });
    }
    for event in events {
        let record =
            Record { key: None, seq: room.seq.next(), at: at(detected), by: Person::new("dana"), event };
        room.apply(&record);
    }
}

#[test]
fn a_version_that_goes_out_and_is_rolled_back_is_one_failure() {
    let story = story()
        .deploy(300, "api", "v1", Outcome::Started)
        .deploy(290, "api", "v1", Outcome::Succeeded)
        .deploy(250, "api", "v1", Outcome::RolledBack)
        .deploy(200, "api", "v1", Outcome::Succeeded);
    let failures = state(&story, &Room::default()).failures;
    assert_eq!((failures.deployments, failures.failed, failures.recovery_minutes), (2, 1, 40));
    assert_eq!(failures.rate, Some(50.0));
}

#[test]
fn a_version_that_is_told_of_twice_is_one_attempt_whichever_an_alarm_follows() {
    let story = story()
        .alarm(900, "api", "api-high", AlarmState::Ok)
        .deploy(300, "api", "v1", Outcome::Succeeded)
        .deploy(298, "api", "v1", Outcome::Succeeded)
        .alarm(280, "api", "api-high", AlarmState::Alarm);
    let failures = state(&story, &Room::default()).failures;
    assert_eq!((failures.deployments, failures.failed), (1, 1));
}

#[test]
fn an_alarm_after_a_deployment_makes_it_a_failure_until_it_is_quiet() {
    let story = story()
        .alarm(900, "api", "api-high", AlarmState::Ok)
        .deploy(300, "api", "v1", Outcome::Succeeded)
        .alarm(280, "api", "api-high", AlarmState::Alarm)
        .alarm(250, "api", "api-high", AlarmState::Ok);
    let failures = state(&story, &Room::default()).failures;
    assert_eq!((failures.failed, failures.recovery_minutes), (1, 30));
    assert_eq!(failures.seen[0].why, "api-high rang after it");
}

#[test]
fn a_series_that_rises_after_a_deployment_makes_it_a_failure() {
    let story = story().deploy(40, "api", "v1", Outcome::Succeeded).series("api/5xx", 0.5, 25, 6.0);
    let failures = state(&story, &Room::default()).failures;
    assert_eq!((failures.failed, failures.without_recovery), (1, 1), "nobody knows how long it will take");
    assert_eq!(failures.seen[0].why, "api/5xx rose after it");
}

#[test]
fn an_incident_belongs_to_the_deployment_before_it_and_says_how_long_recovering_took() {
    let story = story()
        .deploy(500, "db", "v1", Outcome::Succeeded)
        .deploy(310, "api", "v7", Outcome::Succeeded)
        .deploy(100, "api", "v8", Outcome::Succeeded);
    let mut room = Room::default();
    incident(&mut room, "api", (300, 290, 180), "f the address of staging #config");
    let state = state(&story, &room);
    let seen = &state.vectors[0].seen;
    assert_eq!((seen.len(), seen[0].version.as_str(), seen[0].recovery_minutes), (1, "v7", Some(120)));
    assert_eq!(seen[0].recognised.as_deref(), Some("INC-1 is labelled #config"));
    assert_eq!((state.vectors[0].share, state.vectors[1].share), (Some(100.0), Some(0.0)));
    assert_eq!(metric(&state, "detected").now.unwrap().say(), "10 min");
}

#[test]
fn what_somebody_named_counts_before_what_lies_nearby() {
    let took = Some(Span::minutes(10));
    let story = story()
        .config(605, "api", "pool", "1", "2")
        .signal(Span::minutes(590), "api", deploy(Outcome::Failed, "v1", took, Some("Migration")))
        .config(405, "api", "pool", "2", "3")
        .signal(Span::minutes(390), "api", deploy(Outcome::Failed, "v2", took, None))
        .signal(Span::minutes(190), "api", deploy(Outcome::Failed, "v3", took, Some("weather")));
    let state = state(&story, &Room::default());
    let versions = |seen: &[FailureSeen]| seen.iter().map(|seen| seen.version.clone()).collect::<Vec<_>>();
    assert_eq!(versions(&state.vectors[1].seen), ["v1"], "the deployment names it");
    assert_eq!(versions(&state.vectors[0].seen), ["v2"], "a setting was changed before");
    assert_eq!(versions(&state.failures.seen), ["v3"], "of no vector");
    assert_eq!(state.failures.unrecognised, 1);
}

#[test]
fn goals_are_met_not_met_or_say_why_they_are_not_measured() {
    let mut story = story();
    for ago in 1..=9 {
        story = story.deploy(ago * 100, "api", &format!("v{ago}"), Outcome::Succeeded);
    }
    let state = state(&story, &Room::default());
    let verdict = |name: &str| metric(&state, name).verdict;
    assert_eq!(verdict("success"), Verdict::Met);
    assert_eq!(verdict("people"), Verdict::ForPeople);
    assert_eq!(verdict("entered"), Verdict::Met);
    for (name, why) in [
        ("back", "nothing was rolled back in 7d"),
        ("detected", "no incident says both"),
        ("series", "nothing measures api/5xx yet"),
        ("builds", "no build ended in 7d"),
        ("settings", "what it was before is not known: nothing was deployed"),
    ] {
        let metric = metric(&state, name);
        assert_eq!(metric.verdict, Verdict::NotMeasured, "{name}");
        assert!(metric.why.contains(why), "{name}: {}", metric.why);
    }
    assert_eq!((state.risks[0].verdict, state.risks[1].verdict), (Verdict::NotMet, Verdict::ForPeople));
}

#[test]
fn a_count_is_not_said_of_a_window_that_is_only_half_known() {
    let story = Story::new().planned(plan()).check(15 * 24 * 60, "web", true);
    let story = story.deploy(100, "api", "v1", Outcome::Failed);
    let metric = metric(&state(&story, &Room::default()), "entered");
    assert_eq!((metric.verdict, metric.why.as_str()), (Verdict::NotMeasured, "only 1h of 7d are known"));
}

#[test]
fn a_change_is_judged_against_the_first_day_of_the_plan() {
    let day = 24 * 60;
    let named = |story: Story, days: i64, n: i64| {
        let took = Some(Span::minutes(5));
        let body = deploy(Outcome::Failed, &format!("v{days}.{n}"), took, Some("configuration"));
        story.signal(Span::minutes(days * day + n), "api", body)
    };
    let mut story = story();
    // The plan started a week and a day ago.
    for n in 1..=10 {
        story = named(story, 9, n);
    }
    for n in 1..=4 {
        story = named(story, 1, n);
    }
    let metric = metric(&state(&story, &Room::default()), "settings");
    assert_eq!(metric.why, "4, was 10: down 60 % of 60 %");
    assert_eq!(metric.verdict, Verdict::Met, "exactly as much as was asked for is enough");
    assert_eq!(metric.trend.last().copied().flatten(), Some(4.0));
}

#[test]
fn a_rollback_is_measured_from_the_first_sign() {
    let story = story()
        .alarm(900, "api", "api-high", AlarmState::Ok)
        .deploy(300, "api", "v1", Outcome::Succeeded)
        .alarm(280, "api", "api-high", AlarmState::Alarm)
        .deploy(266, "api", "v1", Outcome::RolledBack);
    let state = state(&story, &Room::default());
    assert_eq!(metric(&state, "back").now.unwrap().say(), "14 min");
    assert_eq!(metric(&state, "back").verdict, Verdict::Met);
    assert_eq!(state.risks[0].verdict, Verdict::Met, "one of one failed, which is what the risk watches for");
}

#[test]
fn a_room_without_a_plan_measures_nothing() {
    let story = Story::new().deploy(100, "api", "v1", Outcome::Failed);
    assert_eq!(story.seen(|view| Memory::default().state(view, &Room::default())), None);
}

#[test]
fn what_was_written_of_an_incident_just_now_counts_at_once() {
    let story = story().deploy(8, "api", "v1", Outcome::Succeeded);
    let mut room = Room::default();
    let (mut memory, now) = (Memory::default(), NOW + Span::minutes(2));
    let failed = |memory: &mut Memory, room: &Room| {
        story.seen(|view| memory.state(&view.at(now), room).unwrap().failures.failed)
    };
    assert_eq!(failed(&mut memory, &room), 0);
    incident(&mut room, "api", (5, -1, -1), "");
    assert_eq!(failed(&mut memory, &room), 1);
    assert_eq!(failed(&mut Memory::default(), &room), 1, "from scratch it is the same");
}

#[test]
fn putting_out_the_version_before_is_a_rollback_and_no_attempt_of_its_own() {
    let out = |story: Story, ago, version| story.deploy(ago, "api", version, Outcome::Succeeded);
    let back = out(out(out(story(), 900, "v6"), 50, "v7"), 20, "v6");
    let found = state(&back, &Room::default()).failures;
    assert_eq!((found.deployments, found.failed, found.recovery_minutes), (2, 1, 30));
    let anew = state(&out(back, 10, "v7"), &Room::default()).failures;
    assert_eq!((anew.deployments, anew.failed), (3, 1), "what is tried again is another attempt");
    let late = out(out(out(story(), 1900, "v6"), 1500, "v7"), 20, "v6");
    let late = state(&late, &Room::default()).failures;
    assert_eq!((late.deployments, late.failed), (3, 0), "a day later it is a change of mind");
}

#[test]
fn a_deployment_that_met_a_rollback_trigger_has_failed_whatever_came_after_it() {
    let catalog = "[[service]]\nname = 'api'\nhealth_check = [{ kind = 'readiness', name = 'ready' }]\n\
                   [service.rollback]\ntriggers = ['ready failing']";
    let story = || {
        let known = Story::of(catalog).planned(plan()).deploy(15 * 24 * 60, "web", "v0", Outcome::Started);
        known.check(100, "api", true).deploy(50, "api", "v7", Outcome::Succeeded)
    };
    let failed = |story: Story| {
        let found = state(&story, &Room::default()).failures;
        (found.failed, found.seen.first().map(|seen| seen.why.clone()).unwrap_or_default())
    };
    assert_eq!(failed(story()).0, 0);
    let met = || story().check(45, "api", false);
    let (count, why) = failed(met());
    assert!(count == 1 && why.contains("ready failing was met after it"), "{why}");
    let forward = met().deploy(30, "api", "v8", Outcome::Succeeded).check(28, "api", true);
    assert_eq!(failed(forward).0, 1, "what is known later changes nothing");
    assert_eq!(
        failed(met().check(20, "api", true)).0,
        0,
        "and what was over by itself brought nobody to roll back"
    );
}
