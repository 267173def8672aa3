//! From roles to styles: what a screen means by the look of a cell, and how a terminal shows it.
//!
//! A theme has a style for every [`Role`], and knows nothing of screens. Pure: files come in as text, and what is
//! wrong with them goes out as [`Problem`]s beside a theme that is complete.

pub mod role;

pub use role::{Legibility, Role};

use ratatui::style::Style;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
}

impl Default for Theme {
    fn default() -> Self {
        Self { styles: [Style::new(); Role::ALL.len()] }
    }
}

impl Theme {
    pub fn style(&self, role: Role) -> Style {
        self.styles[role.index()]
    }
}
