//! What the catalog says of every service, and how it is now.

use super::{Face, nowhere};
use crate::keymap::{Context, Verb};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::ui::{Ui, World};

pub const FACE: Face = Face {
    key: '4',
    title: "Services",
    context: Context::Services,
    verb: Verb::ScreenServices,
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
    canvas.put_fit(
        1,
        body.y,
        body.width.saturating_sub(2),
        "The catalog has no services yet: `catalog` in config.toml names its file",
        Role::Dim,
    );
}
