//! Who is here: what this session tells the others of itself, and how anybody's presence is said.

use super::ui::Ui;
use crate::domain::{Incident, Person};
use crate::engine::Snapshot;
use crate::keymap::Context;
use std::collections::BTreeMap;

const TYPING: &str = ", typing";

/// What this person looks at, and whether they type.
pub fn told(ui: &Ui) -> String {
    let is_typing = matches!(ui.contexts().first(), Some(Context::Text | Context::Editor));
    let typing = if is_typing { TYPING } else { "" };
    format!("{}{typing}", ui.screen.title())
}

/// Somebody at one screen or several, and what they do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    pub person: Person,
    /// IC, or the roles they have in the incident.
    pub part: String,
    pub what: Vec<String>,
}

impl Here {
    pub fn is_typing(&self) -> bool {
        self.what.iter().any(|what| what.ends_with(TYPING))
    }
}

/// Everybody who is here, who commands first.
pub fn here(snapshot: &Snapshot, incident: &Incident) -> Vec<Here> {
    let mut people: BTreeMap<&Person, Vec<String>> = BTreeMap::new();
    for attendee in snapshot.present.iter() {
        people.entry(&attendee.person).or_default().push(attendee.what.clone());
    }
    let here = people.into_iter().map(|(person, what)| Here {
        person: person.clone(),
        part: part(incident, person),
        what,
    });
    let mut here: Vec<_> = here.collect();
    here.sort_by_key(|it| incident.command.holder.as_ref() != Some(&it.person));
    here
}

fn part(incident: &Incident, person: &Person) -> String {
    let commands = (incident.command.holder.as_ref() == Some(person)).then_some("IC");
    let roles = incident.roles.iter().filter(|(_, people)| people.contains(person));
    commands.into_iter().chain(roles.map(|(role, _)| role.title())).collect::<Vec<_>>().join(", ")
}
