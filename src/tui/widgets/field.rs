//! One line of text being typed, on top of a text area that knows how to edit.

use crate::keymap::{Chord, Key};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea};

#[derive(Clone, Debug)]
pub struct Field {
    area: TextArea<'static>,
    placeholder: &'static str,
}

impl Field {
    pub fn new(placeholder: &'static str) -> Self {
        Self { area: TextArea::default(), placeholder }
    }

    pub fn holding(placeholder: &'static str, text: &str) -> Self {
        let mut field = Self::new(placeholder);
        field.paste(text);
        field
    }

    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Types a key; true when the text changed.
    pub fn key(&mut self, chord: Chord) -> bool {
        let Some(key) = area_key(chord.key) else { return false };
        self.area.input(Input { key, ctrl: chord.ctrl, alt: chord.alt, shift: chord.shift })
    }

    /// Pasted lines become one, since there is only one here.
    pub fn paste(&mut self, text: &str) -> bool {
        let line = text.split(['\r', '\n']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        self.area.insert_str(line)
    }

    pub fn clear(&mut self) -> bool {
        self.area.move_cursor(CursorMove::Head);
        self.area.delete_line_by_end()
    }

    pub fn delete_word(&mut self) -> bool {
        self.area.delete_word()
    }

    /// Moving changes no word.
    pub fn to_start(&mut self) -> bool {
        self.area.move_cursor(CursorMove::Head);
        false
    }

    pub fn to_end(&mut self) -> bool {
        self.area.move_cursor(CursorMove::End);
        false
    }

    /// Draws the text so that the cursor is in sight, and places the cursor.
    pub fn draw(&self, canvas: &mut Canvas<'_>, x: u16, y: u16, columns: u16) {
        let typed = self.text();
        if typed.is_empty() {
            canvas.put_fit(x, y, columns, self.placeholder, Role::Placeholder);
            canvas.cursor(x, y);
            return;
        }
        let at = typed.char_indices().nth(self.area.cursor().1).map_or(typed.len(), |(at, _)| at);
        let before = text::width(&typed[..at]);
        let hidden = before.saturating_sub(usize::from(columns).saturating_sub(1));
        let from = text::head(typed, hidden).len();
        canvas.put(x, y, columns, &typed[from..], Role::Input);
        let offset = u16::try_from(before - text::width(&typed[..from])).unwrap_or(columns);
        canvas.cursor(x + offset.min(columns.saturating_sub(1)), y);
    }
}

/// Enter and the keys that would leave the one line are not typed.
fn area_key(key: Key) -> Option<AreaKey> {
    Some(match key {
        Key::Char(c) => AreaKey::Char(c),
        Key::Backspace => AreaKey::Backspace,
        Key::Delete => AreaKey::Delete,
        Key::Left => AreaKey::Left,
        Key::Right => AreaKey::Right,
        Key::Home => AreaKey::Home,
        Key::End => AreaKey::End,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Field {
        let mut field = Field::new("");
        for c in keys.chars() {
            field.key(Chord::plain(Key::Char(c)));
        }
        field
    }

    #[test]
    fn typing_and_deleting_edits_one_line() {
        let mut field = typed("kind:deploy checkout");
        assert!(field.delete_word());
        assert_eq!(field.text(), "kind:deploy ");
        assert!(!field.key(Chord::plain(Key::Enter)));
        assert!(field.clear() && field.text().is_empty());
    }

    #[test]
    fn a_paste_of_many_lines_is_one_line() {
        let mut field = typed("a ");
        field.paste("one\r\ntwo\nthree");
        assert_eq!(field.text(), "a one two three");
    }
}
