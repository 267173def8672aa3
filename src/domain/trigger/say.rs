//! From the trigger back to a line that is read as the same trigger.

use super::read::STATES;
use super::{Broken, Condition, Limit, Measured, Scope, Trigger, What, Window};
use crate::domain::phrase::{Compare, Piece, Tokens, say_span};
use crate::domain::time::Span;
use std::fmt;

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(condition) => condition.fmt(f),
            Self::All(parts) => joined(f, parts, " and ", |part| matches!(part, Self::One(_))),
            Self::Any(parts) => joined(f, parts, " or ", |part| !matches!(part, Self::Any(_))),
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Trigger],
    word: &str,
    stands_alone: fn(&Trigger) -> bool,
) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        f.write_str(if place == 0 { "" } else { word })?;
        if stands_alone(part) { write!(f, "{part}")? } else { write!(f, "({part})")? }
    }
    Ok(())
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measured(measured) => measured.fmt(f),
            Self::Broken(broken) => broken.fmt(f),
        }
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, compare, limit, window } = self;
        write!(f, "{} {compare} ", name(subject))?;
        match limit {
            Limit::Amount(amount) => write!(f, "{amount}")?,
            Limit::Baseline(times) => write!(f, "{times} x baseline")?,
        }
        match window {
            Window::Now => Ok(()),
            Window::Held(span) => write!(f, " for {}", say_span(*span)),
            Window::Within(span) => write!(f, " in {}", say_span(*span)),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Checks => f.write_str("checks failing")?,
            What::Named(what) => write!(f, "{} failing", name(what))?,
            What::Alarm(alarm) => write!(f, "alarm {} ringing", name(alarm))?,
        }
        if self.scope == Scope::NewTasks {
            f.write_str(" on new tasks")?;
        }
        if self.held > Span::ZERO { write!(f, " for {}", say_span(self.held)) } else { Ok(()) }
    }
}

/// A name as it can be written: in quotation marks where a word of it means something else.
fn name(text: &str) -> String {
    const MEANING: [&str; 16] = [
        "and",
        "or",
        "is",
        "are",
        "for",
        "in",
        "within",
        "on",
        "sustained",
        "alarm",
        "check",
        "checks",
        "health",
        "any",
        "x",
        "times",
    ];
    let means_something = |word: &str| {
        MEANING.iter().chain(&STATES).any(|known| word.eq_ignore_ascii_case(known))
            || Compare::of_word(word).is_some()
            || Tokens::of(word).is_ok_and(|tokens| tokens.peek() != Some(Piece::Run(word)))
    };
    let words: Vec<_> = text.split(' ').collect();
    let is_plain = words.iter().all(|word| !word.is_empty() && !means_something(word))
        && !text.contains(|c: char| c.is_whitespace() && c != ' ');
    if is_plain { text.to_owned() } else { format!("\"{text}\"") }
}
