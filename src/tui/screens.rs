//! The screens: one a file, each with its own state, drawn and moved by the shell around it.

pub mod feed;
pub mod incident;
pub mod situation;

use crate::keymap::{Context, Verb};

/// The screens there are, in the order of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Situation,
    Incident,
    Feed,
}

impl Screen {
    pub const ALL: [Self; 3] = [Self::Situation, Self::Incident, Self::Feed];

    /// The key on the tab bar; screens keep theirs whichever others exist.
    pub const fn key(self) -> char {
        match self {
            Self::Situation => '1',
            Self::Incident => '2',
            Self::Feed => '3',
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Situation => "Situation",
            Self::Incident => "Incident",
            Self::Feed => "Feed",
        }
    }

    pub const fn context(self) -> Context {
        match self {
            Self::Situation => Context::List,
            Self::Incident => Context::Incident,
            Self::Feed => Context::Feed,
        }
    }

    pub const fn verb(self) -> Verb {
        match self {
            Self::Situation => Verb::ScreenSituation,
            Self::Incident => Verb::ScreenIncident,
            Self::Feed => Verb::ScreenFeed,
        }
    }

    pub fn place(self) -> usize {
        Self::ALL.iter().position(|screen| *screen == self).unwrap_or(0)
    }
}
