//! What is not for everybody taken out of a pack: names, addresses and tokens, the same for every format.

use super::model::Model;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What was taken out, what stands in its place, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hidden {
    pub was: String,
    pub is: String,
    pub times: usize,
}

/// Shorter words may be anything; longer ones with digits in them are nobody's prose.
const SHORTEST_TOKEN: usize = 20;
const TOKENS: [&str; 8] = ["ghp_", "gho_", "github_pat_", "xoxb-", "xoxp-", "AKIA", "eyJ", "sk-"];

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

/// The model with everybody a number, and what that hid, to be looked at before anything is sent.
pub fn redact(model: &Model) -> (Model, Vec<Hidden>) {
    let names = (1_usize..).zip(model.incident.people.keys());
    let mut rules = Rules {
        names: names
            .filter(|(_, name)| name.as_str().starts_with(char::is_alphabetic))
            .map(|(number, name)| (name.as_str().to_lowercase(), format!("person-{number}")))
            .collect(),
        hidden: BTreeMap::new(),
    };
    let mut value = serde_json::to_value(model).expect("a model is made of strings, numbers and lists");
    let head = value.get_mut("head").map(Value::take);
    rules.walk(&mut value);
    if let (Some(place), Some(head)) = (value.get_mut("head"), head) {
        *place = head;
    }
    let redacted = serde_json::from_value(value).expect("only texts were changed, and texts may be any");
    let hidden = rules.hidden.into_iter().map(|((was, is), times)| Hidden { was, is, times });
    (redacted, hidden.collect())
}

struct Rules {
    names: BTreeMap<String, String>,
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
        let is_word = |c: char| c.is_alphanumeric() || "_-.@+:".contains(c);
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let length = rest.find(|next| is_word(next) != is_word(c)).unwrap_or(rest.len());
            let (run, after) = rest.split_at(length);
            if is_word(c) {
                out.push_str(&self.word(run));
            } else {
                out.push_str(run);
            }
            rest = after;
        }
        out
    }

    fn word(&mut self, run: &str) -> String {
        let word = run.trim_matches(|c: char| "_-.@+:".contains(c));
        let Some(is) = self.instead(word) else { return run.to_owned() };
        *self.hidden.entry((word.to_owned(), is.clone())).or_default() += 1;
        run.replacen(word, &is, 1)
    }

    fn instead(&self, word: &str) -> Option<String> {
        if let Some(name) = self.names.get(&word.to_lowercase()) {
            return Some(name.clone());
        }
        let is_mail = word.split_once('@').is_some_and(|(to, at)| !to.is_empty() && at.contains('.'));
        let host = word.rsplit_once(':').map_or(word, |(host, _)| host);
        if is_mail || word.parse::<IpAddr>().is_ok() || host.parse::<IpAddr>().is_ok() {
            return Some("[address]".to_owned());
        }
        is_token(word).then(|| "[token]".to_owned())
    }
}

/// Moments and words joined by hyphens are long too, but a token has no such parts.
fn is_token(word: &str) -> bool {
    if TOKENS.iter().any(|start| word.starts_with(start) && word.len() > start.len() + 6) {
        return true;
    }
    let part = word.split(['-', '.', ':', '@', '+']).max_by_key(|part| part.len()).unwrap_or("");
    let has = |wanted: fn(char) -> bool| part.chars().any(wanted);
    part.len() >= SHORTEST_TOKEN && has(|c| c.is_ascii_digit()) && has(|c| c.is_ascii_alphabetic())
}
