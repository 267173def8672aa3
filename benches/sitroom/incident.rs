//! A long incident: what one more entry costs until it is published, and the whole timeline.

use super::stage::Stage;
use criterion::{BatchSize, Criterion};
use sitroom::domain::event::{Content, EntryKind, Severity, When};
use sitroom::domain::incident::{ClockPolicy, clocks, handover, timeline};
use sitroom::domain::{IncidentId, Intent, Person, Record, Room, Span, Time, decide};
use sitroom::engine::Snapshot;
use std::hint::black_box;
use std::sync::Arc;

const ID: IncidentId = IncidentId(1);
const ENTRIES: i64 = 20_000;

pub fn incident(c: &mut Criterion) {
    let mut room = Room::default();
    let (title, impact) = ("Payments fail".into(), String::new());
    let (services, evidence) = (Vec::new(), Vec::new());
    say(&mut room, 0, Intent::Declare { title, severity: Severity::Sev1, services, impact, evidence });
    for second in 0..ENTRIES {
        say(&mut room, second, entry(second));
    }
    let published = Arc::new(room.clone());

    let mut group = c.benchmark_group("incident of 20,000 entries");
    group.bench_function("one more entry, published", |b| {
        b.iter_batched(|| room.clone(), |mut room| one_more(&mut room), BatchSize::SmallInput);
    });
    let incident = published.incident(ID).expect("it was declared");
    group.bench_function("timeline", |b| b.iter(|| black_box(timeline(incident))));
    let policy = ClockPolicy::default();
    group.bench_function("clocks", |b| b.iter(|| black_box(clocks(incident, &policy, at(ENTRIES)))));
    group.bench_function("hand-over packet", |b| {
        b.iter(|| black_box(handover(incident, &policy, at(ENTRIES))));
    });
    group.finish();
    screen(c, &published);
}

/// The same timeline in front of somebody: opened, walked, narrowed.
fn screen(c: &mut Criterion, room: &Arc<Room>) {
    let now = at(ENTRIES);
    let snapshot = Snapshot {
        room: Arc::clone(room),
        seq: room.seq,
        loading: false,
        ..Snapshot::empty("payments-prod", now)
    };
    c.bench_function("timeline-20k/open", |b| b.iter(|| Stage::new(snapshot.clone(), now, "2")));
    let mut stage = Stage::new(snapshot, now, "2kkk");
    let mut keys = ["k", "j"].into_iter().cycle();
    let mut press = || {
        stage.press(keys.next().expect("a cycle goes on"));
        stage.draw_what_changed()
    };
    let bytes: usize = (0..100).map(|_| press()).sum();
    eprintln!("timeline-20k/key: {} bytes a key", bytes / 100);
    c.bench_function("timeline-20k/key", |b| b.iter(&mut press));
    stage.press("/");
    let mut letters = ["playbook", "\x15"].into_iter().cycle();
    c.bench_function("timeline-20k/filter", |b| {
        b.iter(|| {
            stage.press(letters.next().expect("a cycle goes on"));
            stage.draw_what_changed()
        });
    });
}

fn one_more(room: &mut Room) -> Arc<Room> {
    say(room, ENTRIES, entry(ENTRIES));
    Arc::new(room.clone())
}

fn at(second: i64) -> Time {
    Time::from_millis(1_773_670_000_000) + Span::seconds(second)
}

fn entry(second: i64) -> Intent {
    let content = Content {
        entry_kind: EntryKind::Fact,
        happened: When::exactly(at(second)),
        text: "rollback playbook is outdated".into(),
        owner: None,
        labels: vec!["db".into()],
        evidence: Vec::new(),
    };
    Intent::Write(ID, content)
}

fn say(room: &mut Room, second: i64, intent: Intent) {
    let by = Person::new("sam");
    let event = decide(room, &by, intent).expect("it may be said");
    room.apply(&Record { key: None, seq: room.seq.next(), at: at(second), by, event });
}
