//! A chunk of the log: up to about a thousand signals of neighbouring times, packed.
//!
//! A signal is its key and the numbers of its words, 32 bytes; the words of all lie together. Ordered by key, and
//! no key twice.

use super::words::{WordId, Words};
use super::{CHUNK, SignalKey};
use crate::domain::id::{ServiceName, SignalId, SourceName};
use crate::domain::signal::{Body, Kind, Signal};
use crate::domain::time::Time;
use std::ops::Range;

/// Source, service, title, link, body, raw.
pub(super) const FIELDS: usize = 6;
const BODY: usize = 4;

/// Names, titles and links are lines, already bounded where they came in; this holds for whatever did not.
const LONGEST_LINE: usize = 64 << 10;

/// A payload longer than this is cut, so that a chunk's words always stay below a gigabyte.
const LONGEST_PAYLOAD: usize = 256 << 10;

/// Signals of neighbouring times. Two chunks that are the same allocation hold the same signals, which is what
/// lets a filter keep its answer for a chunk that has not changed.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    pub(super) records: Vec<Packed>,
    pub(super) words: Words,
    /// A bit for each kind there is in it.
    kinds: u16,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Packed {
    pub(super) key: SignalKey,
    pub(super) words: [WordId; FIELDS],
    pub(super) kind: Kind,
}

/// A signal as a chunk takes it in.
#[derive(Clone, Copy)]
pub(super) struct Loose<'a> {
    pub(super) key: SignalKey,
    pub(super) kind: Kind,
    pub(super) texts: [&'a str; FIELDS],
}

/// One signal, read where it lies.
#[derive(Clone, Copy, Debug)]
pub struct SignalRef<'a> {
    packed: &'a Packed,
    words: &'a Words,
}

impl Chunk {
    pub(super) fn of(records: Vec<Packed>, words: Words) -> Self {
        let kinds = records.iter().fold(0, |kinds, record| kinds | bit(record.kind));
        Self { records, words, kinds }
    }

    /// Whether there is a signal of a kind in it, told without looking at them.
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.kinds & bit(kind) != 0
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub fn at(&self, place: usize) -> SignalRef<'_> {
        SignalRef { packed: &self.records[place], words: &self.words }
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = SignalRef<'_>> {
        self.records.iter().map(|packed| SignalRef { packed, words: &self.words })
    }

    /// Where a signal stands, or where it would.
    pub fn place(&self, key: SignalKey) -> Result<usize, usize> {
        match self.records.last() {
            Some(last) if last.key < key => Err(self.records.len()),
            _ => self.records.binary_search_by_key(&key, |record| record.key),
        }
    }

    /// Every text of every signal, end to end: what is not found in here is in none of them, so a search asks
    /// this before it looks at signals one by one.
    pub fn text(&self) -> &str {
        self.words.text()
    }

    pub fn first_key(&self) -> Option<SignalKey> {
        self.records.first().map(|record| record.key)
    }

    pub fn last_key(&self) -> Option<SignalKey> {
        self.records.last().map(|record| record.key)
    }

    pub(super) fn last_at(&self) -> Option<Time> {
        self.last_key().map(|key| key.at)
    }

    /// Whether a signal is here, and as good as it is known elsewhere.
    pub fn knows(&self, signal: SignalRef<'_>) -> bool {
        self.place(signal.key()).is_ok_and(|place| !signal.loose().corrects(self.at(place)))
    }

    /// Puts in the place of a signal what it was corrected to. The words of what stood there stay until there are many.
    pub(super) fn correct(&mut self, place: usize, signal: Loose<'_>) {
        self.records.remove(place);
        if self.words.ends().len() + FIELDS > CHUNK * FIELDS {
            *self = self.part(0..self.len());
        }
        self.insert(place, signal);
    }

    pub(super) fn insert(&mut self, place: usize, signal: Loose<'_>) {
        let words = signal.texts.map(|text| self.words.put(text));
        self.kinds |= bit(signal.kind);
        self.records.insert(place, Packed { key: signal.key, words, kind: signal.kind });
    }

    /// Some of the signals as a chunk of their own, with no more memory than it takes.
    pub(super) fn part(&self, places: Range<usize>) -> Self {
        let mut part = Self { records: Vec::with_capacity(places.len()), ..Self::default() };
        for place in places {
            part.insert(part.records.len(), self.at(place).loose());
        }
        part.words.settle();
        part
    }

    pub(super) fn is_full(&self) -> bool {
        self.records.len() >= CHUNK
    }

    /// Gives back what was reserved for signals to come.
    pub(super) fn settle(&mut self) {
        self.records.shrink_to_fit();
        self.words.settle();
    }
}

const fn bit(kind: Kind) -> u16 {
    1 << kind as u16
}

/// The body of a signal in the form a chunk keeps; one beyond all measure is dropped for a note.
pub(super) fn packed_body(signal: &Signal) -> String {
    let body = serde_json::to_string(&signal.body).unwrap_or_default();
    if body.len() <= LONGEST_PAYLOAD { body } else { r#"{"kind":"note"}"#.to_owned() }
}

impl<'a> Loose<'a> {
    pub(super) fn of(signal: &'a Signal, body: &'a str) -> Self {
        let texts = [
            cut(signal.source.as_str(), LONGEST_LINE),
            cut(signal.service.as_ref().map_or("", ServiceName::as_str), LONGEST_LINE),
            cut(&signal.title, LONGEST_LINE),
            cut(signal.link.as_deref().unwrap_or(""), LONGEST_LINE),
            body,
            cut(signal.raw.as_deref().unwrap_or(""), LONGEST_PAYLOAD),
        ];
        Self { key: SignalKey { at: signal.at, id: signal.id }, kind: signal.kind(), texts }
    }

    /// Whether it is a measurement that was read again later, and came to something else.
    pub(super) fn corrects(&self, known: SignalRef<'_>) -> bool {
        let (body, known_body) = (self.texts[BODY], known.body_json());
        let sample = |body: &str| match serde_json::from_str(body) {
            Ok(Body::Sample(sample)) => Some(sample),
            _ => None,
        };
        self.kind == Kind::Sample
            && body != known_body
            && sample(body).zip(sample(known_body)).is_some_and(|(new, known)| new.corrects(&known))
    }
}

fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

impl<'a> SignalRef<'a> {
    pub fn key(&self) -> SignalKey {
        self.packed.key
    }

    pub fn at(&self) -> Time {
        self.packed.key.at
    }

    pub fn id(&self) -> SignalId {
        self.packed.key.id
    }

    pub fn kind(&self) -> Kind {
        self.packed.kind
    }

    pub fn source(&self) -> &'a str {
        self.word(0)
    }

    /// Empty when the signal speaks of no one service.
    pub fn service(&self) -> &'a str {
        self.word(1)
    }

    pub fn title(&self) -> &'a str {
        self.word(2)
    }

    pub fn link(&self) -> Option<&'a str> {
        Some(self.word(3)).filter(|link| !link.is_empty())
    }

    pub fn body_json(&self) -> &'a str {
        self.word(BODY)
    }

    pub fn body(&self) -> Body {
        serde_json::from_str(self.body_json()).unwrap_or(Body::Note)
    }

    pub fn raw(&self) -> Option<&'a str> {
        Some(self.word(5)).filter(|raw| !raw.is_empty())
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

    pub(super) fn loose(self) -> Loose<'a> {
        let texts = self.packed.words.map(|word| self.words.get(word));
        Loose { key: self.key(), kind: self.kind(), texts }
    }

    fn word(&self, field: usize) -> &'a str {
        self.words.get(self.packed.words[field])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_without_measure_is_cut_and_its_signal_kept() {
        let signal = Signal {
            id: SignalId(1),
            at: Time::from_millis(1),
            source: SourceName::new("test"),
            service: None,
            title: "t".repeat(LONGEST_LINE + 1),
            body: Body::Note,
            link: None,
            raw: Some("é".repeat(LONGEST_PAYLOAD)),
        };
        let mut chunk = Chunk::default();
        chunk.insert(0, Loose::of(&signal, &packed_body(&signal)));
        let kept = chunk.at(0);
        assert_eq!((kept.title().len(), kept.raw().map(str::len)), (LONGEST_LINE, Some(LONGEST_PAYLOAD)));
    }

    #[test]
    fn a_packed_signal_is_32_bytes() {
        assert_eq!(size_of::<Packed>(), 32);
    }
}
