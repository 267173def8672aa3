//! Whose names are taken out, and the number each person has instead.

use super::{CLOSED, is_joint, words};
use crate::domain::id::Person;
use crate::export::model::Model;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) struct Names {
    /// In small letters, with one blank where there was any white space.
    numbers: BTreeMap<String, String>,
    /// Those that are looked for in what people wrote, by how they begin, the longest first.
    sought: BTreeMap<char, Vec<(Vec<char>, String)>>,
}

impl Names {
    /// Those who took part have the first numbers, so that they stay the same whoever else is known.
    pub(super) fn of(model: &Model, also: &BTreeSet<Person>, texts: &Value) -> Self {
        let mut others: BTreeSet<String> = also.iter().map(|person| folded(person.as_str())).collect();
        others.extend(model.involved.iter().map(|person| folded(person.as_str())));
        mentions(texts, &mut others);
        let took_part = model.incident.people.keys().map(|person| folded(person.as_str()));
        let mut names = Self { numbers: BTreeMap::new(), sought: BTreeMap::new() };
        for name in took_part.chain(others) {
            names.add(name);
        }
        for names in names.sought.values_mut() {
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        names
    }

    fn add(&mut self, name: String) {
        let Some(first) = name.chars().next().filter(|_| !self.numbers.contains_key(&name)) else { return };
        let number = format!("person-{}", self.numbers.len() + 1);
        // A name without a letter is a number, which may mean anything but whoever is called so.
        if name.contains(char::is_alphabetic) {
            self.sought.entry(first).or_default().push((name.chars().collect(), number.clone()));
        }
        self.numbers.insert(name, number);
    }

    /// The number of whoever has this whole name.
    pub(super) fn number(&self, name: &str) -> Option<String> {
        self.numbers.get(&folded(name)).cloned()
    }

    /// Every name in a text that is not a part of another word.
    pub(super) fn all(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let mut found: Vec<(Range<usize>, String)> = Vec::new();
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            let is_within = before.is_alphanumeric() && c.is_alphanumeric()
                || found.last().is_some_and(|(range, _)| at < range.end);
            before = c;
            if is_within {
                continue;
            }
            let sought = self.sought.get(&small(c)).into_iter().flatten();
            let mut here = sought.filter_map(|(name, number)| Some((taken(name, &text[at..])?, number)));
            if let Some((length, number)) = here.next() {
                found.push((at..at + length, number.clone()));
            }
        }
        found
    }
}

/// How much of a text a name takes that begins it, if it ends where a word does.
fn taken(name: &[char], text: &str) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    for wanted in name {
        let (_, c) = chars.next()?;
        if *wanted == ' ' && c.is_whitespace() {
            while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        } else if small(c) != *wanted {
            return None;
        }
    }
    let end = chars.peek().map_or(text.len(), |(end, _)| *end);
    let is_within = name.last()?.is_alphanumeric() && chars.next().is_some_and(|(_, c)| c.is_alphanumeric());
    (!is_within).then_some(end)
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").chars().map(small).collect()
}

/// One for one, so that places in a text stay what they are.
fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Whoever is called with an `@`.
fn mentions(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let called = words(text).map(|(_, word)| word).filter(|word| word.starts_with('@'));
            found.extend(called.map(|word| folded(word.trim_matches(is_joint))));
        }
        Value::Array(items) => items.iter().for_each(|item| mentions(item, found)),
        Value::Object(fields) => {
            let open = fields.iter().filter(|(name, _)| !CLOSED.contains(&name.as_str()));
            open.for_each(|(_, value)| mentions(value, found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
