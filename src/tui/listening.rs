//! What a session has running at the logs of the room: a look at lines as they come, and one saved query.
//!
//! A driver. The latest question wins: asking another, or leaving, stops the one before, and what it still says is
//! not heard.

use super::asking::{AskLogs, Asked, Generation};
use crate::domain::Time;
use crate::domain::query::{Findings, SavedQuery};
use std::fmt;
use std::sync::Arc;
use tokio::task::JoinHandle;

pub(super) struct Listening {
    logs: Option<Arc<dyn AskLogs>>,
    look: Option<Box<dyn Send>>,
    asked: Option<(Generation, Asked)>,
    /// Questions that are being stopped.
    ending: Vec<JoinHandle<()>>,
}

impl Listening {
    pub fn to(logs: Option<Arc<dyn AskLogs>>) -> Self {
        Self { logs, look: None, asked: None, ending: Vec::new() }
    }

    /// Whether lines are looked at from now on.
    pub fn look(&mut self, is_looking: bool) {
        match (&self.logs, is_looking, self.look.is_some()) {
            (Some(logs), true, false) => self.look = Some(logs.look()),
            (_, false, true) => self.look = None,
            _ => {}
        }
    }

    pub fn ask(&mut self, generation: Generation, query: &SavedQuery, until: Time) {
        self.stop();
        self.asked = self.logs.as_ref().map(|logs| (generation, logs.ask(query, until)));
    }

    pub fn stop(&mut self) {
        self.ending.retain(|ending| !ending.is_finished());
        self.ending.extend(self.asked.take().map(|(_, asked)| asked.done));
    }

    /// The newest that is known of the answer; never, while nothing is asked.
    pub async fn next(&mut self) -> (Generation, Findings) {
        if let Some((generation, asked)) = &mut self.asked {
            if asked.findings.changed().await.is_ok() {
                return (*generation, asked.findings.borrow_and_update().clone());
            }
            self.stop();
        }
        std::future::pending().await
    }

    /// Stops everything, and waits until it has.
    pub async fn finish(&mut self) {
        self.look = None;
        self.stop();
        for ending in self.ending.drain(..) {
            // A question that crashed has ended as well.
            let _ = ending.await;
        }
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("asked", &self.asked).finish_non_exhaustive()
    }
}
