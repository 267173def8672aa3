//! The Services screen drawn: the list, the graph and the service, as far as there is room for each.

use super::graph::draw::{self as graph, Scene};
use super::layout::{WIDE, places};
use super::rows::{Line, Row, Trigger, heading};
use super::tabs::{Tab, Told};
use super::{ServicesScreen, detail};
use crate::diagnosis::Level;
use crate::domain::graph::Node;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::overlays::detail::put_lines;
use crate::tui::screens::situation::lines::Mark;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use ratatui::layout::Rect;

pub fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let screen = &ui.services;
    let body = ui.body();
    if screen.rows.is_empty() && screen.query.asked().is_empty() {
        return nothing(world, canvas, body);
    }
    let places = places(body, screen);
    if let Some(area) = places.list {
        list(ui, world, canvas, area);
    }
    if let Some(area) = places.graph {
        graph(ui, canvas, area);
    }
    if let Some(area) = places.detail {
        service(ui, world, canvas, area);
    }
    if let Some(area) = places.tree {
        tree(ui, world, canvas, area);
    }
    for area in [places.graph, places.detail].into_iter().flatten().filter(|area| area.x > 1) {
        for y in area.y..area.bottom() {
            canvas.put(area.x - 2, y, 1, canvas.glyphs.upright, Role::Border);
        }
    }
}

/// The first line of the list that is in sight when so many fit.
pub fn first_line(screen: &ServicesScreen, page: usize) -> usize {
    let mut cursor = screen.cursor;
    cursor.keep_in_sight(screen.lines.len(), page);
    // The heading of the first service in sight is worth a line.
    if cursor.first == 1 { 0 } else { cursor.first }
}

fn list(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let screen = &ui.services;
    let columns = Columns::of(area.width, &screen.rows);
    let page = usize::from(area.height);
    let first = first_line(screen, page);
    let hidden = screen.lines.len().saturating_sub(first + page);
    let below = if hidden > 0 { format!(" {}{hidden} ", canvas.glyphs.down) } else { String::new() };
    summary(screen, canvas, Rect { y: area.y - 1, height: 1, ..area }, (&columns, &below));
    if screen.rows.is_empty() {
        canvas.put_fit(
            area.x + 3,
            area.y,
            area.width.saturating_sub(3),
            "No service is like that: esc shows all",
            Role::Dim,
        );
        return;
    }
    let selected = screen.index();
    for (place, line) in screen.lines.iter().enumerate().skip(first).take(page) {
        let y = area.y + u16::try_from(place - first).unwrap_or(0);
        let area = Rect { y, height: 1, ..area };
        match line {
            Line::Heading(tier, count) => {
                let said = format!("{} {count}", heading(*tier));
                let used = canvas.put_fit(area.x + 1, y, area.width.saturating_sub(1), &said, Role::Dim);
                canvas.rule(area.x + used + 2, y, area.width.saturating_sub(used + 2), Role::Border);
            }
            Line::Service(index) => {
                let row = &screen.rows[*index];
                draw_row(canvas, &columns, row, area, selected == Some(*index), world);
            }
        }
        canvas.hit(area, Hit::Row(place - first));
    }
}

/// How many there are, and the worst of them first; at the right how many are farther down.
fn summary(screen: &ServicesScreen, canvas: &mut Canvas<'_>, area: Rect, (columns, below): (&Columns, &str)) {
    let mut pieces =
        vec![("SERVICES".to_owned(), Role::Title), (format!("  {}", screen.rows.len()), Role::Strong)];
    for level in [Level::Critical, Level::Degraded, Level::Elevated] {
        let count = screen.rows.iter().filter(|row| row.level == level).count();
        let (sign, role) = Mark::Level(level).drawn(canvas.glyphs);
        if count > 0 {
            pieces.extend([("  ".to_owned(), Role::Text), (format!("{sign} {count} {level}"), role)]);
        }
    }
    let cycles = screen.graph.order().cycles.len();
    if cycles > 0 {
        let s = if cycles == 1 { "" } else { "s" };
        pieces.push((format!("  {cycles} cycle{s}"), Role::Elevated));
    }
    let mut x = area.x + 1;
    for (said, role) in &pieces {
        x += canvas.put_fit(x, area.y, area.right().saturating_sub(x), said, *role);
    }
    canvas.rule(x + 1, area.y, area.right().saturating_sub(x + 1), Role::Border);
    canvas.put_right(area.x, area.y, area.width, below, Role::Dim);
    let below = u16::try_from(text::width(below)).unwrap_or(AGE);
    let end = area.right().saturating_sub(AGE.max(below));
    if columns.complete > 0 && end > x + WRITTEN_DOWN + 2 {
        canvas.put(end - WRITTEN_DOWN - 1, area.y, WRITTEN_DOWN + 2, " written down ", Role::Dim);
    }
}

/// Columns of a line; the state has what is left.
struct Columns {
    name: u16,
    complete: u16,
    version: u16,
    owner: u16,
}

/// Cursor, sign and the blanks behind them.
const LEAD: u16 = 4;
const AGE: u16 = 5;
/// `100 %`, under `written down`.
const COMPLETE: u16 = 5;
const WRITTEN_DOWN: u16 = 12;
/// `not observed`: less of what is said in every row says nothing.
const SAID: usize = 12;

impl Columns {
    fn of(width: u16, rows: &[Row]) -> Self {
        let longest = |said: fn(&Row) -> &str, most: u16| {
            let widest = rows.iter().map(|row| text::width(said(row))).max().unwrap_or(0);
            u16::try_from(widest).unwrap_or(most).min(most)
        };
        let version = if width >= 58 { longest(|row| &row.version, 12) } else { 0 };
        let owner = if width >= 70 { longest(|row| &row.owner, 14) } else { 0 };
        let is_told = width >= 52 && rows.iter().any(|row| row.complete.is_some());
        let complete = if is_told { COMPLETE } else { 0 };
        Self { name: longest(|row| row.name.as_str(), (width * 2 / 5).min(32)), complete, version, owner }
    }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    columns: &Columns,
    row: &Row,
    area: Rect,
    is_selected: bool,
    world: World<'_>,
) {
    let y = area.y;
    let role = if is_selected { Role::Selection } else { Role::Text };
    if is_selected {
        canvas.put(area.x, y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let (sign, sign_role) = if row.is_observed {
        Mark::Level(row.level).drawn(canvas.glyphs)
    } else {
        (canvas.glyphs.unknown, Role::Dim)
    };
    canvas.put(area.x + 2, y, 1, sign, sign_role);
    let mut x = area.x + LEAD;
    let name = text::fit_middle(row.name.as_str(), usize::from(columns.name), canvas.glyphs.ellipsis);
    canvas.put(x, y, columns.name, &name, if is_selected { role } else { Role::Strong });
    x += columns.name + 1;
    let mut right = area.right();
    if let Some(since) = row.since {
        canvas.put_right(right.saturating_sub(AGE), y, AGE, &since.age(world.now).to_string(), Role::Dim);
    }
    // An age is rarely as wide as its column, so one cell of that parts it from what stands before.
    right = right.saturating_sub(AGE - 1);
    let (said, said_role) = match (row.is_observed, row.level) {
        (false, _) => ("not observed", Role::Dim),
        (true, Level::Normal) => (row.text.as_str(), Role::Dim),
        (true, _) => (row.text.as_str(), role),
    };
    let mark = trigger(row.trigger);
    // Where there is little room, what is wrong needs it more than what is written down, and how it is needs some of it.
    let wanted = if row.level > Level::Normal { usize::MAX } else { SAID };
    let marked = mark.map_or(0, |(mark, _)| text::width(mark) + 1);
    let needed = usize::from(x) + marked + text::width(said).min(wanted) + 1;
    let complete = row.complete.map_or_else(String::new, |percent| format!("{percent:>3} %"));
    let beside = [
        (columns.complete, complete.as_str()),
        (columns.owner, row.owner.as_str()),
        (columns.version, row.version.as_str()),
    ];
    for (width, said) in beside.into_iter().filter(|(width, _)| *width > 0) {
        if usize::from(right.saturating_sub(width + 1)) < needed {
            break;
        }
        right = right.saturating_sub(width + 1);
        canvas.put_fit(right, y, width, said, Role::Dim);
    }
    if let Some((mark, role)) = mark {
        x += canvas.put_fit(x, y, right.saturating_sub(x + 1), mark, role) + 1;
    }
    canvas.put_fit(x, y, right.saturating_sub(x + 1), said, said_role);
}

/// What is to be done stands before what is wrong.
const fn trigger(trigger: Trigger) -> Option<(&'static str, Role)> {
    match trigger {
        Trigger::Quiet => None,
        Trigger::Met => Some(("trigger met", Role::Elevated)),
        Trigger::RollBack => Some(("ROLL BACK", Role::Critical)),
    }
}

fn graph(ui: &Ui, canvas: &mut Canvas<'_>, area: Rect) {
    let screen = &ui.services;
    let Some((_, plan)) = &screen.plan else { return };
    let zoom = screen.zoom();
    let line = Rect { height: 1, ..area };
    let title = format!("WHO STANDS ON WHOM  {}", zoom.title());
    let mut used = canvas.put_fit(line.x, line.y, line.width, &title, Role::Title);
    if let Some(circle) = circle(screen) {
        let said = format!("  in a cycle: {circle}");
        used += canvas.put_fit(line.x + used, line.y, line.width - used, &said, Role::Elevated);
    }
    canvas.rule(line.x + used + 1, line.y, line.width.saturating_sub(used + 1), Role::Border);
    let inside = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let level = |node: Node| screen.level(node);
    let around = &screen.around;
    let scene = Scene {
        graph: &screen.graph,
        plan,
        zoom,
        pan: screen.pan,
        selected: around.selected,
        level: &level,
        path: &around.path,
        trouble: detail::trouble_role(screen, &around.path),
        stops: &around.stops,
        stands_on: &around.stands_on,
    };
    graph::draw(&scene, canvas, inside);
}

/// Services that stand on each other, which no line between columns can show: around the selected one, or the first.
fn circle(screen: &ServicesScreen) -> Option<String> {
    let order = screen.graph.order();
    let own = screen.selected_node().and_then(|node| order.cycle(node));
    let circle = own.or_else(|| order.cycles.first().map(Vec::as_slice))?;
    Some(screen.graph.names(circle))
}

/// One service: its name, the tabs, and what the one in front says.
fn service(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let screen = &ui.services;
    let Some(name) = screen.selected() else { return };
    let mut x = area.x + u16::from(area.x == 0);
    let right = area.right();
    if area.width >= WIDE {
        x += canvas.put_fit(x, area.y, right.saturating_sub(x), name.as_str(), Role::Strong) + 2;
    }
    let from = first_tab(screen.tab, usize::from(right.saturating_sub(x + 2)));
    if from > 0 {
        x += canvas.put(x, area.y, 1, canvas.glyphs.beyond[0], Role::Dim) + 1;
    }
    for tab in &Tab::ALL[from..] {
        let role = if *tab == screen.tab { Role::TabActive } else { Role::Dim };
        x += canvas.put_fit(x, area.y, right.saturating_sub(x), tab.title(), role) + 2;
    }
    let inside = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1),
    };
    let told = Told::of(ui, world, name, usize::from(inside.width));
    let lines = detail::tab(screen.tab, &told);
    let is_cut = lines.len() > usize::from(inside.height);
    let height = inside.height.saturating_sub(u16::from(is_cut));
    put_lines(canvas, Rect { height, ..inside }, &lines, 0);
    if is_cut {
        let said = format!("{}{} enter", canvas.glyphs.down, lines.len() - usize::from(height));
        canvas.put_right(inside.x, inside.y + height, inside.width, &said, Role::Dim);
    }
}

/// The first tab that is named, so that the one in front is in sight.
fn first_tab(front: Tab, room: usize) -> usize {
    let wide = |tabs: &[Tab]| tabs.iter().map(|tab| tab.title().len() + 2).sum::<usize>();
    let place = Tab::ALL.iter().position(|tab| *tab == front).unwrap_or(0);
    (0..place).find(|from| wide(&Tab::ALL[*from..=place]) <= room).unwrap_or(place)
}

fn tree(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(name) = ui.services.selected() else { return };
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let used = canvas.put_fit(inside.x, inside.y, inside.width, name.as_str(), Role::Strong);
    canvas.rule(inside.x + used + 1, inside.y, inside.width.saturating_sub(used + 1), Role::Border);
    let inside = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let told = Told::of(ui, world, name, usize::from(inside.width));
    put_lines(canvas, inside, &detail::tab(Tab::Depends, &told), 0);
}

/// Without services, what to do about that.
fn nothing(world: World<'_>, canvas: &mut Canvas<'_>, body: Rect) {
    let said = if world.snapshot.loading {
        "Reading signals…"
    } else {
        "No services are known yet.\n\
         A catalog names them: `sitroom catalog init` writes one to begin with, and `catalog` in config.toml says where \
         it is. What signals tell of appears here by itself."
    };
    let lines = text::wrap(said, usize::from(body.width.saturating_sub(8).min(84)));
    for (place, (y, line)) in (body.y + body.height / 3..body.bottom()).zip(&lines).enumerate() {
        let width = u16::try_from(text::width(line)).unwrap_or(body.width).min(body.width);
        let role = if place == 0 { Role::Text } else { Role::Dim };
        canvas.put_fit(body.x + (body.width - width) / 2, y, width, line, role);
    }
}
