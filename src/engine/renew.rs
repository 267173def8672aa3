//! A catalog that changes while the room is open: what is new of it, and who brings it.

use super::diagnose::Diagnose;
use crate::domain::Catalog;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// The catalog as it is from now on.
pub struct Renewed {
    pub catalog: Arc<Catalog>,
    /// Makes a diagnosis that judges by it.
    pub diagnosis: Box<dyn Fn() -> Box<dyn Diagnose> + Send>,
    /// What is wrong with it, if anything.
    pub notice: Option<String>,
}

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewed").field("notice", &self.notice).finish_non_exhaustive()
    }
}

/// Where renewed catalogs come from.
pub struct Renewals {
    pub renewed: mpsc::Receiver<Renewed>,
    /// What goes on looking for them until the room closes.
    pub follow: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Follows until it is time to end.
pub(super) async fn follow(
    following: Pin<Box<dyn Future<Output = ()> + Send>>,
    mut stopped: watch::Receiver<bool>,
) {
    tokio::select! {
        biased;
        _ = stopped.wait_for(|stop| *stop) => {}
        () = following => {}
    }
}

/// The next one; for ever when none can come.
pub(super) async fn next(renewed: &mut Option<mpsc::Receiver<Renewed>>) -> Renewed {
    loop {
        let Some(receiver) = renewed else { return std::future::pending().await };
        match receiver.recv().await {
            Some(next) => return next,
            None => *renewed = None,
        }
    }
}
