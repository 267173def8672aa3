//! The words of a chunk: every text its signals are made of, in one piece of memory and mostly only once.
//!
//! Neighbouring signals repeat themselves (the same service, the same level, the same check), so a word that was
//! put lately is found again by its digest and shared. A word is never changed or taken out.

/// How many words are remembered to be found again; one slot a digest, the latest wins.
const RECENT: usize = 256;

/// The place of a word among the words of its chunk. The first is the empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct WordId(pub(super) u16);

#[derive(Clone, Debug)]
pub(super) struct Words {
    text: String,
    /// Word `n` reaches from bound `n` to bound `n + 1`.
    bounds: Vec<u32>,
    /// Empty until something is put; a chunk that is only read does not carry it.
    recent: Vec<WordId>,
}

impl Default for Words {
    fn default() -> Self {
        Self { text: String::new(), bounds: vec![0, 0], recent: Vec::new() }
    }
}

impl Words {
    /// The words that end where the ends say; nothing when they do not tile the text.
    pub(super) fn from_parts(text: String, ends: impl ExactSizeIterator<Item = u32>) -> Option<Self> {
        let mut bounds = Vec::with_capacity(ends.len() + 2);
        bounds.extend([0, 0]);
        let mut last = 0;
        for end in ends {
            if end < last || !text.is_char_boundary(end as usize) {
                return None;
            }
            bounds.push(end);
            last = end;
        }
        (last as usize == text.len()).then_some(Self { text, bounds, recent: Vec::new() })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where each word but the empty one ends.
    pub(super) fn ends(&self) -> &[u32] {
        &self.bounds[2..]
    }

    pub(super) fn get(&self, word: WordId) -> &str {
        let place = usize::from(word.0);
        &self.text[self.bounds[place] as usize..self.bounds[place + 1] as usize]
    }

    pub(super) fn put(&mut self, word: &str) -> WordId {
        if word.is_empty() {
            return WordId::default();
        }
        self.recent.resize(RECENT, WordId::default());
        let slot = (digest(word.as_bytes()) >> 56) as usize;
        let candidate = self.recent[slot];
        if self.get(candidate) == word {
            return candidate;
        }
        let id = WordId(u16::try_from(self.bounds.len() - 1).expect("a chunk's signals have few words"));
        self.text.push_str(word);
        self.bounds.push(u32::try_from(self.text.len()).expect("a chunk's words are cut to a length"));
        self.recent[slot] = id;
        id
    }

    /// Gives back what was reserved for words to come.
    pub(super) fn settle(&mut self) {
        self.text.shrink_to_fit();
        self.bounds.shrink_to_fit();
        self.recent = Vec::new();
    }
}

/// Tells different bytes apart, at the speed of memory: four lanes that do not wait for one another. A change of
/// any one word of eight bytes always changes the digest.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut lanes = [1_u64, 2, 3, 4];
    for block in blocks {
        for (lane, word) in lanes.iter_mut().zip(block.as_chunks::<8>().0) {
            *lane = mix(*lane, u64::from_le_bytes(*word));
        }
    }
    let lanes = if blocks.is_empty() { 0 } else { lanes.into_iter().fold(0, mix) };
    let (words, tail) = rest.as_chunks::<8>();
    let sum = words.iter().fold(lanes, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    mix(mix(sum, u64::from_le_bytes(last)), bytes.len() as u64)
}

fn mix(sum: u64, word: u64) -> u64 {
    (sum.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_put_again_takes_no_room() {
        let mut words = Words::default();
        let (first, other) = (words.put("payment-api"), words.put("zählung"));
        assert_eq!(words.put("payment-api"), first);
        assert_eq!((words.get(first), words.get(other)), ("payment-api", "zählung"));
        assert_eq!(words.put(""), WordId::default());
        assert_eq!(words.ends().len(), 2);
    }

    #[test]
    fn ends_that_do_not_tile_the_text_are_refused() {
        let parts = |ends: &[u32]| Words::from_parts("aé".to_owned(), ends.iter().copied());
        assert!(parts(&[1, 3]).is_some());
        for wrong in [&[][..], &[1], &[2, 3], &[3, 1], &[1, 4]] {
            assert!(parts(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn one_changed_byte_anywhere_changes_the_digest() {
        let bytes: Vec<u8> = (0..100).collect();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0x40;
            assert_ne!(digest(&changed), digest(&bytes));
        }
        assert_ne!(digest(&bytes[..99]), digest(&bytes));
    }
}
