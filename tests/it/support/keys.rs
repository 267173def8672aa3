//! Keys as a person presses them and a terminal sends them.

use sitroom::keymap::{Chord, Key, Keymap, Verb};

/// What a terminal sends for the keys that type nothing.
const SENT: [(Key, &str); 14] = [
    (Key::Enter, "\r"),
    (Key::Esc, "\x1b"),
    (Key::Tab, "\t"),
    (Key::Backspace, "\x7f"),
    (Key::Delete, "\x1b[3~"),
    (Key::Insert, "\x1b[2~"),
    (Key::Up, "\x1b[A"),
    (Key::Down, "\x1b[B"),
    (Key::Right, "\x1b[C"),
    (Key::Left, "\x1b[D"),
    (Key::Home, "\x1b[H"),
    (Key::End, "\x1b[F"),
    (Key::PageUp, "\x1b[5~"),
    (Key::PageDown, "\x1b[6~"),
];

/// The chords that the default keymap shows first for a verb.
#[track_caller]
pub fn of(verb: &str) -> Vec<Chord> {
    let verb: Verb = verb.parse().unwrap();
    let keymap = Keymap::default();
    let keys = verb.contexts().iter().find_map(|context| keymap.keys_for(verb, *context).into_iter().next());
    Chord::sequence(&keys.unwrap_or_else(|| panic!("no key is bound to {verb}"))).unwrap()
}

/// The chord as bytes.
pub fn sent(chord: Chord) -> Vec<u8> {
    let mut bytes = if chord.alt { b"\x1b".to_vec() } else { Vec::new() };
    match (chord.key, SENT.iter().find(|(key, _)| *key == chord.key)) {
        (Key::Tab, _) if chord.shift => bytes.extend(b"\x1b[Z"),
        (_, Some((_, sequence))) => bytes.extend(sequence.bytes()),
        (Key::Char(c), _) if chord.ctrl && c.is_ascii_alphabetic() => bytes.push(c as u8 & 0x1f),
        (Key::Char(c), _) => bytes.extend(c.to_string().bytes()),
        (Key::F(n @ 1..=4), _) => bytes.extend([0x1b, b'O', b'O' + n]),
        (key, _) => panic!("no test presses {key:?}"),
    }
    bytes
}

/// A text pasted by a terminal that brackets what is pasted.
pub fn pasted(text: &str) -> Vec<u8> {
    format!("\x1b[200~{text}\x1b[201~").into_bytes()
}
