//! A chunk as bytes, for keeping: read back in one pass, without parsing a signal.
//!
//! `SIGS`, version, digest of the rest; how many signals, words and bytes of text; the signals, the ends of the
//! words, the text. All numbers little-endian. Bytes that were damaged, cut or made up give an error: everything
//! a chunk relies on is checked here, so nothing later can panic on it.

use super::chunk::{Chunk, FIELDS, Packed};
use super::words::{WordId, Words, digest};
use super::{CHUNK, SignalKey};
use crate::domain::id::SignalId;
use crate::domain::signal::Kind;
use crate::domain::time::Time;

const MAGIC: [u8; 4] = *b"SIGS";
const VERSION: u32 = 1;
const HEAD: usize = 16;
const RECORD: usize = 16 + 2 * FIELDS + 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    #[error("it was written in form {0}, which this version does not know")]
    Version(u32),
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
}

impl Chunk {
    pub fn to_bytes(&self) -> Vec<u8> {
        let (ends, text) = (self.words.ends(), self.words.text());
        let size = HEAD + 12 + self.len() * RECORD + ends.len() * 4 + text.len();
        let mut bytes = Vec::with_capacity(size);
        bytes.extend([0; HEAD]);
        for count in [self.len(), ends.len(), text.len()] {
            bytes.extend(u32::try_from(count).expect("a chunk's words are bounded").to_le_bytes());
        }
        for record in &self.records {
            bytes.extend(packed_bytes(record));
        }
        for end in ends {
            bytes.extend(end.to_le_bytes());
        }
        bytes.extend(text.as_bytes());
        let sum = digest(&bytes[HEAD..]);
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4..8].copy_from_slice(&VERSION.to_le_bytes());
        bytes[8..HEAD].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ChunkError> {
        let mut rest = Rest(content(bytes)?);
        let (signals, words, text) = (rest.number()?, rest.number()?, rest.number()?);
        if signals > CHUNK || words > CHUNK * FIELDS {
            return Err(ChunkError::Damaged("it claims more than a chunk holds"));
        }
        let records = records(rest.take(signals * RECORD)?, words)?;
        let ends = rest.take(words * 4)?.as_chunks::<4>().0;
        let text = std::str::from_utf8(rest.take(text)?)
            .map_err(|_| ChunkError::Damaged("its text is not text"))?
            .to_owned();
        if !rest.0.is_empty() {
            return Err(ChunkError::Damaged("it goes on after its end"));
        }
        let words = Words::from_parts(text, ends.iter().map(|end| u32::from_le_bytes(*end)))
            .ok_or(ChunkError::Damaged("its words do not tile its text"))?;
        Ok(Self::of(records, words))
    }
}

/// What follows the head, when the head vouches for it.
fn content(bytes: &[u8]) -> Result<&[u8], ChunkError> {
    let mut rest = Rest(bytes);
    if rest.take(4)? != MAGIC {
        return Err(ChunkError::Damaged("it does not begin as a segment does"));
    }
    let version = u32::from_le_bytes(rest.array()?);
    if version != VERSION {
        return Err(ChunkError::Version(version));
    }
    let sum = u64::from_le_bytes(rest.array()?);
    if sum != digest(rest.0) {
        return Err(ChunkError::Damaged("its digest does not match"));
    }
    Ok(rest.0)
}

fn packed_bytes(record: &Packed) -> [u8; RECORD] {
    let mut bytes = [0; RECORD];
    bytes[..8].copy_from_slice(&record.key.at.millis().to_le_bytes());
    bytes[8..16].copy_from_slice(&record.key.id.0.to_le_bytes());
    for (place, word) in bytes[16..RECORD - 1].as_chunks_mut::<2>().0.iter_mut().zip(record.words) {
        *place = word.0.to_le_bytes();
    }
    bytes[RECORD - 1] = record.kind.index();
    bytes
}

fn records(bytes: &[u8], words: usize) -> Result<Vec<Packed>, ChunkError> {
    let mut records = Vec::with_capacity(bytes.len() / RECORD);
    let mut last = None;
    for bytes in bytes.as_chunks::<RECORD>().0 {
        let record = packed(bytes, words)?;
        if last >= Some(record.key) {
            return Err(ChunkError::Damaged("its signals are out of order"));
        }
        last = Some(record.key);
        records.push(record);
    }
    Ok(records)
}

fn packed(bytes: &[u8; RECORD], words: usize) -> Result<Packed, ChunkError> {
    let mut rest = Rest(bytes);
    let at = Time::from_millis(i64::from_le_bytes(rest.array()?));
    let id = SignalId(u64::from_le_bytes(rest.array()?));
    let mut of = [WordId::default(); FIELDS];
    for word in &mut of {
        *word = WordId(u16::from_le_bytes(rest.array()?));
    }
    if of.iter().any(|word| usize::from(word.0) > words) {
        return Err(ChunkError::Damaged("a signal has a word that is not there"));
    }
    let [kind] = rest.array()?;
    let kind =
        *Kind::ALL.get(usize::from(kind)).ok_or(ChunkError::Damaged("a signal is of no known kind"))?;
    Ok(Packed { key: SignalKey { at, id }, words: of, kind })
}

/// Bytes that are still to be read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ChunkError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ChunkError::Damaged("it ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ChunkError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(ChunkError::Damaged("it ends too early"))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<usize, ChunkError> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ServiceName, SourceName};
    use crate::domain::log::{SignalLog, SignalRef};
    use crate::domain::signal::{Body, Sample, Signal};
    use proptest::collection::vec;
    use proptest::prelude::*;

    prop_compose! {
        fn any_signal()(
            at in -1_000_i64..1_000, id: u64, title in any::<String>(), service in any::<String>(),
            eighths in any::<Option<i32>>(), link in any::<Option<String>>(), raw in any::<Option<String>>(),
        ) -> Signal {
            let body = eighths.map_or(Body::Note, |eighths| {
                Body::Sample(Sample::new(title.as_str().into(), f64::from(eighths) / 8.0))
            });
            Signal {
                id: SignalId(id),
                at: Time::from_millis(at),
                source: SourceName::new("te\u{202e}st"),
                service: Some(service.as_str()).filter(|s| !s.is_empty()).map(ServiceName::new),
                title,
                body,
                link: link.filter(|link| !link.is_empty()),
                raw: raw.filter(|raw| !raw.is_empty()),
            }
        }
    }

    fn bytes_of(signals: &[Signal]) -> Vec<u8> {
        let log: SignalLog = signals.iter().cloned().collect();
        log.chunks().first().map(|chunk| chunk.to_bytes()).unwrap_or_default()
    }

    /// Damaged bytes behind a digest that vouches for them, as a careful liar would write them.
    fn resealed(mut bytes: Vec<u8>) -> Vec<u8> {
        if bytes.len() >= HEAD {
            let sum = digest(&bytes[HEAD..]).to_le_bytes();
            bytes[8..HEAD].copy_from_slice(&sum);
        }
        bytes
    }

    /// Reads whatever a chunk offers; what it says does not matter, only that it says something.
    fn read_all(chunk: &Chunk) -> usize {
        chunk.iter().map(|signal| format!("{:?}", signal.to_signal()).len()).sum()
    }

    proptest! {
        #[test]
        fn a_chunk_is_read_back_as_it_was(signals in vec(any_signal(), 1..40)) {
            let log: SignalLog = signals.into_iter().collect();
            let chunk = &log.chunks()[0];
            let read = Chunk::from_bytes(&chunk.to_bytes()).unwrap();
            let all = |chunk: &Chunk| chunk.iter().map(SignalRef::to_signal).collect::<Vec<_>>();
            prop_assert_eq!(all(&read), all(chunk));
            prop_assert_eq!(read.to_bytes(), chunk.to_bytes());
        }

        #[test]
        fn a_changed_byte_is_an_error(signals in vec(any_signal(), 1..10), place: prop::sample::Index, with in 1_u8..) {
            let mut bytes = bytes_of(&signals);
            let place = place.index(bytes.len());
            bytes[place] ^= with;
            prop_assert!(Chunk::from_bytes(&bytes).is_err());
        }

        #[test]
        fn nothing_made_up_ever_panics(
            signals in vec(any_signal(), 1..10), changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            length: prop::sample::Index,
        ) {
            let mut bytes = bytes_of(&signals);
            for (place, byte) in changes {
                let place = HEAD + place.index(bytes.len() - HEAD);
                bytes[place] = byte;
            }
            bytes.truncate(length.index(bytes.len()) + 1);
            if let Ok(chunk) = Chunk::from_bytes(&resealed(bytes)) {
                let mut log = SignalLog::new();
                log.adopt(chunk.clone());
                prop_assert!(read_all(&chunk) > 0 || chunk.is_empty());
            }
        }

        #[test]
        fn noise_is_an_error(noise in vec(any::<u8>(), 0..200)) {
            prop_assert!(Chunk::from_bytes(&noise).is_err());
        }
    }

    #[test]
    fn a_later_form_says_so() {
        let mut bytes = Chunk::default().to_bytes();
        assert!(Chunk::from_bytes(&bytes).is_ok_and(|chunk| chunk.is_empty()));
        bytes[4] = 9;
        assert_eq!(Chunk::from_bytes(&bytes).err(), Some(ChunkError::Version(9)));
    }
}
