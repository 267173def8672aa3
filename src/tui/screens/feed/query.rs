//! What the feed is asked for: words to be found and terms that narrow, `source:aws service:payment since:2h`.
//!
//! A word is found where it stands in the service, the tag or the title, whatever its case; failing that, where
//! its letters follow each other closely enough to be meant. Several terms of one name widen, different names
//! narrow, and a minus turns a term or a word round.

use super::line::{Level, log_of};
use crate::domain::problem::nearest;
use crate::domain::{Kind, SignalRef, Span, Time};
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::fmt;

/// A scattered match must be worth this much a letter, or everything long would match everything.
const SCORE_A_LETTER: usize = 20;
/// Few letters scattered through a line mean nothing.
const SHORTEST_SCATTERED: usize = 4;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<Term>,
    /// Nothing later is shown, while somebody looks at a moment that is not now.
    until: Option<Time>,
    /// What could not be understood, each with its fix.
    pub problems: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    wanted: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Source(String),
    Service(String),
    Kind(Kind),
    Since(Span),
    /// A group of a log, or a part of its name.
    Group(String),
    /// A line of a log that is at least so grave.
    Level(Level),
    Word(Word),
}

#[derive(Clone, Debug, PartialEq)]
struct Word {
    text: String,
    scattered: Option<Atom>,
}

/// The names before a colon, with what may stand after it.
pub const NAMES: [(&str, &str); 6] = [
    ("source", "source:aws"),
    ("service", "service:billing"),
    ("kind", "kind:deploy"),
    ("since", "since:2h"),
    ("group", "group:/ecs/api"),
    ("level", "level:error"),
];

/// What matching needs to work in, kept so that a million tests allocate nothing.
pub struct Scratch {
    matcher: Matcher,
    chars: Vec<char>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { matcher: Matcher::new(Config::DEFAULT), chars: Vec::new() }
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scratch")
    }
}

impl Query {
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for word in text.split_whitespace() {
            let (wanted, word) = match word.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => (false, rest),
                _ => (true, word),
            };
            match parse_test(word) {
                Ok(test) => query.terms.push(Term { wanted, test }),
                Err(problem) => query.problems.push(problem),
            }
        }
        query
    }

    #[must_use]
    pub fn up_to(self, until: Option<Time>) -> Self {
        Self { until, ..self }
    }

    pub fn until(&self) -> Option<Time> {
        self.until
    }

    /// The words that are looked for, in lower case.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter(|term| term.wanted).filter_map(|term| match &term.test {
            Test::Word(word) => Some(word.text.as_str()),
            _ => None,
        })
    }

    /// Samples are drawn as lines in charts, and lines of logs have a pane of their own; either would drown everything
    /// else in a list, so they are shown only when they are asked for.
    pub fn shows(&self, kind: Kind) -> bool {
        let asks = |test: &Test| match kind {
            Kind::Sample => *test == Test::Kind(Kind::Sample),
            Kind::Log => matches!(test, Test::Kind(Kind::Log) | Test::Group(_) | Test::Level(_)),
            _ => true,
        };
        !matches!(kind, Kind::Sample | Kind::Log)
            || self.terms.iter().any(|term| term.wanted && asks(&term.test))
    }

    /// Whether the answer changes as time goes by.
    pub fn depends_on_time(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, Test::Since(_)))
    }

    pub fn matches(&self, signal: &SignalRef<'_>, now: Time, scratch: &mut Scratch) -> bool {
        if !self.shows(signal.kind()) || self.until.is_some_and(|until| signal.at() > until) {
            return false;
        }
        self.terms.iter().all(|term| match term.wanted {
            true => self.holds_or_alternative(&term.test, signal, now, scratch),
            false => !term.test.holds(signal, now, scratch),
        })
    }

    fn holds_or_alternative(
        &self,
        test: &Test,
        signal: &SignalRef<'_>,
        now: Time,
        scratch: &mut Scratch,
    ) -> bool {
        test.holds(signal, now, scratch)
            || self.terms.iter().any(|other| {
                other.wanted && other.test.is_alternative_to(test) && other.test.holds(signal, now, scratch)
            })
    }
}

/// A part of its name, or with `=` before it the whole.
fn is_group(group: &str, asked: &str) -> bool {
    asked.strip_prefix('=').map_or_else(|| contains(group, asked), |whole| group.eq_ignore_ascii_case(whole))
}

/// Only a line of a log has to be unpacked for what it is asked.
fn log(signal: &SignalRef<'_>) -> Option<crate::domain::signal::Log> {
    if signal.kind() == Kind::Log { log_of(signal) } else { None }
}

fn parse_test(word: &str) -> Result<Test, String> {
    let Some((name, value)) = word.split_once(':') else { return Ok(Test::Word(Word::new(word))) };
    let value = value.to_ascii_lowercase();
    match name {
        "source" => Ok(Test::Source(value)),
        "service" => Ok(Test::Service(value)),
        "kind" => value.parse().map(Test::Kind),
        "since" => value.parse().map(Test::Since),
        "group" => Ok(Test::Group(value)),
        "level" => Level::asked(&value).map(Test::Level),
        // A time, a URL or a version has a colon too.
        _ if !name.chars().all(|c| c.is_ascii_lowercase()) || value.starts_with('/') => {
            Ok(Test::Word(Word::new(word)))
        }
        _ => Err(unknown_name(name)),
    }
}

fn unknown_name(name: &str) -> String {
    let nearest = nearest(name, NAMES.iter().map(|(known, _)| *known));
    match NAMES.iter().find(|(known, _)| Some(*known) == nearest) {
        Some((_, example)) => format!("`{name}:` is not a term, did you mean {example}?"),
        None => {
            let all: Vec<_> = NAMES.iter().map(|(_, example)| *example).collect();
            format!("`{name}:` is not a term, there are {}", all.join(" "))
        }
    }
}

impl Test {
    fn holds(&self, signal: &SignalRef<'_>, now: Time, scratch: &mut Scratch) -> bool {
        match self {
            Self::Source(name) => contains(signal.source(), name),
            Self::Service(name) => contains(signal.service(), name),
            Self::Kind(kind) => signal.kind() == *kind,
            Self::Since(span) => signal.at() >= now - *span,
            Self::Group(name) => log(signal).is_some_and(|log| is_group(&log.group, name)),
            Self::Level(least) => log(signal).is_some_and(|log| Level::of(&log.level) >= *least),
            Self::Word(word) => word.is_in(signal, scratch),
        }
    }

    fn is_alternative_to(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::Source(_), Self::Source(_))
                | (Self::Service(_), Self::Service(_))
                | (Self::Kind(_), Self::Kind(_))
                | (Self::Group(_), Self::Group(_))
        )
    }
}

impl Word {
    fn new(text: &str) -> Self {
        let scattered = (text.len() >= SHORTEST_SCATTERED)
            .then(|| Atom::new(text, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy, false));
        Self { text: text.to_ascii_lowercase(), scattered }
    }

    fn is_in(&self, signal: &SignalRef<'_>, scratch: &mut Scratch) -> bool {
        let tag = signal.kind().tag();
        if [signal.title(), signal.service(), tag, signal.source()]
            .iter()
            .any(|text| contains(text, &self.text))
        {
            return true;
        }
        let Some(atom) = &self.scattered else { return false };
        let needed = SCORE_A_LETTER * self.text.len();
        [signal.service(), signal.title()].iter().any(|text| {
            let score = atom.score(Utf32Str::new(text, &mut scratch.chars), &mut scratch.matcher);
            score.is_some_and(|score| usize::from(score) >= needed)
        })
    }
}

/// Whether a lower-case word stands in a text of any case; ASCII only folds, which is what service names and
/// titles are made of.
fn contains(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let Some((first, rest)) = word.split_first() else { return true };
    let mut from = 0;
    while let Some(found) = memchr::memchr2(*first, first.to_ascii_uppercase(), &text[from..]) {
        let after = from + found + 1;
        match text.get(after..after + rest.len()) {
            Some(candidate) if candidate.eq_ignore_ascii_case(rest) => return true,
            Some(_) => from = after,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, ServiceName, Signal, SignalId, SignalLog, SourceName, signal};

    fn found(query: &str) -> Vec<String> {
        let now = Time::from_millis(100_000_000);
        let deploy = signal::Deploy {
            version: "v2".into(),
            environment: "production".into(),
            outcome: signal::Outcome::Succeeded,
            previous: None,
            took: None,
            cause: None,
        };
        let log = signal::Log { level: "error".into(), group: "/ecs/checkout".into() };
        let sample = signal::Sample::new("checkout/5xx".into(), 1.0);
        let signals = [
            ("aws", "checkout", "Deployed v2 to production", Body::Deploy(deploy), 30),
            ("github", "ledger", "#4127 merged, 812 lines", Body::Note, 200),
            ("aws", "payment-api", "5xx Alarm raised", Body::Note, 10),
            ("aws", "checkout", "5xx 1 %", Body::Sample(sample), 1),
            ("aws", "checkout", "pool is full", Body::Log(log), 1),
        ];
        let log: SignalLog = signals
            .into_iter()
            .map(|(source, service, title, body, minutes)| Signal {
                id: SignalId::of(source, title),
                at: now - Span::minutes(minutes),
                source: SourceName::new(source),
                service: Some(ServiceName::new(service)),
                title: title.into(),
                body,
                link: None,
                raw: None,
            })
            .collect();
        let query = Query::parse(query);
        let mut scratch = Scratch::default();
        log.iter().filter(|s| query.matches(s, now, &mut scratch)).map(|s| s.title().to_owned()).collect()
    }

    #[test]
    fn words_are_found_in_any_case_and_terms_narrow() {
        assert_eq!(found("ALARM"), ["5xx Alarm raised"]);
        assert_eq!(found("source:aws -alarm"), ["Deployed v2 to production"]);
        assert_eq!(found("kind:deploy service:check"), ["Deployed v2 to production"]);
        assert_eq!(found("service:ledger service:payment"), ["#4127 merged, 812 lines", "5xx Alarm raised"]);
        assert_eq!(found("since:1h").len(), 2);
    }

    #[test]
    fn samples_are_shown_only_when_asked_for() {
        assert_eq!(found("").len(), 3);
        assert_eq!(found("kind:sample"), ["5xx 1 %"]);
    }

    #[test]
    fn lines_of_logs_are_shown_when_they_are_asked_for_by_kind_group_or_level() {
        for query in ["kind:log", "group:checkout", "group:=/ecs/checkout", "level:warn", "level:error pool"]
        {
            assert_eq!(found(query), ["pool is full"], "{query}");
        }
        for query in ["pool", "group:=/ecs/check", "level:fatal"] {
            assert!(found(query).is_empty(), "{query}");
        }
    }

    #[test]
    fn letters_close_enough_are_found_and_scattered_ones_are_not() {
        assert_eq!(found("payapi"), ["5xx Alarm raised"]);
        assert_eq!(found("deplprod"), ["Deployed v2 to production"]);
        assert!(found("aeio").is_empty());
    }

    #[test]
    fn what_is_not_understood_is_said_and_the_rest_still_works() {
        let query = Query::parse("knd:deploy kind:deplyo since:never v2");
        assert_eq!(query.problems[0], "`knd:` is not a term, did you mean kind:deploy?");
        assert_eq!(query.problems.len(), 3);
        let strange = Query::parse("zebra:stripes");
        assert!(strange.problems[0].starts_with("`zebra:` is not a term, there are source:aws "));
        assert_eq!(found("knd:deploy v2"), ["Deployed v2 to production"]);
        let typo = Query::parse("level:eror").problems;
        assert_eq!(typo, ["`eror` is not a level; known are debug, info, warn, error, fatal"]);
        assert!(Query::parse("https://example.org 14:06").problems.is_empty());
    }
}
