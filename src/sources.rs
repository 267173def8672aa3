//! Where signals come from: the boundary every source stands behind, and the one manner in which all are asked.
//!
//! A source knows one outside system and nothing of the rest: it is asked, it answers with clean signals and with
//! when it would like to be asked again. Deadlines, pauses, circuit breakers and statuses are the same for all and
//! live in [`supervise`]; sources only read, and none of them can hurt another.

pub mod ask;
#[cfg(feature = "aws")]
pub mod aws;
pub mod backoff;
pub mod bitbucket;
pub mod breaker;
pub mod budget;
pub mod catalog;
pub mod forge;
pub mod github;
pub mod http;
pub mod onlookers;
pub mod pace;
pub mod probe;
pub mod scenario;
pub mod story;
pub mod supervise;

mod words;
mod written;

pub use ask::Rules;
pub use budget::Budget;
pub use story::{Due, Telling};
pub use supervise::{News, Supervision};

use crate::domain::{Signal, SourceName, Span, Time, Usage};
use std::pin::Pin;

/// An answer on its way; write `Box::pin(async move { … })`.
pub type Polling<'a> = Pin<Box<dyn Future<Output = Result<Polled, SourceError>> + Send + 'a>>;

pub trait Source: Send + 'static {
    fn name(&self) -> &SourceName;

    /// What is new, as seen at `now` in the room. Dropped halfway when it takes too long or the room closes.
    fn poll(&mut self, now: Time) -> Polling<'_>;

    /// What is worth knowing of it while all is well.
    fn note(&self) -> String {
        String::new()
    }

    /// Up to when all of it is known, where some of it still waits for its turn.
    fn known_until(&self, now: Time) -> Time {
        now
    }

    /// What asking has cost and how far it has come.
    fn usage(&self) -> Usage {
        Usage::default()
    }

    /// How long it takes until everything has been asked again, where one poll asks only for a part.
    fn lap(&self) -> Span {
        Span::ZERO
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polled {
    pub signals: Vec<Signal>,
    /// How long to wait on the wall before asking again.
    pub again_in: Span,
}

/// Why a source has no answer, and what a person can do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct SourceError {
    pub what: String,
    /// Empty when nothing but patience helps.
    pub fix: String,
    pub kind: Failure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The network, a busy server: likely to pass.
    Transient,
    /// We ask too much; the source may have said how long to leave it alone.
    Throttled { retry_after: Option<Span> },
    /// Nothing was asked, because a limit has to pass first: what is known grows old, and that is all.
    Waiting { again_in: Span },
    /// Nothing was asked, because there is nothing to ask for.
    Idle { again_in: Span },
    /// It knows us and says no, or does not know us: only a person can change that.
    Denied,
    /// It answered with something that makes no sense, or its code crashed.
    Broken,
}

impl SourceError {
    pub fn transient(what: impl Into<String>) -> Self {
        Self { what: what.into(), fix: String::new(), kind: Failure::Transient }
    }

    pub fn throttled(what: impl Into<String>, retry_after: Option<Span>) -> Self {
        Self { what: what.into(), fix: String::new(), kind: Failure::Throttled { retry_after } }
    }

    pub fn waiting(what: impl Into<String>, again_in: Span) -> Self {
        Self { what: what.into(), fix: String::new(), kind: Failure::Waiting { again_in } }
    }

    pub fn idle(what: impl Into<String>, again_in: Span) -> Self {
        Self { what: what.into(), fix: String::new(), kind: Failure::Idle { again_in } }
    }

    pub fn denied(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), fix: fix.into(), kind: Failure::Denied }
    }

    pub fn broken(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { what: what.into(), fix: fix.into(), kind: Failure::Broken }
    }
}
