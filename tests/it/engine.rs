//! The engine as its sessions know it: what they ask, what they are shown, and what goes wrong around them.

mod files;
mod journal;
mod people;
mod signals;

use journal::Memory;
use sitroom::domain::event::{Content, EntryKind, Severity, When};
use sitroom::domain::{Body, Clock, IncidentId, Intent, Person, Signal, SignalId, SourceName, Span, Time};
use sitroom::engine::{Engine, Handle, Parts, Snapshot};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const BASE: Time = Time::from_millis(1_773_842_940_000);

/// A room's clock that goes as the test's time goes.
fn clock() -> Clock {
    let began = Instant::now();
    Clock::wall(move || BASE + Span::millis(began.elapsed().as_millis() as i64))
}

fn parts(journal: &Memory) -> Parts<Memory> {
    Parts::new("payments-prod", journal.clone(), clock())
}

async fn room(journal: &Memory) -> Handle {
    let handle = Engine::start(parts(journal));
    idle().await;
    handle
}

/// Paused time moves only when nothing else can, so a moment later everybody waits.
async fn idle() {
    sleep(Duration::from_millis(200)).await;
}

fn now_shown(handle: &Handle) -> Arc<Snapshot> {
    handle.snapshot().borrow().clone()
}

fn dana() -> Person {
    Person::new("dana")
}

fn sam() -> Person {
    Person::new("sam")
}

fn declare() -> Intent {
    Intent::Declare {
        title: "checkout fails".to_owned(),
        severity: Severity::ALL[1],
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    }
}

fn write(incident: u32, text: &str) -> Intent {
    let content = Content {
        entry_kind: EntryKind::Fact,
        happened: When::exactly(BASE),
        text: text.to_owned(),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
    };
    Intent::Write(IncidentId(incident), content)
}

fn signal(name: usize) -> Signal {
    Signal {
        id: SignalId::of("test", &name.to_string()),
        at: BASE + Span::millis(i64::try_from(name).unwrap()),
        source: SourceName::new("test"),
        service: None,
        title: format!("signal {name}"),
        body: Body::Note,
        link: None,
        raw: None,
    }
}
