//! The driver that asks: one task a source, joined and reported, its panics contained, its polls cut off in time.
//!
//! What to do next is decided by [`Course`]; here are only the waiting and the telling. Signals and statuses go
//! through one bounded channel, so that a status never overtakes the signals it speaks of, and a source that
//! floods waits for whoever reads.

use super::ask::{Course, Rules};
use super::backoff::Jitter;
use super::{Polled, Source, SourceError};
use crate::domain::{Clock, Health, Signal, SourceName, SourceStatus, Span, Time};
use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// Signals told at a time; a larger answer is told in several pieces.
pub const BATCH: usize = 1_024;
/// Pieces that may wait to be read before the sources have to wait.
const WAITING: usize = 16;

#[derive(Clone, Debug, PartialEq)]
pub enum News {
    Signals(Vec<Signal>),
    Status(SourceStatus),
}

/// All sources of a room, being asked.
#[derive(Debug)]
pub struct Supervision {
    tasks: JoinSet<()>,
    names: HashMap<Id, SourceName>,
    news: mpsc::Receiver<News>,
    stop: watch::Sender<bool>,
}

impl Supervision {
    /// Begins to ask at once, on the runtime one is in. The seed spreads the waits of different rooms.
    pub fn start(sources: Vec<Box<dyn Source>>, rules: Rules, clock: &Clock, seed: u64) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (sender, news) = mpsc::channel(WAITING);
        let mut tasks = JoinSet::new();
        let mut names = HashMap::new();
        for source in sources {
            let name = source.name().clone();
            let jitter = Jitter::seeded(seed, name.as_str());
            let asker = Asker::new(source, rules, clock.clone(), jitter, sender.clone());
            names.insert(tasks.spawn(asker.run(stopped.clone())).id(), name);
        }
        Self { tasks, names, news, stop }
    }

    /// The next thing to know; `None` when no source is left. Nothing is lost when it is dropped while waiting.
    pub async fn next(&mut self) -> Option<News> {
        loop {
            tokio::select! {
                biased;
                Some(news) = self.news.recv() => return Some(news),
                Some(ended) = self.tasks.join_next_with_id() => {
                    if let Some(status) = self.obituary(&ended) {
                        return Some(News::Status(status));
                    }
                }
                else => return None,
            }
        }
    }

    /// What is known already, without waiting.
    pub fn waiting(&mut self) -> Option<News> {
        self.news.try_recv().ok()
    }

    /// Ends every task and joins it; names those that had to be cut off at the deadline.
    pub async fn stop(mut self, deadline: Duration) -> Vec<SourceName> {
        self.stop.send_replace(true);
        self.news.close();
        let names = &mut self.names;
        let tasks = &mut self.tasks;
        let joined = timeout(deadline, async {
            while let Some(ended) = tasks.join_next_with_id().await {
                names.remove(&id_of(&ended));
            }
        });
        if joined.await.is_ok() {
            return Vec::new();
        }
        let mut cut: Vec<_> = self.names.into_values().collect();
        cut.sort();
        cut
    }

    /// What to show of a source whose task has ended although nobody stopped it.
    fn obituary(&mut self, ended: &Result<(Id, ()), JoinError>) -> Option<SourceStatus> {
        let name = self.names.remove(&id_of(ended))?;
        let message = "its task ended; restart to ask it again".to_owned();
        Some(SourceStatus::new(name, Health::Failing, message))
    }
}

fn id_of(ended: &Result<(Id, ()), JoinError>) -> Id {
    match ended {
        Ok((id, ())) => *id,
        Err(error) => error.id(),
    }
}

/// One source and what is told of it.
struct Asker {
    source: Box<dyn Source>,
    jitter: Jitter,
    rules: Rules,
    teller: Teller,
}

/// Nobody reads any more.
struct Unread;

impl Asker {
    fn new(
        source: Box<dyn Source>,
        rules: Rules,
        clock: Clock,
        jitter: Jitter,
        news: mpsc::Sender<News>,
    ) -> Self {
        let course = Course::new(source.name().clone(), rules).in_laps_of(source.lap());
        let teller = Teller { course, clock, news, began: Instant::now(), shown: None };
        Self { source, jitter, rules, teller }
    }

    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => {}
            _ = self.ask_on() => {}
        }
    }

    async fn ask_on(&mut self) -> Result<(), Unread> {
        self.teller.show(None).await?;
        loop {
            let (moment, at) = (self.teller.moment(), self.teller.clock.now());
            let wait = match self.poll(at).await? {
                Ok(polled) => {
                    self.teller.deliver(polled.signals).await?;
                    self.teller.course.noted(&self.source.note(), self.source.usage());
                    self.teller.course.answered(moment, self.source.known_until(at), polled.again_in)
                }
                Err(error) => {
                    let chance = self.jitter.draw();
                    self.teller.course.used(self.source.usage());
                    self.teller.course.failed(self.teller.moment(), &error, chance)
                }
            };
            self.teller.show(Some(wait)).await?;
            self.teller.watching(sleep(wait.std())).await?;
        }
    }

    async fn poll(&mut self, at: Time) -> Result<Result<Polled, SourceError>, Unread> {
        let deadline = self.rules.deadline;
        let source = &mut self.source;
        let polling = timeout(deadline.std(), contained(async move { source.poll(at).await }));
        Ok(match self.teller.watching(polling).await? {
            Ok(Ok(answer)) => answer,
            Ok(Err(words)) => {
                Err(SourceError::broken(format!("its code crashed: {words}"), "please report this as a bug"))
            }
            Err(_) => Err(SourceError::transient(format!("no answer within {deadline}"))),
        })
    }
}

struct Teller {
    course: Course,
    clock: Clock,
    news: mpsc::Sender<News>,
    began: Instant,
    shown: Option<SourceStatus>,
}

impl Teller {
    fn moment(&self) -> Span {
        Span::millis(i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    async fn deliver(&self, signals: Vec<Signal>) -> Result<(), Unread> {
        let mut signals = signals.into_iter();
        loop {
            let piece: Vec<_> = signals.by_ref().take(BATCH).collect();
            if piece.is_empty() {
                return Ok(());
            }
            self.news.send(News::Signals(piece)).await.map_err(|_| Unread)?;
        }
    }

    /// Tells the status if it is another than before; `wait` is until the next try, on the wall.
    async fn show(&mut self, wait: Option<Span>) -> Result<(), Unread> {
        let next_try = wait.map(|wait| self.clock.now() + paced(wait, self.clock.speed()));
        let status = self.course.status(self.moment(), next_try);
        if self.shown.as_ref() == Some(&status) {
            return Ok(());
        }
        self.shown = Some(status.clone());
        self.news.send(News::Status(status)).await.map_err(|_| Unread)
    }

    /// Does the work and meanwhile tells when the data turns stale.
    async fn watching<F: Future>(&mut self, work: F) -> Result<F::Output, Unread> {
        let mut work = pin!(work);
        while let Some(stale) = self.course.turns_stale(self.moment()) {
            tokio::select! {
                biased;
                output = &mut work => return Ok(output),
                () = sleep_until(self.began + stale.std()) => self.show(None).await?,
            }
        }
        Ok(work.await)
    }
}

fn paced(wait: Span, speed: f64) -> Span {
    Span::millis((wait.as_millis() as f64 * speed) as i64)
}

/// Runs the work; a panic in it is an error with its words.
async fn contained<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let mut work = pin!(work);
    std::future::poll_fn(|context| {
        // What panicked is never polled again, so nobody sees the state it was left in but the source itself,
        // whose next poll begins afresh.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(panic) => Poll::Ready(Err(words_of(panic.as_ref()))),
        }
    })
    .await
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a word".to_owned())
}
