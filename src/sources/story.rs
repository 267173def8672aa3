//! A story told as a source: signals that are known beforehand come out when their time has come.
//!
//! The story says what is due; this only waits. History is computed on a thread of its own, because there may be
//! a lot of it and somebody is looking at the screen.

use super::{Polled, Polling, Source, SourceError};
use crate::domain::{Clock, Signal, SourceName, Span, Time};
use tokio::task::spawn_blocking;

/// Signals in the order of their time, each given once; the first call gives all history.
pub trait Due: Send + 'static {
    fn due(&mut self, now: Time) -> Vec<Signal>;

    fn next_at(&self) -> Option<Time>;
}

/// How often a story is looked into that has nothing more to tell for now.
const QUIET: Span = Span::hours(1);

pub struct Telling<D> {
    name: SourceName,
    clock: Clock,
    chapter: Chapter<D>,
}

enum Chapter<D> {
    History(D),
    Told(D),
    /// The thread that told the history never came back with the story.
    Lost,
}

impl<D: Due> Telling<D> {
    pub fn new(name: SourceName, story: D, clock: Clock) -> Self {
        Self { name, clock, chapter: Chapter::History(story) }
    }

    async fn tell(&mut self, now: Time) -> Result<Vec<Signal>, SourceError> {
        match std::mem::replace(&mut self.chapter, Chapter::Lost) {
            Chapter::History(mut story) => {
                let told = spawn_blocking(move || {
                    let signals = story.due(now);
                    (story, signals)
                });
                let (story, signals) = told.await.map_err(|_| lost())?;
                self.chapter = Chapter::Told(story);
                Ok(signals)
            }
            Chapter::Told(mut story) => {
                let signals = story.due(now);
                self.chapter = Chapter::Told(story);
                Ok(signals)
            }
            Chapter::Lost => Err(lost()),
        }
    }

    fn again_in(&self) -> Span {
        match &self.chapter {
            Chapter::Told(story) => {
                story.next_at().map_or(QUIET, |next| self.clock.wait_for(next).min(QUIET))
            }
            Chapter::History(_) | Chapter::Lost => QUIET,
        }
    }
}

impl<D: Due> Source for Telling<D> {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, now: Time) -> Polling<'_> {
        Box::pin(async move {
            let signals = self.tell(now).await?;
            Ok(Polled { signals, again_in: self.again_in() })
        })
    }
}

fn lost() -> SourceError {
    SourceError::broken("the story broke off while its history was told", "restart, or play another one")
}
