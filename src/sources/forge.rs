//! A place where code is kept and changed, asked for what happened there: the same for GitHub and Bitbucket.
//!
//! Every feed of every repository is asked for its first page at once, then again at every interval; what lies
//! behind the first page is read in the background, a slice of each poll. What a failure left out is asked for again
//! from where the feed was last complete, so that nothing is missing after an outage; what comes twice has the same
//! id. One repository that refuses, hangs or fails never stops the others (`queue`). A host where every question costs
//! says in one which repositories have stirred, and feeds take turns (`turns`).

pub mod observed;
pub mod owners;
mod queue;
mod reading;
mod thread;
mod turns;
mod words;

pub use observed::Observed;
pub use owners::Owners;
pub(super) use reading::{each, time};

use super::http::Api;
use super::{Failure, Polled, Polling, Source, SourceError};
use crate::domain::{Signal, SourceName, Span, Time, Usage};
use jiff::tz::TimeZone;
use queue::{Fault, Queue, Rests, Task};
use serde_json::Value;
use std::pin::Pin;
use std::sync::Arc;
use thread::Thread;
use tokio::time::{Instant, timeout_at};
use turns::Turns;

/// What is specific to a host: which feeds it has, and how a page of one is asked for and read.
pub trait Host: Send + Sync + 'static {
    fn api(&self) -> &Api;

    /// What the feeds are called; a [`Want`] names one by its place.
    fn feeds(&self) -> &'static [&'static str];

    fn ask<'a>(&'a self, want: &'a Want) -> Asking<'a>;

    /// Which of the repositories have stirred since, in as few questions as it takes; nothing where all feeds are
    /// asked in every round, because asking in vain is free.
    fn stirred<'a>(&'a self, repositories: &'a [Arc<str>], since: Time) -> Option<Listening<'a>> {
        let _ = (repositories, since);
        None
    }
}

pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Page, SourceError>> + Send + 'a>>;
pub type Listening<'a> = Pin<Box<dyn Future<Output = Result<Stirred, SourceError>> + Send + 'a>>;

/// Repositories, and when each last changed, on the host's clock.
pub type Stirred = Vec<(Arc<str>, Time)>;

#[derive(Clone, Debug)]
pub struct Want {
    pub repository: Arc<str>,
    pub feed: usize,
    /// Nothing that changed before this moment of the host's clock is needed.
    pub since: Time,
    pub part: Part,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    First,
    /// The page a page before it pointed to.
    Older(String),
    /// More about one thing a page has listed, in the host's own words.
    Detail(Value),
}

#[derive(Clone, Debug, Default)]
pub struct Page {
    pub observed: Vec<Observed>,
    /// When the oldest thing on it last changed, on the host's clock.
    pub oldest: Option<Time>,
    pub next: Option<String>,
    pub details: Vec<Value>,
    /// When the newest thing on it last changed, and the newest of those that wait for people, on the host's clock.
    pub newest: Option<Time>,
    pub open: Option<Time>,
    /// Nothing has changed since the last time, so there is nothing on it.
    pub is_unchanged: bool,
}

/// What an account wants to know, and how often.
#[derive(Clone, Debug)]
pub struct Plan {
    pub repositories: Vec<String>,
    pub interval: Span,
    pub history: Span,
}

/// How one feed of one repository answered when it was tried.
#[derive(Debug)]
pub struct Trial {
    pub repository: Arc<str>,
    pub feed: &'static str,
    pub took: std::time::Duration,
    pub found: Result<usize, SourceError>,
}

/// How long one poll goes on asking; the rest waits for the next.
const SLICE: Span = Span::seconds(3);
/// How long it waits at most, which is less than anybody waits for a poll.
const WHOLE: Span = Span::seconds(9);
/// Between two slices of what lies further back, for the network's other users.
const BETWEEN: Span = Span::seconds(2);
/// When the host has failed so often to say what has stirred, it is done without.
const MOST_UNHEARD: u32 = 3;

pub struct Forge {
    name: SourceName,
    host: Arc<dyn Host>,
    plan: Plan,
    repositories: Vec<Arc<str>>,
    threads: Vec<Thread>,
    turns: Turns,
    queue: Queue,
    /// How often in a row the host has failed to say what has stirred.
    unheard: u32,
    found: Vec<Signal>,
    next_round: Time,
    /// A failure that is told once what was found before it has been delivered.
    held: Option<SourceError>,
}

impl Forge {
    pub fn new(name: SourceName, host: Arc<dyn Host>, plan: Plan) -> Self {
        let repositories: Vec<_> = plan.repositories.iter().map(|name| Arc::from(name.as_str())).collect();
        let feeds = 0..host.feeds().len();
        let of = |repository: &Arc<str>, feed| Thread::new(Arc::clone(repository), feed);
        let threads: Vec<_> =
            repositories.iter().flat_map(|name| feeds.clone().map(move |feed| of(name, feed))).collect();
        Self {
            name,
            host,
            turns: Turns::new(plan.interval, threads.len()),
            plan,
            repositories,
            threads,
            queue: Queue::default(),
            unheard: 0,
            found: Vec::new(),
            next_round: Time::MIN,
            held: None,
        }
    }

    /// Asks every feed once for its first page.
    pub async fn trial(&self, now: Time) -> Vec<Trial> {
        let mut trials = Vec::new();
        for thread in &self.threads {
            let since = now - self.plan.history;
            let want = thread.want(since, Part::First);
            let began = Instant::now();
            let found = self.host.ask(&want).await.map(|page| page.observed.len() + page.details.len());
            let feed = self.host.feeds()[thread.feed];
            trials.push(Trial { repository: want.repository, feed, took: began.elapsed(), found });
            if self.host.api().is_turned_away() {
                break;
            }
        }
        trials
    }

    async fn work(&mut self, now: Time) -> Result<Polled, SourceError> {
        if let Some(error) = self.held.take() {
            return Err(error);
        }
        let (began, answers, requests) = (Instant::now(), self.queue.answers(), self.host.api().requests());
        if let Some(cut_off) = self.queue.cut_off() {
            let rests = self.rests(now, &cut_off);
            self.queue.take_back(cut_off, &self.too_slow(), rests);
        }
        let mut deafness = None;
        if now >= self.next_round && self.host.api().pause().is_none() {
            match self.listen(now, began + WHOLE.std()).await {
                Ok(why) => deafness = why,
                Err(error) => return self.failed(error),
            }
            self.begin_round(now);
        }
        if let Err(error) = self.read_on(now, began).await {
            return self.failed(error);
        }
        if self.found.is_empty()
            && self.host.api().requests() == requests
            && let Some(pause) = self.host.api().pause()
        {
            let until = (now + pause).hour_minute(&TimeZone::UTC);
            return Err(SourceError::waiting(format!("no requests are left before {until} UTC"), pause));
        }
        let is_silent = self.queue.answers() == answers;
        match deafness.filter(|_| is_silent).or_else(|| self.common_trouble()) {
            Some(trouble) => Err(trouble),
            None => Ok(Polled { signals: std::mem::take(&mut self.found), again_in: self.again_in(now) }),
        }
    }

    /// Asks for a slice of what is in line; what fails is the host's failure, and not that of one repository.
    async fn read_on(&mut self, now: Time, began: Instant) -> Result<(), SourceError> {
        let mut is_answered = !self.found.is_empty();
        while began.elapsed() < SLICE.std() && self.host.api().pause().is_none() {
            // What may hang does not keep waiting what is found already.
            if is_answered && self.queue.is_next_doubted(now) {
                break;
            }
            let Some(task) = self.queue.next(now) else { break };
            let rests = self.rests(now, &task);
            match self.ask(&task, began + WHOLE.std()).await {
                Ok(page) => {
                    self.queue.is_answered();
                    self.take(&task, &page, now);
                    is_answered = true;
                }
                Err(error) if error.kind.is_of_the_question() && !self.host.api().is_turned_away() => {
                    self.queue.is_answered();
                    self.threads[task.thread].refuse(error, rests.refused);
                }
                Err(error) => {
                    if self.queue.take_back(task, &error, rests) == Fault::OfTheHost {
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    async fn ask(&self, task: &Task, end: Instant) -> Result<Page, SourceError> {
        timeout_at(end, self.host.ask(&task.want)).await.unwrap_or_else(|_| Err(self.too_slow()))
    }

    fn too_slow(&self) -> SourceError {
        SourceError::transient(format!("{}: no answer in the time of a poll", self.host.api().host()))
    }

    /// How long this is left alone if it gives nothing.
    fn rests(&self, now: Time, task: &Task) -> Rests {
        let wait = self.turns.refused_wait(&task.want.repository, self.host.api().there(now));
        Rests { next_round: self.next_round, refused: now + wait }
    }

    /// Which repositories have stirred, where the host has a word for it; their feeds have their turn at once. What
    /// it gives is why the host does not say.
    async fn listen(&mut self, now: Time, end: Instant) -> Result<Option<SourceError>, SourceError> {
        let api = self.host.api();
        let there = api.there(now);
        let Some(since) = self.turns.since(now, there) else { return Ok(None) };
        let Some(listening) = self.host.stirred(&self.repositories, since) else { return Ok(None) };
        let error = match timeout_at(end, listening).await.unwrap_or_else(|_| Err(self.too_slow())) {
            Ok(stirred) => {
                self.unheard = 0;
                self.queue.is_answered();
                let stirred = self.turns.learn(stirred, there);
                let is_stirred = |thread: &&mut Thread| stirred.contains(&thread.repository);
                self.threads.iter_mut().filter(is_stirred).for_each(|thread| thread.hasten(now));
                return Ok(None);
            }
            Err(error) => error,
        };
        self.unheard += u32::from(error.kind == Failure::Transient);
        let is_refused = error.kind.is_of_the_question() || self.unheard >= MOST_UNHEARD;
        if !is_refused || api.is_turned_away() {
            return Err(error);
        }
        self.turns.refuse(error.clone(), now);
        self.threads.iter_mut().for_each(|thread| thread.hasten(now));
        Ok(Some(error).filter(|error| !error.kind.is_of_the_question()))
    }

    /// A round may begin while an earlier one is still being read; a feed that waits for its first page gets no other.
    fn begin_round(&mut self, now: Time) {
        self.next_round = now + self.plan.interval;
        let there = self.host.api().there(now);
        let farthest = there - self.plan.history;
        let feeds = self.threads.len();
        for (place, thread) in self.threads.iter_mut().enumerate() {
            if !thread.has_its_turn(now) || self.queue.is_begun(place) {
                continue;
            }
            let wait = self.turns.wait(&thread.repository, thread.open, there);
            let is_first = !thread.has_had_a_turn();
            thread.waits_until(now + if is_first { self.turns.first_wait(place, feeds, wait) } else { wait });
            self.queue.begin(place, thread.want(thread.since(farthest), Part::First), now);
        }
    }

    fn take(&mut self, task: &Task, page: &Page, now: Time) {
        let api = self.host.api();
        let (farthest, there) = (api.there(now) - self.plan.history, api.there(now));
        let observed = page.observed.iter().filter(|observed| observed.at >= farthest);
        let signals: Vec<_> = observed.map(|observed| observed.signal(&self.name, api)).collect();
        self.found.extend(signals);
        let is_first = task.want.part == Part::First;
        for detail in page.details.iter().cloned() {
            self.queue.push(task.with(Part::Detail(detail)));
        }
        if let Some(older) = task.older(page) {
            self.queue.push(older);
        } else if task.is_left(page) {
            self.threads[task.thread].left_after = Some(task.pages);
        }
        if is_first {
            self.threads[task.thread].is_complete_until(there);
            self.threads[task.thread].open = page.open;
        }
        self.hear(&task.want.repository, page.newest, now);
    }

    /// What is known of a repository now may give its feeds an earlier turn.
    fn hear(&mut self, repository: &Arc<str>, newest: Option<Time>, now: Time) {
        let there = self.host.api().there(now);
        if let Some(newest) = newest {
            self.turns.hear(repository, newest);
        }
        for thread in self.threads.iter_mut().filter(|thread| thread.repository == *repository) {
            thread.hasten(now + self.turns.wait(repository, thread.open, there));
        }
    }

    /// What has been found is delivered first, the failure at the next poll, which comes at once.
    fn failed(&mut self, error: SourceError) -> Result<Polled, SourceError> {
        if self.found.is_empty() {
            return Err(error);
        }
        self.held = Some(error);
        Ok(Polled { signals: std::mem::take(&mut self.found), again_in: Span::ZERO })
    }

    /// What is wrong when it is wrong everywhere.
    fn common_trouble(&self) -> Option<SourceError> {
        let mut places = 0..self.threads.len();
        let is_everywhere = self.found.is_empty() && places.all(|place| self.trouble_of(place).is_some());
        let (first, trouble) = (self.threads.first().filter(|_| is_everywhere)?, self.trouble_of(0)?);
        let what = format!("{} {}: {}", first.repository, self.host.feeds()[first.feed], trouble.what);
        Some(SourceError { what, ..trouble.clone() })
    }

    fn trouble_of(&self, place: usize) -> Option<&SourceError> {
        self.threads[place].trouble().or_else(|| self.queue.trouble_of(place))
    }

    fn again_in(&self, now: Time) -> Span {
        if let Some(pause) = self.host.api().pause() {
            return pause.min(self.plan.interval);
        }
        match (self.queue.is_idle(now), self.queue.behind()) {
            (true, _) => (self.next_round - now).max(BETWEEN),
            (false, Some(_)) => Span::ZERO,
            (false, None) => BETWEEN,
        }
    }
}

impl Source for Forge {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, now: Time) -> Polling<'_> {
        Box::pin(self.work(now))
    }

    fn note(&self) -> String {
        self.words()
    }

    fn lap(&self) -> Span {
        self.plan.interval
    }

    fn known_until(&self, now: Time) -> Time {
        self.queue.behind().map_or(now, |(_, since)| since)
    }

    fn usage(&self) -> Usage {
        let history = u32::try_from(self.queue.unread()).unwrap_or(u32::MAX);
        Usage { history: Some(history), ..self.host.api().usage() }
    }
}
