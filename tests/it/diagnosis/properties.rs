//! What holds for any signals at all: order and duplicates do not matter, and nothing panics.

use super::{scenario, story};
use proptest::prelude::*;
use sitroom::diagnosis::{Diagnosis, Policy, Situation, situation};
use sitroom::domain::signal::{
    Alarm, AlarmState, Body, Change, Deploy, Health, Outcome, PullRequest, PullRequestState, Review, Run,
    Sample, Verdict,
};
use sitroom::domain::{
    Catalog, SeriesName, ServiceName, Signal, SignalId, SignalLog, SourceName, Span, Time,
};

fn catalog() -> Catalog {
    scenario(story()).catalog().clone()
}

const SERVICES: [&str; 4] = ["payment-api", "checkout-service", "ledger", "unheard-of"];

fn service() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(SERVICES.to_vec())
}

fn outcome() -> impl Strategy<Value = Outcome> {
    proptest::sample::select(vec![Outcome::Started, Outcome::Succeeded, Outcome::Failed, Outcome::RolledBack])
}

fn alarm_state() -> impl Strategy<Value = AlarmState> {
    proptest::sample::select(vec![AlarmState::Ok, AlarmState::Alarm, AlarmState::NoData])
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        (service(), any::<f64>())
            .prop_map(|(s, value)| Body::Sample(Sample::new(SeriesName::new(format!("{s}/5xx")), value))),
        (service(), 0.0..5.0_f64)
            .prop_map(|(s, value)| Body::Sample(Sample::new(SeriesName::new(format!("{s}/5xx")), value))),
        (".{0,3}", outcome()).prop_map(|(version, outcome)| Body::Deploy(Deploy {
            version,
            environment: "production".into(),
            outcome,
            previous: None,
            took: None,
            cause: None
        })),
        ("[ab]", alarm_state(), proptest::option::of(alarm_state())).prop_map(|(name, state, was)| {
            Body::Alarm(Alarm {
                name,
                state,
                was,
                since: None,
                metric: None,
                statistic: None,
                endpoint: None,
                reason: None,
            })
        }),
        ("[ab]", any::<u64>(), any::<u64>(), any::<bool>()).prop_map(
            |(repository, added, removed, merged)| {
                let state = if merged { PullRequestState::Merged } else { PullRequestState::Ready };
                let services = SERVICES.iter().copied().map(ServiceName::new).collect();
                Body::PullRequest(PullRequest {
                    repository,
                    number: added % 9,
                    state,
                    author: String::new(),
                    added,
                    removed,
                    services,
                    ready_at: Some(Time::from_millis(removed.cast_signed())),
                })
            }
        ),
        ("[ab]", "[abc]", any::<i64>()).prop_map(|(repository, reviewer, took)| Body::Review(Review {
            repository,
            number: 1,
            reviewer,
            verdict: Verdict::Approved,
            turnaround: Span::millis(took)
        })),
        ("(key|)", "[0-9]{0,3}", "[0-9]{0,3}").prop_map(|(key, before, after)| Body::Config(Change {
            key,
            before: Some(before),
            after: Some(after),
            by: String::new()
        })),
        any::<bool>().prop_map(|healthy| Body::Health(Health {
            check: "ready".into(),
            healthy,
            latency_ms: None,
            in_a_row: None,
        })),
        outcome().prop_map(|outcome| Body::Run(Run {
            repository: "a".into(),
            workflow: "b".into(),
            branch: "main".into(),
            outcome
        })),
        Just(Body::Note),
    ]
}

/// Mostly within two hours of one another, so that they have something to do with each other.
fn signals() -> impl Strategy<Value = Vec<Signal>> {
    let at = prop_oneof![8 => 0..7_200_000_i64, 1 => any::<i64>()];
    let signal = (at, 0..200_u32, service(), body()).prop_map(|(at, name, service, body)| Signal {
        id: SignalId::of("test", &name.to_string()),
        at: Time::from_millis(at),
        source: SourceName::new(if name % 2 == 0 { "aws" } else { "github" }),
        service: Some(ServiceName::new(service)),
        title: "signal".into(),
        body,
        link: None,
        raw: None,
    });
    proptest::collection::vec(signal, 0..120)
}

/// A log keeps one signal for a moment and an id; which one is the business of the log.
fn distinct(mut signals: Vec<Signal>) -> Vec<Signal> {
    let mut seen = std::collections::BTreeSet::new();
    signals.retain(|signal| seen.insert((signal.at, signal.id)));
    signals
}

fn fed<'a>(diagnosis: &mut Diagnosis, signals: impl Iterator<Item = &'a Signal>) {
    for signal in signals {
        let log: SignalLog = [signal.clone()].into_iter().collect();
        for signal in log.iter() {
            diagnosis.observe(signal);
        }
    }
}

fn from_scratch(signals: &[Signal], now: Time) -> Situation {
    let log: SignalLog = signals.iter().cloned().collect();
    situation(&log, &catalog(), &Policy::default(), &[], now)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn order_and_duplicates_change_nothing(signals in signals(), now in 0..9_000_000_i64) {
        let (signals, now) = (distinct(signals), Time::from_millis(now));
        let wanted = from_scratch(&signals, now);
        let mut diagnosis = Diagnosis::new(catalog(), Policy::default());
        fed(&mut diagnosis, signals.iter().rev());
        fed(&mut diagnosis, signals.iter());
        prop_assert_eq!(diagnosis.situation(&[], now), wanted);
    }

    #[test]
    fn looking_in_between_changes_nothing(signals in signals(), now in 0..9_000_000_i64) {
        let (signals, now) = (distinct(signals), Time::from_millis(now));
        let mut diagnosis = Diagnosis::new(catalog(), Policy::default());
        for some in signals.chunks(10) {
            fed(&mut diagnosis, some.iter());
            diagnosis.situation(&[], now);
        }
        prop_assert_eq!(diagnosis.situation(&[], now), from_scratch(&signals, now));
    }

    #[test]
    fn what_lies_ahead_is_not_seen(signals in signals(), now in 0..7_200_000_i64) {
        let (signals, now) = (distinct(signals), Time::from_millis(now));
        let past: Vec<Signal> = signals.iter().filter(|signal| signal.at <= now).cloned().collect();
        prop_assert_eq!(from_scratch(&signals, now), from_scratch(&past, now));
    }

    #[test]
    fn after_forgetting_all_is_as_if_it_had_never_been(signals in signals(), before in 0..7_200_000_i64) {
        let (signals, before) = (distinct(signals), Time::from_millis(before));
        let now = Time::from_millis(7_200_000);
        // An alarm stays as it is, and a series counts as coming from where it was first measured.
        let is_kept = |signal: &&Signal| !matches!(signal.body, Body::Alarm(_) | Body::Sample(_));
        let signals: Vec<Signal> = signals.iter().filter(is_kept).cloned().collect();
        let left: Vec<Signal> = signals.iter().filter(|signal| signal.at >= before).cloned().collect();
        let mut diagnosis = Diagnosis::new(catalog(), Policy::default());
        fed(&mut diagnosis, signals.iter());
        diagnosis.situation(&[], now);
        diagnosis.forget(before);
        prop_assert_eq!(diagnosis.situation(&[], now), from_scratch(&left, now));
    }

    #[test]
    fn no_moment_panics(signals in signals(), now in any::<i64>()) {
        from_scratch(&signals, Time::from_millis(now));
    }
}

#[test]
fn a_story_whose_beginning_is_forgotten_goes_on_as_it_would_without_it() {
    let scenario = scenario(story());
    let (end, before) = (scenario.end(), scenario.end() - Span::days(3));
    // An alarm stays as it is, however long ago it became so.
    let is_kept = |signal: &Signal| signal.at >= before || !matches!(signal.body, Body::Alarm(_));
    let signals: Vec<Signal> = scenario.signals_until(end).filter(is_kept).collect();
    let mut diagnosis = Diagnosis::new(scenario.catalog().clone(), Policy::default());
    fed(&mut diagnosis, signals.iter());
    diagnosis.situation(&[], end);
    diagnosis.forget(before);
    let left: SignalLog = signals.into_iter().filter(|signal| signal.at >= before).collect();
    let wanted = situation(&left, scenario.catalog(), &Policy::default(), &[], end);
    assert_eq!(diagnosis.situation(&[], end), wanted);
}

#[test]
fn a_story_told_signal_by_signal_ends_the_same() {
    let scenario = scenario(story());
    let end = scenario.end();
    let signals: Vec<Signal> = scenario.signals_until(end).collect();
    let log: SignalLog = signals.iter().cloned().collect();
    let wanted = situation(&log, scenario.catalog(), &Policy::default(), &[], end);
    let mut diagnosis = Diagnosis::new(scenario.catalog().clone(), Policy::default());
    let late = signals.len() - 400;
    fed(&mut diagnosis, signals[..late].iter());
    for some in signals[late..].rchunks(40) {
        fed(&mut diagnosis, some.iter());
        diagnosis.situation(&[], end);
    }
    assert_eq!(diagnosis.situation(&[], end), wanted);
}
