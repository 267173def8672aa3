//! What is not for everybody taken out of a pack: names, addresses and tokens, the same for every format.
//!
//! Names are those of everybody who took part, owns something, is mentioned with an `@`, or is known to the room. Where
//! it is unsure, it hides: what was hidden is told, so that somebody can look before anything is sent.

mod names;
mod secrets;

use super::model::Model;
use crate::domain::id::Person;
use crate::domain::time::{Day, Span, Time};
use names::Names;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What was taken out, what stands in its place, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hidden {
    pub was: String,
    pub is: String,
    pub times: usize,
}

/// Fields whose texts are the format's own words, whatever somebody may be called.
const CLOSED: [&str; 15] = [
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
    "entry",
];

/// Fields that hold a person by the whole name, however it reads.
const PEOPLE: [&str; 2] = ["by", "owner"];

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
                    match value {
                        Value::String(text) if PEOPLE.contains(&name.as_str()) => *text = self.person(text),
                        Value::Object(people) if name == "people" => self.people(people),
                        _ => self.walk(value),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The one place where people are the names of fields.
    fn people(&mut self, people: &mut serde_json::Map<String, Value>) {
        let taken = std::mem::take(people);
        people.extend(taken.into_iter().map(|(name, roles)| (self.person(&name), roles)));
    }

    fn person(&mut self, name: &str) -> String {
        match self.names.number(name) {
            Some(is) => self.hide(name, &is),
            None => self.text(name),
        }
    }

    fn text(&mut self, text: &str) -> String {
        if is_moment(text) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (range, is) in self.found(text) {
            out.push_str(&text[at..range.start]);
            out.push_str(&self.hide(&text[range.clone()], &is));
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// What is to be hidden, in order; where a name lies in a secret or beside it, both are one.
    fn found(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let secrets = secrets::all(text).into_iter().map(|it| (it.range, it.is.to_owned()));
        let mut all: Vec<_> = secrets.chain(self.names.all(text)).collect();
        all.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut found: Vec<(Range<usize>, String)> = Vec::with_capacity(all.len());
        for (range, is) in all {
            match found.last_mut().filter(|(last, _)| range.start < last.end) {
                Some((last, _)) => last.end = last.end.max(range.end),
                None => found.push((range, is)),
            }
        }
        found
    }

    fn hide(&mut self, was: &str, is: &str) -> String {
        *self.hidden.entry((was.to_owned(), is.to_owned())).or_default() += 1;
        is.to_owned()
    }
}

/// Times are the format's own, and name nobody.
fn is_moment(text: &str) -> bool {
    text.parse::<Time>().is_ok() || text.parse::<Day>().is_ok() || text.parse::<Span>().is_ok()
}

/// What joins the parts of a word that is one name, address or token.
fn is_joint(c: char) -> bool {
    "_-.@+:".contains(c)
}

/// Words that are one name, address or token, and where each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    pieces(text, |c| c.is_alphanumeric() || is_joint(c))
}

/// What of a text is made of such characters, piece by piece, and where each begins.
fn pieces(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + text[at..].find(&of)?;
        let length = text[from..].find(|c| !of(c)).unwrap_or(text.len() - from);
        at = from + length;
        Some((from, &text[from..at]))
    })
}
