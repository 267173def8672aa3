//! A page that a screen has put together itself: a heading, what belongs to it by name, and a line drawn.

use super::{Line, link_role, named, paragraph};
use crate::theme::Role;
use crate::tui::frame::is_address;
use crate::tui::glyphs::Glyphs;

/// Kept as it was when somebody asked, so that it can be read in peace.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What kind of thing it is.
    pub kind: &'static str,
    heading: String,
    parts: Vec<(&'static str, String)>,
    trend: Vec<Option<f64>>,
}

impl Page {
    pub fn new(kind: &'static str, heading: &str) -> Self {
        Self { kind, heading: heading.to_owned(), parts: Vec::new(), trend: Vec::new() }
    }

    /// What says nothing is left out.
    pub fn say(&mut self, name: &'static str, text: &str) {
        if !text.trim().is_empty() {
            self.parts.push((name, text.trim_end().to_owned()));
        }
    }

    pub fn draw(&mut self, trend: Vec<Option<f64>>) {
        self.trend = trend;
    }

    /// All that belongs to it, to be searched.
    pub fn said(&self) -> String {
        self.parts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// The page laid out for so many columns.
pub fn lines(page: &Page, glyphs: &Glyphs, columns: usize) -> Vec<Line> {
    let mut lines = paragraph(&page.heading, Role::Strong, columns);
    for (name, text) in &page.parts {
        lines.extend(named(name, text, link_role(text.lines().all(is_address)), columns));
    }
    if page.trend.iter().any(Option::is_some) {
        let signs = glyphs.levels(&page.trend);
        let drawn: String = signs.into_iter().map(|sign| sign.unwrap_or(" ").repeat(2)).collect();
        lines.push(Vec::new());
        lines.extend(named("trend", &drawn, Role::Chart, columns));
    }
    lines
}
