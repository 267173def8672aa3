//! The store as the place where a person's drafts are kept.

use crate::domain::{Clock, Person};
use crate::store::{Draft, Store};
use crate::tui::drafts::Slot;
use crate::tui::keeping::{KeepDrafts, Kept};
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

/// What is kept of a person: where it belongs, and the words. A store that cannot be read costs them that, and has
/// said so.
pub(in crate::cli) async fn of(store: Option<&Store>, person: &Person) -> Vec<(String, String)> {
    let Some(store) = store else { return Vec::new() };
    let drafts = store.drafts(person).await.unwrap_or_default();
    drafts.into_iter().map(|draft| (draft.slot, draft.text)).collect()
}

/// The sessions that are there: known as present, in a process that runs. One that was killed is present for a while yet.
pub(in crate::cli) async fn alive(store: Option<&Store>, clock: &Clock) -> BTreeSet<String> {
    let Some(store) = store else { return BTreeSet::new() };
    let present = store.who(clock.now()).await.unwrap_or_default();
    present.into_iter().map(|it| it.session).filter(|session| runs(session)).collect()
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
