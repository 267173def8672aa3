//! What each verb does in a session: one table of deeds, a file for each group.
//!
//! A verb without a deed does not exist in this build: it has no help line, no palette row, and its key does
//! nothing. A deed that cannot be done right now stays visible with its reason.

mod app;
pub mod command;
mod entries;
pub mod follow;
pub mod incident;
mod items;
pub mod lists;
mod logs;
mod overlays;
pub mod pack;
mod readiness;
pub mod retro;
mod rights;
mod rollback;
mod services;
pub mod travel;
mod work;

use super::message::Effect;
use super::text::sentence;
use super::ui::{Ui, World};
use crate::domain::rights::Right;
use crate::keymap::{Context, Verb};

pub struct Deed {
    pub verb: Verb,
    pub able: fn(&Ui, World<'_>) -> Able,
    pub run: fn(&mut Ui, World<'_>) -> Vec<Effect>,
}

/// Whether a verb can be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Able {
    Yes,
    No(String),
}

impl Able {
    pub fn when(condition: bool, otherwise: &str) -> Self {
        if condition { Self::Yes } else { Self::No(otherwise.to_owned()) }
    }
}

const GROUPS: [&[Deed]; 16] = [
    app::DEEDS,
    incident::DEEDS,
    entries::DEEDS,
    work::DEEDS,
    rollback::DEEDS,
    command::DEEDS,
    retro::DEEDS,
    readiness::DEEDS,
    follow::DEEDS,
    pack::DEEDS,
    lists::DEEDS,
    services::DEEDS,
    logs::DEEDS,
    items::DEEDS,
    travel::DEEDS,
    overlays::DEEDS,
];

pub fn all() -> impl Iterator<Item = &'static Deed> {
    GROUPS.into_iter().flatten()
}

pub fn find(verb: Verb) -> Option<&'static Deed> {
    all().find(|deed| deed.verb == verb)
}

/// Does it, or says why not.
pub fn perform(verb: Verb, ui: &mut Ui, world: World<'_>) -> Vec<Effect> {
    let Some(deed) = find(verb) else { return Vec::new() };
    // What is seen then is another's, and what a key would change is not seen.
    if rights::needed(verb) > Right::Observe && ui.overlays.is_empty() && follow::stays(ui) {
        return Vec::new();
    }
    match deed.judge(ui, world) {
        Able::Yes => (deed.run)(ui, world),
        Able::No(reason) => {
            ui.complain(sentence(&reason));
            Vec::new()
        }
    }
}

impl Deed {
    /// Whether this person may, and then whether it can be done now.
    pub fn judge(&self, ui: &Ui, world: World<'_>) -> Able {
        match ui.right.allows(rights::needed(self.verb)) {
            Ok(()) => (self.able)(ui, world),
            Err(denied) => Able::No(denied.to_string()),
        }
    }

    const fn always(verb: Verb, run: fn(&mut Ui, World<'_>) -> Vec<Effect>) -> Self {
        Self { verb, able: |_, _| Able::Yes, run }
    }

    /// The palette offers what can be done from anywhere or to the line under the cursor, not the keys within
    /// fields and windows.
    pub fn is_in_palette(&self) -> bool {
        let within = [
            Context::Text,
            Context::Palette,
            Context::Themes,
            Context::Confirm,
            Context::Menu,
            Context::Board,
        ];
        self.verb.contexts().iter().any(|context| !within.contains(context)) && self.verb != Verb::AppPalette
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_verb_has_at_most_one_deed() {
        let verbs: BTreeSet<_> = all().map(|deed| deed.verb).collect();
        assert_eq!(verbs.len(), all().count());
    }
}
