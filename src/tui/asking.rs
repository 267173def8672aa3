//! What a session asks the logs of the room's sources: whether somebody looks, and saved queries.
//!
//! Who keeps a room knows its sources; a session knows only this.

use crate::domain::Time;
use crate::domain::query::{Findings, SavedQuery};
use std::fmt;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub trait AskLogs: fmt::Debug + Send + Sync {
    /// The questions there are.
    fn saved(&self) -> Vec<SavedQuery>;

    /// Asks one about the time before `until`; it is stopped when nobody listens any more.
    fn ask(&self, query: &SavedQuery, until: Time) -> Asked;

    /// Somebody looks at lines as they come, for as long as they keep what they are given.
    fn look(&self) -> Box<dyn Send>;
}

/// A question on its way.
#[derive(Debug)]
pub struct Asked {
    /// What is known of the answer; only the newest counts.
    pub findings: watch::Receiver<Findings>,
    /// Ends once the answer is whole, or the question is stopped.
    pub done: JoinHandle<()>,
}

/// Numbers the questions of a session, so that an answer that is not wanted any more is told from one that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generation(pub u64);
