//! The log of signals: taking in, sharing, finding, and what a signal weighs.

use criterion::{BatchSize, Criterion, Throughput};
use sitroom::domain::log::Chunk;
use sitroom::domain::signal::{Alarm, AlarmState, Body, Log, Sample};
use sitroom::domain::{ServiceName, Signal, SignalId, SignalLog, SourceName, Time};
use std::hint::black_box;

const MANY: u32 = 100_000;
const SERVICES: [&str; 8] =
    ["payment-api", "checkout", "ledger", "notification", "search", "cart", "gateway", "identity"];

pub fn log(c: &mut Criterion) {
    let in_order: Vec<_> = (0..MANY).map(signal).collect();
    let shuffled: Vec<_> = (0..MANY).map(|n| signal(n.wrapping_mul(48_271) % MANY)).collect();
    let full: SignalLog = in_order.iter().cloned().collect();
    weigh(&full);

    let mut group = c.benchmark_group("log");
    group.sample_size(10).throughput(Throughput::Elements(u64::from(MANY)));
    for (name, signals) in [("insert in order", &in_order), ("insert in any order", &shuffled)] {
        group.bench_function(name, |b| b.iter(|| filled(signals)));
    }
    group.bench_function("clone", |b| b.iter(|| black_box(full.clone())));
    group.bench_function("insert into a shared log", |b| {
        let late = signal(MANY + 1);
        b.iter_batched(|| full.clone(), |mut log| log.insert(&late), BatchSize::SmallInput);
    });
    let segments: Vec<_> = full.chunks().iter().map(|chunk| chunk.to_bytes()).collect();
    group.bench_function("from bytes", |b| b.iter(|| unpacked(&segments)));
    group.bench_function("search titles", |b| b.iter(|| titles_with(&full, "upstream 77777 timed")));
    group.bench_function("search text", |b| b.iter(|| chunks_with(&full, b"upstream 77777 timed")));
    group.finish();
}

/// Samples, log lines and alarms in the proportion a busy room sees them.
pub fn signal(n: u32) -> Signal {
    let service = SERVICES[(n % 8) as usize];
    let (title, body) = match n % 20 {
        0 => (format!("{service}-5xx is in alarm for deploy {n}"), alarm(service)),
        1..8 => (format!("{service} 5xx {}.{} %", n % 50, n % 10), sample(service, n)),
        _ => (format!("POST /v1/{service} upstream {n} timed out after 3000 ms"), line(service)),
    };
    Signal {
        id: SignalId::of("bench", &n.to_string()),
        at: Time::from_millis(1_770_000_000_000 + i64::from(n) * 1_500),
        source: SourceName::new("aws"),
        service: Some(ServiceName::new(service)),
        title,
        body,
        link: None,
        raw: None,
    }
}

fn alarm(service: &str) -> Body {
    Body::Alarm(Alarm {
        name: format!("{service}-5xx"),
        state: AlarmState::Alarm,
        was: Some(AlarmState::Ok),
        since: None,
        metric: Some("5xx".to_owned()),
        statistic: None,
        endpoint: None,
        reason: None,
    })
}

fn sample(service: &str, n: u32) -> Body {
    Body::Sample(Sample::new(format!("{service}/5xx").as_str().into(), f64::from(n % 500) / 10.0))
}

fn line(service: &str) -> Body {
    Body::Log(Log { level: "error".to_owned(), group: format!("/ecs/{service}") })
}

fn filled(signals: &[Signal]) -> SignalLog {
    let mut log = SignalLog::new();
    for signal in signals {
        log.insert(signal);
    }
    log
}

fn unpacked(segments: &[Vec<u8>]) -> SignalLog {
    let mut log = SignalLog::new();
    for bytes in segments {
        log.adopt(Chunk::from_bytes(bytes).expect("the bytes were just written"));
    }
    log
}

fn titles_with(log: &SignalLog, needle: &str) -> usize {
    let finder = memchr::memmem::Finder::new(needle);
    log.iter().filter(|signal| finder.find(signal.title().as_bytes()).is_some()).count()
}

fn chunks_with(log: &SignalLog, needle: &[u8]) -> usize {
    let finder = memchr::memmem::Finder::new(needle);
    log.chunks().iter().filter(|chunk| finder.find(chunk.text().as_bytes()).is_some()).count()
}

/// A kept chunk is as large as one in memory but for three bytes a signal, so its bytes are its weight.
fn weigh(log: &SignalLog) {
    let bytes: usize = log.chunks().iter().map(|chunk| chunk.to_bytes().len() + 3 * chunk.len()).sum();
    eprintln!("log: {} bytes a signal in memory", bytes / log.len());
}
