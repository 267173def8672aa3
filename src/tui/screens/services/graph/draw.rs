//! The graph in its area: the part of the plan that is in sight, lines first and names over them.
//!
//! What matters is told by colour and by sign alike: a level has its glyph, and `+2` behind a name says that it stops
//! with the selected service, two steps away; `-1` that the selected service stands on it.

use super::Zoom;
use super::plan::{Plan, Spot, Wire};
use crate::diagnosis::Level;
use crate::domain::catalog::DependencyKind;
use crate::domain::graph::{Graph, Node};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::screens::services::rows::heading;
use crate::tui::screens::situation::lines::Mark;
use crate::tui::text;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::collections::HashMap;
use unicode_segmentation::UnicodeSegmentation;

/// What is drawn, and what of it stands out.
pub struct Scene<'a> {
    pub graph: &'a Graph,
    pub plan: &'a Plan,
    pub zoom: Zoom,
    pub pan: (i32, i32),
    pub selected: Option<Node>,
    /// None where nobody has looked.
    pub level: &'a dyn Fn(Node) -> Option<Level>,
    /// From the selected service down to what fails below it.
    pub path: &'a [Node],
    /// How loudly that way is drawn.
    pub trouble: Role,
    /// Steps to whom it takes along.
    pub stops: &'a HashMap<Node, usize>,
    /// Steps to what it stands on.
    pub stands_on: &'a HashMap<Node, usize>,
}

const UP: u8 = 1;
const RIGHT: u8 = 2;
const DOWN: u8 = 4;
const LEFT: u8 = 8;

/// How much a line counts, lowest first: what is drawn over what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    #[default]
    Plain,
    Below,
    Above,
    Failing,
}

pub fn draw(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let inside = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
    let window = window(scene, inside);
    heads(scene, canvas, area, window);
    wires(scene, canvas, inside, window);
    for spot in &scene.plan.spots {
        name(scene, canvas, inside, window, spot);
    }
    legend(scene, canvas, area, inside, window);
}

/// The column and row of the plan at the upper left of what is in sight: the selected service in the middle where not
/// everything fits, and then as far away as somebody has pushed it.
fn window(scene: &Scene<'_>, inside: Rect) -> (i32, i32) {
    let (width, height) = (i32::from(inside.width), i32::from(inside.height));
    let spot = scene.selected.and_then(|node| scene.plan.spot(node));
    let (x, y) = spot.map_or((0, 0), |spot| (spot.x + spot.width / 2, spot.y));
    let start = |middle: i32, room: i32, size: i32| (middle - room / 2).clamp(0, (size - room).max(0));
    let pushed = |start: i32, room: i32, size: i32, pan: i32| (start + pan).clamp(0, (size - room).max(0));
    let left = start(x, width, scene.plan.size.0);
    let left = if scene.pan.0 == 0 { at_a_column(scene, left, width) } else { left };
    let left = if scene.pan.0 == 0 { left } else { pushed(left, width, scene.plan.size.0, scene.pan.0) };
    (left, pushed(start(y, height, scene.plan.size.1), height, scene.plan.size.1, scene.pan.1))
}

/// Begins where a column begins, so that no name is cut at its beginning: the column before, as long as the selected
/// service stays in sight, else the one after.
fn at_a_column(scene: &Scene<'_>, left: i32, width: i32) -> i32 {
    let spot = scene.selected.and_then(|node| scene.plan.spot(node));
    let end = spot.map_or(0, |spot| spot.x + spot.width);
    let begins = || scene.plan.heads.iter().map(|head| head.x - 1);
    let before = begins().filter(|begin| *begin <= left && end - begin <= width).max();
    before.or_else(|| begins().find(|begin| *begin >= left)).unwrap_or(left)
}

/// A cell of the plan on the screen, if it is in sight.
fn seen(inside: Rect, (left, top): (i32, i32), x: i32, y: i32) -> Option<(u16, u16)> {
    let (x, y) = (u16::try_from(x - left).ok()?, u16::try_from(y - top).ok()?);
    (x < inside.width && y < inside.height).then(|| (inside.x + x, inside.y + y))
}

fn heads(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect, (left, _): (i32, i32)) {
    let (mut said, mut free) = (None, 0);
    let heads = &scene.plan.heads;
    for (place, head) in heads.iter().enumerate() {
        let is_passed = heads.get(place + 1).is_some_and(|next| next.x <= left);
        let x = u16::try_from((head.x - left).max(0)).unwrap_or(u16::MAX);
        if is_passed || said == Some(head.tier) || x < free || x >= area.width {
            continue;
        }
        said = Some(head.tier);
        let title = if head.tier.is_some() { heading(head.tier) } else { "OUTSIDE" };
        free = x + canvas.put_fit(area.x + x, area.y, area.width - x, title, Role::Dim) + 1;
    }
}

fn wires(scene: &Scene<'_>, canvas: &mut Canvas<'_>, inside: Rect, window: (i32, i32)) {
    let (width, height) = (usize::from(inside.width), usize::from(inside.height));
    let mut cells = vec![(0_u8, Weight::Plain); width * height];
    for wire in &scene.plan.wires {
        let weight = weight(scene, wire);
        for pair in wire.points.windows(2) {
            trace(&mut cells, (width, height), window, (pair[0], pair[1]), weight);
        }
    }
    for (place, (sides, weight)) in cells.into_iter().enumerate().filter(|(_, (sides, _))| *sides > 0) {
        let (wires, role) = match weight {
            Weight::Plain => (&canvas.glyphs.wires, Role::Border),
            Weight::Below => (&canvas.glyphs.wires, Role::Text),
            Weight::Above => (&canvas.glyphs.wires, Role::Accent),
            Weight::Failing => (&canvas.glyphs.heavy_wires, scene.trouble),
        };
        let (x, y) = (u16::try_from(place % width), u16::try_from(place / width));
        let (x, y) = (x.unwrap_or(u16::MAX), y.unwrap_or(u16::MAX));
        // A line below a line would read as another one, in looks that have nothing but that to stand out with.
        let style = canvas.theme.ink(role).remove_modifier(Modifier::UNDERLINED);
        canvas.put_styled(inside.x + x, inside.y + y, 1, wires[usize::from(sides)], style);
    }
}

/// What a line is to the selected service.
fn weight(scene: &Scene<'_>, wire: &Wire) -> Weight {
    let is_step = |pair: &[Node]| pair[0] == wire.caller && pair[1] == wire.needs;
    let is = |node: Node| scene.selected == Some(node);
    let above = |node: Node| is(node) || scene.stops.contains_key(&node);
    let below = |node: Node| is(node) || scene.stands_on.contains_key(&node);
    if scene.path.windows(2).any(is_step) {
        Weight::Failing
    } else if above(wire.caller) && above(wire.needs) {
        Weight::Above
    } else if below(wire.caller) && below(wire.needs) {
        Weight::Below
    } else {
        Weight::Plain
    }
}

/// Marks the sides of every cell that a straight piece touches.
fn trace(
    cells: &mut [(u8, Weight)],
    (width, height): (usize, usize),
    (left, top): (i32, i32),
    ((x, y), (to_x, to_y)): ((i32, i32), (i32, i32)),
    weight: Weight,
) {
    let mut mark = |x: i32, y: i32, side: u8| {
        let place = usize::try_from(x - left).ok().zip(usize::try_from(y - top).ok());
        if let Some((x, y)) = place.filter(|(x, y)| *x < width && *y < height) {
            let cell = &mut cells[y * width + x];
            *cell = (cell.0 | side, cell.1.max(weight));
        }
    };
    for x in x.min(to_x)..x.max(to_x) {
        mark(x, y, RIGHT);
        mark(x + 1, y, LEFT);
    }
    for y in y.min(to_y)..y.max(to_y) {
        mark(x, y, DOWN);
        mark(x, y + 1, UP);
    }
}

fn name(scene: &Scene<'_>, canvas: &mut Canvas<'_>, inside: Rect, window: (i32, i32), spot: &Spot) {
    let level = (scene.level)(spot.node);
    let (sign, sign_role) = sign(scene, canvas, spot.node, level);
    let role = role(scene, spot.node);
    if scene.zoom == Zoom::Map {
        let sign_role = if role == Role::Selection { role } else { sign_role };
        let sign = if role == Role::Selection { canvas.glyphs.cursor } else { sign };
        if let Some((x, y)) = seen(inside, window, spot.x, spot.y) {
            canvas.put(x, y, 1, sign, sign_role);
        }
        return;
    }
    let steps = match (scene.stops.get(&spot.node), scene.stands_on.get(&spot.node)) {
        (Some(steps), _) => format!("+{steps} "),
        (_, Some(steps)) => format!("-{steps} "),
        _ => String::new(),
    };
    let room = usize::try_from(spot.width - 6).unwrap_or(0);
    let fitted = text::fit_middle(scene.graph.name(spot.node).as_str(), room, canvas.glyphs.ellipsis);
    // Before any other name there is the end of its line, or nothing.
    let cursor = if role == Role::Selection { canvas.glyphs.cursor } else { "" };
    // A name that begins left of what is in sight is cut there.
    let mut x = spot.x - i32::from(!cursor.is_empty());
    for (said, role) in [
        (cursor, Role::Selection),
        (sign, sign_role),
        (" ", role),
        (fitted.as_ref(), role),
        (" ", role),
        (steps.as_str(), Role::Dim),
    ] {
        for letter in said.graphemes(true) {
            let width = text::grapheme_width(letter);
            if let Some((x, y)) = seen(inside, window, x, spot.y) {
                canvas.put(x, y, (inside.right() - x).min(2), letter, role);
            }
            x += i32::try_from(width).unwrap_or(1);
        }
    }
}

/// The level by its sign; what nobody has looked at is hollow, and what is not a service has another sign.
fn sign(scene: &Scene<'_>, canvas: &Canvas<'_>, node: Node, level: Option<Level>) -> (&'static str, Role) {
    match (level, scene.graph.kind(node)) {
        (Some(level), _) => Mark::Level(level).drawn(canvas.glyphs),
        (None, DependencyKind::Service) => (canvas.glyphs.unknown, Role::Dim),
        (None, _) => (canvas.glyphs.change, Role::Dim),
    }
}

fn role(scene: &Scene<'_>, node: Node) -> Role {
    if scene.selected == Some(node) {
        Role::Selection
    } else if scene.path.contains(&node) {
        scene.trouble
    } else if scene.stops.contains_key(&node) {
        Role::Accent
    } else if scene.stands_on.contains_key(&node) {
        Role::Text
    } else {
        Role::Dim
    }
}

/// What the signs mean, and what is not in sight.
fn legend(scene: &Scene<'_>, canvas: &mut Canvas<'_>, area: Rect, inside: Rect, (left, top): (i32, i32)) {
    let y = area.bottom().saturating_sub(1);
    let mut pieces = vec![
        ("+n", Role::Accent),
        (" stops with it  ", Role::Dim),
        ("-n", Role::Text),
        (" it stands on", Role::Dim),
    ];
    if scene.plan.spots.iter().any(|spot| !scene.graph.is_service(spot.node)) {
        pieces.extend([("  ", Role::Dim), (canvas.glyphs.change, Role::Dim), (" not ours", Role::Dim)]);
    }
    if scene.path.len() > 1 {
        let way = canvas.glyphs.heavy_wires[usize::from(LEFT | RIGHT)];
        pieces.extend([("  ", Role::Dim), (way, scene.trouble), (" the way trouble comes", scene.trouble)]);
    }
    let hidden = format!("  {} more are farther away", scene.plan.hidden);
    if scene.plan.hidden > 0 {
        pieces.push((&hidden, Role::Dim));
    }
    if scene.plan.without_wires && scene.zoom == Zoom::All {
        pieces.push(("  too many lines to draw: + for those around it", Role::Dim));
    }
    let (width, height) = (i32::from(inside.width), i32::from(inside.height));
    let beyond = [
        (left > 0, canvas.glyphs.beyond[0]),
        (top > 0, canvas.glyphs.beyond[1]),
        (top + height < scene.plan.size.1, canvas.glyphs.beyond[2]),
        (left + width < scene.plan.size.0, canvas.glyphs.beyond[3]),
    ];
    let arrows: String = beyond.iter().filter(|(is_more, _)| *is_more).map(|(_, sign)| *sign).collect();
    let room = area.width.saturating_sub(u16::try_from(text::width(&arrows)).unwrap_or(0) + 1);
    canvas.put_all(area.x, y, room, &pieces);
    canvas.put_right(area.x, y, area.width, &arrows, Role::Strong);
}
