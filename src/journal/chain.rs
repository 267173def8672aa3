//! The chain: each row's hash covers its text and the hash before it, so nothing in the middle can be changed,
//! dropped or moved unseen.
//!
//! What is hashed is the text as it is stored, never a value read from it, so the chain of an old journal holds
//! whatever becomes of the types. A chain cannot know that its end was cut off; who needs that keeps the head.

use super::envelope::{self, Reading};
use crate::domain::Seq;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// SHA-256 over the hash before and the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

/// The end of a chain, which is all one needs to go on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: Seq,
    pub hash: Hash,
}

/// One record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub seq: Seq,
    pub text: String,
    pub hash: Hash,
}

/// The first thing that is wrong in a chain, and at which place of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {seq} {wrong}")]
pub struct Fault {
    pub seq: Seq,
    pub wrong: Wrong,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("does not match its hash: its text, its hash or its predecessor was changed")]
    Hash,
    #[error("is missing: {0} comes next")]
    Gap(Seq),
    #[error("is out of order: {0} stands in its place")]
    OutOfOrder(Seq),
    #[error("cannot be read: {0}")]
    Unreadable(String),
}

impl Head {
    /// Where every chain begins.
    pub const GENESIS: Self = Self { seq: Seq(0), hash: Hash::GENESIS };

    /// The row that follows with this text.
    pub fn next(&self, text: String) -> Row {
        Row { seq: self.seq.next(), hash: self.hash.then(&text), text }
    }

    /// What a row says, provided that it is the one that follows.
    pub fn check(&self, row: &Row) -> Result<Reading, Fault> {
        let seq = self.seq.next();
        let fault = |wrong| Err(Fault { seq, wrong });
        if row.seq > seq {
            return fault(Wrong::Gap(row.seq));
        }
        if row.seq < seq {
            return fault(Wrong::OutOfOrder(row.seq));
        }
        if self.hash.then(&row.text) != row.hash {
            return fault(Wrong::Hash);
        }
        match envelope::read(&row.text) {
            Err(why) => fault(Wrong::Unreadable(why)),
            Ok(reading) if reading.seq() != seq => fault(Wrong::OutOfOrder(reading.seq())),
            Ok(reading) => Ok(reading),
        }
    }
}

impl Row {
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

impl Hash {
    pub const GENESIS: Self = Self([0; 32]);

    #[must_use]
    pub fn then(self, text: &str) -> Self {
        Self(Sha256::new().chain_update(self.0).chain_update(text.as_bytes()).finalize().into())
    }

    /// Nothing where these are not the 32 bytes of a hash.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a hash (64 hex digits)");
        if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digits.iter().fold(0, |sum, &digit| sum * 16 + hex(digit));
        }
        Ok(Self(bytes))
    }
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(seq: u64) -> String {
        format!(
            r#"{{"v":1,"seq":{seq},"at":"2026-03-16T14:06:00.000Z","by":"dana","event":{{"kind":"incident-resolved","incident":1}}}}"#
        )
    }

    fn wrong(head: Head, row: &Row) -> Wrong {
        head.check(row).unwrap_err().wrong
    }

    #[test]
    fn a_hash_covers_the_hash_before_and_the_text_and_nothing_else() {
        let expected = Sha256::digest([&[0_u8; 32][..], b"{}"].concat());
        assert_eq!(Hash::GENESIS.then("{}").as_bytes()[..], expected[..]);
    }

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let hash = Hash::GENESIS.then("x");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for wrong in ["", "00", &"g".repeat(64), &"é".repeat(32), &hash.to_string().to_uppercase()] {
            assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_does_not_follow_is_named() {
        let first = Head::GENESIS.next(text(1));
        let second = first.head().next(text(2));
        assert!(first.head().check(&second).is_ok());
        assert_eq!(wrong(Head::GENESIS, &second), Wrong::Gap(Seq(2)));
        assert_eq!(wrong(second.head(), &second), Wrong::OutOfOrder(Seq(2)));
        assert_eq!(wrong(Head::GENESIS, &Row { text: text(1).replace("dana", "lee"), ..first }), Wrong::Hash);
        assert_eq!(wrong(Head::GENESIS, &Head::GENESIS.next(text(7))), Wrong::OutOfOrder(Seq(7)));
        assert!(matches!(wrong(Head::GENESIS, &Head::GENESIS.next("{".into())), Wrong::Unreadable(_)));
    }
}
