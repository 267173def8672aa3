//! All signals of a room, ordered by time, shared without copying.
//!
//! The log is a row of chunks of about a thousand signals each. A chunk keeps its text in one piece of memory, so
//! a filter reads it at the speed of memory, and is shared (`Arc`) between the engine and every session: a clone
//! of the log costs a pointer a chunk, and an insertion copies at most the one chunk it falls into. Ordered by
//! `(at, id)`; a signal that is already there changes nothing.

use super::id::{ServiceName, SignalId, SourceName};
use super::signal::{Body, Kind, Signal};
use super::time::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A chunk is split in two when it grows past this.
const CHUNK: usize = 1_024;

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

/// Signals of neighbouring times. Two chunks that are the same allocation hold the same signals, which is what
/// lets a filter keep its answer for a chunk that has not changed.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    records: Vec<Packed>,
    text: String,
}

#[derive(Clone, Copy, Debug)]
struct Packed {
    at: Time,
    id: SignalId,
    text_at: u32,
    source_len: u16,
    service_len: u16,
    title_len: u16,
    link_len: u16,
    body_len: u32,
    raw_len: u32,
    kind: u8,
}

/// One signal, read where it lies.
#[derive(Clone, Copy, Debug)]
pub struct SignalRef<'a> {
    packed: &'a Packed,
    text: &'a str,
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

    /// Puts a signal in its place; false when it was there already.
    pub fn insert(&mut self, signal: &Signal) -> bool {
        let key = SignalKey { at: signal.at, id: signal.id };
        if self.chunks.is_empty() {
            self.chunks.push(Arc::default());
        }
        let within = self.chunk_of(key);
        let Err(place) = self.chunks[within].place(key) else { return false };
        let is_last = within + 1 == self.chunks.len();
        let chunk = Arc::make_mut(&mut self.chunks[within]);
        let packed = chunk.pack(key, signal);
        chunk.records.insert(place, packed);
        self.len += 1;
        if chunk.records.len() > CHUNK {
            let upper = chunk.split(is_last);
            self.chunks.insert(within + 1, Arc::new(upper));
        }
        true
    }

    /// Forgets whole chunks older than the moment given; what shares a chunk with something younger stays.
    pub fn forget_before(&mut self, moment: Time) {
        let keep_from = self.chunks.partition_point(|chunk| chunk.last_at().is_some_and(|at| at < moment));
        self.len -= self.chunks.drain(..keep_from).map(|chunk| chunk.records.len()).sum::<usize>();
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

impl Chunk {
    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub fn at(&self, place: usize) -> SignalRef<'_> {
        SignalRef { packed: &self.records[place], text: &self.text }
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = SignalRef<'_>> {
        self.records.iter().map(|packed| SignalRef { packed, text: &self.text })
    }

    /// Where a signal stands, or where it would.
    pub fn place(&self, key: SignalKey) -> Result<usize, usize> {
        match self.records.last() {
            Some(last) if last.key() < key => Err(self.records.len()),
            _ => self.records.binary_search_by_key(&key, Packed::key),
        }
    }

    fn first_key(&self) -> Option<SignalKey> {
        self.records.first().map(Packed::key)
    }

    fn last_at(&self) -> Option<Time> {
        self.records.last().map(|record| record.at)
    }

    /// Text order is source, service, title, link, body, raw: what a filter reads lies together.
    fn pack(&mut self, key: SignalKey, signal: &Signal) -> Packed {
        let text_at = u32_len(self.text.len());
        let source_len = self.push_short(signal.source.as_str());
        let service_len = self.push_short(signal.service.as_ref().map_or("", ServiceName::as_str));
        let title_len = self.push_short(&signal.title);
        let link_len = self.push_short(signal.link.as_deref().unwrap_or(""));
        let body = serde_json::to_string(&signal.body).unwrap_or_default();
        self.text.push_str(&body);
        let raw = signal.raw.as_deref().unwrap_or("");
        self.text.push_str(raw);
        Packed {
            at: key.at,
            id: key.id,
            text_at,
            source_len,
            service_len,
            title_len,
            link_len,
            body_len: u32_len(body.len()),
            raw_len: u32_len(raw.len()),
            kind: signal.kind().index(),
        }
    }

    /// Clean text is at most a few thousand bytes; anything longer is cut at a character.
    fn push_short(&mut self, text: &str) -> u16 {
        let end = text.floor_char_boundary(usize::from(u16::MAX));
        self.text.push_str(&text[..end]);
        u16::try_from(end).unwrap_or(u16::MAX)
    }

    /// Keeps the older part and returns the younger. At the young end of the log nearly everything stays, so that
    /// chunks filled in order of time are full ones.
    fn split(&mut self, is_last: bool) -> Self {
        let keep = if is_last { self.records.len() - 1 } else { self.records.len() / 2 };
        let upper = self.records.split_off(keep);
        let lower = std::mem::take(self);
        self.records.reserve_exact(lower.records.len());
        self.text.reserve_exact(lower.text.len());
        self.adopt(&lower.text, lower.records.iter());
        let mut young = Self::default();
        young.adopt(&lower.text, upper.iter());
        young
    }

    fn adopt<'a>(&mut self, text: &str, records: impl Iterator<Item = &'a Packed>) {
        for record in records {
            let from = record.text_at as usize;
            let text_at = u32_len(self.text.len());
            self.text.push_str(&text[from..from + record.text_len()]);
            self.records.push(Packed { text_at, ..*record });
        }
    }
}

impl Packed {
    fn key(&self) -> SignalKey {
        SignalKey { at: self.at, id: self.id }
    }

    fn text_len(&self) -> usize {
        self.body_from() + self.body_len as usize + self.raw_len as usize
    }

    fn body_from(&self) -> usize {
        usize::from(self.source_len)
            + usize::from(self.service_len)
            + usize::from(self.title_len)
            + usize::from(self.link_len)
    }
}

impl<'a> SignalRef<'a> {
    pub fn key(&self) -> SignalKey {
        self.packed.key()
    }

    pub fn at(&self) -> Time {
        self.packed.at
    }

    pub fn id(&self) -> SignalId {
        self.packed.id
    }

    pub fn kind(&self) -> Kind {
        Kind::ALL[usize::from(self.packed.kind)]
    }

    pub fn source(&self) -> &'a str {
        self.slice(0, usize::from(self.packed.source_len))
    }

    /// Empty when the signal speaks of no one service.
    pub fn service(&self) -> &'a str {
        self.slice(usize::from(self.packed.source_len), usize::from(self.packed.service_len))
    }

    pub fn title(&self) -> &'a str {
        let from = usize::from(self.packed.source_len) + usize::from(self.packed.service_len);
        self.slice(from, usize::from(self.packed.title_len))
    }

    pub fn link(&self) -> Option<&'a str> {
        let from = self.packed.body_from() - usize::from(self.packed.link_len);
        Some(self.slice(from, usize::from(self.packed.link_len))).filter(|link| !link.is_empty())
    }

    pub fn raw(&self) -> Option<&'a str> {
        let from = self.packed.body_from() + self.packed.body_len as usize;
        Some(self.slice(from, self.packed.raw_len as usize)).filter(|raw| !raw.is_empty())
    }

    pub fn body_json(&self) -> &'a str {
        self.slice(self.packed.body_from(), self.packed.body_len as usize)
    }

    pub fn body(&self) -> Body {
        serde_json::from_str(self.body_json()).unwrap_or(Body::Note)
    }

    pub fn to_signal(self) -> Signal {
        Signal {
            id: self.id(),
            at: self.at(),
            source: SourceName::new(self.source()),
            service: Some(self.service()).filter(|s| !s.is_empty()).map(ServiceName::new),
            title: self.title().to_owned(),
            body: self.body(),
            link: self.link().map(str::to_owned),
            raw: self.raw().map(str::to_owned),
        }
    }

    fn slice(&self, from: usize, len: usize) -> &'a str {
        let from = self.packed.text_at as usize + from;
        &self.text[from..from + len]
    }
}

/// A chunk of a thousand signals stays far below four gigabytes: each text is bounded where it comes in.
fn u32_len(len: usize) -> u32 {
    u32::try_from(len).expect("a chunk's text is bounded by the boundary that cleaned it")
}

#[cfg(test)]
mod tests {
    use super::*;
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
    }

    #[test]
    fn a_duplicate_changes_nothing() {
        let mut log: SignalLog = (0..3_000).map(|n| signal(i64::from(n % 100), n)).collect();
        let shared: Vec<_> = log.chunks().to_vec();
        assert!(!log.insert(&signal(7, 7)));
        assert_eq!(log.len(), 3_000);
        drop(shared);
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
