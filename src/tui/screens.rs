//! The screens: one a file, each with its own state, and one table of what the shell around them asks of each.

pub mod feed;
pub mod incident;
pub mod plan;
pub mod readiness;
pub mod services;
pub mod situation;

use super::canvas::Canvas;
use super::overlays::detail::About;
use super::ui::{Ui, World};
use super::widgets::list::Step;
use crate::keymap::{Context, Verb};

/// The screens there are, in the order of their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    Situation,
    Incident,
    Feed,
    Services,
    Readiness,
    Plan,
}

/// What the shell knows of a screen; nothing around the screens needs to tell them apart.
pub struct Face {
    /// The key on the tab bar.
    pub key: char,
    pub title: &'static str,
    pub context: Context,
    pub verb: Verb,
    pub draw: fn(&Ui, World<'_>, &mut Canvas<'_>),
    pub step: fn(&mut Ui, World<'_>, Step),
    /// A line in sight was clicked, counted from the first.
    pub select_row: fn(&mut Ui, World<'_>, usize),
    /// What the line under the cursor is about.
    pub item: fn(&Ui, World<'_>) -> Option<About>,
    /// Escape: undoes one thing that stands between the screen and its plain form.
    pub leave: fn(&mut Ui),
    /// Goes to the next part of the screen or the one before, where it has parts.
    pub turn: Option<fn(&mut Ui, World<'_>, isize)>,
    /// Gives the part that is looked at the whole screen, or gives it back.
    pub zoom: Option<fn(&mut Ui)>,
    /// What `/` narrows; a screen without lines of its own sends people to the feed.
    pub filter: Option<&'static Narrow>,
    /// Whether there is nothing on it that could be narrowed, turned or zoomed, and nobody has narrowed it.
    pub is_bare: fn(&Ui) -> bool,
    /// Where in its lines a person is, for the end of the status line.
    pub place: fn(&Ui) -> String,
}

/// How a screen is narrowed by what somebody types.
pub struct Narrow {
    pub placeholder: &'static str,
    pub asked: fn(&Ui) -> &str,
    pub ask: fn(&mut Ui, &str),
    /// How many lines are left.
    pub count: fn(&Ui) -> String,
    pub problem: fn(&Ui) -> Option<&String>,
}

impl Screen {
    pub const ALL: [Self; 6] =
        [Self::Situation, Self::Incident, Self::Feed, Self::Services, Self::Readiness, Self::Plan];

    pub const fn face(self) -> &'static Face {
        match self {
            Self::Situation => &situation::FACE,
            Self::Incident => &incident::FACE,
            Self::Feed => &feed::FACE,
            Self::Services => &services::FACE,
            Self::Readiness => &readiness::FACE,
            Self::Plan => &plan::FACE,
        }
    }

    pub const fn title(self) -> &'static str {
        self.face().title
    }

    pub fn place(self) -> usize {
        Self::ALL.iter().position(|screen| *screen == self).unwrap_or(0)
    }
}

/// How many lines a filter has left of how many there are.
fn of_all(shown: usize, all: usize) -> String {
    format!("{shown} of {all}")
}

/// A screen that has no lines of its own to say where in them somebody is.
fn nowhere(_: &Ui) -> String {
    String::new()
}
