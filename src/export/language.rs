//! Words that judge people instead of describing a system: where they stand, and a kinder wording.

use super::model::Model;
use crate::domain::event::RetroContent;
use serde::Serialize;

/// A place whose wording judges somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judging {
    /// The row it stands in, `R4`.
    pub place: String,
    pub words: String,
    pub kinder: String,
}

const KINDER: &[(&str, &str)] = &[
    ("human error", "say which condition let an ordinary action do harm"),
    ("should have known", "say what was known at the time, and what was not visible"),
    ("should have", "say what made the choice reasonable at the time"),
    ("failed to", "say what did not happen, and what stood in its way"),
    ("careless", "say what made it easy to miss"),
    ("negligen", "say which check was not there"),
    ("incompeten", "say which knowledge or help was out of reach"),
    ("stupid", "say what made it look right at the time"),
    ("lazy", "say what competed for the time"),
    ("sloppy", "say which check was not there"),
    ("forgot", "say what there was no reminder for"),
    ("fault of", "say how the system let it happen"),
    ("to blame", "say what contributed to it"),
    ("screwed up", "say what happened and what led to it"),
];

/// Every judging wording of the retro, and every cause that is a person by name.
pub fn judging_words(model: &Model) -> Vec<Judging> {
    let mut found = Vec::new();
    for row in &model.rows {
        let text = said(&row.content);
        let lower = text.to_lowercase();
        let place = row.id.to_string();
        if let Some((words, kinder)) = KINDER.iter().find(|(words, _)| lower.contains(words)) {
            let (words, kinder) = ((*words).to_owned(), (*kinder).to_owned());
            found.push(Judging { place: place.clone(), words, kinder });
        }
        if let Some(name) = named(model, row.content.text(), &row.content) {
            let kinder = "name the role and the condition instead of the person".to_owned();
            found.push(Judging { place, words: name, kinder });
        }
    }
    found
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

fn named(model: &Model, text: &str, content: &RetroContent) -> Option<String> {
    let is_cause = matches!(
        content,
        RetroContent::Factor { .. } | RetroContent::RootCause { .. } | RetroContent::Why { .. }
    );
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|_| is_cause);
    words.find_map(|word| {
        let person =
            model.incident.people.keys().find(|person| person.as_str().eq_ignore_ascii_case(word))?;
        Some(person.to_string())
    })
}
