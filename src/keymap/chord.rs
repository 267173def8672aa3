//! A chord: one key with what is held down beside it, and how keymap files spell it.
//!
//! Terminals disagree about Shift: one sends `J`, another `j` with Shift held, a third `J` with Shift held. A chord
//! is made through [`Chord::new`], which folds them into one, so that equal presses are equal chords.

use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Char(char),
    F(u8),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord {
    pub key: Key,
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

/// Why a word is not a chord.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChordError {
    #[error("no key is named")]
    Empty,
    #[error("`{0}` is not a key")]
    UnknownKey(String),
}

const MAX_F: u8 = 24;
const HELD: [&str; 3] = ["ctrl-", "alt-", "shift-"];

/// The keys that are spelled by name.
pub const NAMED: [(&str, Key); 15] = [
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("space", Key::Char(' ')),
    ("tab", Key::Tab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("insert", Key::Insert),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pgup", Key::PageUp),
    ("pgdn", Key::PageDown),
];

impl Chord {
    pub fn new(key: Key, ctrl: bool, alt: bool, shift: bool) -> Self {
        let (key, shift) = match key {
            Key::Char(c) if ctrl => {
                let c = only(c.to_lowercase()).unwrap_or(c);
                (Key::Char(c), shift && c.is_alphabetic())
            }
            Key::Char(c) if shift => (Key::Char(only(c.to_uppercase()).unwrap_or(c)), false),
            key => (key, shift),
        };
        Self { key, ctrl, alt, shift }
    }

    pub fn plain(key: Key) -> Self {
        Self::new(key, false, false, false)
    }

    /// The character it types in an input field, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// `g g`: chords pressed one after the other.
    pub fn sequence(text: &str) -> Result<Vec<Self>, ChordError> {
        let chords: Vec<_> = text.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        if chords.is_empty() { Err(ChordError::Empty) } else { Ok(chords) }
    }
}

/// Chords as a keymap file and a hint spell them.
pub fn spell(sequence: &[Chord]) -> String {
    sequence.iter().map(Chord::to_string).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, _) in HELD.iter().zip([self.ctrl, self.alt, self.shift]).filter(|(_, is_held)| *is_held) {
            f.write_str(name)?;
        }
        match self.key {
            Key::Char(c) if c != ' ' => write!(f, "{c}"),
            Key::F(n) => write!(f, "f{n}"),
            key => {
                let named = NAMED.iter().find(|(_, named)| *named == key);
                f.write_str(named.expect("every other key is in the table of names").0)
            }
        }
    }
}

impl FromStr for Chord {
    type Err = ChordError;

    fn from_str(text: &str) -> Result<Self, ChordError> {
        let (mut held, mut rest) = ([false; 3], text);
        while let Some((place, after)) = strip_held(rest) {
            held[place] = true;
            rest = after;
        }
        let [ctrl, alt, shift] = held;
        Ok(Self::new(key(rest)?, ctrl, alt, shift))
    }
}

fn strip_held(text: &str) -> Option<(usize, &str)> {
    HELD.iter().enumerate().find_map(|(place, name)| Some((place, text.strip_prefix(name)?)))
}

fn key(name: &str) -> Result<Key, ChordError> {
    if let Some((_, key)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Ok(*key);
    }
    if let Some(c) = only(name.chars()).filter(|c| !c.is_control() && !c.is_whitespace()) {
        return Ok(Key::Char(c));
    }
    let number = name.strip_prefix('f').filter(|digits| !digits.starts_with(['0', '+']));
    match number.and_then(|digits| digits.parse().ok()) {
        Some(n @ 1..=MAX_F) => Ok(Key::F(n)),
        _ if name.is_empty() => Err(ChordError::Empty),
        _ => Err(ChordError::UnknownKey(name.to_owned())),
    }
}

fn only(mut chars: impl Iterator<Item = char>) -> Option<char> {
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_key() -> impl Strategy<Value = Key> {
        prop_oneof![
            any::<char>().prop_filter("typed", |c| !c.is_control() && !c.is_whitespace()).prop_map(Key::Char),
            proptest::char::range('!', '~').prop_map(Key::Char),
            (1..=MAX_F).prop_map(Key::F),
            proptest::sample::select(NAMED.map(|(_, key)| key).to_vec()),
        ]
    }

    fn any_chord() -> impl Strategy<Value = Chord> {
        (any_key(), any::<[bool; 3]>())
            .prop_map(|(key, [ctrl, alt, shift])| Chord::new(key, ctrl, alt, shift))
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back_the_same(chord in any_chord()) {
            prop_assert_eq!(chord.to_string().parse(), Ok(chord));
        }

        #[test]
        fn a_sequence_is_read_back_the_same(chords in proptest::collection::vec(any_chord(), 1..4)) {
            prop_assert_eq!(Chord::sequence(&spell(&chords)), Ok(chords));
        }

        #[test]
        fn any_text_is_a_chord_or_an_error(text in ".{0,12}") {
            if let Ok(chord) = text.parse::<Chord>() {
                prop_assert_eq!(Chord::new(chord.key, chord.ctrl, chord.alt, chord.shift), chord);
            }
        }
    }

    #[test]
    fn chords_are_spelled_one_way() {
        for text in
            ["j", "G", "ctrl-z", "alt-x", "enter", "esc", "space", "pgdn", "f1", "shift-tab", "[", "?", "-"]
        {
            assert_eq!(text.parse::<Chord>().unwrap().to_string(), text);
        }
        assert_eq!("ctrl--".parse(), Ok(Chord::new(Key::Char('-'), true, false, false)));
    }

    #[test]
    fn shift_on_a_letter_is_its_capital() {
        let capital = Chord::plain(Key::Char('J'));
        assert_eq!(Chord::new(Key::Char('j'), false, false, true), capital);
        assert_eq!(Chord::new(Key::Char('J'), false, false, true), capital);
        assert_eq!("shift-j".parse(), Ok(capital));
        assert_eq!(Chord::new(Key::Char('?'), false, false, true), Chord::plain(Key::Char('?')));
        assert_eq!("ctrl-J".parse::<Chord>(), "ctrl-j".parse());
    }

    #[test]
    fn what_is_no_key_is_refused_by_name() {
        assert_eq!("ctrl-".parse::<Chord>(), Err(ChordError::Empty));
        for text in ["retrun", "f0", "f25", "f+1", "ctrl-retrun", "jj"] {
            assert!(matches!(text.parse::<Chord>(), Err(ChordError::UnknownKey(_))), "{text}");
        }
    }

    #[test]
    fn only_plain_characters_are_typed() {
        assert_eq!(Chord::plain(Key::Char('é')).typed(), Some('é'));
        assert_eq!("ctrl-e".parse::<Chord>().unwrap().typed(), None);
        assert_eq!(Chord::plain(Key::Enter).typed(), None);
    }
}
