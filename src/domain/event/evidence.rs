//! What a statement rests on, frozen when it was attached: it reads the same when its source is long gone.
//!
//! Values are decimal text, as they were shown; what was asked of whom stands beside them, so that anybody can ask again.

use crate::domain::id::{EntryId, IncidentId, SignalId, SourceName};
use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Evidence {
    Link {
        url: String,
    },
    Signal {
        id: SignalId,
        at: Time,
        title: String,
    },
    /// One value: `payment-api/5xx` was `1.9` `%`.
    Number {
        #[serde(flatten)]
        reading: Reading,
        value: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        unit: String,
    },
    /// A series over the window of its reading, oldest point first.
    Series {
        #[serde(flatten)]
        reading: Reading,
        points: Vec<Point>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        unit: String,
    },
    /// Log lines, oldest first, as they were shown.
    Log {
        #[serde(flatten)]
        reading: Reading,
        lines: Vec<LogLine>,
    },
    /// A finding of the diagnosis: which rule said it, in which version, on what.
    Finding {
        #[serde(flatten)]
        basis: Basis,
        title: String,
        read_at: Time,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
}

impl Evidence {
    /// It in one line, as it is named beside a statement.
    pub fn said(&self) -> String {
        match self {
            Self::Link { url } => url.clone(),
            Self::Signal { title, .. } | Self::Finding { title, .. } => title.clone(),
            Self::Number { reading, value, unit } => {
                format!("{} {value} {unit}", reading.query).trim_end().to_owned()
            }
            Self::Series { reading, points, .. } => format!("{}, {} points", reading.query, points.len()),
            Self::Log { reading, lines } => format!("{}, {} log lines", reading.query, lines.len()),
        }
    }
}

/// What was asked of which source, about which window, and when the answer was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub source: SourceName,
    pub query: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    pub read_at: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub at: Time,
    pub value: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    pub at: Time,
    pub text: String,
}

/// The rule behind something derived, exactly enough to be asked again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Basis {
    pub rule: String,
    pub version: u32,
}

/// What a hypothesis is weighed by: another entry, or evidence of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Ground {
    Entry {
        /// Named where the entry is another incident's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<IncidentId>,
        entry: EntryId,
    },
    Evidence {
        evidence: Evidence,
    },
}
