//! What lies over a screen. The topmost has the keys; the stack of overlays is the stack of contexts.

pub mod after;
pub mod ask;
pub mod board;
pub mod catchup;
pub mod command;
pub mod confirm;
pub mod declare;
pub mod detail;
pub mod editor;
pub mod export;
pub mod filter;
pub mod gate;
pub mod goto;
pub mod handover;
pub mod help;
pub mod nudge;
pub mod packet;
pub mod palette;
pub mod pull;
pub mod queries;
pub mod retro;
pub mod scribe;
pub mod sign;
pub mod sources;
pub mod takes_text;
pub mod themes;
pub mod typed;
pub mod update;

use super::canvas::{Canvas, HitMap};
use super::ui::{Ui, World};
use super::widgets::form::Form;
use super::widgets::list::Step;
use crate::keymap::Context;
use crate::theme::Role;
use ratatui::layout::Rect;

#[derive(Debug)]
pub enum Overlay {
    Help(help::Help),
    Palette(palette::Palette),
    Themes(themes::Themes),
    Detail(detail::Detail),
    Filter(filter::Filter),
    Goto(goto::Goto),
    Catchup(catchup::Catchup),
    /// The line itself belongs to the session.
    Scribe,
    Declare(Box<declare::Declare>),
    Command(command::Menu),
    Confirm(confirm::Confirm),
    Question(confirm::Question),
    Ask(ask::Ask),
    Board(board::Board),
    Typed(typed::Typed),
    Update(Box<update::UpdateForm>),
    HandOver(Box<handover::HandOver>),
    Packet(packet::Reading),
    After(after::After),
    Export(export::Export),
    Gate(gate::Standing),
    Pull(pull::Pull),
    Queries(queries::Queries),
    Sources(sources::Sources),
    Retro(retro::Retro),
    RetroForm(Box<retro::form::Form>),
    Sign(Box<sign::SignForm>),
    Editor(Box<editor::Editor>),
}

impl Overlay {
    pub const fn context(&self) -> Context {
        match self {
            Self::Help(_) => Context::Help,
            Self::Palette(_) => Context::Palette,
            Self::Themes(_) => Context::Themes,
            Self::Detail(_) | Self::Catchup(_) => Context::Detail,
            Self::Command(_)
            | Self::Packet(_)
            | Self::Queries(_)
            | Self::Sources(_)
            | Self::Export(_)
            | Self::Gate(_)
            | Self::Pull(_)
            | Self::After(_) => Context::Menu,
            Self::Confirm(_) | Self::Question(_) => Context::Confirm,
            Self::Board(_) => Context::Board,
            Self::Retro(_) => Context::Retro,
            Self::Editor(_) => Context::Editor,
            Self::Filter(_)
            | Self::Goto(_)
            | Self::Scribe
            | Self::Declare(_)
            | Self::Ask(_)
            | Self::Typed(_)
            | Self::Update(_)
            | Self::HandOver(_)
            | Self::RetroForm(_)
            | Self::Sign(_) => Context::Text,
        }
    }

    pub fn queries(&mut self) -> Option<&mut queries::Queries> {
        match self {
            Self::Queries(queries) => Some(queries),
            _ => None,
        }
    }

    /// A row in sight was clicked, counted from the first of its list.
    pub fn select_row(&mut self, row: usize, ui: &mut Ui) {
        match self {
            Self::Pull(pull) => pull.select_row(row),
            Self::Export(export) => export.select_row(row),
            Self::Command(menu) => menu.select_row(row),
            Self::Themes(themes) => themes.select_row(row, ui),
            Self::Palette(palette) => palette.select_row(row),
            Self::Queries(queries) => queries.select_row(row, ui),
            _ => {}
        }
    }

    /// The form it is, where it is one.
    pub fn form(&mut self) -> Option<&mut Form> {
        match self {
            Self::Update(update) => Some(update.form()),
            Self::HandOver(hand_over) => Some(hand_over.form()),
            Self::Sign(sign) => Some(sign.form()),
            _ => None,
        }
    }
}

/// Moves through what the topmost overlay shows; false when none is open.
pub fn step(ui: &mut Ui, world: World<'_>, step: Step) -> bool {
    let Some(mut overlay) = ui.overlays.pop() else { return false };
    match &mut overlay {
        Overlay::Help(help) => help.step(step, ui),
        Overlay::Palette(palette) => palette.step(step, ui, world),
        Overlay::Themes(themes) => themes.step(step, ui),
        Overlay::Detail(detail) => detail.step(step, ui),
        Overlay::Catchup(catchup) => catchup.step(step, ui),
        Overlay::Command(menu) => menu.step(step, ui),
        Overlay::Board(board) => board.step(step, ui, world),
        Overlay::Packet(reading) => reading.step(step, ui),
        Overlay::Queries(queries) => queries.step(step, ui),
        Overlay::Sources(sources) => sources.step(step, ui, world),
        Overlay::Retro(retro) => retro.step(step, ui, world),
        Overlay::Export(export) => export.step(step),
        Overlay::After(after) => after.step(step, ui),
        Overlay::Gate(standing) => standing.step(step, ui),
        Overlay::Pull(pull) => pull.step(step, ui),
        Overlay::Filter(_)
        | Overlay::Goto(_)
        | Overlay::Scribe
        | Overlay::Declare(_)
        | Overlay::Confirm(_)
        | Overlay::Question(_)
        | Overlay::Ask(_)
        | Overlay::Typed(_)
        | Overlay::Update(_)
        | Overlay::HandOver(_)
        | Overlay::RetroForm(_)
        | Overlay::Sign(_)
        | Overlay::Editor(_) => {}
    }
    ui.overlays.push(overlay);
    true
}

pub fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    for overlay in &ui.overlays {
        canvas.frame.cursor = None;
        // What lies below is not clicked past the edge of what lies on top.
        canvas.hits = HitMap::default();
        match overlay {
            Overlay::Help(help) => help.draw(ui, canvas),
            Overlay::Palette(palette) => palette.draw(ui, world, canvas),
            Overlay::Themes(themes) => themes.draw(ui, canvas),
            Overlay::Detail(detail) => detail.draw(ui, canvas),
            Overlay::Filter(filter) => filter.draw(ui, canvas),
            Overlay::Goto(goto) => goto.draw(ui, canvas),
            Overlay::Catchup(catchup) => catchup.draw(ui, canvas),
            Overlay::Scribe => scribe::draw(ui, world, canvas),
            Overlay::Declare(form) => form.draw(ui, canvas),
            Overlay::Command(menu) => menu.draw(ui, canvas),
            Overlay::Confirm(confirm) => confirm.draw(ui, world, canvas),
            Overlay::Question(question) => question.draw(ui, canvas),
            Overlay::Ask(ask) => ask.draw(ui, canvas),
            Overlay::Board(board) => board.draw(ui, world, canvas),
            Overlay::Typed(typed) => typed.draw(ui, world, canvas),
            Overlay::Update(form) => form.draw(ui, canvas),
            Overlay::HandOver(form) => form.draw(ui, world, canvas),
            Overlay::Packet(reading) => reading.draw(ui, world, canvas),
            Overlay::Queries(queries) => queries.draw(ui, canvas),
            Overlay::Sources(sources) => sources.draw(ui, world, canvas),
            Overlay::Retro(retro) => retro.draw(ui, world, canvas),
            Overlay::Export(export) => export.draw(ui, canvas),
            Overlay::After(after) => after.draw(ui, world, canvas),
            Overlay::Gate(standing) => standing.draw(ui, world, canvas),
            Overlay::Pull(pull) => pull.draw(ui, canvas),
            Overlay::RetroForm(form) => form.draw(ui, canvas),
            Overlay::Sign(form) => form.draw(ui, world, canvas),
            Overlay::Editor(editor) => editor.draw(ui, world, canvas),
        }
    }
}

/// A framed window in the middle of the screen; returns the area inside.
pub(super) fn window(canvas: &mut Canvas<'_>, outer: Rect, title: &str, hint: &str) -> Rect {
    canvas.fill(outer, Role::Overlay);
    let (left, right, bottom) = (outer.x, outer.right().saturating_sub(1), outer.bottom().saturating_sub(1));
    canvas.rule(left, outer.y, outer.width, Role::Border);
    canvas.rule(left, bottom, outer.width, Role::Border);
    for y in outer.y + 1..bottom {
        canvas.put(left, y, 1, canvas.glyphs.upright, Role::Border);
        canvas.put(right, y, 1, canvas.glyphs.upright, Role::Border);
    }
    for (x, y, corner) in [
        (left, outer.y, canvas.glyphs.corners[0]),
        (right, outer.y, canvas.glyphs.corners[1]),
        (left, bottom, canvas.glyphs.corners[2]),
        (right, bottom, canvas.glyphs.corners[3]),
    ] {
        canvas.put(x, y, 1, corner, Role::Border);
    }
    let room = outer.width.saturating_sub(6);
    canvas.put_fit(left + 2, outer.y, room, &format!(" {title} "), Role::Title);
    if !hint.is_empty() {
        canvas.put_right(left + 2, bottom, room + 2, &format!(" {hint} "), Role::Dim);
    }
    Rect {
        x: left + 2,
        y: outer.y + 1,
        width: outer.width.saturating_sub(4),
        height: outer.height.saturating_sub(2),
    }
}

/// Fewer columns of a screen beside a window show only ends of words and numbers, which read as others.
const FRINGE: u16 = 12;

/// A window of at most the size asked for, in the middle of the body, or as wide as that where little would be left of it.
pub(super) fn centred(ui: &Ui, width: u16, height: u16) -> Rect {
    let body = ui.body();
    let width = if width.saturating_add(2 * FRINGE) > body.width { body.width } else { width };
    let height = height.min(body.height);
    Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height }
}

/// Says how much there is beyond what is in sight, at the right end of a window's last line.
pub(super) fn more_mark(canvas: &mut Canvas<'_>, inside: Rect, first: usize, shown: usize, count: usize) {
    let below = count.saturating_sub(first + shown);
    let text = match (first, below) {
        (0, 0) => return,
        (above, 0) => format!("{}{above}", canvas.glyphs.up),
        (0, below) => format!("{}{below}", canvas.glyphs.down),
        (above, below) => format!("{}{above} {}{below}", canvas.glyphs.up, canvas.glyphs.down),
    };
    canvas.put_right(inside.x, inside.y.saturating_sub(1), inside.width, &format!(" {text} "), Role::Dim);
}
