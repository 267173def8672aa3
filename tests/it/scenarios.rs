//! The scenarios that come with the program, and the parser that reads everybody's.

use proptest::prelude::*;
use sitroom::domain::signal::{AlarmState, PullRequestState};
use sitroom::domain::{Body, Kind, Signal, SignalLog, Span, Time};
use sitroom::sources::scenario::{Act, FORMS, Scenario, ScenarioSource};
use std::collections::BTreeMap;
use std::sync::Arc;

const DOCUMENTATION: &str = include_str!("../../docs/SCENARIOS.md");

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
        assert!(read.begins() <= read.start() && read.start() < read.end());
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
fn the_error_rate_rises_within_eleven_minutes_and_begins_right_after_the_concurrency_change() {
    let signals = told(&built_in("checkout-deploy"));
    let rates = samples(&signals, "payment-api/5xx");
    assert_eq!(rates.len(), 72 * 60 + 1);
    let between = |from: Time, to: Time| -> Vec<f64> {
        rates.iter().filter(|(at, _)| (from..=to).contains(at)).map(|(_, rate)| *rate).collect()
    };
    let from = |clock: &str| between(checkout(clock), Time::MAX).into_iter();
    let until = |clock: &str| between(Time::MIN, checkout(clock)).into_iter();
    assert!(until("13:59").all(|rate| rounded(rate) == 0.7));
    assert!(from("14:10").all(|rate| rounded(rate) == 1.9));
    assert!(from("14:00").all(|rate| rate > 0.9));
    assert!(until("14:09").all(|rate| rate < 1.86));
    assert_eq!((checkout("14:10") - checkout("13:59")).as_minutes(), 11);
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

/// A small file without mistakes, to make mistakes in.
const SMALL: &str = r#"title = "Small"
room = "test"
ends = "2026-03-18T14:29:00Z"
plays_from = "-10m"
speed = 10

[[service]]
name = "api"
repositories = ["team/api"]
metric = [{ name = "5xx", measures = "errors", unit = "percent" }]
endpoint = [{ name = "pay", critical = true }]

[[service]]
name = "worker"
depends_on = ["api"]

[[series]]
service = "api"
metric = "5xx"
from = "-1h"
base = 0.5

[[reviews]]
repositories = ["team/api"]
from = "-14d"
to = "-1d"
median = "1.4h"
reviewers = { dana = 3 }
number = 1

[[scene]]
name = "all there is"
signals = '''
-5m  deploy api v1.2.3 took=4m
-4m  alarm api api-5xx ok -> alarm metric=5xx
-3m  pr team/api #7 merged by=lee lines=+10-2 "Seven"
-2m  config worker concurrency 40 -> 120
'''
steps = '''
-1m dana declare 2 "It fails" services=api
-1m sam ic take
-9s lee f -1m it has begun #api
'''
"#;

/// What is broken, how, and what is said about it.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("deploy api", "depoly api", "34: `depoly` is not a kind of signal; did you mean `deploy`?"),
    ("deploy api", "deploy apy", "34: `apy` is not a service of the catalog; did you mean `api`?"),
    ("took=4m", "tok=4m", "34: `tok` is not a key of this line; did you mean `took`?"),
    ("took=4m", "took=4", "34: `4` is not a span; write 90s, 12m, 1h30m, 2.6h or 3d"),
    (
        "took=4m",
        "took=4m twice",
        "34: `twice` is one word too many; text of several words goes in double quotes, a comment after `# `",
    ),
    (
        " v1.2.3 took=4m",
        "",
        "34: the version is missing; write `TIME deploy SERVICE VERSION [took=…] [from=…] [outcome=…] [cause=…] [env=…]`",
    ),
    ("-5m ", "5 ", "34: `5` is not a time; write -23m, 14:06, -3d@09:30 or 2026-03-16T14:06"),
    ("ok -> alarm", "ok -> alram", "35: `alram` is not a state; did you mean `alarm`?"),
    ("ok -> alarm", "alarm ->", "35: `metric=5xx` is not a state; write one of ok, alarm, no-data"),
    ("metric=5xx\n", "metric=5xx endpoint=pya\n", "35: `pya` is not an endpoint of api; did you mean `pay`?"),
    (
        "team/api #7",
        "team/apis #7",
        "36: `team/apis` is not a repository of any service; did you mean `team/api`?",
    ),
    ("#7 merged", "7 merged", "36: `7` is not a number; write it as #4127"),
    ("\"Seven\"", "\"Seven", "36: a quoted text does not end; close it with \""),
    ("+10-2", "12", "36: `lines=12` cannot be read; write lines=+640-172"),
    (
        "-2m  config",
        "-5m  deploy api v1.2.3\n-2m  config",
        "37: this is the signal of line 34 once more; change its time or leave it out",
    ),
    ("declare 2", "declare 9", "40: `9` is not a severity; write 1, 2, 3, 4 or 5"),
    ("ic take", "ic tkae", "41: `tkae` is not done with command; did you mean `take`?"),
    (
        "lee f -1m",
        "lee say -1m",
        "42: `say` is not what a person can do; write one of declare, ic, role, sev, resolve, close, f, h, d, a, c, q, n",
    ),
    ("base = 0.5", "bsae = 0.5", "21: unknown field `bsae`; did you mean `base`?"),
    ("base = 0.5", "base = -1.0", "17: `base = -1` cannot be; write a number from 0 up"),
    ("metric = \"5xx\"", "metric = \"5x\"", "17: `5x` is not a metric of api; did you mean `5xx`?"),
    ("from = \"-1h\"", "from = \"-1h\"\nevery = \"5ms\"", "17: `every = 5ms` is too often; write 1s or more"),
    ("median = \"1.4h\"", "median = \"fast\"", "23: `fast` is not a span; write 90s, 12m, 1h30m, 2.6h or 3d"),
    (
        "reviewers = { dana = 3 }",
        "reviewers = {}",
        "23: nobody reviews; write reviewers = { dana = 9, sam = 8 }",
    ),
    (
        "depends_on = [\"api\"]",
        "depends_on = [\"apo\"]",
        "13: `apo` is not what worker depends on: it is not in the catalog; did you mean `api`?",
    ),
    (
        "name = \"worker\"",
        "name = \"worker\"\nteir = \"core\"",
        "15: unknown field `teir`; did you mean `tier`?",
    ),
    ("[[series]]", "[[seires]]", "17: unknown field `seires`; did you mean `series`?"),
    (
        "ends = \"2026-03-18T14:29:00Z\"",
        "ends = \"noon\"",
        "3: `ends = noon` is not a moment; write ends = \"2026-03-16T16:00:00Z\"",
    ),
    ("speed = 10", "speed = 0", "5: `speed = 0` leads nowhere; write how many times faster, speed = 30"),
    (
        "plays_from = \"-10m\"",
        "plays_from = \"+10m\"",
        "4: `plays_from` comes after the end; write plays_from = \"-25m\"",
    ),
];

#[test]
fn a_mistake_is_named_with_its_line_and_its_fix() {
    let mut wrong = Vec::new();
    for (whole, broken, expected) in MISTAKES {
        let said = match Scenario::parse("small.toml", &SMALL.replacen(whole, broken, 1)) {
            Ok(_) => String::new(),
            Err(problems) => problems.first().unwrap().to_string(),
        };
        if said.strip_prefix("small.toml:").unwrap_or(&said) != *expected {
            wrong.push(format!("{broken}\n  says   {said}\n  not    {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn many_mistakes_are_shown_at_once_in_the_order_of_the_file() {
    let broken = SMALL
        .replace("title = ", "titel = ")
        .replace("deploy api", "depoly api")
        .replace("sam ic take", "sam ic tkae")
        .replace("base = 0.5", "bsae = 0.5");
    let problems = Scenario::parse("small.toml", &broken).unwrap_err();
    assert_eq!(problems.len(), 4, "{}", lines(&problems));
    assert!(problems.is_sorted_by_key(|problem| problem.line));
}

#[test]
fn every_form_of_a_line_is_documented() {
    for form in &FORMS {
        assert!(DOCUMENTATION.contains(form.shape), "{} is missing", form.shape);
        for key in form.keys {
            assert!(DOCUMENTATION.contains(&format!("`{key}")), "{}: {key} is missing", form.shape);
        }
    }
}

#[test]
fn the_example_of_the_documentation_is_a_scenario() {
    let example = DOCUMENTATION.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let scenario = read("example.toml", example);
    assert!(told(&scenario).len() > 1_000 && !scenario.steps().is_empty());
}

#[test]
fn hostile_text_is_harmless_once_it_is_read() {
    let hostile =
        SMALL.replace("\"Seven\"", "\"Se\u{202e}ven\"").replace("\"Small\"", r#""\u001b]0;x\u0007Small""#);
    let scenario = read("small.toml", &hostile);
    let titles: String =
        told(&scenario).into_iter().map(|signal| signal.title + &signal.raw.unwrap_or_default()).collect();
    assert!(titles.contains("Seven") && !titles.chars().any(sitroom::domain::text::is_hostile));
    assert_eq!(scenario.title(), "Small");
}

fn mutated(text: &str, place: usize, cut: usize, insert: &str) -> String {
    let from = text.floor_char_boundary(place % (text.len() + 1));
    let to = text.floor_char_boundary((from + cut).min(text.len()));
    format!("{}{insert}{}", &text[..from], &text[to..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,300}") {
        let _ = Scenario::parse("any.toml", &text);
    }

    #[test]
    fn no_line_makes_the_parser_panic(line in "[-+0-9a-z:@#\"=>'. ]{0,60}", kind in 0_usize..11, step in "[-0-9a-z:# \"=]{0,60}") {
        let shape = FORMS[kind].shape;
        let text = SMALL.replace("-5m  deploy", &format!("-6m {shape} {line}\n-5m  deploy"));
        let text = text.replace("'''\n-1m dana", &format!("'''\n{step}\n-1m dana"));
        let _ = Scenario::parse("any.toml", &text);
    }

    #[test]
    fn no_change_to_a_small_file_makes_it_panic(place in 0_usize..10_000, cut in 0_usize..12, insert in "[-+0-9a-z\"'=\\[\\]{}>#. \n]{0,12}") {
        if let Ok(scenario) = Scenario::parse("any.toml", &mutated(SMALL, place, cut, &insert)) {
            prop_assert!(scenario.signals_until(scenario.end()).take(2_000).count() <= 2_000);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_change_to_a_built_in_makes_it_panic(which in 0_usize..2, place in 0_usize..100_000, cut in 0_usize..40, insert in "[-+0-9a-z\"'=>#. \n]{0,12}") {
        let text = Scenario::built_in()[which % Scenario::built_in().len()].text;
        let _ = Scenario::parse("any.toml", &mutated(text, place, cut, &insert));
    }
}
