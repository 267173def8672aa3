//! Short lines that people write for a machine to measure by: names, comparisons, amounts with units, spans.
//!
//! What every such line has in common is here, so that an amount is written the same in all of them. Nothing here
//! knows what a line is for. Any text gives an answer or a [`Fault`] that says where it is and what was expected.

mod amount;
mod compare;
mod span;
mod tokens;

pub use amount::{Amount, Scale};
pub use compare::Compare;
pub use span::{say_span, span};
pub use tokens::{Piece, Token, Tokens};

/// What is wrong with a line: where, counted in characters from 1, what was expected there, and what is there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: expected {expected}, found {found}")]
pub struct Fault {
    pub column: usize,
    pub expected: String,
    pub found: String,
}

impl Fault {
    pub fn new(column: usize, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { column, expected: expected.into(), found: found.into() }
    }
}
