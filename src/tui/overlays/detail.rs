//! The detail of one thing: everything that is known about it, to be read, scrolled and copied.

use super::{centred, more_mark, window};
use crate::domain::{SignalKey, SignalRef};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Detail {
    pub subject: SignalKey,
    cursor: Cursor,
}

/// A line of the detail: a name and what belongs to it, or text of its own.
type Line = (String, String, Role);

const NAME_WIDTH: u16 = 10;

impl Detail {
    pub fn of(subject: SignalKey) -> Self {
        Self { subject, cursor: Cursor::default() }
    }

    pub fn step(&mut self, step: Step, ui: &Ui, world: World<'_>) {
        let area = area(ui);
        let count = self.lines(ui, world, area.width.saturating_sub(4)).len();
        self.cursor.scroll(step, count, usize::from(area.height.saturating_sub(2)));
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, area(ui), "Signal", "esc closes, y copies, Y its link, e opens it in $EDITOR");
        let lines = self.lines(ui, world, inside.width);
        for (y, (name, value, role)) in (inside.y..inside.bottom()).zip(lines.iter().skip(self.cursor.first)) {
            let offset = if name.is_empty() && *role != Role::Link { 0 } else { NAME_WIDTH };
            canvas.put_fit(inside.x, y, NAME_WIDTH, name, Role::Dim);
            let drawn = canvas.put(inside.x + offset, y, inside.width.saturating_sub(offset), value, *role);
            if *role == Role::Link {
                canvas.frame.link(inside.x + offset, y, drawn, value);
            }
        }
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), lines.len());
    }

    fn lines(&self, ui: &Ui, world: World<'_>, columns: u16) -> Vec<Line> {
        let Some(signal) = world.snapshot.signals.get(self.subject) else {
            return vec![(String::new(), "This signal is older than what is kept.".to_owned(), Role::Dim)];
        };
        let mut lines = facts(&signal, ui, world);
        let wide = usize::from(columns);
        if let Some(raw) = signal.raw() {
            lines.push(blank());
            lines.push((String::new(), "Payload".to_owned(), Role::Title));
            let payload = pretty(raw);
            lines.extend(text::wrap(&payload, wide).into_iter().map(|line| (String::new(), line, Role::Text)));
        }
        lines
    }
}

fn blank() -> Line {
    (String::new(), String::new(), Role::Text)
}

fn facts(signal: &SignalRef<'_>, ui: &Ui, world: World<'_>) -> Vec<Line> {
    let at = signal.at();
    let zone = &ui.zone.local;
    let when = format!("{} local {} {}", at, at.date(zone), at.clock(zone));
    let age = format!("{} ago", at.age(world.now));
    let mut lines = vec![
        (String::new(), signal.title().to_owned(), Role::Strong),
        blank(),
        ("when".to_owned(), when, Role::Text),
        ("age".to_owned(), age, Role::Text),
        ("kind".to_owned(), signal.kind().to_string(), Role::Text),
        ("source".to_owned(), signal.source().to_owned(), Role::Text),
    ];
    if !signal.service().is_empty() {
        lines.push(("service".to_owned(), signal.service().to_owned(), Role::Text));
    }
    if let Some(link) = signal.link() {
        lines.push(("link".to_owned(), link.to_owned(), Role::Link));
    }
    lines.push(("id".to_owned(), signal.id().to_string(), Role::Dim));
    lines
}

/// JSON is laid out for reading; anything else is shown as it came.
pub fn pretty(raw: &str) -> String {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(raw);
    parsed.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| raw.to_owned())
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 110, u16::MAX)
}
