//! What the timeline is narrowed to: words, `kind:`, `by:`, `@owner`, `#label` and `is:`; all of them must hold.

use crate::domain::event::{EntryKind, Verdict};
use crate::domain::incident::Entry;
use crate::domain::text::is_hostile;
use crate::tui::text;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    asked: String,
    terms: Vec<Term>,
    pub problem: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Word(String),
    Kind(EntryKind),
    By(String),
    Owner(String),
    Label(String),
    Is(State),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Pinned,
    Struck,
    Open,
    Confirmed,
    Refuted,
    Late,
}

const STATES: [(&str, State); 6] = [
    ("pinned", State::Pinned),
    ("struck", State::Struck),
    ("open", State::Open),
    ("confirmed", State::Confirmed),
    ("refuted", State::Refuted),
    ("late", State::Late),
];

impl Query {
    pub fn parse(text: &str) -> Self {
        let mut query = Self { asked: text.to_owned(), ..Self::default() };
        for word in searchable(text).split_whitespace() {
            match term(word) {
                Ok(term) => query.terms.push(term),
                Err(problem) => query.problem = Some(problem),
            }
        }
        query
    }

    pub fn asked(&self) -> &str {
        &self.asked
    }

    pub fn is_empty(&self) -> bool {
        self.asked.trim().is_empty()
    }

    pub fn finds(&self, entry: &Entry) -> bool {
        self.terms.iter().all(|term| term.finds(entry))
    }
}

fn term(word: &str) -> Result<Term, String> {
    let (name, value) = word.split_once(':').unwrap_or((word, ""));
    match (name, value) {
        ("kind", value) => kind(value).map(Term::Kind),
        ("is", value) => state(value).map(Term::Is),
        ("by" | "author", value) if !value.is_empty() => {
            Ok(Term::By(value.trim_start_matches('@').to_owned()))
        }
        ("label", value) if !value.is_empty() => Ok(Term::Label(value.trim_start_matches('#').to_owned())),
        _ => Ok(match (word.strip_prefix('@'), word.strip_prefix('#')) {
            (Some(owner), _) if !owner.is_empty() => Term::Owner(owner.to_owned()),
            (_, Some(label)) if !label.is_empty() => Term::Label(label.to_owned()),
            _ => Term::Word(word.to_owned()),
        }),
    }
}

/// As much of a kind's name as has been typed, so that the list narrows with the first letter.
fn kind(value: &str) -> Result<EntryKind, String> {
    let found = EntryKind::ALL.iter().find(|kind| !value.is_empty() && kind.word().starts_with(value));
    found.copied().ok_or_else(|| {
        let words: Vec<_> = EntryKind::ALL.iter().map(|kind| kind.word()).collect();
        format!("kind: wants one of {}", words.join(", "))
    })
}

fn state(value: &str) -> Result<State, String> {
    let found = STATES.iter().find(|(word, _)| !value.is_empty() && word.starts_with(value));
    found.map(|(_, state)| *state).ok_or_else(|| {
        let words: Vec<_> = STATES.iter().map(|(word, _)| *word).collect();
        format!("is: wants one of {}", words.join(", "))
    })
}

impl Term {
    fn finds(&self, entry: &Entry) -> bool {
        let content = &entry.content;
        match self {
            Self::Word(word) => searchable(&content.text).contains(word),
            Self::Kind(kind) => content.entry_kind == *kind,
            Self::By(person) => entry.written_by.as_str().to_lowercase().starts_with(person),
            Self::Owner(owner) => {
                content.owner.as_ref().is_some_and(|it| it.as_str().to_lowercase().starts_with(owner))
            }
            Self::Label(label) => content.labels.iter().any(|it| it.to_lowercase().starts_with(label)),
            Self::Is(state) => state.holds(entry),
        }
    }
}

/// A text as it is looked for: as it is read on the screen, with nothing unseen between two letters.
fn searchable(text: &str) -> String {
    if text::is_plain(text) {
        return text.to_ascii_lowercase();
    }
    let seen = |c: &char| c.is_whitespace() || !is_hostile(*c);
    text.chars().filter(seen).flat_map(char::to_lowercase).collect()
}

impl State {
    fn holds(self, entry: &Entry) -> bool {
        let is_hypothesis = entry.content.entry_kind == EntryKind::Hypothesis;
        match self {
            Self::Pinned => entry.pinned,
            Self::Struck => entry.struck.is_some(),
            Self::Open => is_hypothesis && entry.struck.is_none() && entry.verdict == Verdict::Open,
            Self::Confirmed => is_hypothesis && entry.verdict == Verdict::Confirmed,
            Self::Refuted => is_hypothesis && entry.verdict == Verdict::Refuted,
            Self::Late => super::item::lateness(entry).is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Content, When};
    use crate::domain::{EntryId, Person, Time};

    fn entry(kind: EntryKind, text: &str) -> Entry {
        Entry {
            id: EntryId(1),
            seq: crate::domain::Seq(1),
            written_at: Time::from_millis(0),
            written_by: Person::new("dana"),
            key: None,
            content: Content {
                entry_kind: kind,
                happened: When::exactly(Time::from_millis(0)),
                text: text.into(),
                owner: Some(Person::new("sam")),
                labels: vec!["db".into()],
                evidence: Vec::new(),
            },
            revisions: Vec::new(),
            struck: None,
            pinned: false,
            verdict: Verdict::Open,
            judgements: Vec::new(),
            weights: Vec::new(),
        }
    }

    #[test]
    fn every_word_must_hold() {
        let entry = entry(EntryKind::Hypothesis, "Pool is exhausted");
        for found in ["", "POOL", "kind:h pool", "@sam #db", "by:dana is:open", "exhausted kind:hypo"] {
            assert!(Query::parse(found).finds(&entry), "{found}");
        }
        for missed in ["disk", "kind:fact", "@lee", "#d2", "is:pinned", "pool by:sam", "is:late"] {
            assert!(!Query::parse(missed).finds(&entry), "{missed}");
        }
    }

    #[test]
    fn kind_author_and_label_have_a_word_each() {
        let entry = entry(EntryKind::Fact, "pool");
        for found in ["kind:fact", "by:dana", "author:@dana", "label:db", "label:#d"] {
            assert!(Query::parse(found).finds(&entry), "{found}");
        }
        for missed in ["kind:note", "author:sam", "label:cache"] {
            assert!(!Query::parse(missed).finds(&entry), "{missed}");
        }
    }

    #[test]
    fn what_nobody_sees_keeps_nothing_from_being_found() {
        let entry =
            entry(EntryKind::Fact, "pa\u{200b}ss\u{202e}word of \u{1b}[31mDANA\u{1b}[0m, Größe Ärger");
        for found in ["password", "dana", "größe ärger", "pass\u{200b}word"] {
            assert!(Query::parse(found).finds(&entry), "{found}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said_and_narrows_nothing() {
        let query = Query::parse("kind:x pool");
        assert!(query.problem.as_ref().is_some_and(|problem| problem.contains("hypothesis")));
        assert!(query.finds(&entry(EntryKind::Fact, "pool")));
    }
}
