//! A place where code is kept and changed, asked for what happened there: the same for GitHub and Bitbucket.
//!
//! Every feed of every repository is asked for its first page at once, then again at every interval; what lies
//! behind the first page is read in the background, a slice of each poll. What a failure left out is asked for again
//! from where the feed was last complete, so that nothing is missing after an outage; what comes twice has the same
//! id. One repository that refuses never stops the others. A host where every question costs says in one which
//! repositories have stirred, and feeds take turns (`turns`).

pub mod observed;
pub mod owners;
mod reading;
mod thread;
mod turns;

pub use observed::Observed;
pub use owners::Owners;
pub(super) use reading::{each, time};

use super::http::Api;
use super::{Polled, Polling, Source, SourceError};
use crate::domain::{Signal, SourceName, Span, Time, Usage};
use serde_json::Value;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use thread::{Task, Thread};
use tokio::time::Instant;
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
/// Between two slices, for the network's other users.
const BETWEEN: Span = Span::seconds(2);

pub struct Forge {
    name: SourceName,
    host: Arc<dyn Host>,
    plan: Plan,
    repositories: Vec<Arc<str>>,
    threads: Vec<Thread>,
    turns: Turns,
    /// First pages and what hangs on them.
    urgent: VecDeque<Task>,
    /// What lies behind the first pages.
    history: VecDeque<Task>,
    /// What is being asked; a poll that is cut off leaves it here.
    doing: Option<Task>,
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
            urgent: VecDeque::new(),
            history: VecDeque::new(),
            doing: None,
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
        self.urgent.extend(self.doing.take());
        if now >= self.next_round && self.urgent.is_empty() && self.host.api().pause().is_none() {
            match self.listen(now).await {
                Ok(()) => self.begin_round(now),
                Err(error) => return self.failed(error),
            }
        }
        let began = Instant::now();
        while began.elapsed() < SLICE.std() && self.host.api().pause().is_none() {
            let Some(task) = self.urgent.pop_front().or_else(|| self.history.pop_front()) else { break };
            self.doing = Some(task.clone());
            let answer = self.host.ask(&task.want).await;
            self.doing = None;
            match answer {
                Ok(page) => self.take(&task, &page, now),
                Err(error) if error.kind.is_of_the_question() && !self.host.api().is_turned_away() => {
                    let wait = self.turns.refused_wait(&task.want.repository, self.host.api().there(now));
                    self.threads[task.thread].refuse(error, now + wait);
                }
                Err(error) => return self.cut_short(task, error),
            }
        }
        match self.common_trouble() {
            Some(trouble) => Err(trouble),
            None => Ok(Polled { signals: std::mem::take(&mut self.found), again_in: self.again_in(now) }),
        }
    }

    /// Which repositories have stirred, where the host has a word for it; their feeds have their turn at once.
    async fn listen(&mut self, now: Time) -> Result<(), SourceError> {
        let api = self.host.api();
        let there = api.there(now);
        let Some(since) = self.turns.since(now, there) else { return Ok(()) };
        let Some(listening) = self.host.stirred(&self.repositories, since) else { return Ok(()) };
        match listening.await {
            Ok(stirred) => {
                let stirred = self.turns.learn(stirred, there);
                let is_stirred = |thread: &&mut Thread| stirred.contains(&thread.repository);
                self.threads.iter_mut().filter(is_stirred).for_each(|thread| thread.hasten(now));
            }
            Err(error) if error.kind.is_of_the_question() && !api.is_turned_away() => {
                self.turns.refuse(error, now);
                self.threads.iter_mut().for_each(|thread| thread.hasten(now));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// A round may begin while an earlier one's history is still being read, but not its first pages.
    fn begin_round(&mut self, now: Time) {
        self.next_round = now + self.plan.interval;
        let there = self.host.api().there(now);
        let farthest = there - self.plan.history;
        let feeds = self.threads.len();
        for (place, thread) in self.threads.iter_mut().enumerate() {
            if !thread.has_its_turn(now) {
                continue;
            }
            let wait = self.turns.wait(&thread.repository, thread.open, there);
            let is_first = !thread.has_had_a_turn();
            thread.waits_until(now + if is_first { self.turns.first_wait(place, feeds, wait) } else { wait });
            let want = thread.want(thread.since(farthest), Part::First);
            self.urgent.push_back(Task { thread: place, want, pages: 1 });
        }
    }

    fn take(&mut self, task: &Task, page: &Page, now: Time) {
        let api = self.host.api();
        let (farthest, there) = (api.there(now) - self.plan.history, api.there(now));
        let observed = page.observed.iter().filter(|observed| observed.at >= farthest);
        let signals: Vec<_> = observed.map(|observed| observed.signal(&self.name, api)).collect();
        self.found.extend(signals);
        let is_first = task.want.part == Part::First;
        let queue = if is_first { &mut self.urgent } else { &mut self.history };
        for detail in page.details.iter().cloned() {
            queue.push_back(task.with(Part::Detail(detail)));
        }
        if let Some(older) = task.older(page) {
            self.history.push_back(older);
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

    fn cut_short(&mut self, task: Task, error: SourceError) -> Result<Polled, SourceError> {
        let queue = if task.want.part == Part::First { &mut self.urgent } else { &mut self.history };
        queue.push_back(task);
        self.failed(error)
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
        let is_everywhere = !self.threads.is_empty() && self.threads.iter().all(|t| t.trouble().is_some());
        let first = self.threads.first().filter(|_| is_everywhere && self.found.is_empty())?;
        let trouble = first.trouble()?;
        let what = format!("{} {}: {}", first.repository, self.host.feeds()[first.feed], trouble.what);
        Some(SourceError { what, ..trouble.clone() })
    }

    fn again_in(&self, now: Time) -> Span {
        if let Some(pause) = self.host.api().pause() {
            return pause.min(self.plan.interval);
        }
        let is_idle = self.urgent.is_empty() && self.history.is_empty();
        if is_idle { (self.next_round - now).max(BETWEEN) } else { BETWEEN }
    }

    /// Pages and details that are known to be there and not read yet.
    fn waiting(&self) -> usize {
        self.urgent.len() + self.history.len()
    }

    /// That every repository has to be asked, and why.
    fn deafness(&self) -> String {
        let said = |why: &SourceError| {
            format!(
                "{} does not say what has changed ({}), so each is asked",
                self.host.api().host(),
                why.what
            )
        };
        self.turns.trouble().map(said).unwrap_or_default()
    }

    /// Which lists were left before their end.
    fn leftovers(&self) -> String {
        let mut left = self.threads.iter().filter_map(|thread| Some((thread, thread.left_after?)));
        let Some((thread, pages)) = left.next() else { return String::new() };
        let (feed, more) = (self.host.feeds()[thread.feed], and_more(left.count()));
        format!("{} {feed}: left after {pages} pages, what is older is not told{more}", thread.repository)
    }

    fn troubles(&self) -> String {
        let mut troubled = self.threads.iter().filter_map(|thread| thread.trouble().map(|why| (thread, why)));
        let Some((thread, why)) = troubled.next() else { return String::new() };
        let more = and_more(troubled.count());
        let fix = if why.fix.is_empty() { String::new() } else { format!("; {}", why.fix) };
        format!("{} {}: {}{fix}{more}", thread.repository, self.host.feeds()[thread.feed], why.what)
    }
}

fn and_more(count: usize) -> String {
    if count == 0 { String::new() } else { format!(" (and {count} more)") }
}

impl Source for Forge {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, now: Time) -> Polling<'_> {
        Box::pin(self.work(now))
    }

    fn note(&self) -> String {
        let api = self.host.api();
        let progress = match self.waiting() {
            0 => String::new(),
            waiting => format!("reading history, {waiting} to go"),
        };
        let skew = match api.skew() {
            Span::ZERO => String::new(),
            ahead if ahead > Span::ZERO => format!("this clock is {ahead} behind {}", api.host()),
            behind => format!("this clock is {} ahead of {}", -behind, api.host()),
        };
        let parts = [self.troubles(), self.deafness(), progress, self.leftovers(), skew];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    fn usage(&self) -> Usage {
        let history = u32::try_from(self.waiting()).unwrap_or(u32::MAX);
        Usage { history: Some(history), ..self.host.api().usage() }
    }
}
