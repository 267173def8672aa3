//! The pile of all signals: each one on it once, the old ones taken off, the new ones handed on to be kept.

use crate::domain::log::Chunk;
use crate::domain::{Signal, SignalId, SignalKey, SignalLog, SignalRef, Span, Time};
use std::collections::HashSet;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

/// Signals that may wait to be kept; beyond, they are shown and not kept.
const BACKLOG: usize = 65_536;
/// What is too old is forgotten in steps of this.
const FORGET_STEP: Span = Span::hours(1);

/// All signals, and those on their way to be kept.
pub(super) struct Pile {
    log: SignalLog,
    seen: HashSet<SignalId>,
    waiting: Vec<Signal>,
    keeper: Option<mpsc::Sender<Vec<Signal>>>,
    lost: usize,
}

impl Pile {
    pub(super) fn new(keeper: Option<mpsc::Sender<Vec<Signal>>>) -> Self {
        Self { log: SignalLog::new(), seen: HashSet::new(), waiting: Vec::new(), keeper, lost: 0 }
    }

    pub(super) fn log(&self) -> &SignalLog {
        &self.log
    }

    /// Its place, when it is new or corrects what is known.
    pub(super) fn add(&mut self, signal: &Signal) -> Option<SignalKey> {
        let key = SignalKey { at: signal.at, id: signal.id };
        // What is told of another moment by the same name is no correction of it.
        let is_elsewhere = !self.seen.insert(signal.id) && self.log.get(key).is_none();
        (!is_elsewhere && self.log.insert(signal)).then_some(key)
    }

    /// Takes in what was kept, whole where nothing of it is here yet; the places of what is new.
    pub(super) fn adopt(&mut self, chunk: Chunk) -> Vec<SignalKey> {
        let is_new = |signal: &SignalRef<'_>| !self.seen.contains(&signal.id());
        let new: Vec<_> = chunk.iter().filter(is_new).map(|signal| signal.key()).collect();
        if new.len() < chunk.len() {
            return chunk.iter().filter_map(|signal| self.add_kept(signal)).collect();
        }
        self.seen.extend(new.iter().map(|key| key.id));
        self.log.adopt(chunk);
        new
    }

    fn add_kept(&mut self, signal: SignalRef<'_>) -> Option<SignalKey> {
        match self.seen.contains(&signal.id()) {
            true => self.log.correct(signal).then(|| signal.key()),
            false => self.add(&signal.to_signal()),
        }
    }

    pub(super) fn keep(&mut self, signal: Signal) {
        match &self.keeper {
            Some(_) if self.waiting.len() < BACKLOG => self.waiting.push(signal),
            Some(_) => self.lost += 1,
            None => {}
        }
    }

    pub(super) fn hand_on(&mut self) {
        let Some(keeper) = &self.keeper else { return };
        if self.waiting.is_empty() {
            return;
        }
        match keeper.try_send(std::mem::take(&mut self.waiting)) {
            Ok(()) => {}
            Err(TrySendError::Full(waiting)) => self.waiting = waiting,
            Err(TrySendError::Closed(_)) => self.keeper = None,
        }
    }

    pub(super) async fn hand_on_last(self) {
        if let Some(keeper) = self.keeper
            && !self.waiting.is_empty()
        {
            // Nobody keeps any more: that was said when it happened.
            let _ = keeper.send(self.waiting).await;
        }
    }

    pub(super) fn complaint(&self) -> Option<String> {
        (self.lost > 0).then(|| {
            format!("{} signals were shown and not kept: the disk was slower than the sources", self.lost)
        })
    }

    /// Drops what is older than the horizon by a step or more.
    pub(super) fn forget(&mut self, horizon: Time) -> bool {
        let oldest = self.log.iter().next().map(|signal| signal.at());
        if oldest.is_none_or(|oldest| oldest + FORGET_STEP >= horizon) {
            return false;
        }
        let before = self.log.len();
        self.log.forget_before(horizon);
        if self.log.len() == before {
            return false;
        }
        self.seen = self.log.iter().map(|signal| signal.id()).collect();
        true
    }
}
