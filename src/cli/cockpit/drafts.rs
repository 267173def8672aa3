//! The store as the place where a person's drafts are kept.

use crate::domain::Person;
use crate::store::{Draft, Store};
use crate::tui::drafts::Slot;
use crate::tui::keeping::{KeepDrafts, Kept};
use std::collections::BTreeMap;

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
