//! The store: keeping a hundred thousand signals, and opening a million.

use super::log::signal;
use criterion::Criterion;
use sitroom::domain::{Person, SignalLog};
use sitroom::store::Store;
use std::path::Path;
use tokio::runtime::{Builder, Runtime};

const BATCH: u32 = 10_240;
const MILLION: u32 = 1_000_000;

pub fn store(c: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let path = folder.path().join("store.sqlite");
    runtime.block_on(keep(&path, MILLION));

    let mut group = c.benchmark_group("store");
    group.sample_size(10);
    group.bench_function("open 1M, first page", |b| b.iter(|| runtime.block_on(open(&path, 1))));
    group.bench_function("open 1M, all", |b| b.iter(|| runtime.block_on(open(&path, usize::MAX))));
    group.bench_function("keep 100k", |b| b.iter(|| keep_anew(&runtime, 100_000)));
    let store = runtime.block_on(Store::open(&path)).expect("the store opens");
    let dana = Person::new("dana");
    group.bench_function("keep a draft", |b| {
        b.iter(|| runtime.block_on(store.keep_draft(&dana, "scribe", "f rollback playbook is outdated")));
    });
    group.finish();
}

async fn keep(path: &Path, count: u32) {
    let store = Store::open(path).await.expect("the store opens");
    for from in (0..count).step_by(BATCH as usize) {
        let batch: Vec<_> = (from..count.min(from + BATCH)).map(signal).collect();
        store.keep(&batch).await.expect("signals are kept");
    }
    store.close().await;
}

fn keep_anew(runtime: &Runtime, count: u32) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    runtime.block_on(keep(&folder.path().join("store.sqlite"), count));
}

async fn open(path: &Path, most_pages: usize) -> SignalLog {
    let store = Store::open(path).await.expect("the store opens");
    let mut loading = store.load().await.expect("the signals are found");
    let mut log = SignalLog::new();
    for _ in 0..most_pages {
        let Some(chunks) = loading.next().await.expect("the signals are read") else { break };
        for chunk in chunks {
            log.adopt(chunk);
        }
    }
    log
}
