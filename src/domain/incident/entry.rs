//! A timeline entry with its whole life: what it said before, whether it is struck, and how a hypothesis fared.

use crate::domain::event::{Bearing, Content, EntryKind, Ground, Verdict};
use crate::domain::id::{EntryId, Fingerprint, Person, Seq};
use crate::domain::time::Time;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    /// The record that wrote it: the order among what happened at the same moment.
    pub seq: Seq,
    pub written_at: Time,
    pub written_by: Person,
    /// The key they came with, when they came over SSH.
    pub key: Option<Fingerprint>,
    pub content: Content,
    /// What it said before, oldest first.
    pub revisions: Vec<Revision>,
    pub struck: Option<Strike>,
    pub pinned: bool,
    pub verdict: Verdict,
    /// Every verdict there was, oldest first; the last is the one that holds.
    pub judgements: Vec<Judgement>,
    /// What speaks for and against it, in the order it was found.
    pub weights: Vec<Weight>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub replaced_at: Time,
    pub replaced_by: Person,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    pub at: Time,
    pub by: Person,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub at: Time,
    pub by: Person,
    pub verdict: Verdict,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    pub at: Time,
    pub by: Person,
    pub ground: Ground,
    pub bearing: Bearing,
}

impl Entry {
    pub fn is_hypothesis(&self) -> bool {
        self.content.entry_kind == EntryKind::Hypothesis
    }

    /// A hypothesis that stands and that nobody has settled.
    pub fn is_open_hypothesis(&self) -> bool {
        self.is_hypothesis() && self.verdict == Verdict::Open && self.struck.is_none()
    }

    /// What leans the way asked for.
    pub fn leaning(&self, bearing: Bearing) -> impl Iterator<Item = &Ground> {
        self.weights.iter().filter(move |weight| weight.bearing == bearing).map(|weight| &weight.ground)
    }

    pub(in crate::domain) fn weigh(&mut self, weight: Weight) {
        self.weights.retain(|known| known.ground != weight.ground);
        if weight.bearing != Bearing::Withdrawn {
            self.weights.push(weight);
        }
    }
}
