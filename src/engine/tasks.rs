//! The tasks of an engine: started together, stopped together, each one joined, a crash of any said aloud.

use super::board::{Board, Subject};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::task::{Id, JoinSet};
use tokio::time::timeout;

pub(super) const RECORD: &str = "the journal's writer";
pub(super) const PROVE: &str = "the walk along the journal's chain";
pub(super) const GATHER: &str = "the gathering of signals";
pub(super) const LOAD: &str = "the reading of kept signals";
pub(super) const ATTEND: &str = "the keeping of who is here";
pub(super) const HURRY: &str = "the watching for kept signals";
pub(super) const FOLLOW: &str = "the following of the catalog";
pub(super) const KEEP: &str = "the keeping of signals";

/// How long tasks may take to end by themselves.
const DEADLINE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Tasks {
    running: Mutex<Running>,
    stop: watch::Sender<bool>,
    board: Arc<Board>,
}

#[derive(Debug, Default)]
struct Running {
    tasks: JoinSet<()>,
    names: HashMap<Id, &'static str>,
}

impl Tasks {
    pub(super) fn new(board: &Arc<Board>) -> Self {
        Self { running: Mutex::default(), stop: watch::Sender::new(false), board: Arc::clone(board) }
    }

    /// Turns true when it is time to end.
    pub(super) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    pub(super) fn spawn(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let witness = Witness { name, board: Arc::clone(&self.board) };
        let running = self.running.get_mut();
        let task = running.tasks.spawn(async move {
            let _witness = witness;
            work.await;
        });
        running.names.insert(task.id(), name);
    }

    pub(super) async fn stop(&self) -> Vec<&'static str> {
        self.stop.send_replace(true);
        let mut running = self.running.lock().await;
        let Running { tasks, names } = &mut *running;
        let joined = timeout(DEADLINE, async {
            while let Some(ended) = tasks.join_next_with_id().await {
                if let Ok((id, ())) = ended {
                    names.remove(&id);
                }
            }
        });
        if joined.await.is_err() {
            tasks.shutdown().await;
        }
        let mut unclean: Vec<_> = names.drain().map(|(_, name)| name).collect();
        unclean.sort_unstable();
        unclean
    }
}

/// Tells of a crash as it unwinds past.
struct Witness {
    name: &'static str,
    board: Arc<Board>,
}

impl Drop for Witness {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let words = format!("{} has crashed; restart, and please report this as a bug", self.name);
        self.board.notice(Subject::Crash(self.name), Some(words));
        if self.name == GATHER {
            self.board.gathers_no_more();
        }
    }
}
