//! A story told as a source: signals that are known beforehand come out when their time has come.
//!
//! The story says what is due; this only waits. History is computed on a thread of its own, because there may be
//! a lot of it and somebody is looking at the screen.

use super::{Polled, Polling, Source, SourceError};
use crate::domain::{Clock, Signal, SourceName, Span, Time};
use tokio::task::{JoinHandle, spawn_blocking};

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
    /// Its history is being computed; a poll that was cut off meanwhile does not lose it.
    BeingTold(JoinHandle<(D, Vec<Signal>)>),
    Told(D),
    /// The thread that told the history never came back with the story.
    Lost,
}

impl<D: Due> Telling<D> {
    pub fn new(name: SourceName, story: D, clock: Clock) -> Self {
        Self { name, clock, chapter: Chapter::History(story) }
    }

    async fn tell(&mut self, now: Time) -> Result<Vec<Signal>, SourceError> {
        self.begin(now);
        match &mut self.chapter {
            Chapter::BeingTold(told) => {
                let told = told.await;
                self.chapter = Chapter::Lost;
                let (story, signals) = told.map_err(|_| lost())?;
                self.chapter = Chapter::Told(story);
                Ok(signals)
            }
            Chapter::Told(story) => Ok(story.due(now)),
            Chapter::History(_) | Chapter::Lost => Err(lost()),
        }
    }

    fn begin(&mut self, now: Time) {
        self.chapter = match std::mem::replace(&mut self.chapter, Chapter::Lost) {
            Chapter::History(mut story) => Chapter::BeingTold(spawn_blocking(move || {
                let signals = story.due(now);
                (story, signals)
            })),
            begun => begun,
        };
    }

    fn again_in(&self) -> Span {
        match &self.chapter {
            Chapter::Told(story) => {
                story.next_at().map_or(QUIET, |next| self.clock.wait_for(next).min(QUIET))
            }
            Chapter::History(_) | Chapter::BeingTold(_) | Chapter::Lost => QUIET,
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;
    use tokio::time::timeout;

    /// Computes its history until it is allowed to end.
    struct Slow(Receiver<()>);

    impl Due for Slow {
        fn due(&mut self, _: Time) -> Vec<Signal> {
            self.0.recv().unwrap();
            Vec::new()
        }

        fn next_at(&self) -> Option<Time> {
            None
        }
    }

    #[tokio::test]
    async fn a_poll_that_is_cut_off_while_history_is_computed_does_not_lose_the_story() {
        let (allow, allowed) = channel();
        let now = Time::from_millis(1_773_842_940_000);
        let mut source = Telling::new(SourceName::new("story"), Slow(allowed), Clock::fixed(now));
        assert!(timeout(Duration::from_millis(10), source.poll(now)).await.is_err());
        allow.send(()).unwrap();
        assert!(source.poll(now).await.is_ok());
    }
}
