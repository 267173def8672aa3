//! Being woken when somebody writes to the store's file.

use super::Store;
use crate::watching::Watching;
use std::path::Path;
use std::time::Duration;
use tokio::time::sleep;

/// What is written can be read a moment later, and writes come in bursts.
const SETTLE: Duration = Duration::from_millis(30);

pub struct Stirs(Watching);

impl Store {
    /// Begins to watch.
    pub fn stirs(&self) -> Stirs {
        Stirs(Watching::beside(Path::new(&*self.place), "-wal", "the store's file"))
    }
}

impl Stirs {
    /// Until somebody has written since the last call.
    pub async fn next(&self) {
        self.0.stirred().await;
        sleep(SETTLE).await;
    }
}
