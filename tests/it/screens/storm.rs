//! Fifty thousand keys, pastes, clicks and sizes without sense or reason, over every screen and overlay.

use super::super::support::keys;
use super::super::support::story::Story;
use sitroom::diagnosis::Situation;
use sitroom::engine::Snapshot;
use sitroom::keymap::{Context, Keymap};
use std::sync::Arc;

const INPUTS: usize = 50_000;
/// As many as arrive before a person sees what they did.
const AT_ONCE: usize = 8;
const SEED: u64 = 0x5eed;

/// Numbers that are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

const PASTES: [&str; 6] =
    ["", "kind:deploy\nsource:", "日本語 é\u{301}", "-since:9999999d", "\u{202e}\t\r", "a:b:c /"];
const SIZES: [(u16, u16); 7] = [(1, 1), (59, 15), (60, 16), (80, 24), (131, 9), (200, 60), (20, 200)];

/// Every key that is bound anywhere, what types a letter, and what means nothing.
fn inputs() -> Vec<Vec<u8>> {
    let keymap = Keymap::default();
    let bound = Context::ALL.into_iter().flat_map(|context| keymap.bindings(context));
    let bound = bound.map(|binding| {
        let chords = sitroom::keymap::Chord::sequence(&binding.keys).unwrap();
        chords.into_iter().flat_map(keys::sent).collect()
    });
    let typed = (' '..='~').chain("é日\u{301}🙂".chars()).map(|c| c.to_string().into_bytes());
    let pasted = PASTES.map(keys::pasted);
    let odd = [b"\x1b".to_vec(), b"\x1b[".to_vec(), b"\xff\xfe".to_vec(), b"\x1b[<0;10;5M".to_vec(), vec![0]];
    bound.chain(typed).chain(pasted).chain(odd).collect()
}

#[test]
fn no_storm_of_keys_brings_a_session_down() {
    let cheap = |snapshot: &Snapshot, at| Situation { at, ..Situation::clone(&snapshot.situation) };
    let mut story = Story::begin(Arc::new(cheap));
    let (inputs, mut dice, mut sessions) = (inputs(), Dice(SEED), 1);
    let mut left = INPUTS;
    while left > 0 {
        let count = (1 + dice.roll(AT_ONCE)).min(left);
        let bytes: Vec<_> = (0..count).flat_map(|_| dice.pick(&inputs).clone()).collect();
        story.send(&bytes);
        left -= count;
        if dice.roll(40) == 0 {
            let (width, height) = *dice.pick(&SIZES);
            story.resize(width, height);
        }
        if dice.roll(4) == 0 && !story.is_over() {
            story.is_drawn_whole();
        }
        if story.is_over() {
            sessions += 1;
            story.sit_down();
        }
    }
    story.resize(80, 24);
    assert!(sessions > 10, "{sessions} sessions were left");
    assert!(story.screen().contains("Situation"), "{}", story.screen());
}
