//! Being woken when somebody writes to a file or into a folder.
//!
//! A help and no promise: where nothing can be watched nobody is woken, and whoever waits looks now and then all the same.
//! Trouble with the watching wakes too, since something may have been missed.

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Notify;

#[derive(Debug)]
pub struct Watching {
    stirred: Arc<Notify>,
    /// Watches until it is dropped.
    _watcher: Option<RecommendedWatcher>,
}

/// What wakes. Of a file its folder is watched, since files come and go and editors put another in its place.
#[derive(Debug)]
enum Place {
    /// A folder with all that is below it.
    Folder(PathBuf),
    File(PathBuf),
}

impl Watching {
    /// A folder with all that is below it, or a file. What it is called is said where it cannot be watched.
    pub fn place(path: &Path, called: &str) -> Self {
        let place = path.canonicalize();
        Self::of(
            place.map(|path| if path.is_dir() { Place::Folder(path) } else { Place::File(path) }),
            called,
        )
    }

    /// A file that comes and goes beside another, `-wal`: beside the other itself, and not beside a link to it.
    pub fn beside(path: &Path, suffix: &str, called: &str) -> Self {
        let beside = |path: PathBuf| {
            let mut name = path.into_os_string();
            name.push(suffix);
            Place::File(name.into())
        };
        Self::of(path.canonicalize().map(beside), called)
    }

    fn of(place: io::Result<Place>, called: &str) -> Self {
        let stirred = Arc::new(Notify::new());
        let watched = place.map_err(notify::Error::io).and_then(|place| watch(place, Arc::clone(&stirred)));
        let unwatched = |error: &notify::Error| {
            tracing::warn!(%error, "{called} cannot be watched; it is looked at now and then");
        };
        Self { stirred, _watcher: watched.inspect_err(unwatched).ok() }
    }

    /// Until somebody has written since the last time. However often that was, it wakes once.
    pub async fn stirred(&self) {
        self.stirred.notified().await;
    }

    /// What is woken, for a task that must not hold on to the watching.
    pub fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.stirred)
    }
}

fn watch(place: Place, stirred: Arc<Notify>) -> notify::Result<RecommendedWatcher> {
    let (folder, mode) = match &place {
        Place::Folder(folder) => (folder.clone(), RecursiveMode::Recursive),
        Place::File(file) => {
            (file.parent().unwrap_or(Path::new("/")).to_owned(), RecursiveMode::NonRecursive)
        }
    };
    let mut watcher = notify::recommended_watcher(move |heard: notify::Result<Event>| {
        if place.is_stirred_by(&heard) {
            stirred.notify_one();
        }
    })?;
    watcher.watch(&folder, mode)?;
    Ok(watcher)
}

impl Place {
    fn is_stirred_by(&self, heard: &notify::Result<Event>) -> bool {
        let Ok(event) = heard else { return true };
        !event.kind.is_access()
            && match self {
                Self::Folder(_) => true,
                Self::File(file) => event.paths.contains(file),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, CreateKind, EventKind};
    use std::time::Duration;
    use tokio::time::timeout;

    #[test]
    fn trouble_and_what_is_written_wake_and_what_is_only_read_or_another_file_does_not() {
        let (file, folder) = (Place::File("/room/journal".into()), Place::Folder("/room".into()));
        let heard = |kind, path: &str| Ok(Event::new(kind).add_path(path.into()));
        for place in [&file, &folder] {
            assert!(place.is_stirred_by(&Err(notify::Error::generic("a queue ran over"))));
            assert!(place.is_stirred_by(&heard(EventKind::Create(CreateKind::File), "/room/journal")));
            assert!(!place.is_stirred_by(&heard(EventKind::Access(AccessKind::Read), "/room/journal")));
        }
        let other = heard(EventKind::Create(CreateKind::File), "/room/other");
        assert!(folder.is_stirred_by(&other) && !file.is_stirred_by(&other));
    }

    #[tokio::test]
    async fn a_log_that_comes_later_is_noticed_through_a_link_and_a_place_that_is_not_there_wakes_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("journal"), folder.path().join("elsewhere"));
        std::fs::write(&file, "").unwrap();
        std::fs::create_dir(&link).unwrap();
        std::os::unix::fs::symlink(&file, link.join("journal")).unwrap();
        let watching = Watching::beside(&link.join("journal"), "-wal", "the journal");
        std::fs::write(folder.path().join("journal-wal"), "news").unwrap();
        timeout(Duration::from_secs(30), watching.stirred()).await.unwrap();
        let nowhere = Watching::place(&folder.path().join("nowhere"), "the catalog");
        assert!(timeout(Duration::from_millis(10), nowhere.stirred()).await.is_err());
    }
}
