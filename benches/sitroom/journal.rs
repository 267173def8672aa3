//! The journal: what a durable entry costs beside the insert it cannot do without, and reading it all again.

use criterion::Criterion;
use sitroom::domain::event::{Content, EntryKind, When};
use sitroom::domain::{EntryId, Event, IncidentId, Person, Seq, Time};
use sitroom::journal::{Draft, Journal, Rows as _, SqliteJournal};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

const PAIRS: usize = 400;

pub fn journal(c: &mut Criterion) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut own = runtime.block_on(Writer::open(&home.path().join("journal.db")));
    let mut raw = runtime.block_on(open_raw(&home.path().join("raw.db")));
    say_ratio(&runtime, &mut own, &mut raw);

    let mut group = c.benchmark_group("journal");
    group.sample_size(50);
    group.bench_function("raw insert", |b| b.iter(|| runtime.block_on(insert(&mut raw))));
    group.bench_function("one durable entry", |b| b.iter(|| runtime.block_on(own.append(1))));
    group.bench_function("ten entries in one append", |b| b.iter(|| runtime.block_on(own.append(10))));
    group.bench_function("read 10,000", |b| {
        let mut long = runtime.block_on(Writer::open(&home.path().join("long.db")));
        runtime.block_on(long.append(10_000));
        b.iter_with_large_drop(|| {
            runtime.block_on(long.journal.read(Seq(0), 10_000)).expect("ten thousand records")
        });
    });
    group.finish();
}

/// Taken in turns, since the disk is not as fast now as it was a second ago.
#[expect(clippy::print_stderr, reason = "a figure for people, beside the ones of the harness")]
fn say_ratio(runtime: &Runtime, own: &mut Writer, raw: &mut SqliteConnection) {
    let mut times = [Vec::with_capacity(PAIRS), Vec::with_capacity(PAIRS)];
    for _ in 0..PAIRS {
        times[0].push(timed(|| runtime.block_on(insert(raw))));
        times[1].push(timed(|| runtime.block_on(own.append(1))));
    }
    let [raw, own] = times.map(median);
    eprintln!(
        "one durable entry {own:?}, raw insert {raw:?}: {:.2} ×",
        own.as_secs_f64() / raw.as_secs_f64()
    );
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A table without chain, check or trigger: the least that keeps a text for ever.
async fn open_raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging();
    let mut connection = options.connect().await.expect("a database");
    let table = "CREATE TABLE record (seq INTEGER PRIMARY KEY, text TEXT, hash BLOB) STRICT";
    sqlx::raw_sql(table).execute(&mut connection).await.expect("a table");
    connection
}

async fn insert(raw: &mut SqliteConnection) {
    sqlx::query("INSERT INTO record (text, hash) VALUES (?1, ?2)")
        .bind("x".repeat(300))
        .bind(vec![7_u8; 32])
        .execute(raw)
        .await
        .expect("an insert");
}

/// A writer that knows where the journal stands, as the one in a running program does.
struct Writer {
    journal: SqliteJournal,
    seq: Seq,
}

impl Writer {
    async fn open(path: &Path) -> Self {
        let journal = SqliteJournal::open(path).await.expect("a journal");
        let seq = journal.head().await.expect("where it stands").seq;
        Self { journal, seq }
    }

    async fn append(&mut self, entries: usize) {
        let records = self.journal.append(self.seq, vec![entry(); entries]).await.expect("an append");
        self.seq = records.last().expect("what was appended").seq;
    }
}

/// As long as the raw insert's text.
fn entry() -> Draft {
    let content = Content {
        entry_kind: EntryKind::Fact,
        happened: When::exactly(Time::from_millis(0)),
        text: "x".repeat(100),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
    };
    let event = Event::EntryWritten { incident: IncidentId(1), entry: EntryId(1), content };
    Draft { key: None, at: Time::from_millis(0), by: Person::new("dana"), event }
}
