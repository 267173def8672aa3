//! Who is here: one's own presence said afresh in the store and everybody's shown, while the room is open.
//!
//! On the same round the store forgets what is too old. Failing at either hurts nobody: it is in the log, and the
//! inbox says aloud that the store does not answer.

use super::board::Board;
use super::snapshot::Attendee;
use crate::domain::{Clock, Person, Span};
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Well within the time after which a silent session is taken as gone.
const AFRESH: Duration = Duration::from_secs(10);
/// What is too old is forgotten every so many rounds.
const FORGET_EVERY: u32 = 360;

/// One person's session on a room, and the store it is known in.
#[derive(Clone, Debug)]
pub struct Attendance {
    pub store: Store,
    /// Another for every session there ever is.
    pub session: String,
    pub person: Person,
    /// What they look at, in a word or two.
    pub what: String,
}

pub(super) async fn attend(
    attendance: Attendance,
    keep_for: Span,
    clock: Clock,
    board: Arc<Board>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut rounds = (0..FORGET_EVERY).cycle();
    loop {
        let forgets = rounds.next() == Some(0);
        if let Err(error) = attendance.round(forgets.then_some(keep_for), &clock, &board).await {
            tracing::warn!(%error, fix = error.fix(), "who is here cannot be kept");
        }
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => break,
            () = sleep(AFRESH) => {}
        }
    }
    attendance.leave().await;
}

impl Attendance {
    /// Says afresh, for as long as it is waited for, that one more session is here.
    pub async fn stay(&self, clock: &Clock) {
        loop {
            if let Err(error) = self.store.here(&self.session, &self.person, &self.what, clock.now()).await {
                tracing::warn!(%error, fix = error.fix(), "who is here cannot be kept");
            }
            sleep(AFRESH).await;
        }
    }

    pub async fn leave(&self) {
        if let Err(error) = self.store.gone(&self.session).await {
            tracing::warn!(%error, "leaving was not noted; it shows in half a minute");
        }
    }

    async fn round(&self, forget: Option<Span>, clock: &Clock, board: &Board) -> Result<(), StoreError> {
        let now = clock.now();
        self.store.here(&self.session, &self.person, &self.what, now).await?;
        let present = self.store.who(now).await?;
        board.shows_present(present.into_iter().map(Attendee::from).collect());
        if let Some(keep_for) = forget {
            self.store.forget_before(now - keep_for).await?;
        }
        Ok(())
    }
}
