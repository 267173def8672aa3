//! The board everybody looks at: the parts of the engine pin their changes to it, and each change is a snapshot.
//!
//! Changes of different parts never undo each other, because each is made upon the snapshot that is up.

use super::snapshot::{Attendee, Snapshot};
use crate::domain::Health;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// What a notice is about; there is one notice a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    JournalChain,
    JournalRead,
    JournalWrite,
    Loading,
    Keeping,
    Backlog,
    Diagnosis,
    Catalog,
    Crash(&'static str),
}

/// What is read in the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reading {
    Journal,
    Signals,
}

#[derive(Debug)]
pub(super) struct Board {
    snapshots: watch::Sender<Arc<Snapshot>>,
    margin: Mutex<Margin>,
}

/// What the snapshot shows only in sum.
#[derive(Debug)]
struct Margin {
    standing: Vec<String>,
    troubles: BTreeMap<Subject, String>,
    reading: BTreeSet<Reading>,
}

impl Board {
    pub(super) fn new(first: Snapshot, standing: Vec<String>) -> Self {
        let reading = BTreeSet::from([Reading::Journal, Reading::Signals]);
        let margin = Margin { standing, troubles: BTreeMap::new(), reading };
        Self { snapshots: watch::Sender::new(Arc::new(first)), margin: Mutex::new(margin) }
    }

    pub(super) fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.subscribe()
    }

    pub(super) fn publish(&self, change: impl FnOnce(&mut Snapshot)) {
        self.snapshots.send_modify(|current| {
            let snapshot = Arc::make_mut(current);
            change(snapshot);
            snapshot.revision += 1;
        });
    }

    /// Puts up the notice on a subject, or takes it down; what is up already is not published again.
    pub(super) fn notice(&self, subject: Subject, words: Option<String>) {
        let mut margin = self.margin.lock().unwrap_or_else(PoisonError::into_inner);
        if margin.troubles.get(&subject) == words.as_ref() {
            return;
        }
        match words {
            Some(words) => margin.troubles.insert(subject, words),
            None => margin.troubles.remove(&subject),
        };
        let notices = margin.standing.iter().chain(margin.troubles.values()).cloned().collect();
        self.publish(|snapshot| snapshot.notices = notices);
    }

    /// One thing fewer is being read.
    pub(super) fn has_read(&self, what: Reading) {
        let mut margin = self.margin.lock().unwrap_or_else(PoisonError::into_inner);
        if margin.reading.remove(&what) {
            let loading = !margin.reading.is_empty();
            self.publish(|snapshot| snapshot.loading = loading);
        }
    }

    /// Who is here; the same people doing the same are not published again.
    pub(super) fn shows_present(&self, present: Arc<[Attendee]>) {
        if self.snapshots.borrow().present != present {
            self.publish(|snapshot| snapshot.present = present);
        }
    }

    /// Nobody gathers any more: what was live a moment ago must not look so for ever.
    pub(super) fn gathers_no_more(&self) {
        self.publish(|snapshot| {
            let mut sources = snapshot.sources.to_vec();
            for source in sources.iter_mut().filter(|source| source.health != Health::Off) {
                source.health = Health::Failing;
                "nobody listens to it any more; restart".clone_into(&mut source.message);
                source.next_try = None;
            }
            snapshot.sources = sources.into();
        });
    }
}
