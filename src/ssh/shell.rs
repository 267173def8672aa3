//! One screen over SSH, from the first byte to the farewell.
//!
//! The session is a task of its own: should it panic, this person gets an apology and nobody else notices.

use super::carrier::{Channel, Output, write};
use super::inbox::Inbox;
use super::lobby::{Pass, Place};
use super::{Host, Screen, Terminal};
use crate::tui::local::{ENTER, LEAVE};
use crate::tui::session::Session;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

const APOLOGY: &str = "This session has crashed, and we are sorry. What was shown as saved is saved; the log of the \
                       server says more. Log in again to go on";

const SENT_AWAY: u32 = 3;

/// Nobody presses keys at a display on a wall.
const NOBODY_THERE: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

pub(super) struct Shell<H> {
    pub(super) host: Arc<H>,
    pub(super) place: Place,
    pub(super) terminal: Terminal,
    pub(super) inbox: Arc<Inbox>,
    pub(super) output: Output,
}

impl<H: Host> Shell<H> {
    pub(super) async fn run(self) {
        let (pass, output) = (Arc::clone(&self.place.pass), Arc::clone(&self.output));
        let reason = Arc::new(OnceLock::new());
        let (code, words) = match start(self.visit(Arc::clone(&reason))).await {
            // Whoever was sent away did not leave, and a display on a wall knows by that to come back.
            Ok(()) => {
                reason.get().map_or_else(|| (0, Arc::default()), |words| (SENT_AWAY, Arc::clone(words)))
            }
            Err(_) => {
                pass.lobby().saw_panic();
                tracing::error!(person = %pass.visitor.person, key = %pass.visitor.key, "a session has crashed");
                (1, APOLOGY.into())
            }
        };
        tracing::info!(person = %pass.visitor.person, key = %pass.visitor.key, ?words, "a screen over SSH has closed");
        farewell(&output, &words, code).await;
    }

    /// From the first byte to the last word; a client that vanished has ended it as well as one that said so.
    async fn visit(self, reason: Arc<OnceLock<Arc<str>>>) {
        let Self { host, place, terminal, inbox, output } = self;
        let visitor = &place.pass.visitor;
        let Screen { ui, engine, clock, chores, mut attendance, drafts, logs, stall } =
            host.screen(visitor, &terminal).await;
        let mut carrier = channel(&place.pass, &terminal, inbox, &output, reason);
        if ui.wall.is_some() {
            carrier.idle = NOBODY_THERE;
        }
        let (room, engine) = (engine.snapshot(), engine.of(visitor.clone()));
        let does = engine.doing();
        let session =
            Session { carrier, ui, room, engine, clock: clock.clone(), chores, drafts, logs, stall };
        if write(&output, ENTER, None).await.is_ok() {
            let ended = match &mut attendance {
                None => session.run().await,
                Some(attendance) => tokio::select! {
                    ended = session.run() => ended,
                    () = attendance.stay(does, &clock) => Ok(()),
                },
            };
            if let Err(error) = ended {
                tracing::info!(person = %visitor.person, %error, "a session was torn off");
            }
        }
        if let Some(attendance) = attendance {
            attendance.leave().await;
        }
        host.left(visitor).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a task of its own, so that a panic ends this session and no other"
)]
fn start(visit: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(visit)
}

fn channel(
    pass: &Arc<Pass>,
    terminal: &Terminal,
    inbox: Arc<Inbox>,
    output: &Output,
    reason: Arc<OnceLock<Arc<str>>>,
) -> Channel {
    Channel {
        inbox,
        output: Arc::clone(output),
        pass: Arc::clone(pass),
        size: terminal.size,
        abilities: terminal.abilities,
        idle: pass.lobby().limits.idle,
        last_key: Instant::now(),
        reason,
    }
}

/// Gives the terminal back, says why, and closes. Whoever is gone already hears none of it.
async fn farewell(output: &Output, words: &str, code: u32) {
    let mut bytes = LEAVE.to_vec();
    if !words.is_empty() {
        bytes.extend_from_slice(format!("{words}.\r\n").as_bytes());
    }
    if write(output, &bytes, None).await.is_ok() {
        let _ = output.exit_status(code).await;
        let _ = output.eof().await;
        let _ = output.close().await;
    }
}
