//! The screens: one a file, each with its own state, drawn and moved by the shell around it.

pub mod feed;

use crate::keymap::{Context, Verb};

/// The screens there are, in the order of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Feed,
}

impl Screen {
    pub const ALL: [Self; 1] = [Self::Feed];

    /// The key on the tab bar; screens keep theirs whichever others exist.
    pub const fn key(self) -> char {
        match self {
            Self::Feed => '3',
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Feed => "Feed",
        }
    }

    pub const fn context(self) -> Context {
        match self {
            Self::Feed => Context::Feed,
        }
    }

    pub const fn verb(self) -> Verb {
        match self {
            Self::Feed => Verb::ScreenFeed,
        }
    }

    pub fn place(self) -> usize {
        Self::ALL.iter().position(|screen| *screen == self).unwrap_or(0)
    }
}
