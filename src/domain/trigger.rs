//! A trigger: when a service is to be rolled back, or works in another mode, as a line people can read.
//!
//! `error rate > 5 % for 2 minutes`, `latency p95 > 2 s for 5 minutes or checks failing on new tasks`. [`Trigger`] is
//! that line understood; printing it gives a line that is understood the same. [`resolve`] finds what it measures in
//! the catalog. Whether it is met is the business of the diagnosis.

mod read;
pub mod resolve;
mod say;

use super::phrase::{Amount, Compare, Fault};
use super::time::Span;
use std::str::FromStr;

#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    One(Condition),
    /// All of them at once; two or more.
    All(Vec<Self>),
    /// Any of them; two or more.
    Any(Vec<Self>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Measured(Measured),
    Broken(Broken),
}

/// A metric on one side of a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The metric by its name or by what it measures, as it was written.
    pub subject: String,
    pub compare: Compare,
    pub limit: Limit,
    pub window: Window,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    Amount(Amount),
    /// So many times what is usual.
    Baseline(f64),
}

/// What is looked at of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The newest measurement.
    Now,
    /// All measurements, for so long.
    Held(Span),
    /// The sum of what was measured within so long.
    Within(Span),
}

/// Something that is either well or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    pub what: What,
    pub scope: Scope,
    /// For how long it has to be so; zero for at once.
    pub held: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Any health check of the service.
    Checks,
    /// A health check, or another service with all of its checks, by name.
    Named(String),
    Alarm(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Anywhere,
    /// Only what broke after something new was deployed.
    NewTasks,
}

impl Trigger {
    /// The conditions it is made of, in the order they are written.
    pub fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::One(condition) => vec![condition],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::conditions).collect(),
        }
    }
}

impl FromStr for Trigger {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        read::trigger(text)
    }
}

#[cfg(test)]
mod tests;
