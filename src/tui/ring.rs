//! Telling the terminal that a clock has run out, for somebody who looks elsewhere: once for each time it is due.

use super::carrier::Multiplexer;
use super::pressing::{asks_for, open};
use super::ui::World;
use crate::domain::event::Nudge;
use crate::domain::incident::{Clock, clocks};
use crate::domain::text::clean;
use crate::domain::{IncidentId, Time};
use std::collections::BTreeSet;

/// How the terminal is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ring {
    #[default]
    Off,
    Bell,
    /// The notification of iTerm2, kitty, WezTerm, Windows Terminal and others.
    Osc9,
}

/// What is due and was told of already.
#[derive(Debug, Default)]
pub struct Rung(BTreeSet<(IncidentId, Nudge, Time)>);

impl Rung {
    /// What came due since it was last asked, in words; what is not due any more is forgotten. What was put off
    /// comes due again.
    pub fn news(&mut self, world: World<'_>) -> Option<String> {
        let mut due = BTreeSet::new();
        for incident in open(world) {
            let clocks = clocks(incident, &world.snapshot.clocks, world.present());
            let clocks = clocks.iter().filter(|clock| clock.is_due());
            due.extend(clocks.map(|Clock { nudge, due, .. }| (incident.id, *nudge, *due)));
        }
        let new: Vec<_> =
            due.difference(&self.0).map(|(id, nudge, _)| format!("{id} {}", asks_for(*nudge))).collect();
        self.0 = due;
        (!new.is_empty()).then(|| new.join(", "))
    }
}

/// More than this no terminal shows.
const LONGEST: usize = 200;

/// The bytes that ring.
pub fn bytes(ring: Ring, said: &str, multiplexer: Multiplexer) -> Vec<u8> {
    let said: String = clean(said).chars().take(LONGEST).collect();
    let sequence = format!("\x1b]9;sitroom: {said}\x07");
    match (ring, multiplexer) {
        (Ring::Off, _) => Vec::new(),
        (Ring::Bell, _) => b"\x07".to_vec(),
        (Ring::Osc9, Multiplexer::None) => sequence.into_bytes(),
        (Ring::Osc9, Multiplexer::Tmux) => {
            format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")).into_bytes()
        }
        (Ring::Osc9, Multiplexer::Screen) => format!("\x1bP{sequence}\x1b\\").into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_cannot_end_the_sequence_it_is_said_in() {
        let said = bytes(Ring::Osc9, "a\x07b\x1b\\c", Multiplexer::None);
        assert_eq!(said.iter().filter(|byte| **byte == 7).count(), 1);
        assert_eq!(said.iter().filter(|byte| **byte == 0x1b).count(), 1);
        assert!(said.starts_with(b"\x1b]9;sitroom: a"));
    }

    #[test]
    fn tmux_passes_it_on_and_off_says_nothing() {
        let said = bytes(Ring::Osc9, "due", Multiplexer::Tmux);
        assert_eq!(said, b"\x1bPtmux;\x1b\x1b]9;sitroom: due\x07\x1b\\");
        assert_eq!(bytes(Ring::Bell, "due", Multiplexer::Tmux), b"\x07");
        assert!(bytes(Ring::Off, "due", Multiplexer::None).is_empty());
    }
}
