//! A session's terminal at the other end of an SSH channel.
//!
//! A client that does not read makes its own session wait, which then draws only what is newest; after [`SLOW`] it is
//! taken as gone. Nothing is queued for it beyond what the protocol's window holds.

use super::inbox::Inbox;
use super::lobby::Pass;
use crate::tui::carrier::{Abilities, Arrival, Carrier};
use ratatui::layout::Size;
use russh::ChannelWriteHalf;
use russh::server::Msg;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// Nobody's line takes this long for one screen.
const SLOW: Duration = Duration::from_secs(60);

pub(super) type Output = Arc<ChannelWriteHalf<Msg>>;

pub(super) struct Channel {
    pub(super) inbox: Arc<Inbox>,
    pub(super) output: Output,
    pub(super) pass: Arc<Pass>,
    pub(super) size: Size,
    pub(super) abilities: Abilities,
    pub(super) idle: Duration,
    pub(super) last_key: Instant,
    /// Why the session ended, when it was not the person who ended it.
    pub(super) reason: Arc<OnceLock<Arc<str>>>,
}

impl Channel {
    fn end(&self, reason: Arc<str>) -> Arrival {
        // The first reason is the one.
        let _ = self.reason.set(reason);
        Arrival::Ended
    }

    fn take(&mut self, arrival: Arrival) -> Arrival {
        match &arrival {
            Arrival::Bytes(_) => self.last_key = Instant::now(),
            Arrival::Resized(size) => self.size = *size,
            Arrival::Ended => {}
        }
        arrival
    }
}

impl Carrier for Channel {
    async fn next(&mut self) -> Arrival {
        let (inbox, pass) = (Arc::clone(&self.inbox), Arc::clone(&self.pass));
        tokio::select! {
            biased;
            words = pass.dismissed() => self.end(words),
            arrival = inbox.next() => self.take(arrival),
            () = sleep_until(self.last_key + self.idle) => self.end("No key was pressed for a long time".into()),
        }
    }

    fn waiting(&mut self) -> Option<Arrival> {
        let arrival = self.inbox.waiting()?;
        Some(self.take(arrival))
    }

    fn size(&self) -> Size {
        self.size
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        write(&self.output, bytes, None).await
    }

    fn abilities(&self) -> Abilities {
        self.abilities
    }
}

/// Into the output, or into another stream of the channel.
pub(super) async fn write(
    output: &ChannelWriteHalf<Msg>,
    bytes: &[u8],
    stream: Option<u32>,
) -> io::Result<()> {
    let bytes = bytes.to_vec();
    let sent = async {
        match stream {
            None => output.data_bytes(bytes).await,
            Some(stream) => output.extended_data_bytes(stream, bytes).await,
        }
    };
    match timeout(SLOW, sent).await {
        Ok(sent) => sent.map_err(io::Error::other),
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}
