//! Learning of what other processes append: a watch on the write-ahead log, and a slow look as the net under it.
//!
//! Starts with the first who asks and ends with the journal. While nobody writes it sleeps.

use super::open::LOG;
use super::{File, Head};
use crate::watching::Watching;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

/// The longest that a record of others stays unseen where files cannot be watched (network drives, exhausted limits).
const NET: Duration = Duration::from_secs(5);

/// The log is written before the record in it is durable and visible, and the last step makes no noise; so a
/// stir is followed by looks ever further apart, half a second in all.
const FIRST_LOOK: Duration = Duration::from_millis(1);
const LOOKS: u32 = 9;

pub(super) struct Follower {
    task: AbortHandle,
    /// Watches until it is dropped.
    _watching: Watching,
}

impl Follower {
    pub(super) fn start(file: &Arc<File>, runtime: &tokio::runtime::Handle) -> Self {
        let watching = Watching::beside(&file.path, LOG, "the journal's file");
        let task = runtime.spawn(follow(Arc::downgrade(file), watching.bell())).abort_handle();
        Self { task, _watching: watching }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The first look marks a change in any case, since something may have been appended before the watch began.
/// However many stirs there are while it looks, one is kept.
async fn follow(file: Weak<File>, stirred: Arc<Notify>) {
    let mut seen = None;
    let mut looks = 1;
    while look(&file, looks, &mut seen).await.is_some() {
        looks = match tokio::time::timeout(NET, stirred.notified()).await {
            Ok(()) => LOOKS,
            Err(_) => 1,
        };
    }
}

/// Looks until the head has moved, at most so many times; nothing when the journal is gone.
async fn look(file: &Weak<File>, times: u32, seen: &mut Option<Head>) -> Option<()> {
    let mut pause = FIRST_LOOK;
    for time in 1..=times {
        if has_moved(&*file.upgrade()?, seen).await || time == times {
            break;
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    Some(())
}

/// Looks at the head and tells everybody if it is another; one that cannot be read now will be read later.
async fn has_moved(file: &File, seen: &mut Option<Head>) -> bool {
    let Ok(head) = file.head().await else { return false };
    let moved = seen.replace(head) != Some(head);
    if moved {
        file.changed.send_replace(());
    }
    moved
}
