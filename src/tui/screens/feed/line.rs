//! A line of a log as it is shown: its level, where it comes from, its words, and the fields of its JSON.

use crate::domain::signal::Log;
use crate::domain::{Body, SignalRef};
use crate::theme::Role;
use crate::tui::text::wrap;
use serde_json::Value;

/// Levels from the least to the worst, with the words that mean them.
const LEVELS: [(Level, &[&str]); 5] = [
    (Level::Debug, &["debug", "trace", "verbose"]),
    (Level::Info, &["info", "notice", "information"]),
    (Level::Warn, &["warn", "warning"]),
    (Level::Error, &["error", "err", "severe"]),
    (Level::Fatal, &["fatal", "critical", "panic", "emergency", "alert"]),
];
/// Fields that are shown elsewhere in the line.
const SHOWN: [&str; 10] =
    ["logGroupName", "level", "severity", "lvl", "message", "msg", "time", "timestamp", "@timestamp", "ts"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

impl Level {
    /// A word nobody knows is no reason to worry.
    pub fn of(word: &str) -> Self {
        Self::known(word).unwrap_or(Self::Info)
    }

    fn known(word: &str) -> Option<Self> {
        let is_it = |known: &&str| word.eq_ignore_ascii_case(known);
        LEVELS.iter().find(|(_, words)| words.iter().any(is_it)).map(|(level, _)| *level)
    }

    /// What somebody asks for, who may have mistyped it.
    pub fn asked(word: &str) -> Result<Self, String> {
        Self::known(word).ok_or_else(|| {
            let known: Vec<_> = LEVELS.iter().map(|(level, _)| level.word()).collect();
            format!("`{word}` is not a level; known are {}", known.join(", "))
        })
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }

    pub const fn role(self) -> Role {
        match self {
            Self::Debug => Role::Dim,
            Self::Info => Role::Text,
            Self::Warn => Role::Elevated,
            Self::Error => Role::Degraded,
            Self::Fatal => Role::Critical,
        }
    }
}

/// How much of a line is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shows {
    #[default]
    Message,
    /// The fields of its JSON behind the message.
    Fields,
}

pub fn log_of(signal: &SignalRef<'_>) -> Option<Log> {
    match signal.body() {
        Body::Log(log) => Some(log),
        _ => None,
    }
}

pub fn said(signal: &SignalRef<'_>, shows: Shows) -> String {
    let fields = match shows {
        Shows::Message => String::new(),
        Shows::Fields => signal.raw().map_or_else(String::new, fields),
    };
    if fields.is_empty() { signal.title().to_owned() } else { format!("{}  {fields}", signal.title()) }
}

pub fn lines_of_message(signal: &SignalRef<'_>, columns: usize) -> usize {
    wrap(&said(signal, Shows::Message), columns).len()
}

pub fn lines_of_fields(signal: &SignalRef<'_>, columns: usize) -> usize {
    wrap(&said(signal, Shows::Fields), columns).len()
}

fn fields(raw: &str) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str(raw) else { return String::new() };
    let told = fields.iter().filter(|(name, _)| !SHOWN.contains(&name.as_str()));
    told.map(|(name, value)| format!("{name}={}", plain(value))).collect::<Vec<_>>().join(" ")
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if !text.contains(' ') => text.clone(),
        other => other.to_string(),
    }
}

/// Where the words stand in a text, in order and not over one another; letters beyond ASCII as they are written.
pub fn found(text: &str, words: &[String]) -> Vec<(usize, usize)> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<_> = words
        .iter()
        .filter(|word| !word.is_empty())
        .flat_map(|word| lower.match_indices(word.as_str()).map(|(at, _)| (at, at + word.len())))
        .collect();
    found.sort_unstable();
    let mut end = 0;
    found.retain(|(from, to)| {
        let is_free = *from >= end;
        end = if is_free { *to } else { end };
        is_free
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_told_by_many_words_and_rank() {
        assert_eq!(
            [Level::of("WARNING"), Level::of("err"), Level::of("odd")],
            [Level::Warn, Level::Error, Level::Info]
        );
        assert!(Level::Fatal > Level::Error && Level::Warn > Level::Info);
    }

    #[test]
    fn fields_are_told_as_pairs_without_what_is_shown_anyway() {
        assert_eq!(
            fields(r#"{"level":"error","msg":"x","route":"/pay","took":812,"why":"no connection"}"#),
            "route=/pay took=812 why=\"no connection\""
        );
        assert_eq!((fields("[1]"), fields("no json")), (String::new(), String::new()));
    }

    #[test]
    fn words_are_found_in_any_case_and_never_over_one_another() {
        let words = ["pool", "ol is"].map(String::from);
        assert_eq!(found("The POOL is full, pool", &words), [(4, 8), (18, 22)]);
        assert_eq!(found("ß pool", &words), [(3, 7)]);
    }
}
