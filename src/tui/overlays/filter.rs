//! The filter line: what is typed narrows the screen in front at once; leaving takes it back.

use super::takes_text::TakesText;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::screens::Narrow;
use crate::tui::ui::Ui;
use crate::tui::widgets::field::Field;
use std::fmt;

pub struct Filter {
    pub field: Field,
    narrow: &'static Narrow,
    /// What was asked before, to return to.
    before: String,
}

impl Filter {
    pub fn open(narrow: &'static Narrow, ui: &Ui) -> Self {
        let before = (narrow.asked)(ui).to_owned();
        Self { field: Field::holding(narrow.placeholder, &before), narrow, before }
    }

    pub fn cancel(&self, ui: &mut Ui) {
        (self.narrow.ask)(ui, &self.before);
    }

    /// Lets the list follow what is typed.
    pub fn apply(&self, ui: &mut Ui) {
        (self.narrow.ask)(ui, self.field.text());
    }

    /// On the status line, where the eye already is.
    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let y = ui.size.height.saturating_sub(1);
        let line = ratatui::layout::Rect { x: 0, y, width: ui.size.width, height: 1 };
        canvas.fill(line, Role::Bar);
        canvas.put(1, y, 2, "/", Role::Key);
        let count = (self.narrow.count)(ui);
        let from = canvas.put_right(3, y, ui.size.width.saturating_sub(4), &count, Role::BarDim);
        self.field.draw(canvas, 3, y, from.saturating_sub(4));
        if let Some(problem) = (self.narrow.problem)(ui) {
            canvas.fill(ratatui::layout::Rect { y: y - 1, ..line }, Role::Text);
            canvas.put_fit(3, y - 1, ui.size.width.saturating_sub(4), problem, Role::Error);
        }
    }
}

impl TakesText for Filter {
    fn field(&mut self) -> Option<&mut Field> {
        Some(&mut self.field)
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("field", &self.field)
            .field("before", &self.before)
            .finish_non_exhaustive()
    }
}
