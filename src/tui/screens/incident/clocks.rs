//! The commander's clocks in the panel: what is over first and loud, then what comes, then what was put off or kept.

use super::item::{Line, Pen};
use crate::domain::incident::{Clock, ClockState, clocks};
use crate::theme::Role;
use crate::tui::pressing::{asks_for, countdown};
use crate::tui::text;
use crate::tui::ui::World;

/// What was kept or left undone is only worth knowing, so this many of them will do.
const BEHIND: usize = 2;

pub fn lines(pen: &Pen<'_>, world: World<'_>, answer_key: &str, columns: usize) -> Vec<Line> {
    let clocks = clocks(pen.incident, &world.snapshot.clocks, world.present());
    if clocks.is_empty() {
        return Vec::new();
    }
    let due = clocks.iter().filter(|clock| clock.is_due()).count();
    let title = ("CLOCKS".to_owned(), Role::Title);
    let mut lines = vec![
        Line::new(),
        match due {
            0 => vec![title],
            due => vec![
                title,
                (format!("  {due} due"), Role::Critical),
                (format!("  {answer_key} answers"), Role::Dim),
            ],
        },
    ];
    let (pending, behind): (Vec<_>, Vec<_>) = clocks.iter().partition(|clock| clock.is_pending());
    lines.extend(
        pending.into_iter().chain(behind.into_iter().take(BEHIND)).map(|it| one(pen, world, it, columns)),
    );
    lines
}

/// What it wants at the left, how long it has at the right.
fn one(pen: &Pen<'_>, world: World<'_>, clock: &Clock, columns: usize) -> Line {
    let (left, role) = match clock.state {
        ClockState::Kept { at } => (format!("done {}", at.hour_minute(&pen.zone)), Role::Ok),
        ClockState::Dismissed { .. } => ("not applicable".to_owned(), Role::Dim),
        _ => countdown(clock, world.present()),
    };
    let role = if role == Role::Bar { Role::Text } else { role };
    let (sign, loud) = if clock.is_due() { (pen.glyphs.critical, Role::Critical) } else { (" ", Role::Text) };
    let room = columns.saturating_sub(text::width(&left) + 3);
    let asks = asks_for(clock.nudge);
    let asks = text::fit(&asks, room, pen.glyphs.ellipsis);
    let gap = " ".repeat(room.saturating_sub(text::width(&asks)) + 1);
    let asked = if clock.is_due() { Role::Strong } else { Role::Text };
    vec![
        (format!("{sign} "), loud),
        (asks.into_owned(), if clock.is_pending() { asked } else { Role::Dim }),
        (format!("{gap}{left}"), role),
    ]
}
