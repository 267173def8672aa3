//! The rows of a retro as people write them: which kinds a section has, which fields a kind has, and a section as
//! Markdown that comes back from an editor.
//!
//! One table of kinds and fields; the form on screen and the Markdown are made from it.

mod field;
mod markdown;
mod watch;

pub use field::{Field, Form};
pub use markdown::{Misread, marked, read, row, write};

use super::event::RetroContent;
use super::event::Severity;
use super::incident::{Incident, RetroItem};
use super::time::{Day, Span};
use serde_json::{Map, Value};

/// A section of the retro, in the order one goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    pub title: &'static str,
    /// What to ask oneself here.
    pub guide: &'static str,
    pub kinds: &'static [Kind],
}

/// A kind of row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As the journal has it.
    pub word: &'static str,
    pub title: &'static str,
    pub fields: &'static [Field],
}

pub use field::SECTIONS;

impl Section {
    pub fn rows<'a>(&self, incident: &'a Incident) -> Vec<&'a RetroItem> {
        self.kinds.iter().flat_map(|kind| kind.rows(incident)).collect()
    }
}

impl Kind {
    pub fn of(content: &RetroContent) -> &'static Self {
        let word = word(content);
        let mut all = SECTIONS.iter().flat_map(|section| section.kinds);
        all.find(|kind| kind.word == word).expect("every kind of content is in the table")
    }

    /// The rows of the kind that stand; whys as a tree, each below what it hangs on.
    pub fn rows<'a>(&self, incident: &'a Incident) -> Vec<&'a RetroItem> {
        let is_of = |item: &&RetroItem| word(&item.content) == self.word;
        let mut rows: Vec<_> = incident.retro.standing().filter(is_of).collect();
        if self.word == "why" {
            rows.sort_by_cached_key(|item| path(incident, item));
        }
        if self.word == "factor" {
            rows.sort_by_key(|item| match &item.content {
                RetroContent::Factor { cluster, .. } => Some(*cluster),
                _ => None,
            });
        }
        rows
    }
}

/// How deep a why lies: how many whys are above it.
pub fn depth(incident: &Incident, item: &RetroItem) -> usize {
    match &item.content {
        RetroContent::Why { .. } => path(incident, item).len().saturating_sub(2),
        _ => 0,
    }
}

/// From what it hangs on down to itself; a chain of its own hangs on nothing, which comes last.
fn path(incident: &Incident, item: &RetroItem) -> Vec<u32> {
    let mut path = vec![item.id.0];
    let mut at = item;
    for _ in 0..incident.retro.items.len() {
        let RetroContent::Why { of, .. } = &at.content else { break };
        let Some(above) = of.and_then(|of| incident.retro.items.get(&of)) else {
            path.push(u32::MAX);
            break;
        };
        path.push(above.id.0);
        at = above;
    }
    path.reverse();
    path
}

/// When the review is to be held: three days after a SEV-1 was resolved, five working days after a SEV-2.
pub fn review_due(incident: &Incident) -> Option<Day> {
    let mut at = incident.resolved_at?;
    match incident.severity {
        Severity::Sev1 => at = at + Span::days(3),
        Severity::Sev2 => {
            let mut left = 5;
            while left > 0 {
                at = at + Span::days(1);
                // The first of January 1970 was a Thursday.
                let weekday = (at.millis().div_euclid(86_400_000) + 4).rem_euclid(7);
                left -= i32::from((1..=5).contains(&weekday));
            }
        }
        Severity::Sev3 | Severity::Sev4 | Severity::Sev5 => return None,
    }
    Some(Day::of(at))
}

/// What a field of a row says, as it is typed.
pub fn said(content: &RetroContent, field: &Field) -> String {
    field.form.said(object(content).get(field.name).unwrap_or(&Value::Null))
}

/// The row with these fields said anew, all others as they were; or which field cannot be read, and why.
pub fn with(
    kind: &Kind,
    before: Option<&RetroContent>,
    said: &[(&Field, String)],
) -> Result<RetroContent, (&'static str, String)> {
    let mut row = before.map_or_else(Map::new, object);
    row.insert("is".to_owned(), kind.word.into());
    for (field, said) in said {
        match field.form.read(said).map_err(|why| (field.name, why))? {
            Value::Null => row.remove(field.name),
            value => row.insert(field.name.to_owned(), value),
        };
    }
    let first = kind.fields.iter().find(|field| field.is_needed && !row.contains_key(field.name));
    if let Some(missing) = first {
        return Err((missing.name, format!("a {} needs it", kind.title)));
    }
    serde_json::from_value(Value::Object(row)).map_err(|why| ("text", why.to_string()))
}

fn word(content: &RetroContent) -> String {
    object(content).get("is").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn object(content: &RetroContent) -> Map<String, Value> {
    match serde_json::to_value(content) {
        Ok(Value::Object(row)) => row,
        _ => Map::new(),
    }
}
