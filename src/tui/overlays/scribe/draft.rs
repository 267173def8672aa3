//! What of the scribe line is kept as a draft, and how it comes back into the line.

use super::{Scribe, Writes};
use crate::tui::drafts::Slot;

impl Scribe {
    /// Every line that is in nobody's hands: not saved, pasted, and half typed.
    pub fn line_draft(&self) -> String {
        let typed = match &self.writes {
            Writes::Entry => self.field.text(),
            Writes::Revision { draft, .. } => draft,
        };
        let unsaved = self.unsaved.iter().map(|unsaved| unsaved.line.as_str());
        let lines = unsaved.chain(self.block.iter().map(String::as_str)).chain([typed]);
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// Lines that were begun before: the last is in the line again, the others stand above it.
    pub fn bring_back<'l>(&mut self, lines: impl IntoIterator<Item = &'l str>) {
        let lines = lines.into_iter().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        if self.writes != Writes::Entry {
            self.block.extend(lines);
            return;
        }
        let typed = self.field.text().to_owned();
        self.block.extend((!typed.is_empty()).then_some(typed));
        self.block.extend(lines);
        let last = self.block.pop().unwrap_or_default();
        self.set(&last);
    }

    /// The new words of an entry, as far as they are other words.
    pub fn revision_draft(&self) -> Option<(Slot, String)> {
        match &self.writes {
            Writes::Revision { incident, entry, begun, .. } if begun != self.field.text() => {
                Some((Slot::revision(*incident, *entry), self.field.text().to_owned()))
            }
            _ => None,
        }
    }

    /// The entry whose new words are to be typed, while nothing of them is.
    pub fn untouched_revision(&self) -> Option<Slot> {
        match &self.writes {
            Writes::Revision { incident, entry, begun, .. } if begun == self.field.text() => {
                Some(Slot::revision(*incident, *entry))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::overlays::takes_text::TakesText as _;

    #[test]
    fn what_was_typed_and_pasted_comes_back_as_it_stood() {
        let mut scribe = Scribe::default();
        scribe.paste("f one\nh two\n");
        scribe.paste("d half");
        let draft = scribe.line_draft();
        let mut again = Scribe::default();
        again.bring_back(draft.lines());
        assert_eq!((again.field.text(), again.line_draft()), ("d half", draft));
    }

    #[test]
    fn what_comes_back_never_takes_the_place_of_what_is_being_typed() {
        let mut scribe = Scribe::default();
        scribe.paste("f new");
        scribe.bring_back(["f old"]);
        assert_eq!(scribe.line_draft(), "f new\nf old");
    }
}
