//! The Readiness screen drawn: how many are signed in one line, the list in its parts, and with enough room what is under
//! the cursor explained beside it.

use super::rows::{Bar, Row, Subject};
use crate::keymap::Verb;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::overlays::detail::{put_lines, ready};
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use ratatui::layout::Rect;
use std::sync::Arc;

/// From here on there is room for an explanation at the right.
const WIDE: u16 = 110;
const MARKS: u16 = 4;
const WORD: u16 = 9;
const BAR: u16 = 10;
/// Columns kept free for how many lines are below.
const HIDDEN: u16 = 6;

/// How much of a row is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Line,
    /// With what stands below it.
    Whole,
}

pub(super) fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let body = ui.body();
    let said = summary(ui, canvas, body);
    let area = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
    let rows = &ui.readiness.rows;
    if rows.is_empty() {
        nothing(ui, world, canvas, area);
        return;
    }
    let left = if area.width >= WIDE { area.width * 3 / 5 } else { area.width };
    let place = ui.readiness.place();
    let hidden = list(canvas, Rect { width: left, ..area }, rows, place);
    below_the_list(canvas, said, left, body.y, hidden);
    let subject = place.and_then(|place| rows[place].subject.as_ref());
    if let Some(subject) = subject.filter(|_| left < area.width) {
        let beside = Rect { x: left + 2, width: area.width.saturating_sub(left + 3), ..area };
        explained(ui, world, canvas, beside, subject);
    }
}

/// Returns where its words end.
fn summary(ui: &Ui, canvas: &mut Canvas<'_>, body: Rect) -> u16 {
    let counts = ui.readiness.counts.filter(|counts| counts.total > 0);
    let mut x = 1;
    if body.width >= WIDE || counts.is_none() {
        x += canvas.put(1, body.y, body.width, "READINESS", Role::Title) + 2;
    }
    if let Some(counts) = counts {
        let role = if counts.ga_outstanding > 0 { Role::Elevated } else { Role::Ok };
        let room = body.width.saturating_sub(x + HIDDEN);
        let whole = counts.to_string();
        let said = if text::width(&whole) <= usize::from(room) { whole } else { counts.in_short() };
        x += canvas.put_fit(x, body.y, room, &said, role);
    }
    canvas.rule(x + 1, body.y, body.width.saturating_sub(x + 1), Role::Border);
    x
}

/// How many lines are below, at the end of the list's own columns, and never on the words of the summary.
fn below_the_list(canvas: &mut Canvas<'_>, words_end: u16, left: u16, y: u16, hidden: usize) {
    if hidden > 0 {
        let said = format!(" {}{hidden} ", canvas.glyphs.down);
        let columns = u16::try_from(text::width(&said)).unwrap_or(HIDDEN);
        let x = left.saturating_sub(columns + 1).max(words_end + 1);
        canvas.put(x, y, columns, &said, Role::Dim);
    }
}

/// Every row with the line it begins on; the row under the cursor and every claim say what stands below them. Returns
/// how many lines there are below.
fn list(canvas: &mut Canvas<'_>, area: Rect, rows: &[Arc<Row>], place: Option<usize>) -> usize {
    let page = usize::from(area.height);
    let heights: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| match extent(row, Some(n) == place) {
            Extent::Line => 1,
            Extent::Whole => 1 + below(row, area.width).len(),
        })
        .collect();
    let first = first_in_sight(&heights, place, page);
    let total: usize = heights.iter().sum();
    let mut y = -isize::try_from(first).unwrap_or(isize::MAX);
    for (n, row) in rows.iter().enumerate() {
        let is_selected = Some(n) == place;
        let top = y;
        y += isize::try_from(heights[n]).unwrap_or(0);
        let Ok(top) = u16::try_from(top) else { continue };
        if top >= area.height {
            break;
        }
        let height = u16::try_from(heights[n]).unwrap_or(1).min(area.height - top);
        let at = Rect { y: area.y + top, height, ..area };
        draw_row(canvas, at, row, is_selected);
        canvas.hit(at, Hit::Row(n));
    }
    total.saturating_sub(first + page)
}

const fn extent(row: &Row, is_selected: bool) -> Extent {
    if is_selected || matches!(row.subject, Some(Subject::Claim(_))) { Extent::Whole } else { Extent::Line }
}

/// As little is scrolled as brings all of the selected row into sight, and one more where there is one.
fn first_in_sight(heights: &[usize], place: Option<usize>, page: usize) -> usize {
    let Some(place) = place else { return 0 };
    let before: usize = heights[..place].iter().sum();
    let after = usize::from(place + 1 < heights.len());
    (before + heights[place] + after).saturating_sub(page).min(before)
}

fn below(row: &Row, width: u16) -> Vec<(String, Role)> {
    let columns = usize::from(width.saturating_sub(MARKS + WORD + 2));
    let wrapped = |(said, role): &(String, Role)| {
        let role = *role;
        text::wrap(said, columns).into_iter().map(move |line| (line, role)).collect::<Vec<_>>()
    };
    row.below.iter().flat_map(wrapped).collect()
}

fn draw_row(canvas: &mut Canvas<'_>, at: Rect, row: &Row, is_selected: bool) {
    let Rect { x, y, width, .. } = at;
    if row.subject.is_none() {
        let mut from = x + 1 + canvas.put_fit(x + 1, y, width.saturating_sub(2), &row.text, Role::Title);
        for (said, role) in &row.tail {
            from += 1 + canvas.put_fit(from + 1, y, width.saturating_sub(from), said, *role);
        }
        return;
    }
    if is_selected {
        canvas.put(x, y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let (mark, role) = row.mark.drawn(canvas.glyphs);
    canvas.put(x + 2, y, 1, mark, role);
    let mut from = x + MARKS;
    if !row.word.0.is_empty() {
        canvas.put_fit(from, y, WORD - 1, &row.word.0, row.word.1);
        from += WORD;
    }
    let right = tail(canvas, at, row, from);
    let role = if is_selected { Role::Selection } else { Role::Text };
    canvas.put_fit(from, y, right.saturating_sub(from + 1), &row.text, role);
    if extent(row, is_selected) == Extent::Whole {
        for (y, (said, role)) in (y + 1..at.bottom()).zip(below(row, width)) {
            canvas.put_fit(x + MARKS + WORD, y, width.saturating_sub(MARKS + WORD + 1), &said, role);
        }
    }
}

/// The pieces at the right end, as many as leave half of the line to the text, the first of them the last to go.
/// Returns where the room for the text ends.
fn tail(canvas: &mut Canvas<'_>, at: Rect, row: &Row, from: u16) -> u16 {
    let mut right = at.right().saturating_sub(1);
    let wanted = u16::try_from(text::width(&row.text)).unwrap_or(u16::MAX);
    // Bars stand below one another, whatever the names before them.
    let wanted = match row.bar {
        Some(_) => at.width / 8 + 16,
        None => wanted.min(at.width * 7 / 20),
    };
    let least = from.saturating_add(wanted);
    let wide = |said: &str| u16::try_from(text::width(said)).unwrap_or(u16::MAX).saturating_add(2);
    let mut room = right.saturating_sub(least);
    let whole = row.whole.as_ref().filter(|(said, _)| wide(said) <= room).map(std::slice::from_ref);
    let pieces = whole.unwrap_or(&row.tail);
    let (mut kept, mut bar) = (0, None);
    for (said, _) in pieces {
        if let Some(due) = row.bar.filter(|bar| bar.after == kept && room >= BAR + 2) {
            (room, bar) = (room - BAR - 2, Some(due));
        }
        if wide(said) > room {
            break;
        }
        room -= wide(said);
        kept += 1;
    }
    for (said, role) in pieces[..kept].iter().rev() {
        right = canvas.put_right(from, at.y, right.saturating_sub(from), said, *role).saturating_sub(2);
    }
    if let Some(bar) = bar {
        right = right.saturating_sub(BAR);
        draw_bar(canvas, Rect { x: right, y: at.y, width: BAR, height: 1 }, bar);
        right = right.saturating_sub(1);
    }
    right
}

/// What is left, filled from the left; at least one cell while anything is.
fn draw_bar(canvas: &mut Canvas<'_>, at: Rect, Bar { left, role, .. }: Bar) {
    let (full, empty) = if canvas.glyphs.is_ascii { ("#", ".") } else { ("█", "░") };
    let share = (left.clamp(0.0, 100.0) / 100.0 * f64::from(at.width)).round() as u16;
    let share = if left > 0.0 { share.max(1) } else { 0 };
    let drawn = canvas.put(at.x, at.y, share, &full.repeat(usize::from(share)), role);
    let rest = at.width - drawn;
    canvas.put(at.x + drawn, at.y, rest, &empty.repeat(usize::from(rest)), Role::ChartBaseline);
}

fn explained(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, area: Rect, subject: &Subject) {
    for y in area.y..area.bottom() {
        canvas.put(area.x.saturating_sub(2), y, 1, canvas.glyphs.upright, Role::Border);
    }
    let lines = ready::lines(subject, ui, world, usize::from(area.width));
    put_lines(canvas, area, &lines, 0);
    let hidden = lines.len().saturating_sub(usize::from(area.height));
    if hidden > 0 {
        let said = format!(" {}{hidden} ", canvas.glyphs.down);
        canvas.put_right(area.x, area.bottom() - 1, area.width, &said, Role::Dim);
    }
}

/// An empty list says why it is empty and what to do next.
fn nothing(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let key = ui.keymap.keys_in(Verb::FilterClear, ui.screen.face().context.stack());
    let key = key.first().map_or("esc", String::as_str);
    let lines = if world.snapshot.loading {
        vec!["Reading the journal".to_owned()]
    } else if ui.readiness.asked.is_empty() {
        vec![
            "Nothing is to be signed off here: the catalog has no readiness register.".to_owned(),
            "Begin with readiness.toml, which `sitroom catalog init` writes:".to_owned(),
            "items, runbooks, who is on call; docs/READINESS.md has every key.".to_owned(),
            "See one at work: sitroom demo".to_owned(),
        ]
    } else {
        vec![format!("Nothing holds “{}”.", ui.readiness.asked), format!("{key} shows everything again.")]
    };
    let y = area.y + area.height / 3;
    for (n, (y, said)) in (y..area.bottom()).zip(&lines).enumerate() {
        let width = u16::try_from(text::width(said)).unwrap_or(area.width).min(area.width.saturating_sub(2));
        let role = if n == 0 { Role::Text } else { Role::Dim };
        canvas.put_fit(area.x + (area.width - width) / 2, y, width, said, role);
    }
}
