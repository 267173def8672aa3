//! The engine of a process: the one place where what people ask and what sources tell becomes what everybody sees.
//!
//! Two tasks share the work, so that a slow disk never holds up the news and a flood of signals never holds up
//! an entry: `record` decides, appends to the journal and applies; `gather` takes in signals, has them kept
//! and diagnosed. Both put their part on the `board`, which publishes one [`Snapshot`] to all sessions.
//!
//! Append before publish: a snapshot never shows what is not durable, and an answer never comes before the
//! snapshot that shows it.

pub(crate) mod append;
pub mod attend;
pub mod diagnose;
pub mod guest;
pub mod inbox;
pub mod keep;
pub mod renew;
pub mod snapshot;
pub mod stored;

mod board;
mod gather;
mod pile;
pub(crate) mod plan;
mod record;
mod tasks;

pub use attend::Attendance;
pub use diagnose::Diagnose;
pub use guest::Guest;

pub(crate) use guest::Author;
pub use inbox::INBOX;
pub use keep::{KeepError, Keeping, SignalKeeper};
pub use renew::{Renewals, Renewed};
pub use snapshot::{Attendee, Snapshot, Story};
pub use stored::StoreKeeper;

use crate::diagnosis::Policy;
use crate::domain::incident::ClockPolicy;
use crate::domain::log::Chunk;
use crate::domain::rights::{Denied, Right};
use crate::domain::{Catalog, Clock, Intent, Person, Record, Refusal, Room, Signal, SourceStatus, Span};
use crate::journal::Journal;
use crate::sources::{Rules, Source};
use board::{Board, Subject};
use diagnose::Diagnosing;
use gather::Gatherer;
use inbox::Inbox;
use record::{Ask, Recorder};
use std::pin::Pin;
use std::sync::Arc;
use tasks::Tasks;
use tokio::sync::{mpsc, oneshot, watch};

/// Intents that may wait; whoever asks then waits for a place.
const ASKS: usize = 256;
/// Pushed batches that may wait; whoever pushes then waits for a place.
const PUSHES: usize = 16;
/// Pieces of kept signals that may be ahead of the gathering.
const PIECES: usize = 4;
/// Batches that may wait to be kept; gathering then holds on to what is not kept yet.
const KEEPS: usize = 8;

/// What is wrong with a journal, once that is known.
pub type Proof = Pin<Box<dyn Future<Output = Option<String>> + Send>>;

/// What an engine is made of.
pub struct Parts<J> {
    /// What the room is called.
    pub name: String,
    pub journal: J,
    pub keeper: Option<Arc<dyn SignalKeeper>>,
    /// Whose coming and going is to be known in the store.
    pub attendance: Option<Attendance>,
    pub sources: Vec<Box<dyn Source>>,
    /// Sources the configuration disables, shown with their reason.
    pub off: Vec<SourceStatus>,
    pub catalog: Arc<Catalog>,
    /// Where it is heard that the catalog has changed.
    pub renewals: Option<Renewals>,
    /// Makes a diagnosis that has seen nothing yet; called again should one crash.
    pub diagnosis: Box<dyn Fn() -> Box<dyn Diagnose> + Send>,
    pub clock: Clock,
    pub story: Option<Story>,
    /// What is replayed, where people only practise.
    pub drill: Option<Arc<str>>,
    /// Walks the chain of the journal beside everything else, and says what is wrong with it.
    pub proof: Option<Proof>,
    /// What everybody should know from the beginning.
    pub notices: Vec<String>,
    /// Signals older than this are forgotten.
    pub keep_for: Span,
    pub rules: Rules,
    /// What the room expects of its incidents.
    pub clocks: ClockPolicy,
    /// What the team sets differently in the rules, for whoever draws their limits.
    pub policy: Policy,
    /// Spreads the waits of different rooms.
    pub seed: u64,
}

impl<J> Parts<J> {
    /// A room with a journal and nothing else.
    pub fn new(name: impl Into<String>, journal: J, clock: Clock) -> Self {
        Self {
            name: name.into(),
            journal,
            keeper: None,
            attendance: None,
            sources: Vec::new(),
            off: Vec::new(),
            catalog: Arc::default(),
            renewals: None,
            diagnosis: Box::new(|| Box::new(diagnose::Nothing)),
            clock,
            story: None,
            drill: None,
            proof: None,
            notices: Vec::new(),
            keep_for: Span::days(30),
            rules: Rules::default(),
            clocks: ClockPolicy::default(),
            policy: Policy::default(),
            seed: 0,
        }
    }

    /// The same with another journal.
    pub fn with<K>(self, journal: K) -> Parts<K> {
        let Self { name, keeper, attendance, sources, off, catalog, renewals, diagnosis, clock, .. } = self;
        let Self { story, drill, proof, notices, keep_for, rules, clocks, policy, seed, .. } = self;
        Parts {
            name,
            journal,
            keeper,
            attendance,
            sources,
            off,
            catalog,
            renewals,
            diagnosis,
            clock,
            story,
            drill,
            proof,
            notices,
            keep_for,
            rules,
            clocks,
            policy,
            seed,
        }
    }
}

#[derive(Debug)]
pub struct Engine;

/// What sessions and the shell hold of an engine. When the last one is dropped, the engine ends where it stands.
#[derive(Clone, Debug)]
pub struct Handle {
    snapshots: watch::Receiver<Arc<Snapshot>>,
    asks: mpsc::Sender<Ask>,
    pushes: mpsc::Sender<Vec<Signal>>,
    doing: watch::Sender<String>,
    tasks: Arc<Tasks>,
    /// Absent for whoever runs the process: they may do everything.
    guest: Option<Arc<Guest>>,
}

/// Why an intent came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("not saved: {what}")]
    NotSaved { what: String, fix: String },
    #[error("the room is closed")]
    Gone,
}

impl Engine {
    /// Begins on the runtime one is in and returns at once; the first snapshot is there, empty and `loading`.
    pub fn start<J: Journal>(mut parts: Parts<J>) -> Handle {
        let (asks, asked) = mpsc::channel(ASKS);
        let (pushes, pushed) = mpsc::channel(PUSHES);
        let (finds, found) = mpsc::channel(PIECES);
        let inbox = parts.keeper.as_ref().map(|keeper| Inbox::new(Arc::clone(keeper), finds));
        if let Some(inbox) = &inbox {
            parts.sources.push(Box::new(inbox.clone()));
        }
        let board = Arc::new(Board::new(snapshot::first(&parts), parts.notices));
        let mut tasks = Tasks::new(&board);

        let recorder = Recorder::new(
            parts.journal,
            Room::of_drill(parts.drill),
            parts.clock.clone(),
            Arc::clone(&board),
        );
        tasks.spawn(tasks::RECORD, recorder.run(asked, tasks.stopped()));

        if let Some(proof) = parts.proof.take() {
            tasks.spawn(tasks::PROVE, prove(proof, Arc::clone(&board), tasks.stopped()));
        }

        let kept = parts.keeper.zip(inbox);
        let kept = kept.map(|(keeper, inbox)| keeping(keeper, inbox, &mut tasks, &board));
        let (pieces, unkept) = kept.unzip();
        let what = parts.attendance.as_ref().map_or_else(String::new, |attendance| attendance.what.clone());
        let (doing, does) = watch::channel(what);
        if let Some(attendance) = parts.attendance {
            let round = attend::Round { keep_for: parts.keep_for, clock: parts.clock.clone(), does };
            let attending = attend::attend(attendance, round, Arc::clone(&board), tasks.stopped());
            tasks.spawn(tasks::ATTEND, attending);
        }

        let renewed = parts.renewals.map(|Renewals { renewed, follow }| {
            tasks.spawn(tasks::FOLLOW, renew::follow(follow, tasks.stopped()));
            renewed
        });
        let snapshots = board.snapshots();
        let gatherer = Gatherer::new(gather::Parts {
            board,
            keep_for: parts.keep_for,
            diagnosing: Diagnosing::new(parts.diagnosis),
            clock: parts.clock,
            sources: parts.sources,
            rules: parts.rules,
            seed: parts.seed,
            pieces,
            found,
            pushed,
            renewed,
            unkept,
        });
        tasks.spawn(tasks::GATHER, gatherer.run(tasks.stopped()));
        Handle { snapshots, asks, pushes, doing, tasks: Arc::new(tasks), guest: None }
    }
}

async fn prove(proof: Proof, board: Arc<Board>, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => {}
        wrong = proof => board.notice(Subject::JournalChain, wrong),
    }
}

type Pieces = mpsc::Receiver<Vec<Chunk>>;

/// Starts what goes on around the keeping of signals; where the kept ones come from and the new ones go.
fn keeping(
    keeper: Arc<dyn SignalKeeper>,
    inbox: Inbox,
    tasks: &mut Tasks,
    board: &Arc<Board>,
) -> (Pieces, mpsc::Sender<Vec<Signal>>) {
    let (loaded, pieces) = mpsc::channel(PIECES);
    let (unkept, to_keep) = mpsc::channel(KEEPS);
    tasks.spawn(tasks::LOAD, keep::load_all(Arc::clone(&keeper), loaded, Arc::clone(board)));
    tasks.spawn(tasks::KEEP, keep::keep_all(keeper, to_keep, Arc::clone(board)));
    tasks.spawn(tasks::HURRY, inbox.hurry(tasks.stopped()));
    (pieces, unkept)
}

impl Handle {
    /// The room as it is now and whenever it changes.
    pub fn snapshot(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Asks for something in somebody's name. Answered once it is durable and shown; what was handed in is
    /// decided even when nobody waits for the answer any more.
    ///
    /// A guest acts in their own name, whatever name is given, and within their rights.
    pub async fn submit(&self, by: Person, intent: Intent) -> Result<Record, SubmitError> {
        let mut outcomes = self.submit_all(by, vec![intent]).await;
        outcomes.pop().unwrap_or(Err(SubmitError::Gone))
    }

    /// The same for several, which become one append; an outcome for each, in their order.
    pub async fn submit_all(&self, by: Person, intents: Vec<Intent>) -> Vec<Result<Record, SubmitError>> {
        let Some(guest) = &self.guest else { return self.ask(by.into(), intents).await };
        let (allowed, judged) = guest.judge(intents);
        let mut answers = self.ask(guest.author(), allowed).await.into_iter();
        let outcome = |judged: Result<(), Denied>| {
            judged?;
            answers.next().unwrap_or(Err(SubmitError::Gone))
        };
        judged.into_iter().map(outcome).collect()
    }

    async fn ask(&self, by: Author, intents: Vec<Intent>) -> Vec<Result<Record, SubmitError>> {
        if intents.is_empty() {
            return Vec::new();
        }
        let gone = vec![Err(SubmitError::Gone); intents.len()];
        let (answer, answered) = oneshot::channel();
        match self.asks.send(Ask { by, intents, answer }).await {
            Ok(()) => answered.await.unwrap_or(gone),
            Err(_) => gone,
        }
    }

    /// The same room for somebody from outside, at a screen of their own.
    pub fn of(&self, guest: Guest) -> Self {
        Self { guest: Some(Arc::new(guest)), doing: watch::Sender::default(), ..self.clone() }
    }

    /// Signals that were pushed to us rather than asked for; waits while there is no room for more.
    pub async fn report(&self, signals: Vec<Signal>) -> Result<(), SubmitError> {
        if let Some(guest) = &self.guest {
            guest.right.allows(Right::Respond)?;
        }
        self.pushes.send(signals).await.map_err(|_| SubmitError::Gone)
    }

    /// Says what the person at this handle's screen looks at, for everybody else to see.
    pub fn does(&self, what: &str) {
        self.doing.send_if_modified(|doing| {
            let is_new = doing != what;
            if is_new {
                what.clone_into(doing);
            }
            is_new
        });
    }

    /// What was said of that screen, from now on.
    pub fn doing(&self) -> watch::Receiver<String> {
        self.doing.subscribe()
    }

    /// Answers what was asked, keeps what was gathered, ends every task. Names what crashed or had to be cut off.
    pub async fn stop(&self) -> Vec<&'static str> {
        self.tasks.stop().await
    }
}
