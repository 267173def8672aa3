//! The Situation drawn: panes with a title line each, and in each as many of its lines as there is room for.

use super::layout::Place;
use super::lines::{self, Line};
use super::{Pane, SituationScreen, Window, axis};
use crate::diagnosis::{ConfidenceLevel, Situation};
use crate::domain::Time;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::text;
use crate::tui::ui::{World, Zone};
use crate::tui::widgets::spark;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

const AGE: u16 = 4;
const SPARK: u16 = 10;

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
        title(canvas, &pen, place);
        let inside = Rect { y: place.area.y + 1, height: place.area.height.saturating_sub(1), ..place.area };
        match place.pane {
            Pane::Sequence if !screen.is_zoomed() => axis::draw(canvas, inside, &world.situation.sequence, &pen.zone),
            pane => pane_lines(canvas, &pen, pane, inside, world.snapshot.loading),
        }
    }
}

/// A line between a pane and the one at its left.
fn separate(canvas: &mut Canvas<'_>, place: &Place, others: &[Place]) {
    let x = place.area.x.saturating_sub(1);
    if others.iter().any(|other| other.area.right() < place.area.x + 1 && other.area.y <= place.area.y) && x > 0 {
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
        Pane::Issues => pieces.extend(confidence(pen.situation)),
        Pane::Changes => pieces.extend(windows(pen.screen.window)),
        _ => {}
    }
    let mut at = x + 1;
    for (piece, role) in &pieces {
        at += canvas.put_fit(at, y, (x + width).saturating_sub(at), piece, *role);
    }
    canvas.rule(at + 1, y, (x + width).saturating_sub(at + 1), Role::Border);
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

fn confidence(situation: &Situation) -> Vec<(String, Role)> {
    let role = match situation.confidence.level {
        ConfidenceLevel::High => Role::Ok,
        ConfidenceLevel::Guarded => Role::Elevated,
        ConfidenceLevel::Low => Role::Critical,
    };
    vec![
        (format!("  {}", situation.issues.len()), Role::Strong),
        ("  release confidence ".to_owned(), Role::Dim),
        (format!("{} {}", situation.confidence.level, situation.confidence.score), role),
    ]
}

fn windows(window: Window) -> Vec<(String, Role)> {
    let said = Window::ALL.into_iter().map(|offered| {
        let role = if offered == window { Role::Strong } else { Role::Dim };
        (format!("  {} h", offered.hours()), role)
    });
    said.collect()
}

fn pane_lines(canvas: &mut Canvas<'_>, pen: &Pen<'_>, pane: Pane, area: Rect, is_loading: bool) {
    let lines = lines::of(pane, pen.situation, pen.screen.window);
    if lines.is_empty() {
        let said = if is_loading { "Reading signals…" } else { nothing(pane) };
        canvas.put_fit(area.x + 2, area.y, area.width.saturating_sub(2), said, Role::Dim);
        return;
    }
    let mut cursor = pen.screen.cursor(pane, &lines);
    let with_all = lines.iter().map(|line| rows_of(line, area.width)).sum::<usize>() <= usize::from(area.height);
    let page = usize::from(area.height);
    cursor.keep_in_sight(lines.len(), if with_all { lines.len() } else { page.saturating_sub(1).max(1) });
    let mut y = area.y;
    for (n, line) in lines.iter().enumerate().skip(cursor.first) {
        if y >= area.bottom() {
            break;
        }
        let is_selected = pane == pen.screen.focus && n == cursor.line;
        canvas.hit(Rect { y, height: 1, ..area }, Hit::Line { pane, line: n });
        draw_line(canvas, pen, pane, line, Rect { y, height: 1, ..area }, is_selected);
        y += 1;
        let below_is_wanted = with_all || n == cursor.line;
        if below_is_wanted && !line.below.is_empty() && y < area.bottom() {
            canvas.put_fit(area.x + 4, y, area.width.saturating_sub(4), &line.below, Role::Dim);
            y += 1;
        }
    }
    let hidden = lines.len() - cursor.first - (usize::from(y - area.y)).min(lines.len() - cursor.first);
    if !with_all && hidden > 0 {
        let more = format!(" {}{hidden} ", canvas.glyphs.down);
        canvas.put_right(area.x, area.y.saturating_sub(1), area.width, &more, Role::Dim);
    }
}

fn rows_of(line: &Line, _width: u16) -> usize {
    1 + usize::from(!line.below.is_empty())
}

fn draw_line(canvas: &mut Canvas<'_>, pen: &Pen<'_>, pane: Pane, line: &Line, area: Rect, is_selected: bool) {
    let y = area.y;
    if is_selected {
        canvas.put(area.x, y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let (mark, mark_role) = line.mark.drawn(canvas.glyphs);
    let mut x = area.x + 1;
    if !mark.is_empty() {
        canvas.put(x, y, 1, mark, mark_role);
    }
    x += 2;
    let right = tail(canvas, pen, pane, line, area);
    if shows_time(pane) && let Some(at) = line.at {
        x += canvas.put(x, y, right.saturating_sub(x), &moment(at, pen.now, &pen.zone), Role::Dim) + 1;
    }
    for (lead, wanted, role) in &line.leads {
        let columns = (*wanted).min(area.width / 3);
        let fitted = text::fit_middle(lead, usize::from(columns), canvas.glyphs.ellipsis).into_owned();
        canvas.put(x, y, columns.min(right.saturating_sub(x)), &fitted, *role);
        x += columns + 1;
    }
    let role = if is_selected { Role::Selection } else { Role::Text };
    canvas.put_fit(x, y, right.saturating_sub(x), &line.text, role);
}

/// What stands at the right end: a sparkline, a word, an age. Returns where the room for text ends.
fn tail(canvas: &mut Canvas<'_>, pen: &Pen<'_>, pane: Pane, line: &Line, area: Rect) -> u16 {
    let mut right = area.right();
    if !line.tail.is_empty() {
        return canvas.put_right(area.x, area.y, area.width, &line.tail, Role::Dim).saturating_sub(1);
    }
    if !shows_time(pane) && let Some(at) = line.at {
        canvas.put_right(right.saturating_sub(AGE), area.y, AGE, &at.age(pen.now).to_string(), Role::Dim);
        right = right.saturating_sub(AGE + 1);
    }
    if pane == Pane::State && area.width >= 50 {
        right = right.saturating_sub(SPARK);
        if let Some(found) = &line.spark {
            spark::draw(canvas, Rect { x: right, y: area.y, width: SPARK, height: 1 }, found);
        }
        right = right.saturating_sub(1);
    }
    right
}

/// Where the order counts, the time stands at the left and is absolute.
const fn shows_time(pane: Pane) -> bool {
    matches!(pane, Pane::Changes | Pane::Sequence | Pane::Suspects)
}

fn moment(at: Time, now: Time, zone: &TimeZone) -> String {
    let is_today = at.date(zone) == now.date(zone);
    if is_today { at.hour_minute(zone) } else { at.date(zone)[5..].to_owned() }
}

/// An empty pane says that it is empty for a good reason.
const fn nothing(pane: Pane) -> &'static str {
    match pane {
        Pane::State => "No services are known yet: a catalog names them.",
        Pane::Issues => "Nothing is open.",
        Pane::Changes => "Nothing changed in this window.",
        Pane::Actions => "Nothing to recommend.",
        Pane::Exposure => "No exposure found.",
        Pane::Suspects => "Nothing to suspect.",
        Pane::Reviews | Pane::Operations => "Nothing out of the ordinary.",
        Pane::Sequence => "No deploy, alarm or diagnosis to put in order.",
    }
}
