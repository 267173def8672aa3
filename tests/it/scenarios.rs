//! The scenarios that come with the program: what their signals have to show.

mod readiness;
mod writing;

use sitroom::domain::signal::{AlarmState, Outcome, PullRequestState};
use sitroom::domain::{Body, Kind, Signal, SignalLog, Span, Time};
use sitroom::sources::scenario::{Act, Scenario, ScenarioSource};
use std::collections::BTreeMap;
use std::sync::Arc;

fn built_in(name: &str) -> Scenario {
    let found = Scenario::built_in().iter().find(|scenario| scenario.name == name).unwrap();
    read(found.name, found.text)
}

fn read(name: &str, text: &str) -> Scenario {
    Scenario::parse(name, text).unwrap_or_else(|problems| panic!("{}", lines(&problems)))
}

fn lines<T: ToString>(things: &[T]) -> String {
    things.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}

fn told(scenario: &Scenario) -> Vec<Signal> {
    scenario.signals_until(scenario.end()).collect()
}

fn time(word: &str) -> Time {
    word.parse().unwrap()
}

fn checkout(clock: &str) -> Time {
    time(&format!("2026-03-18T{clock}:00Z"))
}

fn samples(signals: &[Signal], name: &str) -> Vec<(Time, f64)> {
    let values = signals.iter().filter_map(|signal| match &signal.body {
        Body::Sample(sample) if sample.series.as_str() == name => Some((signal.at, sample.value)),
        _ => None,
    });
    values.collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

fn turnarounds(signals: &[Signal], from: Time, to: Time) -> Vec<f64> {
    let within = signals.iter().filter(|signal| from < signal.at && signal.at <= to);
    let hours = within.filter_map(|signal| match &signal.body {
        Body::Review(review) => Some(review.turnaround.as_hours_f64()),
        _ => None,
    });
    hours.collect()
}

fn merged_lines(signals: &[Signal], from: Time, to: Time) -> Vec<f64> {
    let within = signals.iter().filter(|signal| from < signal.at && signal.at <= to);
    let lines = within.filter_map(|signal| match &signal.body {
        Body::PullRequest(pull) if pull.state == PullRequestState::Merged => Some(pull.lines() as f64),
        _ => None,
    });
    lines.collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[test]
fn every_built_in_scenario_is_without_mistakes() {
    for scenario in Scenario::built_in() {
        let read = read(scenario.name, scenario.text);
        assert_eq!(read.title(), scenario.title);
        assert!(!read.summary().is_empty() && !read.catalog().services.is_empty());
        assert!(read.start() < read.end());
    }
}

#[test]
fn the_same_file_gives_the_same_signals() {
    for scenario in Scenario::built_in() {
        let (one, other) = (read("one", scenario.text), read("other", scenario.text));
        assert_eq!(told(&one), told(&other), "{}", scenario.name);
    }
}

#[test]
fn signals_come_in_order_of_time_each_with_an_identity_of_its_own() {
    for scenario in Scenario::built_in() {
        let signals = told(&read(scenario.name, scenario.text));
        assert!(signals.is_sorted_by_key(|signal| signal.at));
        let count = signals.len();
        assert_eq!(signals.into_iter().collect::<SignalLog>().len(), count);
    }
}

#[test]
fn what_is_not_a_sample_shows_what_its_source_sent() {
    for scenario in Scenario::built_in() {
        for signal in told(&read(scenario.name, scenario.text)).iter().filter(|s| s.kind() != Kind::Sample) {
            let raw = signal.raw.as_deref().unwrap_or_else(|| panic!("{} has no payload", signal.title));
            assert!(serde_json::from_str::<serde_json::Value>(raw).unwrap().is_object());
        }
    }
}

#[test]
fn a_source_tells_everything_once_whatever_the_steps_it_is_asked_in() {
    let scenario = Arc::new(built_in("checkout-deploy"));
    let all = told(&scenario);
    let mut source = ScenarioSource::new(Arc::clone(&scenario));
    let history = source.due(scenario.start());
    assert!(history.len() > 30_000 && history.iter().all(|signal| signal.at <= scenario.start()));
    assert_eq!(source.due(scenario.start()), []);
    let mut heard = history;
    while let Some(next) = source.next_at().filter(|next| *next <= scenario.end()) {
        let due = source.due(next);
        assert!(due.iter().all(|signal| signal.at == next) && !due.is_empty());
        heard.extend(due);
    }
    assert_eq!(heard, all);
    assert!(source.next_at().is_some(), "series go on after the end");
}

#[test]
fn the_error_rate_rises_within_eleven_minutes_from_the_deploy_to_the_alarm() {
    let signals = told(&built_in("checkout-deploy"));
    let rates = samples(&signals, "payment-api/5xx");
    assert_eq!(rates.len(), 72 * 60 + 1);
    let until = rates.iter().filter(|(at, _)| *at <= checkout("14:06")).map(|(_, rate)| *rate);
    let from = rates.iter().filter(|(at, _)| *at >= checkout("14:17")).map(|(_, rate)| *rate);
    assert!(until.into_iter().all(|rate| rounded(rate) == 0.7));
    assert!(from.into_iter().all(|rate| rounded(rate) == 1.9));
}

#[test]
fn the_queue_begins_to_age_with_the_concurrency_change_and_shows_it_late() {
    let ages = samples(&told(&built_in("checkout-deploy")), "checkout-worker/queue-age");
    let between = |from: &str, to: &str| -> Vec<f64> {
        let within = |at: Time| at >= checkout(from) && at <= checkout(to);
        ages.iter().filter(|(at, _)| within(*at)).map(|(_, age)| *age).collect()
    };
    assert!(between("12:00", "13:58").iter().all(|age| *age < 5.0));
    assert!(between("14:00", "14:17").iter().all(|age| (4.5..7.0).contains(age)));
    assert!(between("14:18", "14:29").iter().all(|age| *age > 7.5));
}

#[test]
fn a_failed_deploy_a_flapping_alarm_and_an_alarm_without_data_are_open() {
    let signals = told(&built_in("checkout-deploy"));
    let alarms = |name: &str, state: AlarmState| {
        let rang =
            |signal: &&Signal| matches!(&signal.body, Body::Alarm(a) if a.name == name && a.state == state);
        signals.iter().filter(rang).map(|signal| signal.at).collect::<Vec<_>>()
    };
    let flaps = alarms("notification-queue-age", AlarmState::Alarm);
    assert_eq!(flaps.iter().filter(|at| **at > checkout("14:29") - Span::hours(24)).count(), 5);
    assert_eq!(alarms("ledger-replica-lag", AlarmState::NoData).len(), 1);
    let deploys =
        signals.iter().filter(|signal| signal.service.as_ref().is_some_and(|s| s.as_str() == "notification"));
    let mut outcomes = deploys.filter_map(|signal| match &signal.body {
        Body::Deploy(deploy) => Some(deploy.outcome),
        _ => None,
    });
    assert_eq!(outcomes.next_back(), Some(Outcome::Failed));
}

#[test]
fn the_budget_burns_at_one_point_eight() {
    let scenario = built_in("checkout-deploy");
    let slo = scenario.catalog().service("payment-api").unwrap().slos[0].clone();
    let rates = samples(&told(&scenario), "payment-api/5xx");
    let last_five: Vec<f64> = rates.iter().rev().take(5).map(|(_, rate)| *rate).collect();
    assert_eq!(rounded(mean(&last_five) / (100.0 - slo.objective)), 1.8);
}

#[test]
fn the_runtime_sequence_is_change_deploy_alarm() {
    let signals = told(&built_in("checkout-deploy"));
    let at = |wanted: fn(&Signal) -> bool| signals.iter().rfind(|signal| wanted(signal)).unwrap().at;
    let change = at(|signal| matches!(&signal.body, Body::Config(change) if change.key == "concurrency"));
    let deploy = at(|signal| matches!(&signal.body, Body::Deploy(deploy) if deploy.version == "v2.14.3"));
    let alarm = at(|signal| matches!(&signal.body, Body::Alarm(alarm) if alarm.state == AlarmState::Alarm));
    assert_eq!([change, deploy, alarm], [checkout("13:58"), checkout("14:06"), checkout("14:17")]);
}

#[test]
fn reviews_slow_from_1_4_to_2_6_hours_at_13_38() {
    let scenario = built_in("checkout-deploy");
    let (signals, end) = (told(&scenario), scenario.end());
    let week = |to: Time| rounded(median(turnarounds(&signals, to - Span::days(7), to)));
    assert_eq!(week(end), 2.6);
    assert_eq!(week(checkout("13:38")), 2.6);
    assert!(week(checkout("13:37")) <= 1.5);
    for weeks in 1..4 {
        assert_eq!(week(end - Span::days(7 * weeks)), 1.4, "{weeks} weeks before");
    }
    assert_eq!(rounded(median(turnarounds(&signals, end - Span::days(28), end - Span::days(7)))), 1.4);
}

#[test]
fn two_reviewers_wrote_most_reviews() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for signal in told(&built_in("checkout-deploy")) {
        if let Body::Review(review) = signal.body {
            *counts.entry(review.reviewer).or_default() += 1;
        }
    }
    let total: usize = counts.values().sum();
    assert!((counts["dana"] + counts["sam"]) * 100 / total >= 75, "{counts:?}");
}

#[test]
fn merged_changes_grew_by_34_percent_in_the_middle_and_on_average() {
    let scenario = built_in("checkout-deploy");
    let (signals, end) = (told(&scenario), scenario.end());
    let this_week = merged_lines(&signals, end - Span::days(7), end);
    let last_week = merged_lines(&signals, end - Span::days(14), end - Span::days(7));
    assert_eq!((this_week.len(), last_week.len()), (15, 15));
    assert_eq!((mean(&last_week), median(last_week)), (200.0, 200.0));
    assert_eq!((mean(&this_week), median(this_week)), (268.0, 268.0));
}

#[test]
fn the_largest_merged_change_touched_three_services_and_812_lines() {
    let signals = told(&built_in("checkout-deploy"));
    let merged = signals.iter().filter_map(|signal| match &signal.body {
        Body::PullRequest(pull) if pull.state == PullRequestState::Merged => Some((signal.at, pull)),
        _ => None,
    });
    let (at, pull) = merged.max_by_key(|(_, pull)| pull.lines()).unwrap();
    assert_eq!((at, pull.number, pull.lines(), pull.services.len()), (checkout("11:20"), 4127, 812, 3));
}

#[test]
fn three_of_five_large_changes_were_followed_by_an_alarm_the_third_at_13_29() {
    let signals = told(&built_in("checkout-deploy"));
    let followed = |until: Time| {
        let large = signals.iter().filter(|signal| {
            matches!(&signal.body, Body::PullRequest(pull)
                if pull.state == PullRequestState::Merged && pull.services.len() >= 3 && pull.lines() >= 500)
        });
        let pairs: Vec<bool> = large.map(|change| followed_by_alarm(change, &signals, until)).collect();
        (pairs.iter().filter(|followed| **followed).count(), pairs.len())
    };
    assert_eq!(followed(checkout("13:28")), (2, 5));
    assert_eq!(followed(checkout("13:29")), (3, 5));
    assert_eq!(followed(checkout("14:29")), (3, 5));
}

fn followed_by_alarm(change: &Signal, signals: &[Signal], until: Time) -> bool {
    let Body::PullRequest(pull) = &change.body else { return false };
    signals.iter().any(|signal| {
        let rang = matches!(&signal.body, Body::Alarm(alarm) if alarm.state == AlarmState::Alarm);
        let touched = signal.service.as_ref().is_some_and(|service| pull.services.contains(service));
        rang && touched
            && signal.at > change.at
            && signal.at - change.at <= Span::hours(24)
            && signal.at <= until
    })
}

#[test]
fn three_critical_endpoints_have_no_latency_alarm() {
    let scenario = built_in("checkout-deploy");
    let signals = told(&scenario);
    let covered: Vec<_> = signals
        .iter()
        .filter_map(|signal| match &signal.body {
            Body::Alarm(alarm) if matches!(alarm.statistic.as_deref(), Some("p95" | "p99")) => {
                alarm.endpoint.clone()
            }
            _ => None,
        })
        .collect();
    let endpoints = scenario.catalog().services.iter().flat_map(|service| &service.endpoints);
    let mut bare: Vec<_> =
        endpoints.filter(|e| e.critical && !covered.contains(&e.name)).map(|e| e.name.as_str()).collect();
    bare.sort_unstable();
    assert_eq!(bare, ["checkout confirm", "ledger write", "payment capture"]);
}

#[test]
fn both_code_hosts_and_aws_are_imitated() {
    for scenario in Scenario::built_in() {
        let signals = told(&read(scenario.name, scenario.text));
        for source in ["aws", "github", "bitbucket"] {
            assert!(
                signals.iter().any(|signal| signal.source.as_str() == source),
                "{}: {source}",
                scenario.name
            );
        }
    }
}

#[test]
fn about_two_thousand_transactions_fail_in_the_ninety_minutes_of_the_outage() {
    let signals = told(&built_in("payments-migration"));
    let failed = samples(&signals, "payment-service/failed-transactions");
    let within = |from: &str, to: &str| -> f64 {
        let (from, to) = (time(&format!("2026-03-16T{from}:00Z")), time(&format!("2026-03-16T{to}:00Z")));
        failed.iter().filter(|(at, _)| (from..=to).contains(at)).map(|(_, count)| count).sum()
    };
    let lost = within("14:00", "15:30");
    assert!((1_900.0..=2_100.0).contains(&lost), "{lost}");
    assert!(within("15:31", "16:00") < 60.0);
}

#[test]
fn the_outage_is_told_by_people_who_declare_command_write_and_resolve() {
    let scenario = built_in("payments-migration");
    let steps = scenario.steps();
    assert!(steps.is_sorted_by_key(|step| step.at));
    let first = |wanted: fn(&Act) -> bool| steps.iter().find(|step| wanted(&step.act)).unwrap().at;
    let clock = |clock: &str| time(&format!("2026-03-16T{clock}:00Z"));
    assert_eq!(first(|act| matches!(act, Act::Declare { .. })), clock("14:12"));
    assert_eq!(first(|act| matches!(act, Act::TakeCommand)), clock("14:42"));
    assert_eq!(first(|act| matches!(act, Act::Resolve)), clock("15:35"));
    assert!(steps.iter().filter(|step| matches!(step.act, Act::Write(_))).count() >= 20);
    assert!(steps.iter().all(|step| ["dana", "sam", "lee"].contains(&step.by.as_str())));
}
