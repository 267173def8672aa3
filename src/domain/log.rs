//! All signals of a room, ordered by time, shared without copying.
//!
//! The log is a row of chunks of about a thousand signals each. A chunk keeps its text in one piece of memory, so
//! a filter reads it at the speed of memory, and is shared (`Arc`) between the engine and every session: a clone
//! of the log costs a pointer a chunk, and an insertion copies at most the one chunk it falls into. Ordered by
//! `(at, id)`; a signal that is already there changes nothing, unless it is a measurement that was read again later.

mod bytes;
mod chunk;
mod words;

pub use bytes::ChunkError;
pub use chunk::{Chunk, SignalRef};

use super::id::SignalId;
use super::signal::{Kind, Signal};
use super::time::Time;
use chunk::{Loose, packed_body};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most signals of one chunk; one more, and it is two.
pub const CHUNK: usize = 1_024;

/// A run of signals shorter than this is not worth a chunk of its own.
const WORTH_A_CHUNK: usize = CHUNK / 4;

/// The place of a signal in the order of time; what a cursor holds on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SignalKey {
    pub at: Time,
    pub id: SignalId,
}

#[derive(Clone, Debug, Default)]
pub struct SignalLog {
    chunks: Vec<Arc<Chunk>>,
    len: usize,
}

/// Where a signal is to go: which chunk, and where in it.
struct Vacancy {
    chunk: usize,
    place: usize,
}

/// The space before one of our chunks, and up to where another chunk's signals fit into it together.
struct Gap {
    before: usize,
    until: usize,
}

impl SignalLog {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts a signal in its place, or what it was corrected to; false when it was there already.
    pub fn insert(&mut self, signal: &Signal) -> bool {
        self.put(Loose::of(signal, &packed_body(signal)))
    }

    /// Corrects a signal that is there; false when it is not, or as good.
    pub fn correct(&mut self, signal: SignalRef<'_>) -> bool {
        self.correct_with(signal.loose())
    }

    /// Takes in the signals of a chunk, whole wherever a run of them fits between two chunks that are here; how
    /// many of them were new.
    pub fn adopt(&mut self, chunk: Chunk) -> usize {
        let before = self.len;
        let (mut place, mut gap) = (0, self.gap(&chunk, 0));
        if gap.until == chunk.len() && (self.is_empty() || chunk.len() >= WORTH_A_CHUNK) {
            self.put_chunk(gap.before, chunk);
            return self.len - before;
        }
        while place < chunk.len() {
            if gap.until - place >= WORTH_A_CHUNK {
                self.put_chunk(gap.before, chunk.part(place..gap.until));
                place = gap.until;
            } else {
                self.put(chunk.at(place).loose());
                place += 1;
            }
            gap = self.gap(&chunk, place);
        }
        self.len - before
    }

    /// The same signals in chunks as full as they can be.
    #[must_use]
    pub fn repacked(&self) -> Self {
        let mut packed = Self::new();
        for signal in self.iter() {
            packed.put(signal.loose());
        }
        packed
    }

    /// Forgets whole chunks older than the moment given; what shares a chunk with something younger stays.
    pub fn forget_before(&mut self, moment: Time) {
        let keep_from = self.chunks.partition_point(|chunk| chunk.last_at().is_some_and(|at| at < moment));
        self.len -= self.chunks.drain(..keep_from).map(|chunk| chunk.len()).sum::<usize>();
    }

    /// The chunks, oldest first.
    pub fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    pub fn get(&self, key: SignalKey) -> Option<SignalRef<'_>> {
        let chunk = self.chunks.get(self.chunk_of(key))?;
        let place = chunk.place(key).ok()?;
        Some(chunk.at(place))
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = SignalRef<'_>> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Those of one kind, oldest first; chunks without any cost next to nothing.
    pub fn of_kind(&self, kind: Kind) -> impl DoubleEndedIterator<Item = SignalRef<'_>> {
        let chunks = self.chunks.iter().filter(move |chunk| chunk.has(kind));
        chunks.flat_map(|chunk| chunk.iter()).filter(move |signal| signal.kind() == kind)
    }

    /// Signals within `from..=to`, oldest first, found without looking at the rest.
    pub fn range(&self, from: Time, to: Time) -> impl Iterator<Item = SignalRef<'_>> {
        let first = self.chunks.partition_point(|chunk| chunk.last_at().is_some_and(|at| at < from));
        self.chunks[first..]
            .iter()
            .flat_map(|chunk| chunk.iter())
            .skip_while(move |signal| signal.at() < from)
            .take_while(move |signal| signal.at() <= to)
    }

    pub fn newest(&self) -> Option<SignalRef<'_>> {
        self.chunks.last().and_then(|chunk| chunk.iter().next_back())
    }

    /// The last chunk that starts at or before the key.
    fn chunk_of(&self, key: SignalKey) -> usize {
        self.chunks
            .partition_point(|chunk| chunk.first_key().is_some_and(|first| first <= key))
            .saturating_sub(1)
    }

    /// Nothing when the signal is there already.
    fn vacancy(&self, key: SignalKey) -> Option<Vacancy> {
        let chunk = self.chunk_of(key);
        let place = self.chunks.get(chunk).map_or(Err(0), |chunk| chunk.place(key)).err()?;
        Some(Vacancy { chunk, place })
    }

    fn put(&mut self, signal: Loose<'_>) -> bool {
        let Some(vacancy) = self.vacancy(signal.key) else { return self.correct_with(signal) };
        self.fill(vacancy, signal);
        true
    }

    fn correct_with(&mut self, signal: Loose<'_>) -> bool {
        let chunk = self.chunk_of(signal.key);
        let Some(place) = self.chunks.get(chunk).and_then(|chunk| chunk.place(signal.key).ok()) else {
            return false;
        };
        let corrects = signal.corrects(self.chunks[chunk].at(place));
        if corrects {
            Arc::make_mut(&mut self.chunks[chunk]).correct(place, signal);
        }
        corrects
    }

    fn fill(&mut self, vacancy: Vacancy, signal: Loose<'_>) {
        let Vacancy { mut chunk, mut place } = self.begin_if_at_the_end(vacancy);
        if self.chunks[chunk].is_full() {
            (chunk, place) = self.split(chunk, place);
        }
        Arc::make_mut(&mut self.chunks[chunk]).insert(place, signal);
        self.len += 1;
    }

    /// At the young end of the log a full chunk is left as it is and a new one begun, so that chunks filled in
    /// order of time are full ones.
    fn begin_if_at_the_end(&mut self, vacancy: Vacancy) -> Vacancy {
        let is_last = vacancy.chunk + 1 >= self.chunks.len();
        let begins = match self.chunks.get_mut(vacancy.chunk) {
            None => true,
            Some(chunk) if is_last && chunk.is_full() && vacancy.place == chunk.len() => {
                Arc::make_mut(chunk).settle();
                true
            }
            Some(_) => false,
        };
        if !begins {
            return vacancy;
        }
        self.chunks.push(Arc::default());
        Vacancy { chunk: self.chunks.len() - 1, place: 0 }
    }

    /// Makes two chunks of one; where the place in it has gone to.
    fn split(&mut self, chunk: usize, place: usize) -> (usize, usize) {
        let full = &self.chunks[chunk];
        let half = full.len() / 2;
        let (older, younger) = (full.part(0..half), full.part(half..full.len()));
        self.chunks[chunk] = Arc::new(older);
        self.chunks.insert(chunk + 1, Arc::new(younger));
        if place > half { (chunk + 1, place - half) } else { (chunk, place) }
    }

    /// Where a chunk's signals from `place` on would go.
    fn gap(&self, chunk: &Chunk, place: usize) -> Gap {
        let Some(key) = (place < chunk.len()).then(|| chunk.at(place).key()) else {
            return Gap { before: self.chunks.len(), until: place };
        };
        let before = self.chunks.partition_point(|ours| ours.last_key() < Some(key));
        let end = match self.chunks.get(before).and_then(|ours| ours.first_key()) {
            Some(next) => chunk.place(next).unwrap_or_else(|place| place),
            None => chunk.len(),
        };
        Gap { before, until: end.max(place) }
    }

    fn put_chunk(&mut self, place: usize, chunk: Chunk) {
        if !chunk.is_empty() {
            self.len += chunk.len();
            self.chunks.insert(place, Arc::new(chunk));
        }
    }
}

impl FromIterator<Signal> for SignalLog {
    fn from_iter<I: IntoIterator<Item = Signal>>(signals: I) -> Self {
        let mut log = Self::new();
        for signal in signals {
            log.insert(&signal);
        }
        log
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ServiceName, SourceName};
    use crate::domain::signal::{Body, Change, Sample};
    use proptest::prelude::*;

    fn signal(at: i64, name: u32) -> Signal {
        Signal {
            id: SignalId::of("test", &name.to_string()),
            at: Time::from_millis(at),
            source: SourceName::new("test"),
            service: (!name.is_multiple_of(3)).then(|| ServiceName::new("payment-api")),
            title: format!("signal {name}"),
            body: Body::Note,
            link: name.is_multiple_of(2).then(|| "https://example.org".to_owned()),
            raw: name.is_multiple_of(5).then(|| "{}".to_owned()),
        }
    }

    proptest! {
        #[test]
        fn any_order_of_arrival_gives_the_same_log(mut times in proptest::collection::vec(0_i64..2_000, 0..4_000)) {
            let signals: Vec<_> = (0_u32..).zip(&times).map(|(name, at)| signal(*at, name)).collect();
            let forward: SignalLog = signals.iter().cloned().collect();
            let backward: SignalLog = signals.iter().rev().cloned().collect();
            let read = |log: &SignalLog| log.iter().map(SignalRef::to_signal).collect::<Vec<_>>();
            prop_assert_eq!(read(&forward), read(&backward));
            times.sort_unstable();
            prop_assert_eq!(forward.iter().map(|s| s.at().millis()).collect::<Vec<_>>(), times);
            for signal in &signals {
                let key = SignalKey { at: signal.at, id: signal.id };
                prop_assert_eq!(&forward.get(key).unwrap().to_signal(), signal);
            }
        }

        #[test]
        fn a_range_is_what_a_scan_finds(times in proptest::collection::vec(0_i64..500, 0..3_000), from in 0_i64..500, len in 0_i64..500) {
            let log: SignalLog = (0_u32..).zip(&times).map(|(name, at)| signal(*at, name)).collect();
            let (from, to) = (Time::from_millis(from), Time::from_millis(from + len));
            let scanned: Vec<_> = log.iter().filter(|s| (from..=to).contains(&s.at())).map(|s| s.id()).collect();
            prop_assert_eq!(log.range(from, to).map(|s| s.id()).collect::<Vec<_>>(), scanned);
        }

        #[test]
        fn those_of_a_kind_are_what_a_scan_finds(
            times in proptest::collection::vec(0_i64..500, 0..3_000),
            every in 1_u32..2_000,
        ) {
            let of = |(name, at): (u32, &i64)| {
                let change = || Change { key: "pool".into(), before: None, after: None, by: String::new() };
                let body = if name % every == 0 { Body::Config(change()) } else { Body::Note };
                Signal { body, ..signal(*at, name) }
            };
            let log: SignalLog = (0_u32..).zip(&times).map(of).collect();
            let mut read = SignalLog::new();
            for chunk in log.chunks() {
                read.adopt(Chunk::from_bytes(&chunk.to_bytes()).unwrap());
            }
            for kind in [Kind::Config, Kind::Note, Kind::Alarm] {
                let scanned: Vec<_> = log.iter().filter(|s| s.kind() == kind).map(|s| s.id()).collect();
                prop_assert_eq!(log.of_kind(kind).map(|s| s.id()).collect::<Vec<_>>(), scanned.clone());
                prop_assert_eq!(read.of_kind(kind).map(|s| s.id()).collect::<Vec<_>>(), scanned);
            }
        }
    }

    proptest! {
        #[test]
        fn adopting_chunks_is_inserting_their_signals(batches in proptest::collection::vec(
            (0_i64..3_000, 1_i64..3, 1_u32..1_500), 0..8,
        )) {
            let (mut adopted, mut inserted) = (SignalLog::new(), SignalLog::new());
            for (from, step, count) in batches {
                let batch = (0..count).map(|n| from + i64::from(n) * step);
                let log: SignalLog = batch.map(|at| signal(at, at.unsigned_abs() as u32)).collect();
                let fresh = log.iter().filter(|s| inserted.insert(&s.to_signal())).count();
                let new: usize = log.chunks().iter().map(|chunk| adopted.adopt(Chunk::clone(chunk))).sum();
                prop_assert_eq!(new, fresh);
            }
            let keys = |log: &SignalLog| log.iter().map(|s| s.key()).collect::<Vec<_>>();
            prop_assert_eq!(keys(&adopted), keys(&inserted));
            prop_assert_eq!(adopted.len(), adopted.iter().count());
        }
    }

    #[test]
    fn chunks_filled_in_order_are_full() {
        let log: SignalLog = (0..3_000).map(|n| signal(i64::from(n), n)).collect();
        assert_eq!(log.chunks().iter().map(|chunk| chunk.len()).collect::<Vec<_>>(), [CHUNK, CHUNK, 952]);
    }

    #[test]
    fn a_duplicate_changes_nothing() {
        let mut log: SignalLog = (0..3_000).map(|n| signal(i64::from(n % 100), n)).collect();
        let shared: Vec<_> = log.chunks().to_vec();
        assert!(!log.insert(&signal(7, 7)));
        assert_eq!(log.len(), 3_000);
        drop(shared);
    }

    /// A measurement of one moment as it was read so much later.
    fn sample(name: u32, value: f64, later: u32) -> Signal {
        let body = Body::Sample(Sample { series: "api/5xx".into(), value, later });
        Signal { title: format!("api 5xx {value}"), body, ..signal(7, name) }
    }

    proptest! {
        #[test]
        fn the_latest_reading_counts_whatever_order_they_come_in(
            readings in proptest::collection::vec((0_u32..1_500, 0_u32..9), 1..3_000),
        ) {
            let of = |(name, later): &(u32, u32)| sample(*name, f64::from(*later), *later);
            let mut latest = std::collections::BTreeMap::new();
            for (name, later) in &readings {
                latest.entry(name).and_modify(|known: &mut u32| *known = (*known).max(*later)).or_insert(*later);
            }
            let inserted: SignalLog = readings.iter().map(of).collect();
            let mut adopted = SignalLog::new();
            for piece in readings.rchunks(700) {
                let log: SignalLog = piece.iter().map(of).collect();
                for chunk in log.chunks() {
                    adopted.adopt(Chunk::from_bytes(&chunk.to_bytes()).unwrap());
                }
            }
            for log in [&inserted, &adopted] {
                prop_assert_eq!((log.len(), log.iter().count()), (latest.len(), latest.len()));
                for (name, later) in &latest {
                    let wanted = sample(**name, f64::from(*later), *later);
                    let key = SignalKey { at: wanted.at, id: wanted.id };
                    prop_assert_eq!(log.get(key).unwrap().to_signal(), wanted);
                }
            }
        }
    }

    #[test]
    fn only_a_later_reading_that_came_to_something_else_corrects() {
        let mut log: SignalLog = [sample(1, 10.0, 0)].into_iter().collect();
        let before = log.clone();
        assert!(!log.insert(&sample(1, 10.0, 60)) && !log.insert(&sample(1, 30.0, 0)));
        assert!(log.insert(&sample(1, 100.0, 60)));
        assert!(!log.insert(&sample(1, 10.0, 30)), "an earlier reading that comes late");
        let titles = |log: &SignalLog| log.iter().map(|signal| signal.title().to_owned()).collect::<Vec<_>>();
        assert_eq!((titles(&before), titles(&log)), (vec!["api 5xx 10".into()], vec!["api 5xx 100".into()]));
    }

    #[test]
    fn what_is_shared_is_not_changed_by_what_comes_after() {
        let mut log: SignalLog = (0..10).map(|n| signal(i64::from(n), n)).collect();
        let before = log.clone();
        log.insert(&signal(3, 99));
        assert_eq!((before.len(), log.len()), (10, 11));
        assert_eq!(before.iter().count(), 10);
    }

    #[test]
    fn forgetting_drops_what_is_old_and_keeps_the_rest() {
        let mut log: SignalLog = (0..5_000).map(|n| signal(i64::from(n), n)).collect();
        log.forget_before(Time::from_millis(4_000));
        assert!(log.len() < 2_100 && log.iter().count() == log.len());
        assert_eq!(log.newest().map(|s| s.at()), Some(Time::from_millis(4_999)));
    }
}
