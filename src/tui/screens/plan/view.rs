//! The plan drawn: the crisis in a line, and panes with a title each.

use super::layout::Place;
use super::rows::{Piece, Row};
use super::{Pane, PlanScreen};
use crate::diagnosis::plan::PlanState;
use crate::domain::ServiceName;
use crate::domain::catalog::Plan;
use crate::domain::catalog::plan::Share;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::overlays::detail::page;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use ratatui::layout::Rect;
use std::sync::Arc;

const INDENT: u16 = 3;
const TREND: u16 = 10;
/// With fewer lines left a detail is better opened.
const ABOUT: u16 = 8;
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
        title(canvas, place, screen, state);
        pane(canvas, place, screen, &rows);
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
    let (mark, role) = match failures.rate {
        Some(rate) if rate >= 50.0 => (canvas.glyphs.critical, Role::Critical),
        Some(rate) if rate >= 10.0 => (canvas.glyphs.elevated, Role::Elevated),
        Some(_) => (canvas.glyphs.normal, Role::Ok),
        None => (canvas.glyphs.unknown, Role::Dim),
    };
    let (rate, counted) = match failures.rate {
        Some(rate) => {
            let (failed, all) = (failures.failed, failures.deployments);
            let counted = format!(" of deployments failed, {failed} of {all} in {}", plan.window.0);
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
    let stakes: Vec<_> =
        plan.stakes.iter().map(|stake| format!("{} {}", stake.value, stake.what).trim().to_owned()).collect();
    let stakes = if stakes.is_empty() { String::new() } else { format!("At stake: {}. ", stakes.join(", ")) };
    let room = usize::from(body.width.saturating_sub(4));
    let most = if body.height >= 34 { 4 } else { 1 };
    let statement = plan.statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = text::wrap(&format!("{stakes}{statement}"), room);
    let shown = lines.len().min(most);
    for (n, line) in lines.iter().take(most).enumerate() {
        let is_cut = n + 1 == most && lines.len() > most;
        let line = if is_cut { lines[n..].join(" ") } else { line.clone() };
        let y = body.y + 1 + u16::try_from(n).unwrap_or(0);
        canvas.put_fit(3, y, body.width.saturating_sub(4), &line, Role::Dim);
    }
    let used = 1 + u16::try_from(shown).unwrap_or(0);
    Rect { y: body.y + used, height: body.height.saturating_sub(used), ..body }
}

fn title(canvas: &mut Canvas<'_>, place: Place, screen: &PlanScreen, state: &PlanState) {
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
    let pieces = [(name, role), (asked.as_str(), Role::Match), (inline.as_str(), Role::Text)];
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
            let head = format!(" {:<10} {:>10} {:<11} {:<10}", "trend", "now", "to be", "was");
            heading(canvas, place.area, &head, 45);
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
    for (y, line) in (area.y + 2..area.bottom()).zip(lines) {
        let mut x = area.x + INDENT;
        for (said, role) in line {
            x += canvas.put(x, y, area.right().saturating_sub(x), &said, role);
        }
    }
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

/// Names of columns on a title line, over the columns.
fn heading(canvas: &mut Canvas<'_>, area: Rect, said: &str, columns: u16) {
    let x = area.right().saturating_sub(columns);
    canvas.put(x, area.y, columns, said, Role::Dim);
}

/// The days of the plan, those gone drawn thick, and today marked.
fn axis(canvas: &mut Canvas<'_>, area: Rect, from: u16, state: &PlanState) {
    let columns = area.right().saturating_sub(from).min(30);
    let (Some(day), true) = (state.day, state.days > 0 && columns >= 10) else { return };
    let x = area.right() - columns;
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
}

fn bar_width(width: u16) -> u16 {
    match width {
        0..90 => 6,
        90..130 => 10,
        _ => 14,
    }
}

fn pane(canvas: &mut Canvas<'_>, place: Place, screen: &PlanScreen, rows: &[Arc<Row>]) {
    let area = Rect { y: place.area.y + 1, height: place.area.height.saturating_sub(1), ..place.area };
    if rows.is_empty() {
        let said =
            if screen.asked.is_empty() { "The plan says nothing of this." } else { "Nothing matches." };
        canvas.put_fit(area.x + INDENT, area.y, area.width.saturating_sub(INDENT), said, Role::Dim);
        return;
    }
    let page = usize::from(area.height);
    let mut cursor = screen.cursor(place.pane, rows);
    cursor.keep_in_sight(rows.len(), page);
    for (y, (n, row)) in (area.y..area.bottom()).zip(rows.iter().enumerate().skip(cursor.first)) {
        let line = Rect { y, height: 1, ..area };
        let is_here = place.pane == screen.focus;
        draw_row(canvas, line, row, is_here && n == cursor.line);
        if is_here {
            canvas.hit(line, Hit::Row(n));
        }
    }
    let hidden = rows.len().saturating_sub(cursor.first + page);
    if hidden > 0 && page > 0 {
        let said = format!(" {}{hidden} ", canvas.glyphs.down);
        let name = u16::try_from(said.chars().count()).unwrap_or(0);
        let x = area.right().saturating_sub(name);
        canvas.put(x, area.y.saturating_sub(1), name, &said, Role::Dim);
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
    let bar = bar_width(line.width);
    let columns: u16 = row.pieces.iter().map(|piece| piece.columns(bar) + 1).sum();
    let mut x = line.right().saturating_sub(columns).max(line.x + INDENT + line.width / 4);
    let role = if is_selected { Role::Selection } else { Role::Text };
    let room = x.saturating_sub(line.x + INDENT);
    canvas.put_fit(line.x + INDENT, line.y, room, &row.lead, role);
    for piece in &row.pieces {
        x += 1;
        let columns = piece.columns(bar).min(line.right().saturating_sub(x));
        piece.draw(canvas, Rect { x, width: columns, ..line });
        x += columns;
    }
}

impl Piece {
    fn columns(&self, bar: u16) -> u16 {
        match self {
            Self::Left(_, columns, _) | Self::Right(_, columns, _) => *columns,
            Self::Bar(..) => bar,
            Self::Trend(_) => TREND,
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
        }
    }
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
    let from = values.len().saturating_sub(columns);
    let shown = &values[from..];
    let known = || shown.iter().filter_map(|value| *value);
    let (least, most) = (known().fold(f64::MAX, f64::min), known().fold(f64::MIN, f64::max));
    let first = area.right() - u16::try_from(shown.len()).unwrap_or(area.width);
    for (x, value) in (first..).zip(shown) {
        let Some(value) = value else { continue };
        let height = if most > least { (value - least) / (most - least) } else { 0.5 };
        let step = (height * 7.0).round().clamp(0.0, 7.0) as usize;
        canvas.put(x, area.y, 1, canvas.glyphs.spark[step], Role::Chart);
    }
}
