//! The inbox: what other processes put into the keeping, taken in like what any source tells.
//!
//! A source, so that it is asked, backed off from and shown as all of them are; but what it finds is kept already and
//! goes to the gathering in whole chunks, beside the signals of the others. Between two polls it is hurried along by
//! whatever stirs in the keeping.

use super::keep::{KeepError, SignalKeeper};
use crate::domain::log::Chunk;
use crate::domain::{SourceName, Span, Time};
use crate::sources::{Polled, Polling, Source, SourceError};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// The source of what is pushed into a room by hand or from a script.
pub const INBOX: &str = "inbox";
/// The longest that a signal of others stays unseen where nothing stirs.
const NET: Span = Span::seconds(5);

#[derive(Clone)]
pub(super) struct Inbox {
    name: SourceName,
    keeper: Arc<dyn SignalKeeper>,
    found: mpsc::Sender<Vec<Chunk>>,
}

impl Inbox {
    pub(super) fn new(keeper: Arc<dyn SignalKeeper>, found: mpsc::Sender<Vec<Chunk>>) -> Self {
        Self { name: SourceName::new(INBOX), keeper, found }
    }

    /// Looks whenever somebody may have kept something. What fails here shows at the next poll.
    pub(super) async fn hurry(self, mut stopped: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                biased;
                _ = stopped.wait_for(|stop| *stop) => return,
                () = self.keeper.stirred() => {}
            }
            while matches!(self.look().await, Ok(true)) {}
        }
    }

    /// Whether there was anything. There is a place for it before it is looked for, so that nothing is lost when
    /// this is dropped.
    async fn look(&self) -> Result<bool, SourceError> {
        let place = self.found.reserve().await.map_err(|_| SourceError::transient("the room closes"))?;
        let chunks = self.keeper.follow().await?;
        let any = !chunks.is_empty();
        if any {
            place.send(chunks);
        }
        Ok(any)
    }

    async fn answer(&self) -> Result<Polled, SourceError> {
        let again_in = if self.look().await? { Span::ZERO } else { NET };
        Ok(Polled { signals: Vec::new(), again_in })
    }
}

impl Source for Inbox {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, _: Time) -> Polling<'_> {
        Box::pin(self.answer())
    }
}

impl From<KeepError> for SourceError {
    fn from(error: KeepError) -> Self {
        Self { fix: error.fix, ..Self::transient(error.what) }
    }
}
