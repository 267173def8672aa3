//! Where the drafts of a story's people are kept, and what became of them after a kill.

use sitroom::domain::Person;
use sitroom::tui::drafts::Slot;
use sitroom::tui::keeping::{KeepDrafts, Kept};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Shared by all sessions, as a store is.
#[derive(Clone, Default)]
pub struct Cupboard {
    kept: Arc<Mutex<BTreeMap<(Person, String), String>>>,
    /// A disk so slow that nothing more is kept before the kill.
    is_stuck: Arc<Mutex<bool>>,
}

/// One person's shelf.
struct Shelf {
    cupboard: Cupboard,
    person: Person,
}

impl Cupboard {
    pub fn of(&self, person: &Person) -> Arc<dyn KeepDrafts> {
        Arc::new(Shelf { cupboard: self.clone(), person: person.clone() })
    }

    pub fn found(&self, person: &Person) -> Vec<(String, String)> {
        let kept = self.kept.lock().unwrap();
        let theirs = kept.iter().filter(|((owner, _), _)| owner == person);
        theirs.map(|((_, slot), text)| (slot.clone(), text.clone())).collect()
    }

    pub fn stick(&self, is_stuck: bool) {
        *self.is_stuck.lock().unwrap() = is_stuck;
    }
}

impl KeepDrafts for Shelf {
    fn keep(&self, changed: BTreeMap<Slot, String>) -> Kept {
        if !*self.cupboard.is_stuck.lock().unwrap() {
            let mut kept = self.cupboard.kept.lock().unwrap();
            for (slot, text) in changed {
                kept.insert((self.person.clone(), slot.to_string()), text);
            }
            kept.retain(|_, text| !text.is_empty());
        }
        Box::pin(std::future::ready(Ok(())))
    }
}
