//! The marks in the text of an entry: links, `@owner` and `#label`.
//!
//! At the end of a line they are marks and nothing else, and leave the text; within a sentence they are words of it
//! too, and stay.

use super::Doubt;
use crate::domain::event::Evidence;
use crate::domain::id::Person;

#[derive(Default)]
pub(super) struct Marks<'l> {
    pub(super) text: &'l str,
    pub(super) owner: Option<Person>,
    pub(super) labels: Vec<String>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) doubt: Option<Doubt>,
}

enum Mark<'w> {
    Link(&'w str),
    Owner(&'w str),
    Label(&'w str),
}

pub(super) fn read(line: &str) -> Marks<'_> {
    let line = line.trim();
    let mut marks = Marks { text: without_last_marks(line), ..Marks::default() };
    for mark in line.split_whitespace().filter_map(mark) {
        marks.take(&mark);
    }
    marks
}

impl Marks<'_> {
    fn take(&mut self, mark: &Mark<'_>) {
        match *mark {
            Mark::Link(url) => {
                let link = Evidence::Link { url: url.to_owned() };
                if !self.evidence.contains(&link) {
                    self.evidence.push(link);
                }
            }
            Mark::Label(label) => {
                if !self.labels.iter().any(|known| known == label) {
                    self.labels.push(label.to_owned());
                }
            }
            Mark::Owner(name) => match &self.owner {
                Some(owner) if owner.as_str() != name => {
                    self.doubt = Some(Doubt::TwoOwners(owner.to_string(), name.to_owned()));
                }
                _ => self.owner = Some(Person::new(name)),
            },
        }
    }
}

/// The text up to the marks it ends with; all of it when there is nothing else.
fn without_last_marks(line: &str) -> &str {
    let mut text = line;
    loop {
        let last = text.rsplit(char::is_whitespace).next().unwrap_or("");
        if mark(last).is_none_or(|mark| mark.word().len() + mark.sigil() < last.len()) {
            break;
        }
        text = text[..text.len() - last.len()].trim_end();
    }
    if text.is_empty() { line } else { text }
}

impl<'w> Mark<'w> {
    fn word(&self) -> &'w str {
        match *self {
            Self::Link(word) | Self::Owner(word) | Self::Label(word) => word,
        }
    }

    /// How many bytes stand before the word.
    fn sigil(&self) -> usize {
        match self {
            Self::Link(_) => 0,
            Self::Owner(_) | Self::Label(_) => 1,
        }
    }
}

fn mark(word: &str) -> Option<Mark<'_>> {
    let word = word.trim_start_matches(['(', '[', '<', '"', '\'']);
    if let Some(name) = word.strip_prefix('@') {
        return Some(Mark::Owner(name_in(name)?));
    }
    if let Some(label) = word.strip_prefix('#') {
        let label = name_in(label)?;
        // `#4127` is the number of something, not a label.
        return label.contains(|c: char| c.is_alphabetic()).then_some(Mark::Label(label));
    }
    link(word).map(Mark::Link)
}

/// The letters, digits, dashes and dots a name is made of; a sentence's own dot is not one of them.
fn name_in(word: &str) -> Option<&str> {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = word.find(|c: char| !is_of_name(c)).unwrap_or(word.len());
    let name = word[..end].trim_end_matches('.');
    name.starts_with(char::is_alphanumeric).then_some(name)
}

fn link(word: &str) -> Option<&str> {
    let address = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"))?;
    let mut url = word.trim_end_matches(['.', ',', ';', ':', '!', '?', '"', '\'', '>', ']']);
    if !address.contains('(') {
        url = url.trim_end_matches([')', '.', ',']);
    }
    (url.len() > word.len() - address.len() && address.starts_with(char::is_alphanumeric)).then_some(url)
}
