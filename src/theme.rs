//! From roles to styles: what a screen means by the look of a cell, and how a terminal shows it.
//!
//! A theme has a style for every [`Role`], and knows nothing of screens. Pure: files come in as text, and what is
//! wrong with them goes out as [`Problem`]s beside a theme that is complete.

pub mod colour;
mod file;
mod library;
pub mod reference;
mod resolve;
pub mod role;

pub use crate::domain::problem::Problem;
pub use colour::Depth;
pub use library::{Themes, UnknownTheme};
pub use role::{Legibility, Role};

use ratatui::style::{Color, Style};

/// The themes that come with sitroom; the first is the one it starts with.
pub const SHIPPED: [(&str, &str); 6] = [
    ("terminal", include_str!("../themes/terminal.toml")),
    ("dark", include_str!("../themes/dark.toml")),
    ("light", include_str!("../themes/light.toml")),
    ("high-contrast", include_str!("../themes/high-contrast.toml")),
    ("colourblind", include_str!("../themes/colourblind.toml")),
    ("mono", include_str!("../themes/mono.toml")),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    name: String,
    styles: [Style; Role::ALL.len()],
}

impl Default for Theme {
    fn default() -> Self {
        Self::shipped(SHIPPED[0].0).expect("the first of the shipped themes is one of them")
    }
}

impl Theme {
    /// A theme that comes with sitroom, by name.
    pub fn shipped(name: &str) -> Option<Self> {
        Themes::default().load(name).ok().map(|(theme, _)| theme)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn style(&self, role: Role) -> Style {
        self.styles[role.index()]
    }

    /// What is written with a role, on whatever it stands: the background of text is laid once, under all of a screen.
    pub fn ink(&self, role: Role) -> Style {
        match role {
            Role::Text => Style { bg: None, ..self.style(role) },
            _ => self.style(role),
        }
    }

    /// The theme as a terminal of this depth can show it. A look made of colours says too little without them, so
    /// where there are none it is the theme made for that.
    #[must_use]
    pub fn at(&self, depth: Depth) -> Self {
        let styles = match depth {
            Depth::Mono => Self::shipped("mono").expect("mono is among the shipped themes").styles,
            depth => self.styles.map(|style| reduce(style, depth)),
        };
        Self { name: self.name.clone(), styles }
    }
}

fn reduce(style: Style, depth: Depth) -> Style {
    let color = |color: Option<Color>| color.map(|color| colour::reduce(color, depth));
    Style { fg: color(style.fg), bg: color(style.bg), ..style }
}
