//! The filter line: what is typed narrows the feed at once; leaving takes it back.

use crate::keymap::Chord;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::ui::Ui;
use crate::tui::widgets::field::Field;

#[derive(Debug)]
pub struct Filter {
    pub field: Field,
    /// What was asked before, to return to.
    before: String,
}

impl Filter {
    pub fn open(ui: &Ui) -> Self {
        let before = ui.feed.asked().to_owned();
        let placeholder = "words, source: service: kind: since:2h, a minus to leave out";
        Self { field: Field::holding(placeholder, &before), before }
    }

    pub fn key(&mut self, chord: Chord, ui: &mut Ui) {
        if self.field.key(chord) {
            ui.feed.ask(self.field.text());
        }
    }

    pub fn paste(&mut self, text: &str, ui: &mut Ui) {
        self.field.paste(text);
        ui.feed.ask(self.field.text());
    }

    pub fn cancel(&self, ui: &mut Ui) {
        ui.feed.ask(&self.before);
    }

    /// On the status line, where the eye already is.
    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let y = ui.size.height.saturating_sub(1);
        let line = ratatui::layout::Rect { x: 0, y, width: ui.size.width, height: 1 };
        canvas.fill(line, Role::Bar);
        canvas.put(1, y, 2, "/", Role::Key);
        let count = super::super::view::counted(ui.feed.count());
        let from = canvas.put_right(3, y, ui.size.width.saturating_sub(4), &count, Role::BarDim);
        self.field.draw(canvas, 3, y, from.saturating_sub(4));
        if let Some(problem) = ui.feed.query().problems.first() {
            canvas.fill(ratatui::layout::Rect { y: y - 1, ..line }, Role::Text);
            canvas.put_fit(3, y - 1, ui.size.width.saturating_sub(4), problem, Role::Error);
        }
    }
}
