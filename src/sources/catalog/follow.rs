//! Following the files of a catalog while a room is open: when they have settled after a change, they are read again.
//!
//! Being woken is a help and no promise: where files cannot be watched, and where a folder was put in the place of
//! another, a look now and then finds what changed.

use super::load::{Loaded, Loader, Trace};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
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
    stirred: Arc<Notify>,
    /// Watches until it is dropped.
    _watcher: Option<RecommendedWatcher>,
}

impl Follower {
    /// Follows what a loader has loaded.
    pub fn new(loader: Loader, told: Option<Loaded>) -> Self {
        let stirred = Arc::new(Notify::new());
        let unwatched = |error: &notify::Error| tracing::warn!(%error, "the catalog cannot be watched");
        let watcher = watch(loader.place(), Arc::clone(&stirred)).inspect_err(unwatched).ok();
        let trace = loader.trace();
        Self { loader: Some(loader), told, trace, stirred, _watcher: watcher }
    }

    /// Waits until the catalog, or what is wrong with it, is another than before. Never ends when nothing changes.
    pub async fn next(&mut self) -> Loaded {
        loop {
            let woken = timeout(LOOK, self.stirred.notified()).await.is_ok();
            for _ in 0..STEPS {
                if !woken || timeout(SETTLE, self.stirred.notified()).await.is_err() {
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

/// Of a single file the folder is watched, since editors put another file in its place.
fn watch(place: &Path, stirred: Arc<Notify>) -> notify::Result<RecommendedWatcher> {
    let place = place.canonicalize()?;
    let is_folder = place.is_dir();
    let (folder, mode) = match place.parent().filter(|_| !is_folder) {
        Some(parent) => (parent.to_owned(), RecursiveMode::NonRecursive),
        None => (place.clone(), RecursiveMode::Recursive),
    };
    let concerns_us =
        move |event: notify::Event| !event.kind.is_access() && (is_folder || event.paths.contains(&place));
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(&concerns_us) {
            stirred.notify_one();
        }
    })?;
    watcher.watch(&folder, mode)?;
    Ok(watcher)
}
