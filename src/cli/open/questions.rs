//! The saved questions of a story, asked as those of an account are: the answer grows, and stops when nobody waits.

use crate::domain::query::{Findings, SavedQuery};
use crate::domain::{Clock, Time};
use crate::sources::scenario::Scenario;
use crate::tui::asking::{AskLogs, Asked};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Between two parts of an answer: a server takes its time as well, and whoever tries it out sees how to stop it.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(super) struct Questions {
    scenario: Arc<Scenario>,
    clock: Clock,
}

impl Questions {
    /// Nothing where the story has saved none.
    pub(super) fn of(scenario: &Arc<Scenario>, clock: &Clock) -> Option<Arc<dyn AskLogs>> {
        let (scenario, clock) = (Arc::clone(scenario), clock.clone());
        (!scenario.queries().is_empty()).then(|| Arc::new(Self { scenario, clock }) as Arc<dyn AskLogs>)
    }
}

impl AskLogs for Questions {
    fn saved(&self) -> Vec<SavedQuery> {
        self.scenario.queries().to_vec()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a question outlives the key that asked it; it ends when nobody listens, and is joined by who asked"
    )]
    fn ask(&self, query: &SavedQuery, until: Time) -> Asked {
        // Nobody knows what comes yet, whatever moment is asked about.
        let until = until.min(self.clock.now());
        let (tell, findings) = watch::channel(Findings::asked(until - query.since, until));
        let (scenario, query) = (Arc::clone(&self.scenario), query.clone());
        let done = tokio::spawn(async move { answer(&scenario, &query, until, &tell).await });
        Asked { findings, done }
    }

    /// Its lines come as they come, whether anybody looks or not.
    fn look(&self) -> Box<dyn Send> {
        Box::new(())
    }
}

async fn answer(scenario: &Scenario, query: &SavedQuery, until: Time, tell: &watch::Sender<Findings>) {
    for found in scenario.answers(query, until) {
        tokio::select! {
            biased;
            () = tell.closed() => return,
            () = sleep(PAUSE) => {}
        }
        tell.send_replace(found);
    }
}
