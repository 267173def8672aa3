//! A saved question to the logs of a source, and what is known of its answer so far.

use super::id::SourceName;
use super::time::{Span, Time};

/// A question somebody wrote down once, because at night nobody remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedQuery {
    pub name: String,
    pub source: SourceName,
    /// In the language of the source.
    pub text: String,
    pub groups: Vec<String>,
    /// How far back it looks.
    pub since: Span,
}

/// What has been found by now.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    pub course: Course,
    pub columns: Vec<String>,
    /// As many cells in each as there are columns.
    pub rows: Vec<Vec<String>>,
    pub matched: u64,
    pub scanned: u64,
    pub from: Time,
    pub until: Time,
    /// Where people look at the same answer.
    pub link: Option<String>,
}

/// How far a question has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    Asked,
    Running,
    Complete,
    Stopped,
    /// Why, with the fix where one is known.
    Failed(String),
}

impl Findings {
    pub fn asked(from: Time, until: Time) -> Self {
        Self {
            course: Course::Asked,
            columns: Vec::new(),
            rows: Vec::new(),
            matched: 0,
            scanned: 0,
            from,
            until,
            link: None,
        }
    }
}

impl Course {
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Complete | Self::Stopped | Self::Failed(_))
    }
}
