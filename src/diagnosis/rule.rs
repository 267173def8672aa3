//! What a rule is, and what it finds.
//!
//! A rule is a value: what it looks at, what it can be tuned by, the sentence it says, and one pure function from
//! a [`View`] to findings. `docs/RULES.md` is written from these values.

use super::history::Seen;
use super::situation::{Evidence, Gravity, Level};
use super::stats::rounded;
use super::view::View;
use crate::domain::signal::Kind;
use crate::domain::{ServiceName, SignalId, SourceName, Span, Time};

#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    pub version: u32,
    pub title: &'static str,
    /// What it looks at and when it speaks, for a reader.
    pub about: &'static str,
    pub looks_at: &'static [Kind],
    pub thresholds: &'static [Threshold],
    /// The sentences it says, with the values in braces.
    pub says: &'static str,
    /// How often its answer may change while nothing it looks at arrives; zero for one that is asked anew each time.
    pub(super) step: Span,
    pub(super) evaluate: fn(&View<'_>) -> Vec<Finding>,
}

/// A number a team may set, by rule id and this name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    pub name: &'static str,
    pub default: f64,
    pub about: &'static str,
}

impl Threshold {
    pub const fn new(name: &'static str, default: f64, about: &'static str) -> Self {
        Self { name, default, about }
    }
}

/// Where in the situation a finding says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Issue,
    Exposure,
    PullRequests,
    Operational,
    Change,
}

/// One derived statement, with everything the sections of a situation need of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub rule: &'static str,
    /// With the rule, its identity.
    pub about: String,
    pub service: Option<ServiceName>,
    pub since: Time,
    pub severity: Gravity,
    /// What it makes of its service.
    pub level: Level,
    pub says: Vec<(Place, String)>,
    pub consequence: String,
    /// Values for the templates of remedies.
    pub words: Vec<(&'static str, String)>,
    /// Which row of the rule's remedies applies.
    pub remedy: Option<&'static str>,
    pub evidence: Vec<Evidence>,
    /// What the line under "what changed" stands for.
    pub change: Option<Anchor>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Anchor {
    pub id: SignalId,
    pub at: Time,
    pub source: SourceName,
    pub kind: Kind,
}

impl Finding {
    pub fn new(rule: &Rule, about: impl Into<String>, since: Time) -> Self {
        Self {
            rule: rule.id,
            about: about.into(),
            service: None,
            since,
            severity: Gravity::Low,
            level: Level::Normal,
            says: Vec::new(),
            consequence: String::new(),
            words: Vec::new(),
            remedy: None,
            evidence: Vec::new(),
            change: None,
        }
    }

    pub fn id(&self) -> String {
        format!("{}:{}", self.rule, self.about)
    }

    pub fn says_at(&self, place: Place) -> impl Iterator<Item = &str> {
        self.says.iter().filter(move |(at, _)| *at == place).map(|(_, text)| text.as_str())
    }

    pub fn is_issue(&self) -> bool {
        self.says_at(Place::Issue).next().is_some()
    }

    pub fn of(mut self, service: &ServiceName) -> Self {
        self.service = Some(service.clone());
        self
    }

    pub fn weighing(mut self, severity: Gravity) -> Self {
        self.severity = severity;
        self
    }

    pub fn making(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    pub fn says(mut self, place: Place, text: impl Into<String>) -> Self {
        self.says.push((place, text.into()));
        self
    }

    pub fn issue(self, text: impl Into<String>, consequence: impl Into<String>) -> Self {
        let mut finding = self.says(Place::Issue, text);
        finding.consequence = consequence.into();
        finding
    }

    pub fn remedy(mut self, remedy: &'static str, words: Vec<(&'static str, String)>) -> Self {
        self.remedy = Some(remedy);
        self.words = words;
        self
    }

    pub fn signal<T>(mut self, seen: &Seen<T>) -> Self {
        self.evidence.extend(seen.evidence());
        self
    }

    /// At most a handful: evidence is for reading.
    pub fn signals<'s, T: 's>(mut self, seen: impl IntoIterator<Item = &'s Seen<T>>) -> Self {
        const ENOUGH: usize = 8;
        self.evidence.extend(seen.into_iter().take(ENOUGH).flat_map(Seen::evidence));
        self
    }

    pub fn number(mut self, name: &'static str, value: f64, unit: &'static str) -> Self {
        self.evidence.push(Evidence::Number { name, value: rounded(value), unit });
        self
    }

    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    pub fn window(self, from: Time, to: Time) -> Self {
        self.evidence(Evidence::Window { from, to })
    }

    pub fn anchored(mut self, id: SignalId, at: Time, source: &SourceName, kind: Kind) -> Self {
        self.change = Some(Anchor { id, at, source: source.clone(), kind });
        self
    }
}
