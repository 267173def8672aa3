//! What is read, what is refused, and that nothing is lost between the two.

use super::*;
use crate::domain::phrase::Scale;
use proptest::prelude::*;

fn read(text: &str) -> Trigger {
    text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

fn fault(text: &str) -> String {
    text.parse::<Trigger>().expect_err(text).to_string()
}

#[test]
fn lines_people_write_are_understood() {
    for (text, says) in [
        ("error rate > 5 % for 2 minutes", "error rate > 5 % for 2 minutes"),
        ("Error rate > 5% for 2m", "Error rate > 5 % for 2 minutes"),
        ("p95 > 2 s for 5 minutes", "p95 > 2 s for 5 minutes"),
        ("Latency p95 exceeds 2s for 5min", "Latency p95 > 2 s for 5 minutes"),
        ("checks failing on new tasks", "checks failing on new tasks"),
        ("Health checks are failing on new pods", "checks failing on new tasks"),
        ("payment failures > 10 %", "payment failures > 10 %"),
        ("CPU > 70 % or memory > 80 %", "CPU > 70 % or memory > 80 %"),
        ("CPU > 70 % sustained for 2 minutes", "CPU > 70 % for 2 minutes"),
        ("cache_hit_rate below 50 % for 5 minutes", "cache_hit_rate < 50 % for 5 minutes"),
        ("database_query_rate > 2x baseline", "database_query_rate > 2 x baseline"),
        ("database_connection_errors > 5 in 1 minute", "database_connection_errors > 5 in 1 minute"),
        ("read replica unreachable", "read replica failing"),
        ("database is down for 30 s", "database failing for 30 seconds"),
        ("alarm api-5xx high rings", "alarm api-5xx high ringing"),
        ("\"time in queue\" >= 1 h", "\"time in queue\" >= 1 h"),
        ("time in queue ≥ 1h", "\"time in queue\" >= 1 h"),
        (
            "api/5xx > 1.5 and (p99 > 1 s or requests < 10/s)",
            "api/5xx > 1.5 and (p99 > 1 s or requests < 10/s)",
        ),
        ("a > 1 and b > 2 or c > 3", "a > 1 and b > 2 or c > 3"),
    ] {
        assert_eq!(read(text).to_string(), says, "{text}");
    }
}

#[test]
fn and_binds_closer_than_or() {
    let Trigger::Any(parts) = read("a > 1 and b > 2 or c > 3") else { panic!("an or of two") };
    assert!(matches!(&parts[..], [Trigger::All(_), Trigger::One(_)]));
    assert_eq!(read("a > 1 and b > 2 or c > 3").conditions().len(), 3);
}

#[test]
fn what_is_not_understood_says_where_and_what_was_expected() {
    for (text, says) in [
        ("", "column 1: expected what is measured, such as `error rate`, found the end"),
        ("error rate", "column 11: expected a comparison such as `> 5 %`, or `failing`, found the end"),
        ("error rate > many", "column 14: expected a number, found `many`"),
        ("error rate > 5 apples", "column 16: expected `and`, `or` or the end, found `apples`"),
        ("errors > 5 % for ever", "column 18: expected how long, such as `2 minutes`, found `ever`"),
        ("errors > 5 % for 2", "column 19: expected a unit of time, such as `minutes`, found the end"),
        ("errors > 5 % and", "column 17: expected what is measured, such as `error rate`, found the end"),
        ("(errors > 5 %", "column 14: expected `and`, `or` or `)`, found the end"),
        ("errors > 2 x usually", "column 14: expected `baseline`, found `usually`"),
        ("checks failing on old tasks", "column 19: expected `new tasks`, found `old`"),
        ("\"errors > 5 %", "column 14: expected a closing quotation mark, found the end"),
        ("> 5 %", "column 1: expected what is measured, such as `error rate`, found `>`"),
        ("fehler größe > fünf", "column 16: expected a number, found `fünf`"),
    ] {
        assert_eq!(fault(text), says, "{text}");
    }
    let deep = "(".repeat(100_000);
    assert!(fault(&deep).contains("fewer parentheses"));
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9_/-]{0,8}( [a-z0-9]{1,6}){0,2}",
        "[^\"\\s]{1,6}( [^\"]{0,4}[^\"\\s])?",
        prop::sample::select(vec![
            "checks",
            "alarm x",
            "a and b",
            "x failing",
            "time in queue",
            "p95",
            "5xx",
            "is"
        ])
        .prop_map(str::to_owned),
    ]
    .prop_filter("a name says something", |name| !name.trim().is_empty())
}

fn spans() -> impl Strategy<Value = Span> {
    prop_oneof![1_i64..100_000, (1_i64..400).prop_map(|minutes| minutes * 60_000), 1_i64..86_400_000]
        .prop_map(Span::millis)
}

fn amounts() -> impl Strategy<Value = Amount> {
    let scales = [
        Scale::Plain,
        Scale::Percent,
        Scale::Milliseconds,
        Scale::Seconds,
        Scale::Minutes,
        Scale::Hours,
        Scale::PerSecond,
        Scale::PerMinute,
    ];
    (-1e9_f64..1e9, prop::sample::select(scales.to_vec())).prop_map(|(value, scale)| Amount { value, scale })
}

fn conditions() -> impl Strategy<Value = Condition> {
    let limits = prop_oneof![amounts().prop_map(Limit::Amount), (0.0_f64..100.0).prop_map(Limit::Baseline)];
    let windows =
        prop_oneof![Just(Window::Now), spans().prop_map(Window::Held), spans().prop_map(Window::Within)];
    let compares = prop::sample::select(Compare::ALL.to_vec());
    let measured = (names(), compares, limits, windows).prop_map(|(subject, compare, limit, window)| {
        Condition::Measured(Measured { subject, compare, limit, window })
    });
    let what = prop_oneof![Just(What::Checks), names().prop_map(What::Named), names().prop_map(What::Alarm)];
    let scopes = prop::sample::select(vec![Scope::Anywhere, Scope::NewTasks]);
    let broken = (what, scopes, prop_oneof![Just(Span::ZERO), spans()])
        .prop_map(|(what, scope, held)| Condition::Broken(Broken { what, scope, held }));
    prop_oneof![measured, broken]
}

fn triggers() -> impl Strategy<Value = Trigger> {
    conditions().prop_map(Trigger::One).prop_recursive(4, 24, 4, |inner| {
        let many = prop::collection::vec(inner, 2..4);
        let parted = |word: fn(Vec<Trigger>) -> Trigger| move |parts| word(parts);
        prop_oneof![many.clone().prop_map(parted(Trigger::All)), many.prop_map(parted(Trigger::Any))]
    })
}

proptest! {
    #[test]
    fn printed_and_read_again_it_is_the_same(trigger in triggers()) {
        let printed = trigger.to_string();
        prop_assert_eq!(printed.parse::<Trigger>(), Ok(trigger), "{}", printed);
    }

    #[test]
    fn no_text_is_too_much(text in "\\PC{0,80}") {
        let _ = text.parse::<Trigger>();
    }

    #[test]
    fn no_order_of_words_is_too_much(words in prop::collection::vec(prop::sample::select(vec![
        "error", "rate", ">", "<=", "5", "%", "for", "in", "2", "minutes", "and", "or", "(", ")", "checks", "failing",
        "on", "new", "tasks", "alarm", "rings", "\"", "x", "baseline", "is", ",", "-", "2m", "9".repeat(400).leak(),
    ]), 0..16)) {
        if let Ok(trigger) = words.join(" ").parse::<Trigger>() {
            prop_assert_eq!(trigger.to_string().parse::<Trigger>(), Ok(trigger));
        }
    }

    #[test]
    fn a_fault_lies_within_the_line_or_right_behind_it(text in "[a-zé<>%() \"0-9]{0,40}") {
        if let Err(fault) = text.parse::<Trigger>() {
            prop_assert!((1..=text.chars().count() + 1).contains(&fault.column), "{}", fault);
        }
    }
}
