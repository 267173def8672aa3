//! Frames and keys: the whole picture drawn, and one key from its byte to the bytes that answer it.

use super::log::signal;
use super::stage::Stage;
use criterion::Criterion;
use sitroom::diagnosis::{self, Policy};
use sitroom::domain::{SignalLog, Time};
use sitroom::engine::Snapshot;
use sitroom::sources::scenario::Scenario;
use sitroom::tui::damage::Damage;
use std::sync::Arc;

const MANY: u32 = 100_000;
const MILLION: u32 = 1_000_000;

pub fn frame(c: &mut Criterion) {
    c.bench_function("startup/first frame", |b| {
        b.iter(|| Stage::new(Snapshot::empty("sitroom", Time::MIN), Time::MIN, ""));
    });
    let mut feed = Stage::with_signals((0..MANY).map(signal).collect(), "3");
    c.bench_function("frame/feed-100k", |b| b.iter(|| feed.draw(Damage::All)));
    let mut situation = scenario();
    c.bench_function("frame/situation", |b| b.iter(|| situation.draw(Damage::All)));
    key(c);
}

/// Down and up again, so that the cursor stays where it is however long the benchmark runs.
fn key(c: &mut Criterion) {
    let log: SignalLog = (0..MILLION).map(signal).collect();
    for (name, count) in [("key/feed-1k", 1_000), ("key/feed-1m", MILLION)] {
        let log = if count == MILLION { log.clone() } else { (0..count).map(signal).collect() };
        let mut feed = Stage::with_signals(log, "3jjj");
        let mut keys = ["j", "k"].into_iter().cycle();
        let mut press = move || {
            feed.press(keys.next().expect("a cycle goes on"));
            feed.draw_what_changed()
        };
        let bytes: usize = (0..100).map(|_| press()).sum();
        eprintln!("{name}: {} bytes a key", bytes / 100);
        c.bench_function(name, |b| b.iter(&mut press));
    }
}

/// The first scenario when its story is told.
fn scenario() -> Stage {
    let first = Scenario::built_in()[0];
    let scenario = Scenario::parse(first.name, first.text).expect("what comes with the program is sound");
    let now = scenario.end();
    let signals: SignalLog = scenario.signals_until(now).collect();
    let situation = diagnosis::situation(&signals, scenario.catalog(), &Policy::default(), &[], now);
    let snapshot = Snapshot {
        signals,
        catalog: Arc::new(scenario.catalog().clone()),
        situation: Arc::new(situation),
        loading: false,
        ..Snapshot::empty(scenario.room(), now)
    };
    Stage::new(snapshot, now, "1")
}
