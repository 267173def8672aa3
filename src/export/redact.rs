//! What is not for everybody taken out of a pack: names, addresses and tokens, the same for every format.
//!
//! Names are those of everybody who took part, owns something, is mentioned with an `@`, or is known to the room. Where
//! it is unsure, it hides: what was hidden is told, so that somebody can look before anything is sent.

mod names;
mod secrets;

use super::model::Model;
use crate::domain::id::Person;
use names::Names;
use secrets::Secret;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was taken out, what stands in its place, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hidden {
    pub was: String,
    pub is: String,
    pub times: usize,
}

/// Fields whose texts are the format's own words, whatever somebody may be called.
const CLOSED: [&str; 14] = [
    "severity",
    "moment",
    "verdict",
    "review",
    "state",
    "is",
    "field",
    "area",
    "cluster",
    "confidence",
    "action_type",
    "at_least",
    "kind",
    "id",
];

/// The model with everybody a number, and what that hid. `also` are people of the room who may have had no part in it.
pub fn redact(model: &Model, also: &BTreeSet<Person>) -> (Model, Vec<Hidden>) {
    let mut value = serde_json::to_value(model).expect("a model is made of strings, numbers and lists");
    let head = value.get_mut("head").map(Value::take);
    let mut rules = Rules { names: Names::of(model, also, &value), hidden: BTreeMap::new() };
    rules.walk(&mut value);
    if let (Some(place), Some(head)) = (value.get_mut("head"), head) {
        *place = head;
    }
    let redacted = serde_json::from_value(value).expect("only texts were changed, and texts may be any");
    let hidden = rules.hidden.into_iter().map(|((was, is), times)| Hidden { was, is, times });
    (redacted, hidden.collect())
}

struct Rules {
    names: Names,
    hidden: BTreeMap<(String, String), usize>,
}

impl Rules {
    fn walk(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item)),
            Value::Object(fields) => {
                let open = fields.iter_mut().filter(|(name, _)| !CLOSED.contains(&name.as_str()));
                for (name, value) in open {
                    if name == "people" { self.people(value) } else { self.walk(value) }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The one place where people are the names of fields.
    fn people(&mut self, value: &mut Value) {
        let Value::Object(fields) = value else { return };
        let taken = std::mem::take(fields);
        fields.extend(taken.into_iter().map(|(name, roles)| (self.text(&name), roles)));
    }

    fn text(&mut self, text: &str) -> String {
        let runs = runs(text);
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        let mut is_secret_next = false;
        while at < runs.len() {
            let run = runs[at];
            if !is_word(run) {
                out.push_str(run);
                at += 1;
                continue;
            }
            if let Some((taken, is)) = self.names.phrase(&runs[at..]) {
                out.push_str(&self.hide(&runs[at..at + taken].concat(), &is));
                at += taken;
                continue;
            }
            let word = if is_secret_next { self.hide(run, secrets::TOKEN) } else { self.word(run) };
            is_secret_next = secrets::announces(run, runs.get(at + 1).copied());
            out.push_str(&word);
            at += 1;
        }
        out
    }

    fn word(&mut self, run: &str) -> String {
        if let Some(Secret { was, is }) = secrets::find(run) {
            let is = self.hide(&was, is);
            return run.replacen(&was, &is, 1);
        }
        let whole = run.trim_matches(is_joint);
        if let Some(is) = self.names.number(whole) {
            let is = self.hide(whole, &is);
            return run.replacen(whole, &is, 1);
        }
        // `dana-laptop` names somebody as well.
        let mut out = String::with_capacity(run.len());
        for part in run.split_inclusive(is_joint) {
            let name = part.trim_end_matches(is_joint);
            match self.names.number(name) {
                Some(is) => {
                    let is = self.hide(name, &is);
                    out.push_str(&part.replacen(name, &is, 1));
                }
                None => out.push_str(part),
            }
        }
        out
    }

    fn hide(&mut self, was: &str, is: &str) -> String {
        *self.hidden.entry((was.to_owned(), is.to_owned())).or_default() += 1;
        is.to_owned()
    }
}

/// What joins the parts of a word that is one name, address or token.
fn is_joint(c: char) -> bool {
    "_-.@+:".contains(c)
}

fn is_word(run: &str) -> bool {
    run.starts_with(|c: char| c.is_alphanumeric() || is_joint(c))
}

/// Words and what is between them, in turns.
fn runs(text: &str) -> Vec<&str> {
    let of_word = |c: char| c.is_alphanumeric() || is_joint(c);
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|next| of_word(next) != of_word(c)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        runs.push(run);
        rest = after;
    }
    runs
}
