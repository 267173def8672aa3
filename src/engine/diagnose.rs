//! Having the signals diagnosed: on a thread of its own, once things have settled for a moment, and again as time
//! goes by, since what was true a quarter of an hour ago may have become too old to matter.
//!
//! At most one diagnosis runs, and what comes in meanwhile is for the next: the latest wins, nothing is queued.

use crate::diagnosis::{Diagnosis, Situation};
use crate::domain::{Clock, Room, SignalKey, SignalLog, SignalRef, SourceStatus, Span, Time};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Whoever derives the situation. Sees each signal once, in any order.
pub trait Diagnose: Send + 'static {
    fn observe(&mut self, signal: SignalRef<'_>);

    /// Signals before this moment are not kept any more.
    fn forget(&mut self, _: Time) {}

    /// What the journal knows by now.
    fn recall(&mut self, _: &Arc<Room>) {}

    fn situation(&mut self, sources: &[SourceStatus], now: Time) -> Situation;
}

/// Finds nothing in anything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Diagnose for Nothing {
    fn observe(&mut self, _: SignalRef<'_>) {}

    fn situation(&mut self, sources: &[SourceStatus], now: Time) -> Situation {
        Situation::quiet(sources, now)
    }
}

impl Diagnose for Diagnosis {
    fn observe(&mut self, signal: SignalRef<'_>) {
        Diagnosis::observe(self, signal);
    }

    fn forget(&mut self, before: Time) {
        Diagnosis::forget(self, before);
    }

    fn recall(&mut self, room: &Arc<Room>) {
        Diagnosis::recall(self, room);
    }

    fn situation(&mut self, sources: &[SourceStatus], now: Time) -> Situation {
        Diagnosis::situation(self, sources, now)
    }
}

/// How long changes gather before they are looked at.
const SETTLE: Duration = Duration::from_millis(100);
/// How long a situation holds in the room when nothing changes.
const HOLDS: Span = Span::seconds(15);

pub(super) type Maker = Box<dyn Fn() -> Box<dyn Diagnose> + Send>;

pub(super) struct Diagnosing {
    make: Maker,
    mind: Mind,
    /// What it has not observed yet.
    fresh: Vec<SignalKey>,
    /// What came before this it has yet to forget.
    forgotten: Option<Time>,
    due: Instant,
    /// Having crashed it rests, whatever changes.
    not_before: Instant,
}

enum Mind {
    Free(Box<dyn Diagnose>),
    /// What judges by what no longer holds is not asked again.
    Busy {
        task: JoinSet<(Box<dyn Diagnose>, Situation)>,
        changed: bool,
        outdated: bool,
    },
}

/// The diagnosis crashed, and begins again from nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Crashed;

impl Diagnosing {
    pub(super) fn new(make: Maker) -> Self {
        let mind = Mind::Free(make());
        let now = Instant::now();
        Self { make, mind, fresh: Vec::new(), forgotten: None, due: now, not_before: now }
    }

    pub(super) fn has_new(&mut self, signal: SignalKey) {
        self.fresh.push(signal);
    }

    /// The log begins at this moment from now on.
    pub(super) fn forget(&mut self, before: Time) {
        self.forgotten = Some(before);
    }

    /// Something changed that the situation may depend on.
    pub(super) fn soon(&mut self) {
        match &mut self.mind {
            Mind::Free(_) => self.due = self.due.min(Instant::now() + SETTLE).max(self.not_before),
            Mind::Busy { changed, .. } => *changed = true,
        }
    }

    /// When to begin, unless it is busy.
    pub(super) fn due(&self) -> Option<Instant> {
        match self.mind {
            Mind::Free(_) => Some(self.due),
            Mind::Busy { .. } => None,
        }
    }

    pub(super) fn begin(&mut self, log: SignalLog, room: Arc<Room>, sources: Vec<SourceStatus>, now: Time) {
        let busy = Mind::Busy { task: JoinSet::new(), changed: false, outdated: false };
        let mut mind = match std::mem::replace(&mut self.mind, busy) {
            Mind::Free(mind) => mind,
            busy @ Mind::Busy { .. } => {
                self.mind = busy;
                return;
            }
        };
        let (fresh, forgotten) = (std::mem::take(&mut self.fresh), self.forgotten.take());
        if let Mind::Busy { task, .. } = &mut self.mind {
            task.spawn_blocking(move || {
                forgotten.into_iter().for_each(|before| mind.forget(before));
                fresh.iter().filter_map(|key| log.get(*key)).for_each(|signal| mind.observe(signal));
                mind.recall(&room);
                let situation = mind.situation(&sources, now);
                (mind, situation)
            });
        }
    }

    /// Waits for the diagnosis that runs; for ever when none does.
    pub(super) async fn finished(&mut self, clock: &Clock) -> Result<Situation, Crashed> {
        let Mind::Busy { task, changed, outdated } = &mut self.mind else {
            return std::future::pending().await;
        };
        let Some(ended) = task.join_next().await else { return std::future::pending().await };
        let wait = clock.wait_for(clock.now() + HOLDS).std();
        let wait = if *changed && ended.is_ok() { SETTLE } else { wait };
        self.due = Instant::now() + wait;
        let outdated = *outdated;
        match ended {
            Ok((mind, situation)) => {
                self.mind = Mind::Free(if outdated { (self.make)() } else { mind });
                Ok(situation)
            }
            Err(_) => {
                self.mind = Mind::Free((self.make)());
                self.not_before = self.due;
                Err(Crashed)
            }
        }
    }

    /// From now on another one judges, and has everything to observe.
    pub(super) fn renew(&mut self, make: Maker, log: &SignalLog) {
        self.make = make;
        match &mut self.mind {
            Mind::Free(mind) => *mind = (self.make)(),
            Mind::Busy { outdated, .. } => *outdated = true,
        }
        self.anew(log);
        self.soon();
    }

    /// Everything is to be observed once more.
    pub(super) fn anew(&mut self, log: &SignalLog) {
        self.fresh = log.iter().map(|signal| signal.key()).collect();
    }
}
