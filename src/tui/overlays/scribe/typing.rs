//! The scribe line under the fingers: keys, pastes, the lines written before, and names completed.

use super::{MOST_LINES, Recalled, Scribe, Writes};
use crate::keymap::{Chord, Key};
use crate::tui::drafts::Slot;
use crate::tui::overlays::takes_text::TakesText;
use crate::tui::widgets::field::Field;

impl TakesText for Scribe {
    fn field(&mut self) -> Option<&mut Field> {
        Some(&mut self.field)
    }

    /// Backspace in an empty line brings the last pasted one into it.
    fn key(&mut self, chord: Chord) -> bool {
        if chord.key == Key::Backspace
            && self.field.text().is_empty()
            && let Some(line) = self.block.pop()
        {
            self.set(&line);
            return true;
        }
        let is_changed = self.field.key(chord);
        if is_changed {
            self.problem = None;
        }
        is_changed
    }

    /// Lines that were pasted are entries of their own; one line goes where the cursor is.
    fn paste(&mut self, text: &str) -> Option<bool> {
        // A multiplexer pastes lines as the keys it would send: each ends in CR.
        let lines: Vec<_> = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect();
        match lines.as_slice() {
            [] => {}
            [one] => {
                self.field.paste(one);
            }
            many if self.writes == Writes::Entry => {
                let room = MOST_LINES.saturating_sub(self.block.len());
                self.block.extend(many.iter().take(room).map(|line| (*line).to_owned()));
                if many.len() > room {
                    self.problem = Some(format!("only the first {MOST_LINES} lines were taken"));
                }
            }
            many => {
                self.field.paste(&many.join(" "));
            }
        }
        Some(!lines.is_empty())
    }

    fn clear(&mut self) -> bool {
        if self.field.text().is_empty() {
            self.block.clear();
            self.unsaved.clear();
        }
        self.problem = None;
        self.field.clear()
    }

    /// One line further back in the history, or forward; the line being typed is its end.
    fn step(&mut self, by: isize) {
        let place = self.recalled.as_ref().map_or(self.history.len(), |recalled| recalled.place);
        let Some(to) = place.checked_add_signed(by).filter(|to| *to <= self.history.len()) else { return };
        let typed =
            self.recalled.take().map_or_else(|| self.field.text().to_owned(), |recalled| recalled.typed);
        if to == self.history.len() {
            self.set(&typed);
        } else {
            let line = self.history[to].clone();
            self.set(&line);
            self.recalled = Some(Recalled { place: to, typed });
        }
    }

    /// Completes the word at the end of the line with the first name that begins so; again, with the next. A word
    /// without a sign in front may be the beginning of a service, once it is more than a letter.
    /// A line has none before it.
    fn previous(&mut self) {}

    fn complete(&mut self, names: &dyn Fn() -> Vec<String>) {
        let typed = self.field.text().to_owned();
        let word = typed.rsplit(' ').next().unwrap_or_default();
        let begun = self
            .completing
            .take()
            .filter(|(_, last)| last == word)
            .map_or_else(|| word.to_owned(), |it| it.0);
        if !begun.starts_with(['@', '#']) && begun.len() < 2 {
            return;
        }
        let known = names();
        let wanted = begun.to_lowercase();
        let fitting: Vec<_> = known.iter().filter(|name| name.to_lowercase().starts_with(&wanted)).collect();
        let place = fitting.iter().position(|name| *name == word).map_or(0, |place| place + 1);
        if let Some(name) = fitting.get(place).or(fitting.first()) {
            self.set(&format!("{}{name}", &typed[..typed.len() - word.len()]));
            self.completing = Some((begun, (*name).clone()));
        }
    }

    /// The line itself is the session's and kept with it; this is the place of a revision.
    fn draft(&self) -> Option<(Slot, String)> {
        self.revision_draft()
    }

    fn awaits(&self) -> Option<Slot> {
        self.untouched_revision()
    }

    fn resume(&mut self, kept: &str) {
        self.set(kept);
    }
}
