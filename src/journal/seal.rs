//! Seals: the head of a journal signed with the room's own key, so that a journal whose end was cut off, or that was
//! written anew as a whole, no longer fits what was signed.
//!
//! What is signed is a short text anybody can write down again; the seal holds everything that stands in it. Seals
//! lie in a file beside the journal, one a line, and prove most where a copy of them is kept elsewhere.

mod file;
mod key;

pub use file::{Line, Place, append, read};
pub use key::{KeyError, PublicKey, RoomKey};

use super::{Hash, Head, JournalError, Rows};
use crate::domain::{Person, Seq, Time};
use ed25519_dalek::Signature;
use serde::{Deserialize, Serialize};

/// One line of a file of seals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    pub v: u32,
    /// The last record it covers, and that record's hash.
    pub seq: Seq,
    pub hash: String,
    pub at: Time,
    /// Who sealed it.
    pub by: Person,
    /// The public key, in hex.
    pub key: String,
    /// Over the text of [`Seal::statement`], in hex.
    pub signature: String,
}

pub const VERSION: u32 = 1;

/// Why a seal does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("it is of version {0}, which this sitroom does not know")]
    Newer(u32),
    #[error("it was made with another key ({0}) than the room's")]
    OtherKey(String),
    #[error("its signature does not fit: the seal itself was changed")]
    Signature,
    #[error("record {} was sealed and is gone: the journal ends at {}", sealed.0, head.0)]
    Cut { sealed: Seq, head: Seq },
    #[error("record {} is not the one that was sealed: it, or one before it, was written anew", sealed.0)]
    Rewritten { sealed: Seq },
}

impl Seal {
    pub fn make(key: &RoomKey, head: Head, at: Time, by: Person) -> Self {
        let mut seal = Self {
            v: VERSION,
            seq: head.seq,
            hash: head.hash.to_string(),
            at,
            by,
            key: key.public().to_string(),
            signature: String::new(),
        };
        seal.signature = key::hex(&key.sign(seal.statement().as_bytes()));
        seal
    }

    /// What is signed, byte for byte. The name comes last and ends with the text, so that nothing can be put behind it.
    pub fn statement(&self) -> String {
        let Self { v, seq: Seq(record), hash, at, by, key, .. } = self;
        format!("sitroom seal {v}\nrecord {record}\nhash {hash}\nat {at}\nkey {key}\nby {by}\n")
    }

    /// Whether the seal itself is what was signed with this key.
    pub fn check(&self, key: &PublicKey) -> Result<(), Broken> {
        if self.v != VERSION {
            return Err(Broken::Newer(self.v));
        }
        if self.key != key.to_string() {
            return Err(Broken::OtherKey(self.key.clone()));
        }
        let signature = key::unhex(&self.signature).map(|bytes| Signature::from_bytes(&bytes));
        match signature {
            Some(signature) if key.verifies(self.statement().as_bytes(), &signature) => Ok(()),
            _ => Err(Broken::Signature),
        }
    }
}

/// Whether the journal still is what a sound seal says. The chain has to have been walked before.
pub async fn fits(seal: &Seal, journal: &impl Rows) -> Result<Result<(), Broken>, JournalError> {
    let sealed: Option<Hash> = seal.hash.parse().ok();
    Ok(match journal.hash_of(seal.seq).await? {
        None => Err(Broken::Cut { sealed: seal.seq, head: journal.head().await?.seq }),
        found if found == sealed => Ok(()),
        Some(_) => Err(Broken::Rewritten { sealed: seal.seq }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_this_text_and_no_other() {
        let home = tempfile::tempdir().unwrap();
        let key = RoomKey::open(&home.path().join("j.key"), &home.path().join("j.pub")).unwrap();
        let head = Head { seq: Seq(42), hash: Hash::GENESIS };
        let seal = Seal::make(&key, head, Time::from_millis(0), Person::new("dana"));
        let (hash, public) = (Hash::GENESIS, key.public());
        assert_eq!(
            seal.statement(),
            format!(
                "sitroom seal 1\nrecord 42\nhash {hash}\nat 1970-01-01T00:00:00.000Z\nkey {public}\nby dana\n"
            )
        );
        assert_eq!(seal.check(&public), Ok(()));
        let later = Seal { at: Time::from_millis(1), ..seal.clone() };
        assert_eq!(later.check(&public), Err(Broken::Signature));
        assert_eq!(Seal { v: 2, ..seal }.check(&public), Err(Broken::Newer(2)));
    }
}
