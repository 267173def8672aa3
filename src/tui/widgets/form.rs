//! A form: labelled lines, one of which has the cursor, and below them the line that sends it.
//!
//! What is sent stays on screen until it is answered, and is not sent twice.

use super::field::Field;
use crate::keymap::{Chord, Key};
use crate::theme::Role;
use crate::tui::asks::Ticket;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use ratatui::layout::Rect;

const LABEL: u16 = 13;

#[derive(Debug)]
pub struct Form {
    rows: Vec<Row>,
    /// The row with the cursor; one past the last is the line that sends.
    at: usize,
    /// What Enter does on the last line.
    sends: &'static str,
    state: State,
}

#[derive(Debug)]
pub struct Row {
    label: &'static str,
    value: Value,
    /// How many lines it may take where there is more to read than fits on one.
    lines: u16,
}

#[derive(Debug)]
enum Value {
    Text(Box<Field>),
    Pick { words: &'static [&'static str], at: usize },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Filling,
    /// It waits for the answer of that number.
    Sent(Ticket),
    Refused(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entered {
    Next,
    Send,
}

impl Row {
    pub fn text(label: &'static str, field: Field, lines: u16) -> Self {
        Self { label, value: Value::Text(Box::new(field)), lines }
    }

    pub const fn pick(label: &'static str, words: &'static [&'static str], at: usize) -> Self {
        Self { label, value: Value::Pick { words, at }, lines: 1 }
    }
}

impl Form {
    pub fn new(rows: Vec<Row>, sends: &'static str) -> Self {
        Self { rows, at: 0, sends, state: State::Filling }
    }

    /// The same with the cursor in another row.
    #[must_use]
    pub fn at(mut self, row: usize) -> Self {
        self.at = row;
        self
    }

    pub fn text(&self, row: usize) -> &str {
        match &self.rows[row].value {
            Value::Text(field) => field.text().trim(),
            Value::Pick { words, at } => words[*at],
        }
    }

    pub fn picked(&self, row: usize) -> usize {
        match self.rows[row].value {
            Value::Pick { at, .. } => at,
            Value::Text(_) => 0,
        }
    }

    /// Says something else in a row, which is a proposal there where it is what was proposed.
    pub fn set(&mut self, row: usize, said: &str, proposed: &str) {
        if let Value::Text(field) = &mut self.rows[row].value {
            field.set(said, proposed);
        }
    }

    /// The field that is typed into, where the cursor is in one.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self.rows.get_mut(self.at).map(|row| &mut row.value) {
            Some(Value::Text(field)) => Some(field),
            _ => None,
        }
    }

    /// True when words changed.
    pub fn key(&mut self, chord: Chord) -> bool {
        match self.rows.get_mut(self.at).map(|row| &mut row.value) {
            Some(Value::Text(field)) => field.key(chord),
            Some(Value::Pick { words, at }) => {
                let last = words.len() - 1;
                match (chord.key, chord.typed()) {
                    (Key::Left, _) => *at = at.checked_sub(1).unwrap_or(last),
                    (Key::Right, _) | (_, Some(' ')) => *at = (*at + 1) % words.len(),
                    _ => {}
                }
                false
            }
            None => false,
        }
    }

    pub fn step(&mut self, by: isize) {
        let count = self.rows.len() + 1;
        self.at = (self.at + count).wrapping_add_signed(by) % count;
    }

    /// Enter goes on to the next line, and on the last one sends.
    pub fn enter(&mut self) -> Entered {
        if self.at < self.rows.len() {
            self.at += 1;
            return Entered::Next;
        }
        if self.is_sent() { Entered::Next } else { Entered::Send }
    }

    pub fn sent(&mut self, ticket: Ticket) {
        self.state = State::Sent(ticket);
    }

    pub const fn is_sent(&self) -> bool {
        matches!(self.state, State::Sent(_))
    }

    pub fn awaits(&self, ticket: Ticket) -> bool {
        self.state == State::Sent(ticket)
    }

    /// Says what stands in the way, and goes to the row where it does.
    pub fn refuse(&mut self, why: impl Into<String>, row: Option<usize>) {
        self.state = State::Refused(why.into());
        self.at = row.unwrap_or(self.at);
    }

    /// Draws it and returns how many lines it took.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
        let mut y = area.y;
        for (place, row) in self.rows.iter().enumerate() {
            if y >= area.bottom() {
                return y - area.y;
            }
            let is_here = place == self.at;
            let rest = label(canvas, Rect { y, height: row.lines, ..area }, row.label, is_here);
            value(canvas, rest, row, is_here);
            y += row.lines;
        }
        if y < area.bottom() {
            let is_here = self.at == self.rows.len();
            let rest = label(canvas, Rect { y, height: 1, ..area }, "", is_here);
            let (said, role) = match &self.state {
                State::Refused(why) => (why.clone(), Role::Error),
                State::Sent(_) => (format!("saving{}", canvas.glyphs.ellipsis), Role::Stale),
                State::Filling if is_here => (format!("enter {}", self.sends), Role::Selection),
                State::Filling => (format!("enter on this line {}", self.sends), Role::Dim),
            };
            canvas.put_fit(rest.x, rest.y, rest.width, &said, role);
            y += 1;
        }
        y - area.y
    }
}

/// Draws the label and returns where the value goes.
fn label(canvas: &mut Canvas<'_>, area: Rect, said: &str, is_here: bool) -> Rect {
    if is_here {
        canvas.put(area.x, area.y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let role = if is_here { Role::Accent } else { Role::Dim };
    canvas.put_fit(area.x + 2, area.y, LABEL - 1, said, role);
    Rect { x: area.x + 2 + LABEL, width: area.width.saturating_sub(2 + LABEL), ..area }
}

fn value(canvas: &mut Canvas<'_>, area: Rect, row: &Row, is_here: bool) {
    match &row.value {
        Value::Text(field) if is_here => field.draw(canvas, area.x, area.y, area.width),
        Value::Text(field) if field.text().is_empty() => {
            canvas.put_fit(area.x, area.y, area.width, "not said", Role::Placeholder);
        }
        Value::Text(field) => {
            let lines = text::wrap(field.text(), usize::from(area.width));
            let shown = usize::from(row.lines).min(lines.len());
            for (y, line) in (area.y..).zip(&lines[..shown - 1]) {
                canvas.put(area.x, y, area.width, line, Role::Text);
            }
            let last = lines[shown - 1..].join(" ");
            canvas.put_fit(area.x, area.y + row.lines.min(cut(shown)) - 1, area.width, &last, Role::Text);
        }
        Value::Pick { words, at } => {
            let mut x = area.x;
            for (place, word) in words.iter().enumerate() {
                let role = if place == *at { Role::Selection } else { Role::Dim };
                let sign = if place == *at { "(x) " } else { "( ) " };
                x += canvas.put(x, area.y, area.right().saturating_sub(x), &format!("{sign}{word}  "), role);
            }
            if is_here {
                canvas.put_right(area.x, area.y, area.width, "space", Role::Dim);
            }
        }
    }
}

fn cut(lines: usize) -> u16 {
    u16::try_from(lines).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        let rows = vec![Row::pick("To", &["one", "other"], 0), Row::text("What", Field::new(""), 1)];
        Form::new(rows, "sends it")
    }

    #[test]
    fn enter_walks_down_and_sends_once() {
        let mut form = form();
        assert_eq!([form.enter(), form.enter(), form.enter()], [Entered::Next, Entered::Next, Entered::Send]);
        form.sent(Ticket::default());
        assert_eq!(form.enter(), Entered::Next);
        form.refuse("no", Some(1));
        form.key(Chord::plain(Key::Char('x')));
        assert_eq!((form.text(1), form.is_sent()), ("x", false));
    }

    #[test]
    fn a_choice_turns_with_the_arrows_and_the_space_bar() {
        let mut form = form();
        form.key(Chord::plain(Key::Left));
        assert_eq!((form.picked(0), form.text(0)), (1, "other"));
        form.key(Chord::plain(Key::Char(' ')));
        assert_eq!(form.picked(0), 0);
    }
}
