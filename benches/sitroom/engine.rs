//! The engine: what an answer costs beyond the disk, and what ten thousand signals cost from report to snapshot.

use criterion::{BatchSize, Criterion, Throughput};
use sitroom::domain::event::Severity;
use sitroom::domain::{
    Body, Clock, IncidentId, Intent, Person, Record, Seq, Signal, SignalId, SourceName, Span, Time,
};
use sitroom::engine::{Engine, Handle, Parts};
use sitroom::journal::{AppendError, Draft, Journal, JournalError};
use std::sync::{Arc, Mutex};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

const NOW: Time = Time::from_millis(1_773_842_940_000);

/// Keeps records and answers at once, so that only the engine is measured.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<Record>>>, watch::Sender<()>);

impl Journal for Memory {
    async fn append(&self, after: Seq, drafts: Vec<Draft>) -> Result<Vec<Record>, AppendError> {
        let mut records = self.0.lock().expect("no bench panics while it holds the journal");
        let before = records.len();
        for (seq, Draft { at, by, event, .. }) in (after.0 + 1..).map(Seq).zip(drafts) {
            records.push(Record { key: None, seq, at, by, event });
        }
        Ok(records[before..].to_vec())
    }

    async fn read(&self, after: Seq, limit: usize) -> Result<Vec<Record>, JournalError> {
        let records = self.0.lock().expect("no bench panics while it holds the journal");
        Ok(records.iter().skip(after.0 as usize).take(limit).cloned().collect())
    }

    fn changes(&self) -> watch::Receiver<()> {
        self.1.subscribe()
    }
}

pub fn engine(c: &mut Criterion) {
    submit(c);
    signals(c);
}

fn submit(c: &mut Criterion) {
    let (runtime, handle) = open();
    let declare = Intent::Declare {
        title: "checkout fails".to_owned(),
        severity: Severity::ALL[0],
        services: Vec::new(),
        impact: String::new(),
        evidence: Vec::new(),
    };
    let dana = Person::new("dana");
    runtime.block_on(handle.submit(dana.clone(), declare)).expect("a title is all it takes");
    let change = Intent::SetSeverity(IncidentId(1), Severity::ALL[1]);
    c.bench_function("engine/submit", |b| {
        b.iter(|| runtime.block_on(handle.submit(dana.clone(), change.clone())));
    });
}

fn signals(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine");
    group.throughput(Throughput::Elements(10_000)).sample_size(20);
    group.bench_function("10k signals", |b| {
        let told = || (open(), (0..10_000).map(signal).collect::<Vec<_>>());
        b.iter_batched(
            told,
            |((runtime, handle), signals)| runtime.block_on(take_in(handle, signals)),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// From the first report until everything shows.
async fn take_in(handle: Handle, signals: Vec<Signal>) {
    for batch in signals.chunks(100) {
        handle.report(batch.to_vec()).await.expect("the engine runs");
    }
    let all = signals.len();
    handle.snapshot().wait_for(|shown| shown.signals.len() == all).await.expect("the engine runs");
}

fn open() -> (Runtime, Handle) {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime of one thread");
    let handle = runtime.block_on(async {
        let handle = Engine::start(Parts::new("bench", Memory::default(), Clock::fixed(NOW)));
        handle.snapshot().wait_for(|shown| !shown.loading).await.expect("the engine runs");
        handle
    });
    (runtime, handle)
}

fn signal(name: i64) -> Signal {
    Signal {
        id: SignalId::of("bench", &name.to_string()),
        at: NOW + Span::millis(name),
        source: SourceName::new("aws"),
        service: None,
        title: format!("payment-api answered {name} requests"),
        body: Body::Note,
        link: None,
        raw: None,
    }
}
