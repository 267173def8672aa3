//! The detail of one thing: everything that is known about it, to be read, scrolled and copied.

pub mod entry;
mod finding;
mod frozen;
pub mod page;
pub mod ready;
mod signal;

use super::{centred, more_mark, window};
use crate::domain::{EntryId, IncidentId, ServiceName, SignalKey};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::screens::readiness::Subject as Ready;
use crate::tui::screens::services;
use crate::tui::screens::situation::lines::Subject;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

pub use page::Page;
pub use signal::pretty;

#[derive(Debug)]
pub struct Detail {
    pub subject: About,
    /// Laid out for the width of the window when it was opened or resized: charts read a day of samples, which is
    /// not for the drawing path.
    lines: Vec<Line>,
    cursor: Cursor,
}

/// What is explained. A finding is kept as it was when somebody asked, so that it can be read in peace.
#[derive(Clone, Debug, PartialEq)]
pub enum About {
    Signal(SignalKey),
    Finding(Box<Subject>),
    Entry(IncidentId, EntryId),
    /// A page that a screen has put together.
    Page(Box<Page>),
    /// Something of the Readiness screen.
    Ready(Ready),
    /// A service, with all that the catalog says of it.
    Service(ServiceName),
    /// An incident of the list, which is looked at rather than explained.
    Incident(IncidentId),
}

/// A line of the detail: pieces one after the other.
pub type Line = Vec<(String, Role)>;

const NAME_WIDTH: usize = 10;

impl Detail {
    pub fn of(subject: About, ui: &Ui, world: World<'_>) -> Self {
        let mut detail = Self { subject, lines: Vec::new(), cursor: Cursor::default() };
        detail.lay_out(ui, world);
        detail
    }

    pub fn lay_out(&mut self, ui: &Ui, world: World<'_>) {
        let columns = usize::from(area(ui).width.saturating_sub(4));
        self.lines = match &self.subject {
            About::Signal(key) => signal::lines(*key, ui, world, columns),
            About::Finding(subject) => finding::lines(subject, ui, world, columns),
            About::Entry(incident, entry) => entry::lines(*incident, *entry, ui, world, columns),
            About::Page(page) => page::lines(page, ui.look.glyphs, columns),
            About::Ready(subject) => ready::lines(subject, ui, world, columns),
            About::Service(name) => {
                let (lines, begins) = services::lines(name, ui, world, columns);
                self.cursor.first = begins;
                lines
            }
            About::Incident(_) => Vec::new(),
        };
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        self.cursor.scroll(step, self.lines.len(), usize::from(area(ui).height.saturating_sub(2)));
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let (title, hint) = match &self.subject {
            About::Signal(_) => ("Signal", "esc closes, y copies, Y its link, e opens it in $EDITOR"),
            About::Page(page) => (page.kind, "esc closes, y copies"),
            About::Finding(_) | About::Incident(_) => ("Explained", "esc closes, y copies"),
            About::Entry(..) => ("Entry", "esc closes, y copies"),
            About::Ready(Ready::Item(_)) => ("Readiness", "esc closes, y copies, s signs it off"),
            About::Ready(Ready::Runbook(_)) => {
                ("Runbook", "esc closes, y copies, o takes it into the incident")
            }
            About::Ready(_) => ("Readiness", "esc closes, y copies"),
            About::Service(_) => ("Service", "esc closes, y copies, p puts its state into the timeline"),
        };
        let inside = window(canvas, area(ui), title, hint);
        put_lines(canvas, inside, &self.lines, self.cursor.first);
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), self.lines.len());
    }

    /// The whole detail as plain text, for the clipboard.
    pub fn text(&self) -> String {
        let line = |line: &Line| {
            line.iter().map(|(said, _)| said.as_str()).collect::<String>().trim_end().to_owned()
        };
        self.lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Draws lines from the first that is in sight; whatever is a part of an address leads to the whole of it.
pub fn put_lines(canvas: &mut Canvas<'_>, area: Rect, lines: &[Line], first: usize) {
    for (y, (n, line)) in (area.y..area.bottom()).zip(lines.iter().enumerate().skip(first)) {
        let mut x = area.x;
        for (said, role) in line {
            let drawn = canvas.put_fit(x, y, area.right().saturating_sub(x), said, *role);
            if *role == Role::Link {
                canvas.frame.link(x, y, drawn, &address(lines, n));
            }
            x += drawn;
        }
    }
}

/// The address that a line has a part of: wrapped, it begins on the line that says how it is reached, and each line below
/// that only goes on goes on with it.
fn address(lines: &[Line], n: usize) -> String {
    let part = |n: usize| {
        let mut pieces = lines.get(n).into_iter().flatten();
        pieces.find(|(_, role)| *role == Role::Link).map(|(said, _)| said.as_str())
    };
    let begins =
        |n: usize| part(n).is_none_or(|said| said.starts_with("http://") || said.starts_with("https://"));
    let from = (0..=n).rev().find(|n| begins(*n)).unwrap_or(n);
    let rest = (from + 1..).take_while(|n| !begins(*n)).filter_map(part);
    part(from).into_iter().chain(rest).collect()
}

/// How a place is drawn: as a link where it is one; a path within a repository is only words.
const fn link_role(is_address: bool) -> Role {
    if is_address { Role::Link } else { Role::Text }
}

/// A name and what belongs to it, over as many lines as that takes.
fn named(name: &str, value: &str, role: Role, columns: usize) -> Vec<Line> {
    let wrapped = text::wrap(value, columns.saturating_sub(NAME_WIDTH + 1));
    let line = |(n, part): (usize, String)| {
        let name = if n == 0 { name } else { "" };
        vec![(format!("{name:NAME_WIDTH$} "), Role::Dim), (part, role)]
    };
    wrapped.into_iter().enumerate().map(line).collect()
}

fn paragraph(said: &str, role: Role, columns: usize) -> Vec<Line> {
    text::wrap(said, columns).into_iter().map(|part| vec![(part, role)]).collect()
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 110, u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_long_address_leads_to_the_whole_of_it() {
        let (long, other) = (format!("https://example.org/{}", "a".repeat(60)), "https://example.org/b");
        let mut lines = named("link", &long, Role::Link, 40);
        lines.extend(named("link", other, Role::Link, 40));
        let found: Vec<_> = (0..lines.len()).map(|n| address(&lines, n)).collect();
        assert_eq!(found, [long.as_str(), long.as_str(), long.as_str(), other]);
    }
}
