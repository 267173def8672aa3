//! The theme picker: the screen behind it wears the theme under the cursor.

use super::{more_mark, window};
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::ui::Ui;
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Themes {
    cursor: Cursor,
    /// What to return to.
    before: usize,
}

impl Themes {
    pub fn open(ui: &Ui) -> Self {
        let mut cursor = Cursor { line: ui.look.theme, first: 0 };
        cursor.keep_in_sight(ui.look.themes.len(), page(ui));
        Self { cursor, before: ui.look.theme }
    }

    pub fn step(&mut self, step: Step, ui: &mut Ui) {
        self.cursor.step(step, ui.look.themes.len(), page(ui));
        ui.look.theme = self.cursor.line;
    }

    pub fn select_row(&mut self, row: usize, ui: &mut Ui) {
        self.cursor.line = (self.cursor.first + row).min(ui.look.themes.len().saturating_sub(1));
        ui.look.theme = self.cursor.line;
    }

    pub fn cancel(&self, ui: &mut Ui) {
        ui.look.theme = self.before;
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let inside = window(canvas, area(ui), "Themes", "enter takes it, esc does not");
        let themes = ui.look.themes.iter().enumerate().skip(self.cursor.first);
        for (y, (n, (name, _))) in (inside.y..inside.bottom()).zip(themes) {
            let is_selected = n == self.cursor.line;
            canvas.hit(Rect { y, height: 1, ..inside }, Hit::Row(n - self.cursor.first));
            if is_selected {
                canvas.put(inside.x, y, 1, canvas.glyphs.cursor, Role::Selection);
            }
            let role = if is_selected { Role::Selection } else { Role::Text };
            canvas.put_fit(inside.x + 2, y, inside.width.saturating_sub(2), name, role);
        }
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), ui.look.themes.len());
    }
}

/// In a corner, so that most of the screen can be seen.
fn area(ui: &Ui) -> Rect {
    let body = ui.body();
    let width = 30.min(body.width);
    let height = u16::try_from(ui.look.themes.len() + 2).unwrap_or(u16::MAX).min(body.height);
    Rect { x: body.right() - width, y: body.bottom() - height, width, height }
}

fn page(ui: &Ui) -> usize {
    usize::from(area(ui).height.saturating_sub(2))
}
