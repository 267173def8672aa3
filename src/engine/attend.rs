//! Who is here: one's own presence said in the store, afresh and whenever it changes, and everybody's shown as soon
//! as they say something, while the room is open.
//!
//! On the same round the store learns which sources have answered, and forgets what is too old. Failing at either hurts nobody: it is in the log, and the
//! inbox says aloud that the store does not answer.

use super::board::Board;
use super::inbox::INBOX;
use super::snapshot::Attendee;
use crate::domain::{Clock, Health, Person, SourceStatus, Span, Time};
use crate::store::{Heard, Stirs, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// Well within the time after which a silent session is taken as gone.
const AFRESH: Duration = Duration::from_secs(10);
/// Somebody who walks through the screens is not written down at each of them.
const SETTLE: Duration = Duration::from_millis(150);
/// What is too old is forgotten every so many rounds.
const FORGET_EVERY: u32 = 360;

/// One person's session on a room, and the store it is known in.
#[derive(Clone, Debug)]
pub struct Attendance {
    pub store: Store,
    /// Another for every session there ever is.
    pub session: String,
    pub person: Person,
    /// What they look at, in a word or two; nothing where nobody sits at a screen, and then they are not here.
    pub what: String,
}

/// What a round of attending needs besides the store.
pub(super) struct Round {
    pub keep_for: Span,
    pub clock: Clock,
    /// What the person looks at now.
    pub does: watch::Receiver<String>,
}

pub(super) async fn attend(
    mut attendance: Attendance,
    mut round: Round,
    board: Arc<Board>,
    mut stopped: watch::Receiver<bool>,
) {
    let stirs = attendance.store.stirs();
    let mut rounds = 0_u32;
    loop {
        attendance.what.clone_from(&round.does.borrow_and_update());
        let forget = rounds.is_multiple_of(FORGET_EVERY).then_some(round.keep_for);
        attendance.note(attendance.round(forget, &round.clock, &board).await);
        let afresh = Instant::now() + AFRESH;
        rounds = rounds.wrapping_add(1);
        loop {
            match woken(&stirs, &mut round.does, afresh, &mut stopped).await {
                Woken::Stopped => return attendance.end(&board).await,
                Woken::Others => attendance.note(attendance.look(&round.clock, &board).await),
                Woken::Myself => {
                    sleep(SETTLE).await;
                    attendance.what.clone_from(&round.does.borrow_and_update());
                    attendance.note(attendance.round(None, &round.clock, &board).await);
                }
                Woken::Time => break,
            }
        }
    }
}

/// Why to look up.
enum Woken {
    Stopped,
    /// This person does something else now.
    Myself,
    /// It is time to say so afresh.
    Time,
    /// Others have written to the store.
    Others,
}

async fn woken(
    stirs: &Stirs,
    does: &mut watch::Receiver<String>,
    afresh: Instant,
    stopped: &mut watch::Receiver<bool>,
) -> Woken {
    tokio::select! {
        biased;
        _ = stopped.wait_for(|stop| *stop) => Woken::Stopped,
        Ok(()) = does.changed() => Woken::Myself,
        () = sleep_until(afresh) => Woken::Time,
        () = stirs.next() => Woken::Others,
    }
}

impl Attendance {
    /// Says, for as long as it is waited for, that one more session is here, afresh and whenever its person does
    /// something else.
    pub async fn stay(&mut self, mut does: watch::Receiver<String>, clock: &Clock) {
        loop {
            self.note(self.store.here(&self.session, &self.person, &self.what, clock.now()).await);
            tokio::select! {
                Ok(()) = does.changed() => {
                    sleep(SETTLE).await;
                    self.what.clone_from(&does.borrow_and_update());
                }
                () = sleep(AFRESH) => {}
            }
        }
    }

    /// Says what is known of the sources, and that this session is gone.
    async fn end(&self, board: &Board) {
        self.note(self.store.hear(&heard(board, None)).await);
        self.leave().await;
    }

    pub async fn leave(&self) {
        if let Err(error) = self.store.gone(&self.session).await {
            tracing::warn!(%error, "leaving was not noted; it shows in half a minute");
        }
    }

    async fn round(&self, forget: Option<Span>, clock: &Clock, board: &Board) -> Result<(), StoreError> {
        let now = clock.now();
        if !self.what.is_empty() {
            self.store.here(&self.session, &self.person, &self.what, now).await?;
        }
        self.look(clock, board).await?;
        let said_again = now + Span::millis(2 * AFRESH.as_millis() as i64);
        self.store.hear(&heard(board, Some(said_again))).await?;
        if let Some(keep_for) = forget {
            self.store.forget_before(now - keep_for).await?;
        }
        Ok(())
    }

    async fn look(&self, clock: &Clock, board: &Board) -> Result<(), StoreError> {
        let present = self.store.who(clock.now()).await?;
        board.shows_present(present.into_iter().map(Attendee::from).collect());
        Ok(())
    }

    fn note(&self, outcome: Result<(), StoreError>) {
        if let Err(error) = outcome {
            let fix = error.fix();
            tracing::warn!(%error, fix, session = self.session, "who is here cannot be kept");
        }
    }
}

/// What this process has heard of its sources; what others keep is no source of its own. One that is live is so at
/// least until that is said again.
fn heard(board: &Board, said_again: Option<Time>) -> Vec<Heard> {
    let snapshot = board.snapshots().borrow().clone();
    snapshot.sources.iter().filter_map(|status| heard_of(status, said_again)).collect()
}

fn heard_of(status: &SourceStatus, said_again: Option<Time>) -> Option<Heard> {
    let (at, fresh_until) = match status.last_good.zip(status.fresh_until) {
        None if status.health == Health::Failing => (Heard::NEVER, Heard::NEVER),
        heard => heard?,
    };
    let said_again = said_again.filter(|_| status.health == Health::Live);
    let fresh_until = said_again.map_or(fresh_until, |again| again.max(fresh_until));
    let source = status.name.clone();
    (source.as_str() != INBOX).then_some(Heard { source, at, fresh_until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_more_often_than_it_is_said_is_not_silent_between() {
        let (good, again) =
            (Time::from_millis(1_773_842_940_000), Some(Time::from_millis(1_773_842_960_000)));
        let until = |health, silence, said_again| {
            let fresh_until = Some(good + silence);
            let status = SourceStatus::new("probe".into(), health, "");
            let status = SourceStatus { last_good: Some(good), fresh_until, ..status };
            heard_of(&status, said_again).unwrap().fresh_until - good
        };
        let (often, seldom) = (Span::seconds(5), Span::minutes(3));
        assert_eq!(until(Health::Live, often, again), Span::seconds(20));
        assert_eq!(until(Health::Live, seldom, again), seldom);
        assert_eq!(until(Health::Failing, often, again), often);
        assert_eq!(until(Health::Live, often, None), often, "who leaves says nothing again");
    }
}
