//! The logs of the room's accounts as its sessions ask them: saved queries, and whether somebody looks at lines.

use crate::domain::query::{Findings, SavedQuery};
use crate::domain::{Clock, Time};
use crate::sources::aws::{Target, insights};
use crate::tui::asking::{AskLogs, Asked};
use std::fmt;
use std::sync::Arc;
use tokio::sync::watch;

pub(super) struct Logs {
    pub(super) targets: Vec<Arc<Target>>,
    pub(super) clock: Clock,
}

impl AskLogs for Logs {
    fn saved(&self) -> Vec<SavedQuery> {
        self.targets.iter().flat_map(|target| insights::saved(target)).collect()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a question outlives the key that asked it; it ends when nobody listens, and is joined by who asked"
    )]
    fn ask(&self, query: &SavedQuery, until: Time) -> Asked {
        let (tell, findings) = watch::channel(Findings::asked(until - query.since, until));
        let target = self.targets.iter().find(|target| *target.source() == query.source).cloned();
        let (query, clock) = (query.clone(), self.clock.clone());
        let done = tokio::spawn(async move {
            if let Some(target) = target {
                insights::ask(&target, &clock, &query, until, tell).await;
            }
        });
        Asked { findings, done }
    }

    fn look(&self) -> Box<dyn Send> {
        let looks: Vec<_> = self.targets.iter().map(|target| target.onlookers().look()).collect();
        Box::new(looks)
    }
}

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logs").field("targets", &self.targets.len()).finish_non_exhaustive()
    }
}
