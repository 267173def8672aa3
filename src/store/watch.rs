//! Being woken when somebody writes to the store's file.
//!
//! A help and no promise: where files cannot be watched nobody is woken, and whoever follows looks now and then
//! all the same.

use super::Store;
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

/// What is written can be read a moment later, and writes come in bursts.
const SETTLE: Duration = Duration::from_millis(30);

pub struct Stirs {
    stirred: Arc<Notify>,
    /// Watches until it is dropped.
    _watcher: Option<RecommendedWatcher>,
}

impl Store {
    /// Begins to watch.
    pub fn stirs(&self) -> Stirs {
        let stirred = Arc::new(Notify::new());
        let watcher = watch(Path::new(&*self.place), Arc::clone(&stirred));
        let unwatched = |error: &notify::Error| tracing::warn!(%error, "the store's file cannot be watched");
        Stirs { stirred, _watcher: watcher.inspect_err(unwatched).ok() }
    }
}

impl Stirs {
    /// Until somebody has written since the last call.
    pub async fn next(&self) {
        self.stirred.notified().await;
        sleep(SETTLE).await;
    }
}

/// The folder is watched, since the write-ahead log comes and goes.
fn watch(path: &Path, stirred: Arc<Notify>) -> notify::Result<RecommendedWatcher> {
    let path = path.canonicalize()?;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let concerns_log =
        move |event: notify::Event| !event.kind.is_access() && event.paths.iter().any(|path| *path == *log);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(&concerns_log) {
            stirred.notify_one();
        }
    })?;
    watcher.watch(path.parent().unwrap_or(Path::new("/")), RecursiveMode::NonRecursive)?;
    Ok(watcher)
}
