//! Where each service of a graph stands and how the lines between them run, in columns and rows, before anybody knows
//! how much of it will be in sight.
//!
//! A line that passes a column has a place of its own in it, so that it never runs through a name. Between two columns
//! every service has one upright of its own, and uprights are put in such an order that a line is not taken for
//! another where that can be had.

use super::Zoom;
use crate::domain::catalog::Tier;
use crate::domain::graph::{Graph, Node};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Debug, Default)]
pub struct Plan {
    pub spots: Vec<Spot>,
    pub wires: Vec<Wire>,
    pub heads: Vec<Head>,
    /// Columns and rows it takes.
    pub size: (i32, i32),
    /// Services left out because they are too far away.
    pub hidden: usize,
    /// Lines left out because there are too many of them.
    pub without_wires: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub node: Node,
    pub x: i32,
    pub y: i32,
    /// Columns for sign, name and distance.
    pub width: i32,
}

/// A line between a service and what it stands on, corner by corner.
#[derive(Debug)]
pub struct Wire {
    pub caller: Node,
    pub needs: Node,
    pub points: Vec<(i32, i32)>,
}

/// What stands over a column.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    pub x: i32,
    pub tier: Option<Tier>,
}

/// Around a service at most so many others are shown; the nearest.
const MOST_AROUND: usize = 60;
/// With more lines than this nobody could follow one.
const MOST_WIRES: usize = 240;
/// With at most so many services in a column they stand apart.
const AIRY: usize = 12;
const NAME: usize = 26;
/// Names are made shorter, but not shorter than this, where that is what it takes for all columns to be in sight.
const SHORT: usize = 9;
/// Sign and blank before a name, and `+12` with its blank after it.
const BESIDE: i32 = 6;
/// The sign of the selected service stands before the first column.
const MARGIN: i32 = 1;
/// Uprights between two columns.
const MOST_TRACKS: usize = 14;
const SWEEPS: usize = 4;

impl Plan {
    /// Within so many columns, where short names are enough for that.
    pub fn of(graph: &Graph, zoom: Zoom, center: Option<Node>, room: i32) -> Self {
        let (members, hidden) = match (zoom, center) {
            (Zoom::Around, Some(center)) => around(graph, center),
            _ => (graph.nodes().collect(), 0),
        };
        let columns = columns(graph, &members);
        if zoom == Zoom::Map {
            return map(graph, &columns);
        }
        let edges: Vec<_> = graph
            .edges()
            .filter(|(caller, needs)| members.contains(caller) && members.contains(needs))
            .collect();
        let without_wires = edges.len() > MOST_WIRES;
        let wired: &[(Node, Node)] = if without_wires { &[] } else { &edges };
        let mut sketch = Sketch::of(graph, &columns, wired);
        sketch.sort();
        sketch.settle();
        let plan = sketch.drawn(graph, wired, room);
        Self { hidden, without_wires, ..plan }
    }

    pub fn spot(&self, node: Node) -> Option<&Spot> {
        self.spots.iter().find(|spot| spot.node == node)
    }
}

/// A service with what is nearest to it on both sides, and how many more there are.
fn around(graph: &Graph, center: Node) -> (BTreeSet<Node>, usize) {
    let mut found = graph.blast_radius(center);
    found.extend(graph.stands_on(center));
    found.sort_unstable();
    found.dedup_by_key(|it| it.node);
    let all: BTreeSet<Node> = found.iter().map(|it| it.node).collect();
    let near = found.iter().map(|it| it.node).take(MOST_AROUND);
    let members: BTreeSet<Node> = near.chain([center]).collect();
    let hidden = (all.len() + 1).saturating_sub(members.len());
    (members, hidden)
}

/// The members in the columns of the deploy order, columns with nobody in them left out. What is outside the catalog
/// stands just before the first that needs it, so that its line is short.
fn columns(graph: &Graph, members: &BTreeSet<Node>) -> Vec<Vec<Node>> {
    let mut columns: BTreeMap<usize, Vec<Node>> = BTreeMap::new();
    let (inside, outside): (Vec<Node>, Vec<Node>) =
        members.iter().partition(|node| graph.tier(**node).is_some());
    for node in inside {
        columns.entry(graph.order().column(node)).or_default().push(node);
    }
    let ours: Vec<usize> = columns.keys().copied().collect();
    for node in outside {
        let callers = graph.callers(node).into_iter().filter(|caller| members.contains(caller));
        let first = callers.map(|caller| graph.order().column(caller)).min().unwrap_or(0);
        let before = ours.iter().rev().find(|column| **column < first);
        columns.entry(before.copied().unwrap_or(0)).or_default().push(node);
    }
    columns.into_values().collect()
}

/// Everything as one sign each, a block for each column.
fn map(graph: &Graph, columns: &[Vec<Node>]) -> Plan {
    let fullest = columns.iter().map(Vec::len).max().unwrap_or(0);
    let rows = fullest.isqrt().clamp(6, 40);
    let (mut plan, mut x) = (Plan { without_wires: true, ..Plan::default() }, 1);
    for nodes in columns {
        plan.heads.push(Head { x, tier: nodes.first().and_then(|node| graph.tier(*node)) });
        for (place, node) in nodes.iter().enumerate() {
            let (across, down) = (whole(place / rows), whole(place % rows));
            plan.spots.push(Spot { node: *node, x: x + across * 2, y: down, width: 1 });
        }
        x += (whole(nodes.len().div_ceil(rows)) * 2).max(12) + 2;
    }
    plan.size = (x, whole(rows.min(fullest)));
    plan
}

/// A place in a column: a service, or a line of one that passes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Cell {
    Service(Node),
    /// A line that begins at a service.
    Passing(Node),
}

/// Columns of places, and what leads from each to the column after it.
struct Sketch {
    columns: Vec<Vec<Cell>>,
    column_of: HashMap<Node, usize>,
    /// By column: from a place in it to a place in the next.
    links: Vec<BTreeSet<(Cell, Cell)>>,
    rows: Vec<HashMap<Cell, i32>>,
    /// By column: how long its longest name is.
    names: Vec<usize>,
}

impl Sketch {
    fn of(graph: &Graph, columns: &[Vec<Node>], edges: &[(Node, Node)]) -> Self {
        let places = columns.iter().enumerate();
        let column_of: HashMap<Node, usize> =
            places.flat_map(|(column, nodes)| nodes.iter().map(move |node| (*node, column))).collect();
        let mut cells: Vec<Vec<Cell>> =
            columns.iter().map(|nodes| nodes.iter().copied().map(Cell::Service).collect()).collect();
        let mut links = vec![BTreeSet::new(); columns.len()];
        for (caller, needs) in edges {
            let (from, to) = (column_of[needs], column_of[caller]);
            for column in from..to {
                let here = if column == from { Cell::Service(*needs) } else { Cell::Passing(*needs) };
                let next = if column + 1 == to { Cell::Service(*caller) } else { Cell::Passing(*needs) };
                if column + 1 < to && !cells[column + 1].contains(&next) {
                    cells[column + 1].push(next);
                }
                links[column].insert((here, next));
            }
        }
        let name = |node: &Node| crate::tui::text::width(graph.name(*node).as_str()).min(NAME);
        let names = columns.iter().map(|nodes| nodes.iter().map(name).max().unwrap_or(0)).collect();
        Self { columns: cells, column_of, links, rows: Vec::new(), names }
    }

    /// Puts each place near what it is linked with, sweep by sweep, so that few lines cross.
    fn sort(&mut self) {
        for sweep in 0..SWEEPS {
            for step in 1..self.columns.len() {
                let column = if sweep % 2 == 0 { step } else { self.columns.len() - 1 - step };
                let other = if sweep % 2 == 0 { column - 1 } else { column + 1 };
                let places: HashMap<Cell, usize> =
                    self.columns[other].iter().enumerate().map(|(place, cell)| (*cell, place)).collect();
                let near = self.neighbours(column, other);
                let middle = |(place, cell): (usize, &Cell)| {
                    let found: Vec<_> = near.get(cell).into_iter().flatten().map(|it| places[it]).collect();
                    // Thousandths, so that places can be compared without fractions.
                    let sum: usize = found.iter().sum();
                    (sum * 1000).checked_div(found.len()).unwrap_or(place * 1000)
                };
                let mut keyed: Vec<_> =
                    self.columns[column].iter().enumerate().map(|it| (middle(it), *it.1)).collect();
                keyed.sort_by_key(|(middle, _)| *middle);
                self.columns[column] = keyed.into_iter().map(|(_, cell)| cell).collect();
            }
        }
    }

    /// Whom each place of a column is linked with in the one beside it.
    fn neighbours(&self, column: usize, other: usize) -> HashMap<Cell, Vec<Cell>> {
        let mut near: HashMap<Cell, Vec<Cell>> = HashMap::new();
        for (left, right) in &self.links[column.min(other)] {
            let (own, beside) = if column < other { (left, right) } else { (right, left) };
            near.entry(*own).or_default().push(*beside);
        }
        near
    }

    /// Gives each place a row: as near as can be to what it is linked with at its left.
    fn settle(&mut self) {
        let services = |cells: &Vec<Cell>| cells.iter().filter(|it| matches!(it, Cell::Service(_))).count();
        let gap = if self.columns.iter().map(services).max().unwrap_or(0) <= AIRY { 2 } else { 1 };
        for column in 0..self.columns.len() {
            let near = column.checked_sub(1).map(|left| self.neighbours(column, left)).unwrap_or_default();
            let mut rows = HashMap::new();
            let mut free = 0;
            for cell in &self.columns[column] {
                let left = near.get(cell).into_iter().flatten();
                let mut wanted: Vec<_> = left.map(|it| self.rows[column - 1][it]).collect();
                wanted.sort_unstable();
                let row = wanted.get(wanted.len().saturating_sub(1) / 2).copied().unwrap_or(0).max(free);
                rows.insert(*cell, row);
                free = row + if matches!(cell, Cell::Service(_)) { gap } else { 1 };
            }
            self.rows.push(rows);
        }
    }

    fn drawn(&self, graph: &Graph, edges: &[(Node, Node)], room: i32) -> Plan {
        let mut plan = Plan::default();
        let (mut lefts, mut tracks) = (Vec::new(), Vec::new());
        let orders: Vec<_> = (0..self.columns.len()).map(|column| self.tracks(column)).collect();
        let (widths, beside) = self.widths(&orders, room);
        let mut x = MARGIN;
        for ((column, cells), order) in self.columns.iter().enumerate().zip(orders) {
            let wide = between(&order) + beside;
            lefts.push(x);
            plan.heads.push(Head { x, tier: head(graph, cells) });
            for cell in cells {
                let y = self.rows[column][cell];
                plan.size.1 = plan.size.1.max(y + 1);
                if let Cell::Service(node) = *cell {
                    plan.spots.push(Spot { node, x, y, width: widths[column] });
                }
            }
            x += widths[column];
            plan.size.0 = x;
            let from = x;
            let place = |(place, cell): (usize, Cell)| (cell, from + whole(place % MOST_TRACKS));
            tracks.push(order.into_iter().enumerate().map(place).collect::<HashMap<_, _>>());
            x += wide;
        }
        let ground = Ground { lefts: &lefts, tracks: &tracks };
        plan.wires = edges.iter().filter_map(|edge| self.wire(*edge, &ground)).collect();
        plan
    }

    /// How wide each column is, and the air after it: as its names are, or closer together, with names as long as all
    /// of them can be within the room.
    fn widths(&self, orders: &[Vec<Cell>], room: i32) -> (Vec<i32>, i32) {
        let gaps = orders.len().saturating_sub(1);
        let lines: i32 = orders.iter().take(gaps).map(|order| between(order)).sum();
        let wide = |most: usize| self.names.iter().map(move |name| whole((*name).min(most)) + BESIDE);
        let fits = |(most, air): &(usize, i32)| {
            MARGIN + lines + whole(gaps) * air + wide(*most).sum::<i32>() <= room
        };
        let tighter = (SHORT..=NAME).rev().map(|most| (most, 0));
        let (most, air) = [(NAME, 1)].into_iter().chain(tighter).find(fits).unwrap_or((NAME, 1));
        (wide(most).collect(), air)
    }

    /// The uprights after a column, from left to right, each by the place it belongs to.
    fn tracks(&self, column: usize) -> Vec<Cell> {
        let Some(next) = self.rows.get(column + 1) else { return Vec::new() };
        let rows = &self.rows[column];
        let bends = |(left, right): &&(Cell, Cell)| rows[left] != next[right];
        let bent: BTreeSet<Cell> = self.links[column].iter().filter(bends).map(|(left, _)| *left).collect();
        // Who leaves along a row must turn before anybody else comes in along it.
        let mut before: HashMap<Cell, BTreeSet<Cell>> = HashMap::new();
        for (left, right) in self.links[column].iter().filter(|(left, _)| bent.contains(left)) {
            let leaving = bent.iter().filter(|cell| **cell != *left && rows[*cell] == next[right]);
            before.entry(*left).or_default().extend(leaving);
        }
        let mut waiting: Vec<Cell> = bent.into_iter().collect();
        waiting.sort_by_key(|cell| rows[cell]);
        let mut order = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let is_free = |cell: &Cell| {
                before.get(cell).is_none_or(|before| before.iter().all(|it| !waiting.contains(it)))
            };
            // In a circle somebody has to be the first.
            let place = waiting.iter().position(is_free).unwrap_or(0);
            order.push(waiting.remove(place));
        }
        order
    }

    fn wire(&self, (caller, needs): (Node, Node), ground: &Ground<'_>) -> Option<Wire> {
        let (from, to) = (self.column_of[&needs], self.column_of[&caller]);
        let mut points = Vec::new();
        for column in from..to {
            let here = if column == from { Cell::Service(needs) } else { Cell::Passing(needs) };
            let next = if column + 1 == to { Cell::Service(caller) } else { Cell::Passing(needs) };
            let (y, then) = (self.rows[column][&here], self.rows[column + 1][&next]);
            points.push((ground.lefts[column], y));
            if y != then {
                let track = ground.tracks[column].get(&here).copied().unwrap_or(ground.lefts[column]);
                points.extend([(track, y), (track, then)]);
            }
            points.push((ground.lefts[column + 1] - 1, then));
        }
        (!points.is_empty()).then_some(Wire { caller, needs, points })
    }
}

/// Where columns begin, and where the uprights after them stand.
struct Ground<'a> {
    lefts: &'a [i32],
    tracks: &'a [HashMap<Cell, i32>],
}

/// Columns after one of names: its uprights, and the sign of whoever is selected in the next.
fn between(order: &[Cell]) -> i32 {
    whole(order.len().min(MOST_TRACKS)) + 1
}

fn head(graph: &Graph, cells: &[Cell]) -> Option<Tier> {
    let services = cells.iter().filter_map(|cell| match cell {
        Cell::Service(node) => graph.tier(*node),
        Cell::Passing(_) => None,
    });
    services.max()
}

fn whole(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Catalog;
    use proptest::prelude::*;

    fn graph(services: &[Vec<usize>]) -> Graph {
        let text = services.iter().enumerate().map(|(n, needs)| {
            let needs: Vec<_> = needs.iter().map(|n| format!("s{n:02}")).collect();
            format!("[[service]]\nname = 's{n:02}'\ndepends_on = {needs:?}\n")
        });
        let catalog: Catalog = toml::from_str(&text.collect::<String>()).unwrap();
        Graph::of(&catalog)
    }

    proptest! {
        #[test]
        fn nobody_stands_on_anybody_else_and_no_line_runs_through_a_name(
            services in prop::collection::vec(prop::collection::vec(0..12_usize, 0..4), 1..12)
        ) {
            let graph = graph(&services);
            let plan = Plan::of(&graph, Zoom::All, None, 100);
            prop_assert_eq!(plan.spots.len(), graph.len());
            for (n, spot) in plan.spots.iter().enumerate() {
                prop_assert!(spot.x + spot.width <= plan.size.0 && spot.y < plan.size.1);
                for other in &plan.spots[n + 1..] {
                    let apart = spot.x + spot.width <= other.x || other.x + other.width <= spot.x;
                    prop_assert!(spot.y != other.y || apart);
                }
            }
            for wire in &plan.wires {
                for pair in wire.points.windows(2) {
                    let ((x, y), (to, end)) = (pair[0], pair[1]);
                    prop_assert!(x == to || y == end, "{:?}", wire.points);
                    let through = plan.spots.iter().filter(|spot| spot.node != wire.caller && spot.node != wire.needs);
                    for spot in through.filter(|spot| y == end && spot.y == y) {
                        prop_assert!(to.max(x) < spot.x || x.min(to) >= spot.x + spot.width, "{:?} {:?}", wire, spot);
                    }
                }
            }
        }

        #[test]
        fn around_a_service_everything_is_related_to_it(
            services in prop::collection::vec(prop::collection::vec(0..12_usize, 0..4), 1..12)
        ) {
            let graph = graph(&services);
            for node in graph.nodes() {
                let plan = Plan::of(&graph, Zoom::Around, Some(node), 100);
                let is_related = |other| {
                    other == node || graph.path(other, node).is_some() || graph.path(node, other).is_some()
                };
                prop_assert!(plan.spots.iter().all(|spot| is_related(spot.node)));
            }
        }
    }
}
