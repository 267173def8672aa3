//! What is wrong with an answer, by name: what a status counts and a signal says.

use crate::domain::Span;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("its url is no address of a server; write https://host/path, without a name or a password")]
    NoAddress,
    /// The address leads where this room may not ask.
    #[error("{0}")]
    OutOfBounds(String),
    #[error("no answer within {}", said(.0))]
    Slow(Span),
    #[error("no connection: {0}")]
    NoConnection(String),
    #[error("its certificate is not accepted: {0}")]
    Certificate(String),
    #[error("the answer broke off: {0}")]
    BrokenOff(String),
    #[error("HTTP {0}")]
    Status(u16),
    #[error("the answer does not contain `{0}`")]
    Lies(String),
    #[error("the answer is larger than {} KiB, and what was read does not contain `{expect}`", .read >> 10)]
    TooLarge { read: usize, expect: String },
    #[error("redirects more than {0} times")]
    Redirects(usize),
    #[error("redirects to nowhere")]
    Nowhere,
    #[error("the code that asked crashed; please report this as a bug")]
    Crashed,
}

impl Trouble {
    /// The word it is counted by.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NoAddress => "without an address",
            Self::OutOfBounds(_) => "out of bounds",
            Self::Slow(_) => "no answer in time",
            Self::NoConnection(_) => "no connection",
            Self::Certificate(_) => "bad certificate",
            Self::BrokenOff(_) => "broken off",
            Self::Status(_) => "wrong status",
            Self::Lies(_) => "wrong answer",
            Self::TooLarge { .. } => "too large",
            Self::Redirects(_) | Self::Nowhere => "redirected in vain",
            Self::Crashed => "crashed",
        }
    }
}

fn said(span: &Span) -> String {
    String::from(*span)
}
