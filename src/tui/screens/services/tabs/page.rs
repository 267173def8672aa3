//! Lines of a tab as they are written: a title, a name and what belongs to it, a sentence, a list.

use crate::theme::Role;
use crate::tui::overlays::detail::Line;
use crate::tui::text;

pub struct Page {
    lines: Vec<Line>,
    columns: usize,
}

/// Columns of a name before what belongs to it.
const NAME: usize = 13;

impl Page {
    pub fn new(columns: usize) -> Self {
        Self { lines: Vec::new(), columns: columns.max(20) }
    }

    pub fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    pub fn height(&self) -> usize {
        self.lines.len()
    }

    /// What begins a part; a blank line stands before it, unless it is the first.
    pub fn title(&mut self, said: &str) {
        self.blank();
        self.said(said, Role::Title);
    }

    pub fn said(&mut self, said: &str, role: Role) {
        if !said.is_empty() {
            self.lines.extend(text::wrap(said, self.columns).into_iter().map(|part| vec![(part, role)]));
        }
    }

    /// A sentence, and behind it what it is about, quietly, where there is room for both.
    pub fn said_with(&mut self, said: &str, about: &str) {
        self.said(said, Role::Text);
        let Some(last) = self.lines.last_mut() else { return };
        let used: usize = last.iter().map(|(part, _)| text::width(part)).sum();
        if used + text::width(about) + 2 <= self.columns {
            last.push((format!("  {about}"), Role::Dim));
        }
    }

    pub fn line(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub fn named(&mut self, name: &str, value: &str) {
        self.named_as(name, value, Role::Text);
    }

    /// A name and what belongs to it, over as many lines as that takes; nothing where there is nothing to say.
    pub fn named_as(&mut self, name: &str, value: &str, role: Role) {
        if value.is_empty() {
            return;
        }
        for (n, part) in text::wrap(value, self.columns.saturating_sub(NAME + 1)).into_iter().enumerate() {
            let name = if n == 0 { name } else { "" };
            self.lines.push(vec![(format!("{name:NAME$} "), Role::Dim), (part, role)]);
        }
    }

    /// Several things under one name, a line each.
    pub fn each<'a>(&mut self, name: &str, values: impl IntoIterator<Item = &'a String>) {
        for (n, value) in values.into_iter().enumerate() {
            self.named(if n == 0 { name } else { "" }, value);
        }
    }

    /// Numbered steps.
    pub fn steps<'a>(&mut self, values: impl IntoIterator<Item = &'a String>) {
        for (n, value) in values.into_iter().enumerate() {
            self.named(&format!("{:>4}", n + 1), value);
        }
    }

    pub fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Line::new());
        }
    }
}

/// What is there of several things, with a separator between.
pub fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
