//! Text being typed, a line or a page of it, on top of a text area that knows how to edit.

use crate::keymap::{Chord, Key};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use ratatui::layout::Rect;
use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea};

#[derive(Clone, Debug)]
pub struct Field {
    area: TextArea<'static>,
    placeholder: &'static str,
    extent: Extent,
    /// Nobody has touched what stands in it: what is typed or pasted first takes its place, and an arrow begins to edit it.
    is_proposed: bool,
}

/// How much there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    Line,
    Page,
}

impl Field {
    pub fn new(placeholder: &'static str) -> Self {
        Self { area: TextArea::default(), placeholder, extent: Extent::Line, is_proposed: false }
    }

    /// As many lines as one likes; Enter begins another.
    pub fn page(placeholder: &'static str, text: &str) -> Self {
        let mut page = Self { extent: Extent::Page, ..Self::new(placeholder) };
        page.paste(text);
        page
    }

    pub fn holding(placeholder: &'static str, text: &str) -> Self {
        let mut field = Self::new(placeholder);
        field.paste(text);
        field
    }

    /// What a person may take as it is, edit, or type over.
    pub fn proposing(placeholder: &'static str, text: &str) -> Self {
        Self { is_proposed: !text.is_empty(), ..Self::holding(placeholder, text) }
    }

    /// Says something else, which is a proposal where it is what was proposed.
    pub fn set(&mut self, text: &str, proposed: &str) {
        self.clear();
        self.paste(text);
        self.is_proposed = !text.is_empty() && text == proposed;
    }

    /// The line, of a page its first.
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// All lines.
    pub fn whole(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Types a key; true when the text changed.
    pub fn key(&mut self, chord: Chord) -> bool {
        let Some((key, is_held)) = area_key(chord, self.extent) else { return false };
        if self.touch() && chord.typed().is_some() {
            self.clear();
        }
        let (ctrl, alt) = (chord.ctrl && is_held, chord.alt && is_held);
        self.area.input(Input { key, ctrl, alt, shift: chord.shift })
    }

    /// Pasted lines become one where there is only one.
    pub fn paste(&mut self, text: &str) -> bool {
        if self.touch() {
            self.clear();
        }
        if self.extent == Extent::Page {
            return self.area.insert_str(text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        let line = text.split(['\r', '\n']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        self.area.insert_str(line)
    }

    /// From now on it is a person's; whether it was a proposal until then.
    fn touch(&mut self) -> bool {
        std::mem::take(&mut self.is_proposed)
    }

    pub fn clear(&mut self) -> bool {
        self.touch();
        self.area.move_cursor(CursorMove::Head);
        self.area.delete_line_by_end()
    }

    pub fn delete_word(&mut self) -> bool {
        self.touch();
        self.area.delete_word()
    }

    /// Moving changes no word.
    pub fn to_start(&mut self) -> bool {
        self.touch();
        self.area.move_cursor(CursorMove::Head);
        false
    }

    pub fn to_end(&mut self) -> bool {
        self.touch();
        self.area.move_cursor(CursorMove::End);
        false
    }

    /// Draws the text so that the cursor is in sight, and places the cursor. What the first letter takes the place of is
    /// seen to be chosen.
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
        let role = if self.is_proposed { Role::Selection } else { Role::Input };
        canvas.put(x, y, columns, &typed[from..], role);
        let offset = u16::try_from(before - text::width(&typed[..from])).unwrap_or(columns);
        let last = columns.saturating_sub(1);
        if from > 0 {
            canvas.put(x, y, 1, canvas.glyphs.ellipsis, Role::Dim);
        }
        if text::width(&typed[from..]) > usize::from(columns) && offset < last {
            canvas.put(x + last, y, 1, canvas.glyphs.ellipsis, Role::Dim);
        }
        canvas.cursor(x + offset.min(columns.saturating_sub(1)), y);
    }
}

impl Field {
    /// Draws a page, its lines broken where they are too long, so that the cursor is in sight, and places the cursor.
    pub fn draw_page(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let columns = usize::from(area.width.saturating_sub(1)).max(2);
        let at = self.area.cursor();
        let (line, letter) = (at.0, at.1);
        let (mut shown, mut cursor) = (Vec::new(), (0, 0));
        for (n, typed) in self.area.lines().iter().enumerate() {
            let at = typed.char_indices().nth(letter).map_or(typed.len(), |(at, _)| at);
            let mut from = 0;
            loop {
                let part = text::head(&typed[from..], columns);
                let end = if part.is_empty() { typed.len() } else { from + part.len() };
                if n == line && (from..=end).contains(&at) {
                    cursor = (shown.len(), text::width(&typed[from..at]));
                }
                shown.push(&typed[from..end]);
                from = end;
                if from >= typed.len() {
                    break;
                }
            }
        }
        if shown.len() == 1 && shown[0].is_empty() {
            canvas.put_fit(area.x, area.y, area.width, self.placeholder, Role::Placeholder);
        }
        let first = (cursor.0 + 1).saturating_sub(usize::from(area.height));
        for (y, part) in (area.y..area.bottom()).zip(&shown[first..]) {
            canvas.put(area.x, y, area.width, part, Role::Input);
        }
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        canvas.cursor(area.x.saturating_add(small(cursor.1)), area.y.saturating_add(small(cursor.0 - first)));
    }
}

/// What a chord is to the text area, and whether what is held beside the key goes along.
///
/// The area has keys of its own for letters with Ctrl or Alt, which would delete what somebody wrote; what such a letter
/// does is for the keymap to say. Only what terminals send for Enter and Backspace is typed.
fn area_key(chord: Chord, extent: Extent) -> Option<(AreaKey, bool)> {
    match chord.key {
        Key::Char('h') if chord.ctrl && !chord.alt => Some((AreaKey::Backspace, false)),
        Key::Char('j') if chord.ctrl && !chord.alt && extent == Extent::Page => Some((AreaKey::Enter, false)),
        Key::Char(_) => chord.typed().map(|c| (AreaKey::Char(c), false)),
        key => named(key, extent).map(|key| (key, true)),
    }
}

/// Enter and the keys that would leave the one line are not typed into it.
fn named(key: Key, extent: Extent) -> Option<AreaKey> {
    let within_a_page = match key {
        Key::Enter => Some(AreaKey::Enter),
        Key::Up => Some(AreaKey::Up),
        Key::Down => Some(AreaKey::Down),
        Key::PageUp => Some(AreaKey::PageUp),
        Key::PageDown => Some(AreaKey::PageDown),
        _ => None,
    };
    Some(match key {
        _ if within_a_page.is_some() => return within_a_page.filter(|_| extent == Extent::Page),
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
    fn what_is_typed_takes_the_place_of_a_proposal_and_whoever_moves_in_it_edits_it() {
        let x = Chord::plain(Key::Char('x'));
        let after = |touch: fn(&mut Field)| {
            let mut field = Field::proposing("", "no sales");
            touch(&mut field);
            field.key(x);
            field.text().to_owned()
        };
        assert_eq!(after(|_| ()), "x");
        assert_eq!(after(|field| assert!(field.paste("none "))), "none x");
        assert_eq!(after(|field| assert!(!field.to_end())), "no salesx");
        assert_eq!(after(|field| assert!(!field.key(Chord::plain(Key::Left)))), "no salexs");
        assert_eq!(after(|field| assert!(field.delete_word())), "no x");
    }

    #[test]
    fn a_page_has_lines() {
        let mut page = Field::page("", "f one\r\ntwo");
        page.key(Chord::plain(Key::Enter));
        page.key(Chord::plain(Key::Char('3')));
        page.key(Chord::plain(Key::Up));
        page.key(Chord::plain(Key::Char('!')));
        assert_eq!((page.whole().as_str(), page.text()), ("f one\nt!wo\n3", "f one"));
    }

    #[test]
    fn a_letter_with_ctrl_or_alt_deletes_nothing() {
        let mut field = typed("f pool is full");
        for held in ["ctrl-j", "ctrl-k", "ctrl-u", "ctrl-d", "ctrl-x", "alt-d", "ctrl-m"] {
            assert!(!field.key(held.parse().unwrap()), "{held}");
            assert_eq!(field.text(), "f pool is full", "{held}");
        }
        assert!(field.key("ctrl-h".parse().unwrap()));
        assert_eq!(field.text(), "f pool is ful");
        let mut page = Field::page("", "f one");
        assert!(page.key("ctrl-j".parse().unwrap()));
        assert_eq!(page.whole(), "f one\n");
    }

    #[test]
    fn a_paste_of_many_lines_is_one_line() {
        let mut field = typed("a ");
        field.paste("one\r\ntwo\nthree");
        assert_eq!(field.text(), "a one two three");
    }
}
