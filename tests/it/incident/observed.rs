//! What signals say of an incident: live checks of its exit criteria, and proposals of key moments.

use super::{ID, Life, at};
use sitroom::domain::event::{EntryKind, LiveCheck, Moment, Severity, Side, Verdict, When};
use sitroom::domain::incident::{CheckState, Proposal, check, proposals};
use sitroom::domain::signal::{Alarm, AlarmState, Sample};
use sitroom::domain::{Body, Intent, Signal, SignalId, SignalLog, Span};

fn signal(minute: i64, service: &str, title: String, body: Body) -> Signal {
    Signal {
        id: SignalId::of(service, &format!("{minute}{title}")),
        at: at(minute),
        source: "scenario".into(),
        service: Some(service.into()),
        title,
        body,
        link: None,
        raw: None,
    }
}

fn alarm(minute: i64, service: &str, name: &str, state: AlarmState) -> Signal {
    let (metric, statistic, endpoint, reason) = (None, None, None, None);
    let body =
        Alarm { name: name.into(), state, was: None, since: None, metric, statistic, endpoint, reason };
    signal(minute, service, format!("{name} {state:?}"), Body::Alarm(body))
}

fn sample(minute: i64, value: f64) -> Signal {
    let body = Body::Sample(Sample::new("payment-api/5xx".into(), value));
    signal(minute, "payment-api", format!("5xx {value}"), body)
}

fn log(signals: &[Signal]) -> SignalLog {
    let mut log = SignalLog::new();
    for signal in signals {
        log.insert(signal);
    }
    log
}

fn quiet() -> LiveCheck {
    LiveCheck::Alarm { name: "5xx".into(), service: None, good_for: Span::minutes(10) }
}

fn low() -> LiveCheck {
    LiveCheck::Series {
        series: "payment-api/5xx".into(),
        side: Side::Below,
        limit: "0.5".into(),
        good_for: Span::minutes(5),
    }
}

use AlarmState::{Alarm as Rings, NoData, Ok as Quiet};

#[test]
fn an_alarm_is_good_once_it_was_quiet_for_long_enough() {
    let log = log(&[
        alarm(0, "payment-api", "5xx", Rings),
        alarm(8, "payment-api", "5xx", Quiet),
        alarm(9, "payment-api", "5xx", Quiet),
        alarm(9, "payment-api", "latency", Rings),
    ]);
    assert!(matches!(check(&quiet(), &log, at(3)), CheckState::Bad { .. }));
    assert_eq!(check(&quiet(), &log, at(10)), CheckState::NotYet { since: at(8), met_at: at(18) });
    assert_eq!(check(&quiet(), &log, at(18)), CheckState::Met { since: at(8) });
    assert_eq!(check(&quiet(), &log, at(900)), CheckState::Met { since: at(8) });
    let elsewhere = LiveCheck::Alarm {
        name: "5xx".into(),
        service: Some("checkout".into()),
        good_for: Span::minutes(10),
    };
    assert!(matches!(check(&elsewhere, &log, at(18)), CheckState::Unknown { .. }));
}

#[test]
fn an_alarm_without_data_is_not_quiet() {
    let log = log(&[alarm(0, "payment-api", "5xx", Quiet), alarm(5, "payment-api", "5xx", NoData)]);
    assert!(matches!(check(&quiet(), &log, at(60)), CheckState::Unknown { .. }));
}

#[test]
fn a_series_is_good_after_its_last_bad_value() {
    let log = log(&[
        sample(0, 1.9),
        sample(2, 0.4),
        sample(4, 0.6),
        sample(6, 0.3),
        sample(8, 0.2),
        sample(11, 0.1),
    ]);
    assert!(matches!(check(&low(), &log, at(4)), CheckState::Bad { what, .. } if what.contains("0.6")));
    assert_eq!(check(&low(), &log, at(9)), CheckState::NotYet { since: at(6), met_at: at(11) });
    assert_eq!(check(&low(), &log, at(11)), CheckState::Met { since: at(6) });
}

#[test]
fn a_series_that_fell_silent_is_not_good() {
    let log = log(&[sample(0, 0.1), sample(1, 0.1), sample(20, 0.1)]);
    assert_eq!(check(&low(), &log, at(10)), CheckState::NotYet { since: at(0), met_at: at(5) });
    assert!(matches!(check(&low(), &log, at(12)), CheckState::Unknown { reason } if reason.contains("11m")));
    assert_eq!(check(&low(), &log, at(21)), CheckState::NotYet { since: at(20), met_at: at(25) });
}

#[test]
fn a_series_is_good_only_for_as_long_as_it_was_measured() {
    let half_an_hour = LiveCheck::Series {
        series: "payment-api/5xx".into(),
        side: Side::Below,
        limit: "0.5".into(),
        good_for: Span::minutes(30),
    };
    let mut signals = vec![sample(0, 1.9), sample(1, 0.1), sample(2, 0.1)];
    assert!(matches!(check(&half_an_hour, &log(&signals), at(31)), CheckState::Unknown { .. }));
    signals.push(sample(31, 0.1));
    let not_yet = CheckState::NotYet { since: at(31), met_at: at(61) };
    assert_eq!(check(&half_an_hour, &log(&signals), at(32)), not_yet, "a gap begins the count anew");
    signals.extend((32..=61).map(|minute| sample(minute, 0.1)));
    assert_eq!(check(&half_an_hour, &log(&signals), at(61)), CheckState::Met { since: at(31) });
}

fn proposed(life: &Life, log: &SignalLog, minute: i64) -> Vec<(Moment, i64, String)> {
    let told = |proposal: &Proposal| {
        (proposal.moment, (proposal.when.from - at(0)).as_minutes(), proposal.basis.rule.clone())
    };
    proposals(life.incident(), log, at(minute)).iter().map(told).collect()
}

#[test]
fn the_first_alarm_and_the_last_recovery_are_proposed() {
    let life = Life::declared(Severity::Sev2, 20);
    let log = log(&[
        alarm(-60, "payment-api", "5xx", Rings),
        alarm(-50, "payment-api", "5xx", Quiet),
        alarm(8, "ledger", "lag", Rings),
        alarm(10, "payment-api", "5xx", Rings),
        alarm(12, "payment-api", "latency", Rings),
        alarm(30, "payment-api", "5xx", Quiet),
        alarm(40, "payment-api", "latency", Quiet),
    ]);
    let detected = (Moment::Detected, 10, "first-alarm".to_owned());
    assert_eq!(proposed(&life, &log, 35), std::slice::from_ref(&detected), "one alarm still rings");
    let mitigated = (Moment::Mitigated, 40, "alarms-recovered".to_owned());
    assert_eq!(proposed(&life, &log, 45), [detected, mitigated]);
}

#[test]
fn an_alarm_that_is_only_told_anew_detected_nothing() {
    let life = Life::declared(Severity::Sev2, 20);
    let mut anew = alarm(10, "payment-api", "5xx", Rings);
    let Body::Alarm(body) = &mut anew.body else { panic!() };
    body.since = Some(at(-50_000));
    let log = log(&[anew, alarm(12, "payment-api", "latency", Rings)]);
    assert_eq!(proposed(&life, &log, 35), [(Moment::Detected, 12, "first-alarm".to_owned())]);
}

#[test]
fn an_alarm_that_rings_again_takes_the_recovery_back_and_not_the_detection() {
    let life = Life::declared(Severity::Sev2, 20);
    let mut signals = vec![
        alarm(10, "payment-api", "5xx", Rings),
        alarm(30, "payment-api", "5xx", Quiet),
        alarm(33, "payment-api", "5xx", Rings),
    ];
    let detected = (Moment::Detected, 10, "first-alarm".to_owned());
    assert_eq!(proposed(&life, &log(&signals), 35), std::slice::from_ref(&detected));
    signals.push(alarm(50, "payment-api", "5xx", Quiet));
    let mitigated = (Moment::Mitigated, 50, "alarms-recovered".to_owned());
    assert_eq!(proposed(&life, &log(&signals), 55), [detected, mitigated]);
}

#[test]
fn a_proposal_is_gone_once_it_is_accepted_or_turned_down() {
    let mut life = Life::declared(Severity::Sev2, 20);
    let log = log(&[alarm(10, "payment-api", "5xx", Rings), alarm(30, "payment-api", "5xx", Quiet)]);
    let [detected, mitigated] = proposals(life.incident(), &log, at(31)).try_into().unwrap();
    let (accept, decline) =
        (detected.accept(life.incident()), mitigated.decline(life.incident(), "not us".into()));
    life.says("sam", 31, accept);
    life.says("sam", 31, decline);
    assert!(proposed(&life, &log, 32).is_empty());
    let said = &life.incident().moments[&Moment::Detected];
    assert_eq!((said.basis.as_ref().unwrap().rule.as_str(), said.evidence.len()), ("first-alarm", 1));
}

#[test]
fn a_confirmed_hypothesis_proposes_the_cause() {
    let mut life = Life::declared(Severity::Sev2, 20);
    let pool = life.writes("sam", 21, EntryKind::Hypothesis, When::exactly(at(21)), "the pool is exhausted");
    assert!(proposed(&life, &SignalLog::new(), 22).is_empty());
    life.says("sam", 25, Intent::Judge(ID, pool, Verdict::Confirmed, String::new(), None));
    let cause = (Moment::CauseIdentified, 25, "hypothesis-confirmed".to_owned());
    assert_eq!(proposed(&life, &SignalLog::new(), 26), [cause]);
}
