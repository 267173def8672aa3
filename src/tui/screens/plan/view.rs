//! The plan drawn: the crisis in a line, and panes with a title each.

use super::layout::Place;
use super::rows::{NOW, OVER, Piece, Row, TO_BE, TREND, WAS};
use super::{Pane, PlanScreen};
use crate::diagnosis::plan::PlanState;
use crate::domain::ServiceName;
use crate::domain::catalog::Plan;
use crate::domain::catalog::plan::Share;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::overlays::detail::{page, put_lines};
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::Cursor;
use ratatui::layout::Rect;
use std::sync::Arc;

const INDENT: u16 = 3;
/// With fewer lines left a detail is better opened.
const ABOUT: u16 = 8;
/// Of fewer deployments a share says nothing about the next one.
const ENOUGH: usize = 5;
/// Longer lines are hard to read.
const READABLE: u16 = 130;

pub(super) fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let body = ui.body();
    let plan = &world.snapshot.catalog.plan;
    if plan.is_empty() {
        nothing(canvas, body);
        return;
    }
    let Some(state) = &world.situation.plan else {
        canvas.put_fit(1, body.y, body.width.saturating_sub(2), "The plan is being measured…", Role::Dim);
        return;
    };
    let rest = assessment(canvas, body, plan, state);
    let screen = &ui.plan;
    let places = screen.places(rest);
    let end = places.iter().map(|place| place.area.bottom()).max().unwrap_or(rest.bottom());
    about(canvas, Rect { y: end, height: rest.bottom().saturating_sub(end), ..rest }, screen);
    for place in places {
        let rows = screen.shown(place.pane, usize::from(place.area.height.saturating_sub(1)));
        let mut cursor = screen.cursor(place.pane, &rows);
        let page = usize::from(place.area.height.saturating_sub(1));
        cursor.keep_in_sight(rows.len(), page);
        let hidden = (cursor.first, rows.len().saturating_sub(cursor.first + page));
        title(canvas, place, screen, state, hidden);
        pane(canvas, place, screen, &rows, cursor);
    }
}

/// An empty screen says what to do.
fn nothing(canvas: &mut Canvas<'_>, body: Rect) {
    let room = usize::from(body.width.saturating_sub(2)).min(90);
    let said = [
        ("There is no plan yet.", Role::Text),
        (
            "A plan says how deployments fail here, what is done about it day by day, and how anybody will see that \
             it worked. What can be measured of it is measured.",
            Role::Dim,
        ),
        (
            "Begin with plan.toml, which `sitroom catalog init` writes; docs/PLAN.md has every key.",
            Role::Text,
        ),
        (
            "See one: sitroom demo payments-migration, or sitroom plan --scenario payments-migration",
            Role::Dim,
        ),
    ];
    let lines = said
        .iter()
        .flat_map(|(said, role)| text::wrap(said, room).into_iter().map(move |line| (line, *role)));
    let top = body.y + body.height / 3;
    for (y, (line, role)) in (top..body.bottom()).zip(lines) {
        let width = u16::try_from(text::width(&line)).unwrap_or(body.width).min(body.width);
        canvas.put(body.x + (body.width - width) / 2, y, width, &line, role);
    }
}

/// How bad it is and what is at stake; returns what is left below.
fn assessment(canvas: &mut Canvas<'_>, body: Rect, plan: &Plan, state: &PlanState) -> Rect {
    let failures = &state.failures;
    let is_too_few = failures.deployments < ENOUGH;
    let (mark, role) = match failures.rate {
        Some(_) if is_too_few => (canvas.glyphs.unknown, Role::Dim),
        Some(rate) if rate >= 50.0 => (canvas.glyphs.critical, Role::Critical),
        Some(rate) if rate >= 10.0 => (canvas.glyphs.elevated, Role::Elevated),
        Some(_) => (canvas.glyphs.normal, Role::Ok),
        None => (canvas.glyphs.unknown, Role::Dim),
    };
    let (rate, counted) = match failures.rate {
        Some(rate) => {
            let (failed, all) = (failures.failed, failures.deployments);
            let few = if is_too_few { ", too few to judge by" } else { "" };
            let counted = format!(" of deployments failed, {failed} of {all} in {}{few}", plan.window.0);
            (format!("{rate:.0} %"), counted)
        }
        None => ("not measured".to_owned(), format!(": nothing was deployed in {}", plan.window.0)),
    };
    let said = plan.failure_rate.map_or_else(String::new, |said| format!(" · said {said}"));
    let pieces = [(mark, role), (" ", role), (&rate, role), (&counted, Role::Text), (&said, Role::Dim)];
    let end = canvas.put_all(1, body.y, body.width.saturating_sub(2), &pieces);
    let day = match state.day {
        Some(day) => format!("day {day} of {}", state.days),
        None => format!("{} days, not begun", state.days),
    };
    canvas.put_right(end + 1, body.y, body.right().saturating_sub(end + 2), &day, Role::Accent);
    let used = 1 + u16::try_from(stakes(canvas, body, plan)).unwrap_or(0);
    Rect { y: body.y + used, height: body.height.saturating_sub(used), ..body }
}

/// What is at stake and in what state it is, as much as has room whole; returns how many lines that took.
fn stakes(canvas: &mut Canvas<'_>, body: Rect, plan: &Plan) -> usize {
    let stakes: Vec<_> =
        plan.stakes.iter().map(|stake| format!("{} {}", stake.value, stake.what).trim().to_owned()).collect();
    let stakes = if stakes.is_empty() { String::new() } else { format!("At stake: {}.", stakes.join(", ")) };
    let statement = plan.statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let room = usize::from(body.width.saturating_sub(4));
    let most = if body.height >= 34 { 4 } else { 1 };
    let both = text::wrap(format!("{stakes} {statement}").trim(), room);
    let lines = match both.len() <= most || stakes.is_empty() {
        true => both,
        false => text::wrap(&stakes, room),
    };
    let shown = lines.len().min(most);
    for (n, line) in lines.iter().take(most).enumerate() {
        let is_cut = n + 1 == most && lines.len() > most;
        let line = if is_cut { lines[n..].join(" ") } else { line.clone() };
        let y = body.y + 1 + u16::try_from(n).unwrap_or(0);
        canvas.put_fit(3, y, body.width.saturating_sub(4), &line, Role::Dim);
    }
    shown
}

/// How many lines are out of sight above and below stands beside the name, where no column is.
fn title(
    canvas: &mut Canvas<'_>,
    place: Place,
    screen: &PlanScreen,
    state: &PlanState,
    (above, below): (usize, usize),
) {
    let Rect { x, y, width, .. } = place.area;
    let role = if place.pane == screen.focus { Role::Accent } else { Role::Title };
    let name = match place.pane {
        Pane::Vectors => "FAILURE VECTORS",
        Pane::Phases => "PHASES",
        Pane::Metrics => "SUCCESS METRICS",
        Pane::Risks => "RISKS AND WHAT IS KEPT",
        Pane::Order => "DEPLOY ORDER",
    };
    let asked = if screen.asked.is_empty() { String::new() } else { format!("  /{}", screen.asked) };
    let inline = if place.pane == Pane::Order && place.area.height == 1 {
        order(canvas, state, usize::from(width).saturating_sub(name.len() + asked.len() + 1))
    } else {
        String::new()
    };
    let counted = |sign: &str, count: usize| match count {
        0 => String::new(),
        count => format!(" {sign}{count}"),
    };
    let hidden = match inline.as_str() {
        "" => [counted(canvas.glyphs.up, above), counted(canvas.glyphs.down, below)].concat(),
        _ => String::new(),
    };
    let pieces = [
        (name, role),
        (hidden.as_str(), Role::Dim),
        (asked.as_str(), Role::Match),
        (inline.as_str(), Role::Text),
    ];
    let at = canvas.put_all(x + 1, y, width.saturating_sub(1), &pieces);
    canvas.rule(at + 1, y, (x + width).saturating_sub(at + 1), Role::Border);
    let bar = bar_width(width);
    match place.pane {
        Pane::Vectors => {
            let columns = usize::from(6 + bar);
            let group = |what: &str| format!(" {what:columns$} said    ");
            let head = [group("failures"), group("recovering")].concat();
            heading(canvas, place.area, &head, 2 * (16 + bar));
        }
        Pane::Metrics => {
            let columns = [usize::from(TREND), usize::from(NOW), usize::from(OVER), usize::from(TO_BE)];
            let [trend, now, over, to_be] = columns;
            let was = usize::from(WAS);
            let head = format!(
                " {:<trend$} {:>now$} {:<over$} {:<to_be$} {:<was$}",
                "trend", "now", "over", "to be", "was"
            );
            heading(canvas, place.area, &head, TREND + NOW + OVER + TO_BE + WAS + 5);
        }
        Pane::Phases => axis(canvas, place.area, at + 2, state),
        Pane::Risks | Pane::Order => {}
    }
}

/// What there is to know of the line under the cursor, where the panes leave room for it.
fn about(canvas: &mut Canvas<'_>, area: Rect, screen: &PlanScreen) {
    if area.height < ABOUT {
        return;
    }
    let Some(row) = screen.selected() else { return };
    let name = row.page.kind.to_uppercase();
    let at = area.x + 1 + canvas.put(area.x + 1, area.y + 1, area.width, &name, Role::Title);
    canvas.rule(at + 1, area.y + 1, area.right().saturating_sub(at + 1), Role::Border);
    let room = area.width.saturating_sub(INDENT + 1).min(READABLE);
    let lines = page::lines(&row.page, canvas.glyphs, usize::from(room));
    let below = Rect {
        x: area.x + INDENT,
        y: area.y + 2,
        width: area.width.saturating_sub(INDENT),
        height: area.height - 2,
    };
    put_lines(canvas, below, &lines, 0);
}

/// `  a, b → c → d`; where that is too long `  a +1 → c → d`, so that no stage is cut off.
fn order(canvas: &Canvas<'_>, state: &PlanState, room: usize) -> String {
    let all = |names: &Vec<ServiceName>| names.iter().map(ServiceName::as_str).collect::<Vec<_>>().join(", ");
    let first = |names: &Vec<ServiceName>| match names.as_slice() {
        [first, others @ ..] if !others.is_empty() => format!("{first} +{}", others.len()),
        _ => all(names),
    };
    let joined = |stages: Vec<String>| format!("  {}", stages.join(&format!(" {} ", canvas.glyphs.arrow)));
    let whole = joined(state.deploy_order.iter().map(all).collect());
    if text::width(&whole) <= room { whole } else { joined(state.deploy_order.iter().map(first).collect()) }
}

/// Where the columns end: one before the last, so that no word touches the edge.
fn edge(area: Rect) -> u16 {
    area.right().saturating_sub(1)
}

/// Names of columns on a title line, over the columns.
fn heading(canvas: &mut Canvas<'_>, area: Rect, said: &str, columns: u16) {
    let x = edge(area).saturating_sub(columns);
    canvas.put(x, area.y, columns + 1, &format!("{said} "), Role::Dim);
}

/// The days of the plan, those gone drawn thick, and today marked.
fn axis(canvas: &mut Canvas<'_>, area: Rect, from: u16, state: &PlanState) {
    let columns = edge(area).saturating_sub(from).min(30);
    let (Some(day), true) = (state.day, state.days > 0 && columns >= 10) else { return };
    let x = edge(area) - columns;
    let days = i64::from(state.days);
    let today = ((day - 1).clamp(0, days - 1) * i64::from(columns) / days).clamp(0, i64::from(columns) - 1);
    let today = u16::try_from(today).unwrap_or(0);
    for column in 0..columns {
        let (sign, role) = match column.cmp(&today) {
            std::cmp::Ordering::Less => (canvas.glyphs.spark[3], Role::Chart),
            std::cmp::Ordering::Equal => (canvas.glyphs.elevated, Role::Accent),
            std::cmp::Ordering::Greater => (canvas.glyphs.spark[0], Role::ChartBaseline),
        };
        canvas.put(x + column, area.y, 1, sign, role);
    }
    canvas.put(x + columns, area.y, 1, " ", Role::Dim);
}

fn bar_width(width: u16) -> u16 {
    match width {
        0..90 => 6,
        90..130 => 10,
        _ => 14,
    }
}

fn pane(canvas: &mut Canvas<'_>, place: Place, screen: &PlanScreen, rows: &[Arc<Row>], cursor: Cursor) {
    let area = Rect { y: place.area.y + 1, height: place.area.height.saturating_sub(1), ..place.area };
    if rows.is_empty() {
        let said =
            if screen.asked.is_empty() { "The plan says nothing of this." } else { "Nothing matches." };
        canvas.put_fit(area.x + INDENT, area.y, area.width.saturating_sub(INDENT), said, Role::Dim);
        return;
    }
    for (y, (n, row)) in (area.y..area.bottom()).zip(rows.iter().enumerate().skip(cursor.first)) {
        let line = Rect { y, height: 1, ..area };
        let is_here = place.pane == screen.focus;
        draw_row(canvas, line, row, is_here && n == cursor.line);
        if is_here {
            canvas.hit(line, Hit::Row(n));
        }
    }
}

fn draw_row(canvas: &mut Canvas<'_>, line: Rect, row: &Row, is_selected: bool) {
    if is_selected {
        canvas.put(line.x, line.y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let (mark, mark_role) = row.mark.drawn(canvas.glyphs);
    if !mark.is_empty() {
        canvas.put(line.x + 1, line.y, 1, mark, mark_role);
    }
    let columns: u16 = row.pieces.iter().map(|piece| piece.columns(line.width) + 1).sum();
    let mut x = edge(line).saturating_sub(columns).max(line.x + INDENT + line.width / 4);
    let role = if is_selected { Role::Selection } else { Role::Text };
    let room = x.saturating_sub(line.x + INDENT);
    canvas.put_fit(line.x + INDENT, line.y, room, &row.lead, role);
    for piece in &row.pieces {
        x += 1;
        let columns = piece.columns(line.width).min(edge(line).saturating_sub(x));
        piece.draw(canvas, Rect { x, width: columns, ..line });
        x += columns;
    }
}

impl Piece {
    fn columns(&self, width: u16) -> u16 {
        match self {
            Self::Left(_, columns, _) | Self::Right(_, columns, _) => *columns,
            Self::Bar(..) => bar_width(width),
            Self::Trend(_) => TREND,
            Self::Said(forms, _) => {
                u16::try_from(text::width(fitting(forms, width))).unwrap_or(width).min(width / 2)
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        match self {
            Self::Left(said, _, role) => {
                canvas.put_fit(area.x, area.y, area.width, said, *role);
            }
            Self::Right(said, _, role) => {
                canvas.put_right(area.x, area.y, area.width, said, *role);
            }
            Self::Bar(measured, said) => bar(canvas, area, *measured, *said),
            Self::Trend(values) => trend(canvas, area, values),
            Self::Said([whole, short], role) => {
                let fits = text::width(whole) <= usize::from(area.width);
                canvas.put_fit(area.x, area.y, area.width, if fits { whole } else { short }, *role);
            }
        }
    }
}

/// What half of a line has room for.
fn fitting([whole, short]: &[String; 2], width: u16) -> &str {
    if text::width(whole) <= usize::from(width / 2) { whole } else { short }
}

/// Full to what was measured, and a line along what was said.
fn bar(canvas: &mut Canvas<'_>, area: Rect, measured: Option<f64>, said: Option<Share>) {
    let width = f64::from(area.width.max(1));
    for column in 0..area.width {
        let middle = (f64::from(column) + 0.5) / width * 100.0;
        let is_full = measured.is_some_and(|measured| middle <= measured);
        let is_said = said.is_some_and(|said| middle <= f64::from(said.most));
        let (sign, role) = match (is_full, is_said) {
            (true, _) => (canvas.glyphs.spark[6], Role::ChartMark),
            (false, true) => (canvas.glyphs.spark[1], Role::Chart),
            (false, false) => (canvas.glyphs.dot, Role::ChartBaseline),
        };
        canvas.put(area.x + column, area.y, 1, sign, role);
    }
}

/// A moment at which nothing was measured is left out.
fn trend(canvas: &mut Canvas<'_>, area: Rect, values: &[Option<f64>]) {
    let columns = usize::from(area.width);
    let shown = &values[values.len().saturating_sub(columns)..];
    let first = area.right() - u16::try_from(shown.len()).unwrap_or(area.width);
    for (x, sign) in (first..).zip(canvas.glyphs.levels(shown)) {
        if let Some(sign) = sign {
            canvas.put(x, area.y, 1, sign, Role::Chart);
        }
    }
}
