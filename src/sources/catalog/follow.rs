//! Following the files of a catalog while a room is open: when they have settled after a change, they are read again.
//!
//! Where files cannot be watched, and where a folder was put in the place of another, a look now and then finds what
//! changed.

use super::load::{Loaded, Loader, Trace};
use crate::watching::Watching;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long nothing may have been written before it is read: an editor writes in steps, a checkout many files.
const SETTLE: Duration = Duration::from_millis(200);
/// Settling ends at last, however much is written.
const STEPS: usize = 10;
/// How often one looks without having been woken.
const LOOK: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub struct Follower {
    loader: Option<Loader>,
    told: Option<Loaded>,
    trace: Trace,
    watching: Watching,
}

impl Follower {
    /// Follows what a loader has loaded.
    pub fn new(loader: Loader, told: Option<Loaded>) -> Self {
        let watching = Watching::place(loader.place(), "the catalog");
        let trace = loader.trace();
        Self { loader: Some(loader), told, trace, watching }
    }

    /// Waits until the catalog, or what is wrong with it, is another than before. Never ends when nothing changes.
    pub async fn next(&mut self) -> Loaded {
        loop {
            let woken = timeout(LOOK, self.watching.stirred()).await.is_ok();
            for _ in 0..STEPS {
                if !woken || timeout(SETTLE, self.watching.stirred()).await.is_err() {
                    break;
                }
            }
            if let Some(loaded) = self.look(woken).await
                && self.told.as_ref() != Some(&loaded)
            {
                self.told = Some(loaded.clone());
                return loaded;
            }
        }
    }

    /// Reads on a thread where a slow disk holds up nobody. What cannot be read at all changes nothing.
    async fn look(&mut self, woken: bool) -> Option<Loaded> {
        let mut loader = self.loader.take()?;
        let place = loader.place().to_owned();
        let before = std::mem::take(&mut self.trace);
        let mut reading = JoinSet::new();
        reading.spawn_blocking(move || {
            let trace = loader.trace();
            let loaded = (woken || trace != before).then(|| loader.load());
            (loader, trace, loaded)
        });
        let Some(Ok((loader, trace, loaded))) = reading.join_next().await else {
            self.loader = Some(Loader::new(place));
            return None;
        };
        (self.loader, self.trace) = (Some(loader), trace);
        match loaded? {
            Ok(loaded) => Some(loaded),
            Err(error) => {
                tracing::warn!(%error, place = %place.display(), "the catalog cannot be read; it stays as it was");
                None
            }
        }
    }
}
