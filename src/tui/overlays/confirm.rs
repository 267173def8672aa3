//! A question before something that is hard to take back; it names what it is about.

use super::{centred, window};
use crate::domain::Intent;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::Ui;

#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    pub question: String,
    /// What yes means, in full.
    pub means: String,
    pub intent: Intent,
}

impl Confirm {
    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let means = text::wrap(&self.means, 60);
        let height = u16::try_from(means.len() + 3).unwrap_or(8);
        let inside = window(canvas, centred(ui, 66, height), &self.question, "y yes, n no");
        for (y, line) in (inside.y..inside.bottom()).zip(&means) {
            canvas.put_fit(inside.x, y, inside.width, line, Role::Text);
        }
    }
}
