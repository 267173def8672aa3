//! The way out of a crisis, measured.

use super::{Face, nowhere};
use crate::keymap::{Context, Verb};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::ui::{Ui, World};

pub const FACE: Face = Face {
    key: '6',
    title: "Plan",
    context: Context::Plan,
    verb: Verb::ScreenPlan,
    draw,
    step: |_, _, _| {},
    select_row: |_, _, _| {},
    item: |_, _| None,
    leave: |_| {},
    turn: None,
    filter: None,
    place: nowhere,
};

fn draw(ui: &Ui, _: World<'_>, canvas: &mut Canvas<'_>) {
    let body = ui.body();
    canvas.put_fit(1, body.y, body.width.saturating_sub(2), "There is no plan yet", Role::Dim);
}
