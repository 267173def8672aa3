//! Which signals of the log the query finds: an answer kept chunk by chunk.
//!
//! A chunk that has not changed keeps its answer, so news costs one chunk, and a new query is answered newest
//! first in slices of work, so that the first page is there at once however long the log. Positions are counted
//! from the newest match.

use super::query::{Query, Scratch};
use crate::domain::log::Chunk;
use crate::domain::{SignalKey, SignalLog, SignalRef, Time};
use std::sync::Arc;

#[derive(Debug, Default)]
pub struct Matches {
    query: Query,
    /// One for each chunk of the log, oldest first.
    answers: Vec<Answer>,
    scratch: Scratch,
}

#[derive(Clone, Debug)]
struct Answer {
    chunk: Arc<Chunk>,
    /// Places within the chunk; absent while nobody has looked.
    hits: Option<Arc<[u16]>>,
}

impl Matches {
    pub fn query(&self) -> &Query {
        &self.query
    }

    pub fn ask(&mut self, query: Query) {
        self.query = query;
        self.forget();
    }

    /// Nothing is known any more, because time has moved what the query asks for.
    pub fn forget(&mut self) {
        for answer in &mut self.answers {
            answer.hits = None;
        }
    }

    /// Takes over a newer log, keeping every answer that still holds.
    pub fn follow(&mut self, log: &SignalLog) {
        let mut old = std::mem::take(&mut self.answers).into_iter().peekable();
        self.answers = log
            .chunks()
            .iter()
            .map(|chunk| {
                // Chunks keep their order; what was split, changed or forgotten is passed over.
                let mut rest = old.clone();
                let known = rest.find(|answer| Arc::ptr_eq(&answer.chunk, chunk));
                let hits = known.and_then(|answer| {
                    old = rest;
                    answer.hits
                });
                Answer { chunk: Arc::clone(chunk), hits }
            })
            .collect();
    }
}
