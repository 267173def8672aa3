//! A goal: what is measured and what it is to come to, as a line people can read.
//!
//! `deploy_success_rate(14d) > 90 %`, `failures(vector: configuration, 14d) vs baseline down 60 %`,
//! `api/5xx p95 over 7d < 1 %`. [`Goal`] is that line understood; printing it gives a line that is understood
//! the same. What it comes to now is the business of the diagnosis.

mod read;
mod say;
mod what;

pub use what::{Takes, WHATS, What, Yields};

use super::id::{SeriesName, ServiceName};
use super::phrase::{Amount, Compare, Fault};
use super::time::Span;
use crate::domain::as_text::as_text;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub struct Goal {
    pub measure: Measure,
    pub target: Target,
}

/// What is looked at, and over how long.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// Something the room counts by itself, of its deployments, builds and incidents.
    Room {
        what: What,
        of: Of,
        stat: Option<Stat>,
        window: Span,
    },
    Series {
        series: SeriesName,
        stat: Stat,
        window: Span,
    },
}

/// What is counted is narrowed to these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Of {
    /// A failure vector of the plan, by its id.
    pub vector: Option<String>,
    pub service: Option<ServiceName>,
    /// A label of an incident's entries.
    pub label: Option<String>,
}

/// One number for many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stat {
    Mean,
    Median,
    P90,
    P95,
    P99,
    Max,
    Min,
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    Limit(Compare, Amount),
    /// So many percent less or more than it was.
    Change(Way, f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Down,
    Up,
}

impl Stat {
    pub const ALL: [Self; 8] =
        [Self::Mean, Self::Median, Self::P90, Self::P95, Self::P99, Self::Max, Self::Min, Self::Last];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Median => "median",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Max => "max",
            Self::Min => "min",
            Self::Last => "last",
        }
    }
}

impl Way {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
        }
    }
}

impl Measure {
    /// What stands behind the number; of a series the last word of its name.
    pub fn noun(&self) -> &str {
        match self {
            Self::Room { what, .. } => what.row().noun,
            Self::Series { series, .. } => series.as_str().rsplit(['/', '-', '_']).next().unwrap_or_default(),
        }
    }

    /// What that is, for a reader.
    pub fn about(&self) -> Option<&'static str> {
        match self {
            Self::Room { what, .. } => Some(what.row().about),
            Self::Series { .. } => None,
        }
    }

    pub const fn window(&self) -> Span {
        match self {
            Self::Room { window, .. } | Self::Series { window, .. } => *window,
        }
    }
}

impl FromStr for Goal {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        read::goal(text)
    }
}

as_text!(Goal);

#[cfg(test)]
mod tests;
