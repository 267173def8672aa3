//! The gathering of signals: from sources, from whoever pushes, and from what was kept; each is taken in once.
//!
//! Everything that waits is taken in before anything is published, and news alone is published at most thirty
//! times a second, however many signals there are. The one writer of the log of signals.

use super::board::{Board, Reading, Subject};
use super::diagnose::{Crashed, Diagnosing};
use super::pile::Pile;
use super::renew::{self, Renewed};
use crate::diagnosis::Situation;
use crate::domain::log::Chunk;
use crate::domain::{Clock, Signal, SignalKey, SourceStatus, Span};
use crate::sources::{News, Rules, Source, Supervision};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

/// The shortest time between two publications.
const GAP: Duration = Duration::from_millis(33);
/// Signals taken in at a time, about a millisecond's worth, before others have their turn.
const TURN: usize = 1_024;
/// How long sources may take to let go.
const LET_GO: Duration = Duration::from_secs(2);

pub(super) struct Parts {
    pub(super) board: Arc<Board>,
    pub(super) clock: Clock,
    pub(super) sources: Vec<Box<dyn Source>>,
    pub(super) rules: Rules,
    pub(super) seed: u64,
    pub(super) diagnosing: Diagnosing,
    pub(super) keep_for: Span,
    /// What was kept, the newest first.
    pub(super) pieces: Option<mpsc::Receiver<Vec<Chunk>>>,
    /// What others have kept since.
    pub(super) found: mpsc::Receiver<Vec<Chunk>>,
    pub(super) pushed: mpsc::Receiver<Vec<Signal>>,
    pub(super) renewed: Option<mpsc::Receiver<Renewed>>,
    /// Where to hand what is to be kept.
    pub(super) unkept: Option<mpsc::Sender<Vec<Signal>>>,
}

pub(super) struct Gatherer {
    board: Arc<Board>,
    clock: Clock,
    supervision: Supervision,
    pushed: mpsc::Receiver<Vec<Signal>>,
    renewed: Option<mpsc::Receiver<Renewed>>,
    pieces: Option<mpsc::Receiver<Vec<Chunk>>>,
    found: mpsc::Receiver<Vec<Chunk>>,
    diagnosing: Diagnosing,
    pile: Pile,
    statuses: Vec<SourceStatus>,
    unpublished: Unpublished,
    keep_for: Span,
}

/// What has changed since the last publication, and when the next one may be.
struct Unpublished {
    signals: bool,
    statuses: bool,
    situation: Option<Situation>,
    not_before: Instant,
}

enum Turn {
    Stop,
    Publish,
    Diagnose,
    Diagnosed(Box<Result<Situation, Crashed>>),
    Loaded(Option<Vec<Chunk>>),
    Found(Vec<Chunk>),
    Told(News),
    Renewed(Renewed),
}

impl Gatherer {
    pub(super) fn new(parts: Parts) -> Self {
        let statuses = parts.board.snapshots().borrow().sources.to_vec();
        if parts.pieces.is_none() {
            parts.board.has_read(Reading::Signals);
        }
        let unpublished =
            Unpublished { signals: false, statuses: false, situation: None, not_before: Instant::now() };
        Self {
            supervision: Supervision::start(parts.sources, parts.rules, &parts.clock, parts.seed),
            board: parts.board,
            clock: parts.clock,
            pushed: parts.pushed,
            renewed: parts.renewed,
            pieces: parts.pieces,
            found: parts.found,
            diagnosing: parts.diagnosing,
            pile: Pile::new(parts.unkept),
            statuses,
            unpublished,
            keep_for: parts.keep_for,
        }
    }

    pub(super) async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        loop {
            match self.turn(&mut stopped).await {
                Turn::Stop => break,
                Turn::Publish => self.publish(),
                Turn::Diagnose => self.diagnose(),
                Turn::Diagnosed(answer) => self.diagnosed(*answer),
                Turn::Loaded(Some(chunks)) | Turn::Found(chunks) => self.take_back(chunks),
                Turn::Loaded(None) => self.has_loaded(),
                Turn::Told(news) => self.take_in_waiting(news),
                Turn::Renewed(renewed) => self.renew(renewed),
            }
            // Sessions may share the thread, and a key outranks any number of signals.
            tokio::task::yield_now().await;
        }
        self.finish().await;
    }

    async fn turn(&mut self, stopped: &mut watch::Receiver<bool>) -> Turn {
        let publish = self.unpublished.due();
        let diagnose = self.diagnosing.due();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => Turn::Stop,
            () = until(publish) => Turn::Publish,
            answer = self.diagnosing.finished(&self.clock) => Turn::Diagnosed(Box::new(answer)),
            () = until(diagnose) => Turn::Diagnose,
            piece = next_piece(&mut self.pieces) => Turn::Loaded(piece),
            Some(chunks) = self.found.recv() => Turn::Found(chunks),
            renewed = renew::next(&mut self.renewed) => Turn::Renewed(renewed),
            Some(signals) = self.pushed.recv() => Turn::Told(News::Signals(signals)),
            Some(news) = self.supervision.next() => Turn::Told(news),
        }
    }

    fn take_in_waiting(&mut self, first: News) {
        let mut taken = weight(&first);
        self.take_in(first);
        while taken < TURN
            && let Some(news) = self.next_waiting()
        {
            taken += weight(&news);
            self.take_in(news);
        }
    }

    fn next_waiting(&mut self) -> Option<News> {
        self.pushed.try_recv().ok().map(News::Signals).or_else(|| self.supervision.waiting())
    }

    fn take_in(&mut self, news: News) {
        match news {
            News::Signals(signals) => {
                for signal in signals {
                    if let Some(key) = self.pile.add(&signal) {
                        self.is_new(key);
                        self.pile.keep(signal);
                    }
                }
            }
            News::Status(status) => {
                if self.changes_health(status) {
                    self.diagnosing.soon();
                }
                self.unpublished.statuses = true;
            }
        }
    }

    /// A source that merely answered once more is no reason to think everything over.
    fn changes_health(&mut self, status: SourceStatus) -> bool {
        match self.statuses.iter_mut().find(|known| known.name == status.name) {
            Some(known) => std::mem::replace(known, status).health != known.health,
            None => {
                self.statuses.push(status);
                true
            }
        }
    }

    /// What was kept may be new here, and needs no keeping.
    fn take_back(&mut self, chunks: Vec<Chunk>) {
        for chunk in chunks {
            for key in self.pile.adopt(chunk) {
                self.is_new(key);
            }
        }
    }

    fn is_new(&mut self, key: SignalKey) {
        self.diagnosing.has_new(key);
        self.diagnosing.soon();
        self.unpublished.signals = true;
    }

    fn has_loaded(&mut self) {
        self.pieces = None;
        self.publish();
        self.board.has_read(Reading::Signals);
    }

    fn diagnose(&mut self) {
        self.forget();
        let room = Arc::clone(&self.board.snapshots().borrow().room);
        self.diagnosing.begin(self.pile.log().clone(), room, self.statuses.clone(), self.clock.now());
    }

    fn diagnosed(&mut self, answer: Result<Situation, Crashed>) {
        match answer {
            Ok(situation) => {
                self.board.notice(Subject::Diagnosis, None);
                self.unpublished.situation = Some(situation);
            }
            Err(Crashed) => {
                let words = "the diagnosis has crashed and begins anew; please report this as a bug";
                self.board.notice(Subject::Diagnosis, Some(words.to_owned()));
                self.diagnosing.anew(self.pile.log());
            }
        }
    }

    /// Everything is judged once more, by the catalog as it is now.
    fn renew(&mut self, Renewed { catalog, diagnosis, notice }: Renewed) {
        self.diagnosing.renew(diagnosis, self.pile.log());
        self.board.publish(|snapshot| snapshot.catalog = catalog);
        self.board.notice(Subject::Catalog, notice);
    }

    fn forget(&mut self) {
        let horizon = self.clock.now() - self.keep_for;
        if self.pile.forget(horizon) {
            let oldest = self.pile.log().iter().next().map_or(horizon, |signal| signal.at());
            self.diagnosing.forget(oldest);
            self.unpublished.signals = true;
        }
    }

    fn publish(&mut self) {
        let news = self.unpublished.take();
        self.board.publish(|snapshot| {
            if news.signals {
                snapshot.signals = self.pile.log().clone();
            }
            if news.statuses {
                snapshot.sources = self.statuses.as_slice().into();
            }
            if let Some(situation) = news.situation {
                snapshot.situation = Arc::new(situation);
            }
        });
        self.pile.hand_on();
        self.board.notice(Subject::Backlog, self.pile.complaint());
    }

    /// Takes in what was told already, shows it, and has it kept.
    async fn finish(mut self) {
        while let Some(news) = self.next_waiting() {
            self.take_in(news);
        }
        self.publish();
        self.supervision.stop(LET_GO).await;
        self.pile.hand_on_last().await;
    }
}

impl Unpublished {
    fn due(&self) -> Option<Instant> {
        let any = self.signals || self.statuses || self.situation.is_some();
        any.then_some(self.not_before)
    }

    fn take(&mut self) -> Self {
        let not_before = Instant::now() + GAP;
        std::mem::replace(self, Self { signals: false, statuses: false, situation: None, not_before })
    }
}

/// A status weighs as much as a signal, so that no kind of news can hold a turn for ever.
fn weight(news: &News) -> usize {
    match news {
        News::Signals(signals) => signals.len().max(1),
        News::Status(_) => 1,
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

async fn next_piece(pieces: &mut Option<mpsc::Receiver<Vec<Chunk>>>) -> Option<Vec<Chunk>> {
    match pieces {
        Some(pieces) => pieces.recv().await,
        None => std::future::pending().await,
    }
}
