//! How fast the diagnosis is over a hundred thousand signals, and how often it is right.

use super::corpus::{self, DAYS};
use criterion::{BatchSize, Criterion};
use sitroom::diagnosis::{Diagnosis, Policy, situation};
use sitroom::domain::{Catalog, Signal, SignalLog, Span, Time};
use sitroom::sources::scenario::Scenario;

const SIGNALS: usize = 100_000;

pub fn diagnosis(c: &mut Criterion) {
    let (log, catalog, now) = hundred_thousand();
    c.bench_function("diagnosis/100k signals from scratch", |b| {
        b.iter(|| situation(&log, &catalog, &Policy::default(), &[], now));
    });
    let mut diagnosis = fed(&log, &catalog);
    diagnosis.situation(&[], now);
    let mut later = 0;
    c.bench_function("diagnosis/one more signal", |b| {
        b.iter_batched(
            || {
                later += 1;
                one_more(&log, now, later)
            },
            |(one, at)| {
                one.iter().for_each(|signal| diagnosis.observe(signal));
                diagnosis.situation(&[], at)
            },
            BatchSize::PerIteration,
        );
    });
    print_figures();
}

/// The built-in story, with copies of its series under other names until there are enough signals.
fn hundred_thousand() -> (SignalLog, Catalog, Time) {
    let story = Scenario::built_in()[0];
    let scenario = Scenario::parse(story.name, story.text).expect("the built-in scenarios are well-formed");
    let signals: Vec<Signal> = scenario.signals_until(scenario.end()).collect();
    let mut log: SignalLog = signals.iter().cloned().collect();
    let mut copy = 0_u64;
    while log.len() < SIGNALS {
        copy += 1;
        for signal in signals.iter().take(SIGNALS - log.len()) {
            log.insert(&copied(signal, copy));
        }
    }
    (log, scenario.catalog().clone(), scenario.end())
}

fn copied(signal: &Signal, copy: u64) -> Signal {
    use sitroom::domain::signal::Body;
    use sitroom::domain::{SeriesName, SignalId};
    let mut signal = signal.clone();
    signal.id = SignalId(signal.id.0.wrapping_add(copy));
    if let Body::Sample(sample) = &mut signal.body {
        sample.series = SeriesName::new(format!("copy-{copy}-of-{}", sample.series));
    }
    signal
}

fn fed(log: &SignalLog, catalog: &Catalog) -> Diagnosis {
    let mut diagnosis = Diagnosis::new(catalog.clone(), Policy::default());
    log.iter().for_each(|signal| diagnosis.observe(signal));
    diagnosis
}

/// The newest sample again, some milliseconds later.
fn one_more(log: &SignalLog, now: Time, later: i64) -> (SignalLog, Time) {
    let at = now + Span::millis(later);
    let newest = log.iter().rev().find(|signal| signal.body_json().contains("sample"));
    let mut signal = newest.expect("there are samples").to_signal();
    signal.at = at;
    ([signal].into_iter().collect(), at)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it found")]
fn print_figures() {
    let figures = corpus::figures();
    let days = DAYS as f64;
    let middle = figures.minutes_to_find.get(figures.minutes_to_find.len() / 2).copied().unwrap_or(0);
    let slow = figures.minutes_to_find.get(figures.minutes_to_find.len() * 95 / 100).copied().unwrap_or(0);
    let of_found = figures.found.max(1) as f64;
    println!("| figure | goal | reached |\n|---|---:|---:|");
    println!("| false alarms per quiet day | < 0.2 | {:.3} |", figures.false_alarms as f64 / days);
    println!("| faults found | > 95 % | {:.1} % |", figures.found as f64 / days * 100.0);
    println!("| minutes to find, median and 95th percentile | < 5 | {middle} and {slow} |");
    println!(
        "| true cause first, when found and ten minutes later | > 85 % | {:.1} % and {:.1} % |",
        figures.cause_first as f64 / of_found * 100.0,
        figures.cause_first_later as f64 / of_found * 100.0
    );
}
