//! What can be typed into, one way for all of it: keys, pastes, edits and drafts reach a field, a form or the scribe line
//! without anybody knowing which it is.

use super::Overlay;
use crate::keymap::Chord;
use crate::tui::drafts::Slot;
use crate::tui::ui::Ui;
use crate::tui::widgets::field::Field;

pub trait TakesText {
    /// The field with the cursor; none while the cursor is on a choice.
    fn field(&mut self) -> Option<&mut Field>;

    /// A key that is bound to nothing; true when words changed.
    fn key(&mut self, chord: Chord) -> bool {
        self.field().is_some_and(|field| field.key(chord))
    }

    /// Nothing where there is no field to paste into, else whether words changed.
    fn paste(&mut self, text: &str) -> Option<bool> {
        self.field().map(|field| field.paste(text))
    }

    /// Deletes or moves within the field, as a verb says.
    fn edit(&mut self, change: &dyn Fn(&mut Field) -> bool) -> bool {
        self.field().is_some_and(change)
    }

    fn clear(&mut self) -> bool {
        self.edit(&Field::clear)
    }

    /// To another line of a form, or to another line of what was typed before.
    fn step(&mut self, _by: isize) {}

    /// Completes the word before the cursor with one of the names; a form goes on to its next line.
    fn complete(&mut self, _names: &dyn Fn() -> Vec<String>) {
        self.step(1);
    }

    /// Back to where completing came from: in a form its line before.
    fn previous(&mut self) {
        self.step(-1);
    }

    /// What a person has typed and not handed over, and where it is kept.
    fn draft(&self) -> Option<(Slot, String)> {
        None
    }

    /// Where a draft may wait for it, as long as nobody has typed here.
    fn awaits(&self) -> Option<Slot> {
        None
    }

    /// Takes up what was typed here before.
    fn resume(&mut self, _kept: &str) {}
}

impl Overlay {
    /// The scribe line is not here: it belongs to the session.
    pub fn takes_text(&self) -> Option<&dyn TakesText> {
        match self {
            Self::Palette(it) => Some(it),
            Self::Filter(it) => Some(it),
            Self::Goto(it) => Some(it),
            Self::Declare(it) => Some(it.as_ref()),
            Self::Ask(it) => Some(it),
            Self::Typed(it) => Some(it),
            Self::Update(it) => Some(it.as_ref()),
            Self::HandOver(it) => Some(it.as_ref()),
            Self::Sign(it) => Some(it.as_ref()),
            Self::RetroForm(it) => Some(it.as_ref()),
            Self::Editor(it) => Some(it.as_ref()),
            _ => None,
        }
    }

    fn takes_text_mut(&mut self) -> Option<&mut dyn TakesText> {
        match self {
            Self::Palette(it) => Some(it),
            Self::Filter(it) => Some(it),
            Self::Goto(it) => Some(it),
            Self::Declare(it) => Some(it.as_mut()),
            Self::Ask(it) => Some(it),
            Self::Typed(it) => Some(it),
            Self::Update(it) => Some(it.as_mut()),
            Self::HandOver(it) => Some(it.as_mut()),
            Self::Sign(it) => Some(it.as_mut()),
            Self::RetroForm(it) => Some(it.as_mut()),
            Self::Editor(it) => Some(it.as_mut()),
            _ => None,
        }
    }
}

/// What takes the keys at the moment, if anything takes text.
pub fn in_front(ui: &mut Ui) -> Option<&mut dyn TakesText> {
    match ui.overlays.last_mut()? {
        Overlay::Scribe => Some(&mut ui.scribe),
        overlay => overlay.takes_text_mut(),
    }
}

/// Changes words, and lets what depends on them follow at once.
pub fn change(ui: &mut Ui, words: impl FnOnce(&mut dyn TakesText) -> bool) {
    let is_changed = in_front(ui).is_some_and(words);
    if is_changed
        && let Some(Overlay::Filter(filter)) = ui.overlays.pop_if(|top| matches!(top, Overlay::Filter(_)))
    {
        filter.apply(ui);
        ui.overlays.push(Overlay::Filter(filter));
    }
}
