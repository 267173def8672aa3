//! A register of ten thousand items and a plan of ten thousand tasks in front of somebody: opened, walked, narrowed.

use super::stage::Stage;
use criterion::Criterion;
use sitroom::diagnosis::{Policy, situation};
use sitroom::domain::{Catalog, SignalLog, Time};
use sitroom::engine::Snapshot;
use sitroom::sources::catalog::alone;
use std::sync::Arc;

const MANY: usize = 10_000;

pub fn operability(c: &mut Criterion) {
    screen(c, "register-10k", register(), "5", "restore-99");
    screen(c, "plan-10k", plan(), "6\t\t\t\t", "step 99");
}

/// `keys` lead to the long list; `word` narrows it.
fn screen(c: &mut Criterion, name: &str, catalog: Catalog, keys: &str, word: &'static str) {
    let now = Time::from_millis(1_773_670_000_000);
    let situation = Arc::new(situation(&SignalLog::new(), &catalog, &Policy::default(), &[], now));
    let catalog = Arc::new(catalog);
    let snapshot = Snapshot { catalog, situation, loading: false, ..Snapshot::empty("payments-prod", now) };
    c.bench_function(&format!("{name}/open"), |b| b.iter(|| Stage::new(snapshot.clone(), now, keys)));
    let mut stage = Stage::new(snapshot, now, keys);
    let mut walked = ["j", "k"].into_iter().cycle();
    let mut press = || {
        stage.press(walked.next().expect("a cycle goes on"));
        stage.draw_what_changed()
    };
    let bytes: usize = (0..100).map(|_| press()).sum();
    eprintln!("{name}/key: {} bytes a key", bytes / 100);
    c.bench_function(&format!("{name}/key"), |b| b.iter(&mut press));
    stage.press("/");
    let mut letters = [word, "\x15"].into_iter().cycle();
    c.bench_function(&format!("{name}/filter"), |b| {
        b.iter(|| {
            stage.press(letters.next().expect("a cycle goes on"));
            stage.draw_what_changed()
        });
    });
}

/// Every item is checked against a runbook of its own.
fn register() -> Catalog {
    let item = |n: usize| {
        format!(
            "[[readiness.item]]\nid = 'restore-{n}'\ntitle = 'Runbook {n}: restore the database'\n\
             gating = 'ga-blocking'\nneeds = 'a restore that was tried'\nchecks = [{{ runbook = 'r{n}' }}]\n\
             [[readiness.runbook]]\nid = 'r{n}'\ntitle = 'Restore database {n}'\nvalidated = '2026-03-01'\n"
        )
    };
    alone("catalog.toml", &(0..MANY).map(item).collect::<String>()).0
}

fn plan() -> Catalog {
    let task = |n: usize| {
        format!("[[plan.phase.task]]\ntitle = 'Step {n} of the way out'\nowner = 'lee'\nprogress = 30\n")
    };
    let tasks: String = (0..MANY).map(task).collect();
    let text = format!(
        "[plan]\ntitle = 'Out of it'\nstarted = '2026-03-02'\n[[plan.phase]]\nname = 'All of it'\ndays = '1-30'\n{tasks}"
    );
    alone("catalog.toml", &text).0
}
