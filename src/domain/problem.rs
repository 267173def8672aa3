//! What is wrong with a file a person wrote: the place, the thing, and the fix.

use std::fmt;
use std::ops::Range;
use toml_edit::{Document, Item, Key, TableLike};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub what: String,
    /// What to do about it, as a clause; empty where `what` says it all.
    pub fix: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)?;
        if self.fix.is_empty() { Ok(()) } else { write!(f, "; {}", self.fix) }
    }
}

/// The line a span begins on, counted from one.
pub fn line_at(text: &str, span: Option<Range<usize>>) -> usize {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or("");
    before.matches('\n').count() + 1
}

/// A file of TOML, or what is wrong with it as a whole.
pub fn document<'t>(file: &str, text: &'t str) -> Result<Document<&'t str>, Problem> {
    Document::parse(text).map_err(|error| Problem {
        file: file.to_owned(),
        line: line_at(text, error.span()),
        what: error.message().lines().collect::<Vec<_>>().join(", "),
        fix: "nothing of this file is used until it is valid TOML".to_owned(),
    })
}

/// What a table has, each key with its place in the file.
pub fn entries(table: &dyn TableLike) -> Vec<(&Key, &Item)> {
    table.iter().filter_map(|(name, _)| table.get_key_value(name)).collect()
}

/// Below this two words are not the same word misspelt.
const ALIKE: f64 = 0.7;

/// The known word that a misspelt one most likely stands for, where one is near enough to be worth a question.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&typed, &known.to_lowercase()), known))
        .filter(|(distance, known)| is_alike(*distance, typed.chars().count().max(known.chars().count())))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// One slip is always forgiven, but in a word of two letters it leaves hardly anything.
fn is_alike(distance: usize, length: usize) -> bool {
    distance as f64 <= (1.0 - ALIKE) * length as f64 || (distance == 1 && length > 2)
}

/// `did you mean "feed.follow"?`, or all there is to choose from where nothing is near.
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(nearest) => format!("did you mean \"{nearest}\"?"),
        None => format!("there are {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let words = ["region", "profile", "me"];
        assert_eq!(nearest("regoin", words), Some("region"));
        assert_eq!(nearest("Region", words), Some("region"));
        assert_eq!(nearest("colour", words), None);
        assert_eq!(nearest("", words), None);
        assert_eq!(suggest("zebra", words), "there are region, profile, me");
    }
}
