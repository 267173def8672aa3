//! The Situation drawn: panes with a title line each, and in each as many of its lines as there is room for.

use super::layout::Place;
use super::lines::{self, AGE, INDENT, Line, SPARK, TIME, has_sparks, shows_time};
use super::{Pane, SituationScreen, Window, axis};
use crate::diagnosis::{ConfidenceLevel, Level, Situation};
use crate::domain::Time;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::text;
use crate::tui::ui::{World, Zone};
use crate::tui::widgets::spark;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

struct Pen<'a> {
    screen: &'a SituationScreen,
    situation: &'a Situation,
    zone: TimeZone,
    now: Time,
}

pub fn draw(screen: &SituationScreen, canvas: &mut Canvas<'_>, body: Rect, zone: &Zone, world: World<'_>) {
    let pen = Pen { screen, situation: world.situation, zone: zone.shown(), now: world.now };
    let places = screen.places(world.situation, body);
    for (n, place) in places.iter().enumerate() {
        separate(canvas, place, &places[..n]);
        if place.area.height == 1 && !screen.is_zoomed {
            folded(canvas, &pen, place);
            continue;
        }
        title(canvas, &pen, place);
        let inside = Rect { y: place.area.y + 1, height: place.area.height.saturating_sub(1), ..place.area };
        match place.pane {
            Pane::Sequence if !screen.is_zoomed => {
                axis::draw(canvas, inside, &world.situation.sequence, &pen.zone);
            }
            pane => pane_lines(canvas, &pen, pane, inside, world.snapshot.loading),
        }
    }
}

/// A line between a pane and the one at its left.
fn separate(canvas: &mut Canvas<'_>, place: &Place, others: &[Place]) {
    let x = place.area.x.saturating_sub(1);
    if others.iter().any(|other| other.area.right() < place.area.x + 1 && other.area.y <= place.area.y)
        && x > 0
    {
        for y in place.area.y..place.area.bottom() {
            canvas.put(x.saturating_sub(1), y, 1, canvas.glyphs.upright, Role::Border);
        }
    }
}

fn title(canvas: &mut Canvas<'_>, pen: &Pen<'_>, place: &Place) {
    let Rect { x, y, width, .. } = place.area;
    let role = if place.pane == pen.screen.focus { Role::Accent } else { Role::Title };
    let mut pieces: Vec<(String, Role)> = vec![(name(place.pane).to_owned(), role)];
    match place.pane {
        Pane::Issues => pieces.extend(confidence(pen.situation, width)),
        Pane::Changes => pieces.extend(windows(pen.screen.window)),
        _ => {}
    }
    let mut at = x + 1;
    for (piece, role) in &pieces {
        at += canvas.put_fit(at, y, (x + width).saturating_sub(at), piece, *role);
    }
    canvas.rule(at + 1, y, (x + width).saturating_sub(at + 1), Role::Border);
}

/// A pane in one row: its title, how many lines it has, and the first of them.
fn folded(canvas: &mut Canvas<'_>, pen: &Pen<'_>, place: &Place) {
    let Rect { x, y, width, .. } = place.area;
    let lines = lines::of(place.pane, pen.situation, pen.screen.window);
    let Some(first) = lines.first() else { return };
    let from = x + 1 + canvas.put_fit(x + 1, y, width, name(place.pane), Role::Title) + 2;
    let more = match lines.len() {
        1 => String::new(),
        many => format!("{}{}", canvas.glyphs.down, many - 1),
    };
    let until = canvas.put_right(x, y, width, &more, Role::Dim);
    canvas.put_fit(from, y, until.saturating_sub(from + 1), first.text, Role::Text);
    canvas.hit(place.area, Hit::Line { pane: place.pane, line: 0 });
}

const fn name(pane: Pane) -> &'static str {
    match pane {
        Pane::State => "CURRENT STATE",
        Pane::Issues => "ACTIVE ISSUES",
        Pane::Changes => "WHAT CHANGED",
        Pane::Actions => "PRIORITY ACTIONS",
        Pane::Exposure => "PRIMARY EXPOSURE",
        Pane::Suspects => "SUSPECTS",
        Pane::Reviews => "PR AND REVIEW SIGNALS",
        Pane::Operations => "OPERATIONAL SIGNALS",
        Pane::Sequence => "RUNTIME SEQUENCE",
    }
}

fn confidence(situation: &Situation, width: u16) -> Vec<(String, Role)> {
    let name = if width < 50 { "  confidence " } else { "  release confidence " };
    let role = match situation.confidence.level {
        ConfidenceLevel::Unknown => Role::Dim,
        ConfidenceLevel::High => Role::Ok,
        ConfidenceLevel::Guarded => Role::Elevated,
        ConfidenceLevel::Low => Role::Critical,
    };
    vec![
        (format!("  {}", situation.issues.len()), Role::Strong),
        (name.to_owned(), Role::Dim),
        (situation.confidence.to_string(), role),
    ]
}

fn windows(window: Window) -> Vec<(String, Role)> {
    let said = Window::ALL.into_iter().map(|offered| {
        let role = if offered == window { Role::Strong } else { Role::Dim };
        (format!("  {} h", offered.hours()), role)
    });
    // Times stand beside the lines, and are not what orders them.
    said.chain([("  likeliest first".to_owned(), Role::Dim)]).collect()
}

fn pane_lines(canvas: &mut Canvas<'_>, pen: &Pen<'_>, pane: Pane, area: Rect, is_loading: bool) {
    let lines = lines::of(pane, pen.situation, pen.screen.window);
    if lines.is_empty() {
        let said = if is_loading { "Reading signals…" } else { nothing(pane, pen.situation.state.level) };
        canvas.put_fit(area.x + 3, area.y, area.width.saturating_sub(3), said, Role::Dim);
        return;
    }
    let page = usize::from(area.height);
    let is_roomy = lines.iter().map(|line| line.rows(pane, area.width)).sum::<usize>() <= page;
    let mut cursor = pen.screen.cursor(pane, &lines);
    // In a tight pane the line under the cursor says more, in a row of its own.
    cursor.keep_in_sight(lines.len(), if is_roomy { lines.len() } else { page.saturating_sub(1).max(1) });
    // What the lines leave free, the first of them may use to say more: their own words before the consequence.
    let mut spare = page.saturating_sub(lines.len() + 1);
    let mut y = area.y;
    let mut shown = 0;
    for (n, line) in lines.iter().enumerate().skip(cursor.first) {
        if y >= area.bottom() {
            break;
        }
        let rest = Rect { y, height: area.bottom() - y, ..area };
        let is_selected = n == cursor.line;
        let most = if is_roomy { None } else { Some(1 + spare) };
        let rows = draw_line(canvas, pen, pane, line, rest, is_selected && pane == pen.screen.focus, most);
        spare = spare.saturating_sub(usize::from(rows) - 1);
        canvas.hit(Rect { height: rows, ..rest }, Hit::Line { pane, line: n });
        y += rows;
        let has_more = !is_roomy && !line.below.is_empty() && (is_selected || spare > 0);
        if has_more && y < area.bottom() {
            spare = spare.saturating_sub(usize::from(!is_selected));
            canvas.put_fit(
                area.x + INDENT + 1,
                y,
                area.width.saturating_sub(INDENT + 1),
                &line.below,
                Role::Dim,
            );
            y += 1;
        }
        shown += 1;
    }
    more(canvas, area, lines.len() - cursor.first - shown);
}

/// How much a pane has no room for, on its title line.
fn more(canvas: &mut Canvas<'_>, area: Rect, hidden: usize) {
    if hidden > 0 {
        let said = format!(" {}{hidden} ", canvas.glyphs.down);
        canvas.put_right(area.x, area.y.saturating_sub(1), area.width, &said, Role::Dim);
    }
}

/// Draws a line, wrapped to `most` rows or to as many as all of it needs, and returns how many rows it took.
fn draw_line(
    canvas: &mut Canvas<'_>,
    pen: &Pen<'_>,
    pane: Pane,
    line: &Line<'_>,
    area: Rect,
    is_selected: bool,
    most: Option<usize>,
) -> u16 {
    let y = area.y;
    if is_selected {
        canvas.put(area.x, y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let (mark, mark_role) = line.mark.drawn(canvas.glyphs);
    if !mark.is_empty() {
        canvas.put(area.x + 1, y, 1, mark, mark_role);
    }
    let right = tail(canvas, pen, pane, line, area);
    let x = leads(canvas, pen, pane, line, area, right);
    let role = if is_selected { Role::Selection } else { Role::Text };
    let columns = right.saturating_sub(x);
    let parts = text::wrap(line.text, usize::from(columns));
    let whole = most.map_or(parts.len(), |most| if parts.len() > most { most - 1 } else { parts.len() });
    let mut row = y;
    for part in &parts[..whole] {
        canvas.put_fit(x, row, columns, part, role);
        row += 1;
    }
    if whole < parts.len() {
        canvas.put_fit(x, row, columns, &parts[whole..].join(" "), role);
        row += 1;
    }
    if most.is_some() {
        return (row - y).clamp(1, area.height);
    }
    let room = area.width.saturating_sub(INDENT + 1);
    for part in text::wrap(&line.below, usize::from(room)) {
        canvas.put_fit(area.x + INDENT + 1, row, room, &part, Role::Dim);
        row += 1;
    }
    (row - y).clamp(1, area.height)
}

/// Time and name at the left; returns where the text begins.
fn leads(canvas: &mut Canvas<'_>, pen: &Pen<'_>, pane: Pane, line: &Line<'_>, area: Rect, right: u16) -> u16 {
    let mut x = area.x + INDENT;
    if shows_time(pane)
        && let Some(at) = line.at
    {
        canvas.put(x, area.y, right.saturating_sub(x), &moment(at, pen.now, &pen.zone), Role::Dim);
        x += TIME;
    }
    let Some((lead, role)) = &line.lead else { return x };
    let column = line.lead_width(pane, area.width);
    let fitted = text::fit_middle(lead, usize::from(column), canvas.glyphs.ellipsis);
    canvas.put(x, area.y, right.saturating_sub(x), &fitted, *role);
    x + column + 1
}

/// What stands at the right end: a sparkline, a word, an age. Returns where the room for text ends.
fn tail(canvas: &mut Canvas<'_>, pen: &Pen<'_>, pane: Pane, line: &Line<'_>, area: Rect) -> u16 {
    let mut right = area.right();
    if !line.tail.is_empty() {
        return canvas.put_right(area.x, area.y, area.width, &line.tail, Role::Dim).saturating_sub(1);
    }
    if !shows_time(pane)
        && let Some(at) = line.at
    {
        let columns = AGE - 1;
        canvas.put_right(
            right.saturating_sub(columns),
            area.y,
            columns,
            &at.age(pen.now).to_string(),
            Role::Dim,
        );
        right = right.saturating_sub(AGE);
    }
    if has_sparks(pane, area.width) {
        right = right.saturating_sub(SPARK);
        if let Some(found) = line.spark {
            spark::draw(canvas, Rect { x: right, y: area.y, width: SPARK, height: 1 }, found);
        }
        right = right.saturating_sub(1);
    }
    right
}

fn moment(at: Time, now: Time, zone: &TimeZone) -> String {
    if at.is_same_day(now, zone) { at.hour_minute(zone) } else { at.date(zone)[5..].to_owned() }
}

/// An empty pane says that it is empty for a good reason.
const fn nothing(pane: Pane, level: Level) -> &'static str {
    match pane {
        Pane::State => "No services are known yet: a catalog names them.",
        Pane::Issues if matches!(level, Level::Unknown) => "Nothing was observed yet.",
        Pane::Issues => "Nothing is open.",
        Pane::Changes => "Nothing changed in this window.",
        Pane::Actions => "Nothing to recommend.",
        Pane::Exposure => "No exposure found.",
        Pane::Suspects => "Nothing to suspect.",
        Pane::Reviews | Pane::Operations => "Nothing out of the ordinary.",
        Pane::Sequence => "Nothing rang, failed or rose: nothing to put in order.",
    }
}
