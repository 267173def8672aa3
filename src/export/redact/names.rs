//! Whose names are taken out, and the number each person has instead.

use super::{CLOSED, is_joint, is_word, runs};
use crate::domain::event::RetroContent;
use crate::domain::id::Person;
use crate::export::model::Model;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Names {
    /// In small letters.
    words: BTreeMap<String, String>,
    /// Names of several words.
    phrases: Vec<(Vec<String>, String)>,
}

impl Names {
    /// Those who took part have the first numbers, so that they stay the same whoever else is known.
    pub(super) fn of(model: &Model, also: &BTreeSet<Person>, texts: &Value) -> Self {
        let mut others: BTreeSet<String> = also.iter().map(|person| person.as_str().to_lowercase()).collect();
        others.extend(model.timeline.iter().map(|row| row.by.as_str().to_lowercase()));
        others.extend(
            model.rows.iter().filter_map(|row| owner(&row.content)).map(|it| it.as_str().to_lowercase()),
        );
        mentions(texts, &mut others);
        let took_part = model.incident.people.keys().map(|person| person.as_str().to_lowercase());
        let mut names = Self { words: BTreeMap::new(), phrases: Vec::new() };
        for name in took_part.chain(others) {
            names.add(&name);
        }
        names
    }

    fn add(&mut self, name: &str) {
        let words: Vec<_> = name.split_whitespace().map(str::to_owned).collect();
        let is_known = self.words.contains_key(name) || self.phrases.iter().any(|(known, _)| *known == words);
        if !name.starts_with(char::is_alphabetic) || is_known {
            return;
        }
        let number = format!("person-{}", self.words.len() + self.phrases.len() + 1);
        match words.as_slice() {
            [_] => {
                self.words.insert(name.to_owned(), number);
            }
            _ => self.phrases.push((words, number)),
        }
    }

    pub(super) fn number(&self, word: &str) -> Option<String> {
        self.words.get(&word.to_lowercase()).cloned()
    }

    /// A name of several words at the head of these runs: how many runs it takes, and the number.
    pub(super) fn phrase(&self, runs: &[&str]) -> Option<(usize, String)> {
        self.phrases.iter().find_map(|(words, number)| {
            let taken = words.len() * 2 - 1;
            let head = runs.get(..taken)?;
            let is_said = head.iter().enumerate().all(|(place, run)| match place % 2 {
                0 => run.trim_matches(is_joint).to_lowercase() == words[place / 2],
                _ => run.chars().all(char::is_whitespace),
            });
            is_said.then(|| (taken, number.clone()))
        })
    }
}

fn owner(content: &RetroContent) -> Option<&Person> {
    match content {
        RetroContent::Decision { owner, .. } | RetroContent::OpenQuestion { owner, .. } => owner.as_ref(),
        RetroContent::ActionItem(item) => item.owner.as_ref(),
        RetroContent::KillCriterion(criterion) => criterion.owner.as_ref(),
        _ => None,
    }
}

/// Whoever is called with an `@`.
fn mentions(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let called = runs(text).into_iter().filter(|run| is_word(run) && run.starts_with('@'));
            found.extend(called.map(|run| run.trim_matches(is_joint).to_lowercase()));
        }
        Value::Array(items) => items.iter().for_each(|item| mentions(item, found)),
        Value::Object(fields) => {
            let open = fields.iter().filter(|(name, _)| !CLOSED.contains(&name.as_str()));
            open.for_each(|(_, value)| mentions(value, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
