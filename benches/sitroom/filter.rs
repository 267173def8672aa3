//! The filter over a million signals: how soon the first page is there, and how soon all are counted.

use super::log::signal;
use super::stage::SIZE;
use criterion::{BatchSize, Criterion};
use sitroom::domain::{SignalLog, Time};
use sitroom::tui::screens::feed::Feed;

const MILLION: u32 = 1_000_000;
/// A word many have, one that few have, and terms that look at no text. Lines of logs are looked at when asked for.
const QUERIES: [(&str, &str); 3] = [
    ("word", "kind:log timed"),
    ("rare word", "kind:log upstream 77777"),
    ("terms", "kind:alarm service:ledger"),
];

pub fn filter(c: &mut Criterion) {
    let log: SignalLog = (0..MILLION).map(signal).collect();
    let mut group = c.benchmark_group("filter/1m");
    group.sample_size(10);
    for (name, query) in QUERIES {
        group.bench_function(format!("{name}, first page"), |b| {
            b.iter_batched_ref(|| asked(&log, query), first_page, BatchSize::PerIteration);
        });
        group.bench_function(format!("{name}, all"), |b| {
            b.iter_batched_ref(
                || asked(&log, query),
                |feed| feed.work(Time::MAX, usize::MAX),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

fn asked(log: &SignalLog, query: &str) -> Feed {
    let mut feed = Feed::default();
    feed.follow_log(log);
    feed.list_mut().ask(query);
    feed
}

/// Works until a page is full or everything has been looked at.
fn first_page(feed: &mut Feed) -> usize {
    let page = usize::from(SIZE.height);
    while feed.list().count().found < page && feed.work(Time::MAX, 1) {}
    feed.list().rows(page).count()
}
