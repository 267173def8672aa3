//! Words that judge people instead of describing a system: where they stand, and a kinder wording.
//!
//! One table. Some words judge only when they are said of people: that a payment failed to arrive is a fact, that
//! the engineer failed to see it is a judgement.

use super::model::{Model, Row};
use crate::domain::event::RetroContent;
use serde::Serialize;

/// A place whose wording judges somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judging {
    /// The entry or row it stands in, `E12`, `R4`.
    pub place: String,
    pub words: String,
    pub kinder: String,
}

struct Judgement {
    /// The beginning of the words, wherever a word begins.
    words: &'static str,
    of: Of,
    kinder: &'static str,
    /// Where the same letters mean something else.
    unless: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Anything,
    /// Judges only right after somebody.
    People,
}

const fn any(words: &'static str, kinder: &'static str) -> Judgement {
    Judgement { words, of: Of::Anything, kinder, unless: &[] }
}

const fn of_people(words: &'static str, kinder: &'static str) -> Judgement {
    Judgement { words, of: Of::People, kinder, unless: &[] }
}

const JUDGEMENTS: &[Judgement] = &[
    any("human error", "say which condition let an ordinary action do harm"),
    any("should have known", "say what was known at the time, and what was not visible"),
    of_people("should have", "say what made the choice reasonable at the time"),
    of_people("failed to", "say what did not happen, and what stood in its way"),
    of_people("neglected", "say what competed for the time"),
    any("careless", "say what made it easy to miss"),
    any("negligen", "say which check was not there"),
    any("incompeten", "say which knowledge or help was out of reach"),
    any("stupid", "say what made it look right at the time"),
    Judgement {
        words: "lazy",
        of: Of::Anything,
        kinder: "say what competed for the time",
        unless: &["lazy load", "lazy-load", "lazy init", "lazy eval"],
    },
    any("sloppy", "say which check was not there"),
    Judgement {
        words: "forgot",
        of: Of::Anything,
        kinder: "say what there was no reminder for",
        unless: &["forgot password", "forgotten password", "forgot-password", "forgot your password"],
    },
    any("fault of", "say how the system let it happen"),
    any("to blame", "say what contributed to it"),
    any("screwed up", "say what happened and what led to it"),
    any("messed up", "say what happened and what led to it"),
];

/// Who can be judged without being named.
const PEOPLE: &[&str] = &[
    "he",
    "she",
    "they",
    "we",
    "you",
    "i",
    "who",
    "nobody",
    "somebody",
    "someone",
    "everybody",
    "engineer",
    "engineers",
    "developer",
    "developers",
    "operator",
    "operators",
    "on-call",
    "oncall",
    "responder",
    "responders",
    "team",
    "manager",
    "author",
    "reviewer",
    "reviewers",
    "person",
    "people",
    "ic",
    "commander",
    "scribe",
];

/// Every judging wording of timeline and retro, and every cause that is a person by name.
pub fn judging_words(model: &Model) -> Vec<Judging> {
    let entries = model.timeline.iter().filter_map(|row| Some((row.entry.clone()?, &row.text)));
    let mut found: Vec<_> = entries.flat_map(|(place, text)| in_text(model, &place, text)).collect();
    for row in &model.rows {
        let place = row.id.to_string();
        found.extend(in_text(model, &place, &said(&row.content)));
        found.extend(named(model, row).map(|words| {
            let kinder = "name the role and the condition instead of the person".to_owned();
            Judging { place: place.clone(), words, kinder }
        }));
    }
    found
}

fn in_text(model: &Model, place: &str, text: &str) -> Vec<Judging> {
    let lower = text.to_lowercase();
    let mut found: Vec<&Judgement> = Vec::new();
    for judgement in JUDGEMENTS {
        let is_said_already = found.iter().any(|known| known.words.starts_with(judgement.words));
        if !is_said_already && judges(model, &lower, judgement) {
            found.push(judgement);
        }
    }
    let judging = |it: &Judgement| Judging {
        place: place.to_owned(),
        words: it.words.to_owned(),
        kinder: it.kinder.to_owned(),
    };
    found.into_iter().map(judging).collect()
}

fn judges(model: &Model, lower: &str, judgement: &Judgement) -> bool {
    lower.match_indices(judgement.words).any(|(place, _)| {
        let (before, from) = lower.split_at(place);
        let begins = !before.ends_with(char::is_alphanumeric);
        let is_other = judgement.unless.iter().any(|other| from.starts_with(other));
        begins && !is_other && (judgement.of == Of::Anything || ends_with_somebody(model, before))
    })
}

/// `…, and the on-call `: whoever stands right before, past a helping verb.
fn ends_with_somebody(model: &Model, before: &str) -> bool {
    let is_between = |c: char| !c.is_alphanumeric() && c != '-' && c != '_';
    let mut words = before.split(is_between).filter(|word| !word.is_empty()).rev();
    let last = words.by_ref().find(|word| !matches!(*word, "has" | "have" | "had" | "also" | "then"));
    last.is_some_and(|word| PEOPLE.contains(&word) || is_participant(model, word))
}

fn is_participant(model: &Model, word: &str) -> bool {
    model.incident.people.keys().any(|person| person.as_str().to_lowercase() == word)
}

/// What a row says of causes and people.
fn said(content: &RetroContent) -> String {
    match content {
        RetroContent::Factor { text, made_sense, .. } => format!("{text} {made_sense}"),
        RetroContent::Why { text, answer, .. } => format!("{text} {answer}"),
        RetroContent::Learning { text, implication, .. } => format!("{text} {implication}"),
        other => other.text().to_owned(),
    }
}

fn named(model: &Model, row: &Row) -> Option<String> {
    let is_cause = matches!(
        row.content,
        RetroContent::Factor { .. } | RetroContent::RootCause { .. } | RetroContent::Why { .. }
    );
    let mut words = row.content.text().split(|c: char| !c.is_alphanumeric()).filter(|_| is_cause);
    words.find_map(|word| {
        let person =
            model.incident.people.keys().find(|person| person.as_str().eq_ignore_ascii_case(word))?;
        Some(person.to_string())
    })
}
