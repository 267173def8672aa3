//! The Readiness screen drawn: how many are signed in one line, the list in its parts, and with enough room what is under
//! the cursor explained beside it.

use super::rows::{Row, Subject, rows};
use crate::domain::readiness::register;
use crate::keymap::Verb;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::overlays::detail::{put_lines, ready};
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use ratatui::layout::Rect;

/// From here on there is room for an explanation at the right.
const WIDE: u16 = 110;
const MARKS: u16 = 4;
const WORD: u16 = 9;
const BAR: u16 = 10;

/// How much of a row is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Line,
    /// With what stands below it.
    Whole,
}

pub(super) fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let body = ui.body();
    summary(world, canvas, body);
    let area = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
    let rows = rows(world, &ui.readiness.asked);
    if rows.is_empty() {
        nothing(ui, world, canvas, area);
        return;
    }
    let left = if area.width >= WIDE { area.width * 3 / 5 } else { area.width };
    let place = ui.readiness.place(&rows);
    list(canvas, Rect { width: left, ..area }, &rows, place);
    let subject = place.and_then(|place| rows[place].subject.as_ref());
    if let Some(subject) = subject.filter(|_| left < area.width) {
        let beside = Rect { x: left + 2, width: area.width.saturating_sub(left + 3), ..area };
        explained(ui, world, canvas, beside, subject);
    }
}

fn summary(world: World<'_>, canvas: &mut Canvas<'_>, body: Rect) {
    let register = register(&world.snapshot.catalog, &world.snapshot.room, world.now);
    let mut x = 1;
    if body.width >= WIDE || register.counts.total == 0 {
        x += canvas.put(1, body.y, body.width, "READINESS", Role::Title) + 2;
    }
    if register.counts.total > 0 {
        let counts = register.counts;
        let role = if counts.ga_outstanding > 0 { Role::Elevated } else { Role::Ok };
        x += canvas.put_fit(x, body.y, body.width.saturating_sub(x + 1), &counts.to_string(), role);
    }
    canvas.rule(x + 1, body.y, body.width.saturating_sub(x + 1), Role::Border);
}

/// Every row with the line it begins on; the row under the cursor and every claim say what stands below them.
fn list(canvas: &mut Canvas<'_>, area: Rect, rows: &[Row], place: Option<usize>) {
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
    let hidden = total.saturating_sub(first + page);
    if hidden > 0 {
        let said = format!(" {}{hidden} ", canvas.glyphs.down);
        canvas.put_right(area.x, area.y.saturating_sub(1), area.width.saturating_sub(1), &said, Role::Dim);
    }
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
    let (wanted, bar) = match row.bar {
        Some(_) => (at.width / 8 + 18, BAR + 2),
        None => (wanted.min(at.width * 7 / 20), 0),
    };
    let least = from.saturating_add(wanted).saturating_add(bar);
    let wide = |said: &str| u16::try_from(text::width(said)).unwrap_or(u16::MAX).saturating_add(2);
    let mut room = right.saturating_sub(least);
    let mut kept = 0;
    for (said, _) in &row.tail {
        if wide(said) > room {
            break;
        }
        room -= wide(said);
        kept += 1;
    }
    for (said, role) in row.tail[..kept].iter().rev() {
        right = canvas.put_right(from, at.y, right.saturating_sub(from), said, *role).saturating_sub(2);
    }
    if let Some((left, role)) = row.bar.filter(|_| right > from + bar + 8) {
        right = right.saturating_sub(BAR);
        draw_bar(canvas, Rect { x: right, y: at.y, width: BAR, height: 1 }, left, role);
        right = right.saturating_sub(1);
    }
    right
}

/// What is left, filled from the left; at least one cell while anything is.
fn draw_bar(canvas: &mut Canvas<'_>, at: Rect, left: f64, role: Role) {
    let (full, empty) = if canvas.glyphs.is_ascii { ("#", ".") } else { ("█", "░") };
    let share = (left.clamp(0.0, 100.0) / 100.0 * f64::from(at.width)).round() as u16;
    let share = if left > 0.0 { share.max(1) } else { 0 };
    let drawn = canvas.put(at.x, at.y, share, &full.repeat(usize::from(share)), role);
    let rest = at.width - drawn;
    canvas.put(at.x + drawn, at.y, rest, &empty.repeat(usize::from(rest)), Role::Dim);
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
            "Write [[readiness.item]] with id, title, gating and needs into it,".to_owned(),
            "then objectives, runbooks and on-call; docs/READINESS.md has every key.".to_owned(),
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
