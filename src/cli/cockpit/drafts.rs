//! The store as the place where a person's drafts are kept.

use super::LOOKED;
use crate::domain::{Clock, Person, Time};
use crate::store::{Draft, Store, StoreError};
use crate::tui::drafts::{Slot, restore};
use crate::tui::keeping::{KeepDrafts, Kept};
use crate::tui::overlays::catchup::Looked;
use crate::tui::ui::Ui;
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::cli) struct Keeper {
    pub(in crate::cli) store: Store,
    pub(in crate::cli) person: Person,
}

impl KeepDrafts for Keeper {
    fn keep(&self, changed: BTreeMap<Slot, String>) -> Kept {
        let (store, person) = (self.store.clone(), self.person.clone());
        Box::pin(async move {
            let draft = |(slot, text): (Slot, String)| Draft { slot: slot.to_string(), text };
            let drafts: Vec<_> = changed.into_iter().map(draft).collect();
            let kept = store.keep_drafts(&person, &drafts).await;
            kept.map_err(|error| format!("{error}; {}", error.fix()))
        })
    }
}

/// Gives a session what is kept of its person. Where that cannot be read they are told, and what was begun is left for
/// the next start.
pub(in crate::cli) async fn give_back(
    ui: &mut Ui,
    store: Option<&Store>,
    clock: &Clock,
    session: Option<&str>,
) {
    let Some(store) = store else { return };
    match (store.drafts(&ui.me).await, alive(store, clock).await) {
        (Ok(found), Ok(alive)) => {
            let found: Vec<_> = found.into_iter().map(|draft| (draft.slot, draft.text)).collect();
            ui.looked = Looked::until(last_look(&found));
            let Some(session) = session else { return };
            let sentences = found.into_iter().filter(|(slot, _)| slot != LOOKED);
            restore(ui, session, sentences, |session| alive.contains(session));
        }
        (Err(error), _) | (_, Err(error)) => {
            ui.complain(format!("What you had begun to write cannot be read: {error}; {}", error.fix()));
        }
    }
}

fn last_look(found: &[(String, String)]) -> Option<Time> {
    found.iter().find(|(slot, _)| slot == LOOKED)?.1.parse().ok()
}

/// The sessions that are there: known as present, in a process that runs. One that was killed is present for a while yet.
async fn alive(store: &Store, clock: &Clock) -> Result<BTreeSet<String>, StoreError> {
    let present = store.who(clock.now()).await?;
    Ok(present.into_iter().map(|it| it.session).filter(|session| runs(session)).collect())
}

/// Whether the process that a session begins with is there, as far as this machine can tell.
fn runs(session: &str) -> bool {
    let pid = session.split('-').next().and_then(|pid| pid.parse().ok()).and_then(Pid::from_raw);
    pid.is_none_or(|pid| test_kill_process(pid) != Err(Errno::SRCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_there_as_long_as_its_process_is() {
        assert!(runs(&format!("{}-1773671370000", std::process::id())));
        assert!(runs(&format!("{}-ssh-3-1773671370000", std::process::id())));
        // No process has so high a number.
        assert!(!runs("2147483646-1773671370000"));
    }
}
