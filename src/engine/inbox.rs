//! The inbox: what other processes put into the keeping, taken in like what any source tells.
//!
//! A source, so that it is asked, backed off from and shown as all of them are; but what it finds is kept already and
//! goes to the gathering in whole chunks, beside the signals of the others.

use super::keep::{KeepError, SignalKeeper};
use crate::domain::log::Chunk;
use crate::domain::{SourceName, Span, Time};
use crate::sources::{Polled, Polling, Source, SourceError};
use std::sync::Arc;
use tokio::sync::mpsc;

/// The source of what is pushed into a room by hand or from a script.
pub const INBOX: &str = "inbox";

pub(super) struct Inbox {
    name: SourceName,
    keeper: Arc<dyn SignalKeeper>,
    found: mpsc::Sender<Vec<Chunk>>,
}

impl Inbox {
    pub(super) fn new(keeper: Arc<dyn SignalKeeper>, found: mpsc::Sender<Vec<Chunk>>) -> Self {
        Self { name: SourceName::new(INBOX), keeper, found }
    }

    /// There is a place for what is found before it is looked for, so that nothing is lost when this is dropped.
    async fn look(&self) -> Result<Polled, SourceError> {
        let place = self.found.reserve().await.map_err(|_| SourceError::transient("the room closes"))?;
        let chunks = self.keeper.follow().await?;
        if !chunks.is_empty() {
            place.send(chunks);
        }
        Ok(Polled { signals: Vec::new(), again_in: Span::ZERO })
    }
}

impl Source for Inbox {
    fn name(&self) -> &SourceName {
        &self.name
    }

    fn poll(&mut self, _: Time) -> Polling<'_> {
        Box::pin(self.look())
    }
}

impl From<KeepError> for SourceError {
    fn from(error: KeepError) -> Self {
        Self { fix: error.fix, ..Self::transient(error.what) }
    }
}
