//! Bytes from a terminal turned into what was pressed, pasted or clicked.
//!
//! The bytes may be cut anywhere: a sequence that is not finished waits for the rest. Only a lone escape is
//! ambiguous, and the session settles it by time (see [`Parser::settle`]).

use crate::keymap::{Chord, Key};
use terminput::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind, ScrollDirection,
};

/// A paste longer than this is delivered in pieces, so that a stream without end cannot fill the memory.
const LONGEST_SEQUENCE: usize = 1 << 20;
const ESCAPE: u8 = 0x1b;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    Key(Chord),
    Paste(String),
    Click { x: u16, y: u16 },
    Wheel { x: u16, y: u16, down: bool },
    Focus(bool),
}

#[derive(Debug, Default)]
pub struct Parser {
    waiting: Vec<u8>,
}

impl Parser {
    pub fn feed(&mut self, bytes: &[u8], found: &mut Vec<Input>) {
        for byte in bytes {
            // Pressed twice, the key is itself twice, not a chord of the second.
            if *byte == ESCAPE && self.waiting == [ESCAPE] {
                found.push(Input::Key(Chord::plain(Key::Esc)));
                continue;
            }
            self.waiting.push(*byte);
            if self.waiting != [ESCAPE] {
                self.take(found);
            }
        }
    }

    /// Whether a lone escape is waiting to be told from the beginning of a sequence.
    pub fn is_unsettled(&self) -> bool {
        self.waiting.first() == Some(&ESCAPE) && self.waiting.len() < 3
    }

    /// Nothing followed: an escape was the key, and with a letter that could have begun a sequence it was Alt.
    pub fn settle(&mut self, found: &mut Vec<Input>) {
        if self.is_unsettled() {
            let chord = match self.waiting.get(1) {
                Some(byte) if byte.is_ascii_graphic() => {
                    Chord::new(Key::Char(char::from(*byte)), false, true, false)
                }
                _ => Chord::plain(Key::Esc),
            };
            self.waiting.clear();
            found.push(Input::Key(chord));
        }
    }

    fn take(&mut self, found: &mut Vec<Input>) {
        match Event::parse_from(&self.waiting) {
            Ok(None) if self.waiting.len() < LONGEST_SEQUENCE => {}
            Ok(None) => self.flush(found),
            Ok(Some(event)) => {
                self.waiting.clear();
                found.extend(understood(event));
            }
            Err(_) => self.waiting.clear(),
        }
    }
}

/// What begins a paste.
const PASTE: &[u8] = b"\x1b[200~";

impl Parser {
    /// Delivers what there is of a paste that is too long to wait for, and goes on pasting: what follows is still
    /// text and must never be taken for keys. A character or an end mark cut in two waits for its rest.
    fn flush(&mut self, found: &mut Vec<Input>) {
        if !self.waiting.starts_with(PASTE) {
            self.waiting.clear();
            return;
        }
        let tail =
            self.waiting.iter().rev().take(PASTE.len()).position(|byte| *byte == ESCAPE).map_or(0, |n| n + 1);
        let whole = &self.waiting[..self.waiting.len() - tail];
        let end = match std::str::from_utf8(whole) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => whole.len(),
        };
        let rest = self.waiting.split_off(end);
        let pasted = self.waiting.split_off(PASTE.len());
        self.waiting.extend(rest);
        found.push(Input::Paste(String::from_utf8_lossy(&pasted).into_owned()));
    }
}

fn understood(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => chord(key).map(Input::Key),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::FocusGained => Some(Input::Focus(true)),
        Event::FocusLost => Some(Input::Focus(false)),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Input::Click { x: mouse.column, y: mouse.row }),
            MouseEventKind::Scroll(ScrollDirection::Down) => {
                Some(Input::Wheel { x: mouse.column, y: mouse.row, down: true })
            }
            MouseEventKind::Scroll(ScrollDirection::Up) => {
                Some(Input::Wheel { x: mouse.column, y: mouse.row, down: false })
            }
            _ => None,
        },
        _ => None,
    }
}

fn chord(event: KeyEvent) -> Option<Chord> {
    let key = match event.code {
        // What a terminal that tells the two apart calls escape's other name.
        KeyCode::Char('[') if event.modifiers == KeyModifiers::CTRL => return Some(Chord::plain(Key::Esc)),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::F(n) => Key::F(n),
        code => NAMED.iter().find(|(named, _)| *named == code)?.1,
    };
    let has = |modifier| event.modifiers.contains(modifier);
    Some(Chord::new(key, has(KeyModifiers::CTRL), has(KeyModifiers::ALT), has(KeyModifiers::SHIFT)))
}

const NAMED: [(KeyCode, Key); 14] = [
    (KeyCode::Enter, Key::Enter),
    (KeyCode::Esc, Key::Esc),
    (KeyCode::Tab, Key::Tab),
    (KeyCode::Backspace, Key::Backspace),
    (KeyCode::Delete, Key::Delete),
    (KeyCode::Insert, Key::Insert),
    (KeyCode::Left, Key::Left),
    (KeyCode::Right, Key::Right),
    (KeyCode::Up, Key::Up),
    (KeyCode::Down, Key::Down),
    (KeyCode::Home, Key::Home),
    (KeyCode::End, Key::End),
    (KeyCode::PageUp, Key::PageUp),
    (KeyCode::PageDown, Key::PageDown),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pieces: &[&[u8]]) -> Vec<Input> {
        let mut parser = Parser::default();
        let mut found = Vec::new();
        for piece in pieces {
            parser.feed(piece, &mut found);
        }
        parser.settle(&mut found);
        found
    }

    fn key(text: &str) -> Input {
        Input::Key(text.parse().unwrap())
    }

    #[test]
    fn keys_are_what_was_pressed() {
        assert_eq!(
            read(&[b"j\r\x1b[A\x1b[5~\x03\x1b[Z"]),
            ["j", "enter", "up", "pgup", "ctrl-c", "shift-tab"].map(key)
        );
        assert_eq!(read(&["é日".as_bytes()]), ["é", "日"].map(key));
    }

    #[test]
    fn keys_that_a_terminal_tells_apart_are_the_same_keys() {
        assert_eq!(
            read(&[b"\x1b[27u\x1b[99;5u\x1b[97;3u\x1b[91;5u\x1b[105;5u\x1b[120;69u"]),
            ["esc", "ctrl-c", "alt-a", "esc", "ctrl-i", "ctrl-x"].map(key)
        );
        // With the lock of the numbers on.
        assert_eq!(read(&[b"\x1b[27;129u\x1b[1;129A\x1b[5;129~"]), ["esc", "up", "pgup"].map(key));
    }

    #[test]
    fn a_lone_escape_is_the_key_once_nothing_follows() {
        assert_eq!(read(&[b"\x1b"]), [key("esc")]);
        assert_eq!(read(&[b"\x1b", b"[A"]), [key("up")]);
        assert_eq!(read(&[b"\x1b[", b"200~two\nlines\x1b[2", b"01~"]), [Input::Paste("two\nlines".into())]);
    }

    #[test]
    fn alt_with_what_begins_a_sequence_is_that_key() {
        assert_eq!(read(&[b"\x1b["]), [key("alt-[")]);
        assert_eq!(read(&[b"\x1bO"]), [Input::Key(Chord::new(Key::Char('O'), false, true, false))]);
    }

    #[test]
    fn escape_twice_is_escape_twice_and_takes_no_arrow_apart() {
        assert_eq!(read(&[b"\x1b\x1b"]), [key("esc"), key("esc")]);
        assert_eq!(read(&[b"\x1b\x1b[A"]), [key("esc"), key("up")]);
    }

    #[test]
    fn a_paste_without_end_stays_a_paste() {
        let text = "é q\r".repeat(LONGEST_SEQUENCE / 4);
        let pieces = read(&[b"\x1b[200~", text.as_bytes(), b"\x1b[201~", b"j"]);
        let (last, pastes) = pieces.split_last().unwrap();
        assert_eq!(last, &key("j"));
        let pasted: String = pastes
            .iter()
            .map(|piece| match piece {
                Input::Paste(text) => text.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(pastes.len() > 1 && pasted == text);
    }

    proptest! {
        #[test]
        fn where_the_bytes_are_cut_does_not_matter(text in "[ -~éß日]{0,40}", cut in 0_usize..40) {
            let bytes = text.as_bytes();
            let cut = cut.min(bytes.len());
            prop_assert_eq!(read(&[&bytes[..cut], &bytes[cut..]]), read(&[bytes]));
        }

        #[test]
        fn garbage_does_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            read(&[&bytes]);
        }
    }
}
