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

    /// Whether a word, in small letters, is in it.
    pub fn says(&self, word: &str) -> bool {
        self.parts.iter().any(|(_, text)| text.to_lowercase().contains(word))
    }
}

/// The page laid out for so many columns.
pub fn lines(page: &Page, glyphs: &Glyphs, columns: usize) -> Vec<Line> {
    let mut lines = paragraph(&page.heading, Role::Strong, columns);
    for (name, text) in &page.parts {
        lines.extend(named(name, text, link_role(text.lines().all(is_address)), columns));
    }
    let known = || page.trend.iter().filter_map(|value| *value);
    if known().next().is_some() {
        let (least, most) = (known().fold(f64::MAX, f64::min), known().fold(f64::MIN, f64::max));
        let sign = |value: &Option<f64>| match value {
            None => " ",
            Some(value) if most > least => {
                let step = ((value - least) / (most - least) * 7.0).round().clamp(0.0, 7.0) as usize;
                glyphs.spark[step]
            }
            Some(_) => glyphs.spark[3],
        };
        let drawn: String = page.trend.iter().map(|value| sign(value).repeat(2)).collect();
        lines.push(Vec::new());
        lines.extend(named("trend", &drawn, Role::Chart, columns));
    }
    lines
}
