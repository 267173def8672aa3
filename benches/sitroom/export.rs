//! The post-mortem pack of a long incident: every format of ten thousand entries, and the gate that is shown live.

use criterion::Criterion;
use sitroom::domain::event::{Content, EntryKind, Evidence, Severity, When};
use sitroom::domain::{IncidentId, Intent, Person, Record, Room, Span, Time, decide};
use sitroom::export::{Format, Model, Pack, Templates, gate, redact, render};
use std::collections::BTreeSet;
use std::hint::black_box;

const ID: IncidentId = IncidentId(1);
const ENTRIES: i64 = 10_000;

pub fn export(c: &mut Criterion) {
    let room = room();
    let incident = room.incident(ID).expect("it was declared");
    let templates = Templates::default();
    let mut group = c.benchmark_group("export");
    group.sample_size(20);
    group.bench_function("10k entries, all formats", |b| {
        b.iter(|| {
            let pack = Pack::of(Model::of(incident, None));
            for format in Format::ALL {
                black_box(render(&pack, *format, &templates).expect("the built-in templates are sound"));
            }
        });
    });
    group.bench_function("10k entries, the gate", |b| b.iter(|| black_box(gate(&Model::of(incident, None)))));
    let model = Model::of(incident, None);
    group.bench_function("10k entries, redacted", |b| b.iter(|| black_box(redact(&model, &BTreeSet::new()))));
    for format in Format::ALL {
        let pack = Pack::of(model.clone());
        let name = format!("10k entries, {}", format.word());
        group.bench_function(name, |b| b.iter(|| black_box(render(&pack, *format, &templates).is_ok())));
    }
    group.finish();
}

fn room() -> Room {
    let mut room = Room::default();
    let (title, impact) = ("Payments fail".into(), String::new());
    let (services, evidence) = (Vec::new(), Vec::new());
    say(&mut room, 0, Intent::Declare { title, severity: Severity::Sev1, services, impact, evidence });
    for second in 0..ENTRIES {
        let content = Content {
            entry_kind: if second % 10 == 0 { EntryKind::Hypothesis } else { EntryKind::Fact },
            happened: When::exactly(at(second)),
            text: format!("rollback playbook number {second} is *outdated*, says @lee of <payments>"),
            owner: None,
            labels: vec!["db".into()],
            evidence: vec![Evidence::Link { url: format!("https://example.org/log/{second}") }],
        };
        say(&mut room, second, Intent::Write(ID, content));
    }
    room
}

fn at(second: i64) -> Time {
    Time::from_millis(1_773_670_000_000) + Span::seconds(second)
}

fn say(room: &mut Room, second: i64, intent: Intent) {
    let by = Person::new("sam");
    let event = decide(room, &by, intent).expect("it may be said");
    room.apply(&Record { key: None, seq: room.seq.next(), at: at(second), by, event });
}
