//! What the catalog says of every service, and how it is now: the list by tier, the graph of who stands on whom, and
//! one service in detail.
//!
//! The cursor holds on to a service by its name; until somebody moves it, it stands on the one that is worst off. What
//! is drawn is derived here, when something has changed, and never while drawing.

mod detail;
mod draw;
mod graph;
mod layout;
pub mod query;
mod rows;
pub mod tabs;

pub use detail::lines;
pub use graph::Zoom;

use super::{Face, Narrow};
use crate::diagnosis::{Level, Situation};
use crate::domain::graph::{Graph, Node, Reached};
use crate::domain::{Catalog, ServiceName, SignalKey, Time};
use crate::keymap::{Context, Verb};
use crate::tui::overlays::detail::About;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use graph::plan::Plan;
use query::Query;
use ratatui::layout::Rect;
use rows::{Line, Row};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use tabs::Tab;

pub const FACE: Face = Face {
    key: '4',
    title: "Services",
    context: Context::Services,
    verb: Verb::ScreenServices,
    draw: draw::draw,
    step,
    select_row,
    item: |ui, _| ui.services.selected().map(|name| About::Service(name.clone())),
    leave: |ui| ui.services.leave(),
    turn: Some(|ui, world, by| {
        ui.services.tab = ui.services.tab.turned(by);
        let body = ui.body();
        ui.services.follow(world, body);
    }),
    zoom: Some(|ui| ui.services.toggle_graph()),
    filter: Some(&Narrow {
        placeholder: "words, tier: level: owner:, a minus to leave out",
        asked: |ui| ui.services.query.asked(),
        ask: |ui, text| ui.services.ask(text),
        count: |ui| ui.services.rows.len().to_string(),
        problem: |ui| ui.services.query.problem.as_ref(),
    }),
    is_bare: |ui| ui.services.rows.is_empty() && ui.services.query.asked().is_empty(),
    place: |ui| ui.services.place(),
};

#[derive(Debug, Default)]
pub struct ServicesScreen {
    query: Query,
    /// Absent until somebody chooses one.
    chosen: Option<ServiceName>,
    cursor: Cursor,
    pub tab: Tab,
    shows: Shows,
    /// Absent while the size of the catalog decides.
    zoom: Option<Zoom>,
    /// How far the graph was pushed away from where it would stand by itself, in columns and rows.
    pan: (i32, i32),
    catalog: Arc<Catalog>,
    graph: Graph,
    rows: Vec<Row>,
    lines: Vec<Line>,
    /// What the rows were made from: a moment, a situation, a query.
    made_of: Option<(Time, usize, String)>,
    plan: Option<(PlanOf, Plan)>,
    /// What the selected service is to the others, as of these rows.
    around: Around,
    /// How each node is, by its number; what nobody has looked at is None.
    levels: Vec<Option<Level>>,
    completeness: HashMap<ServiceName, usize>,
    /// What was observed of the service lately, newest first.
    recent: Vec<SignalKey>,
    recent_of: Option<(ServiceName, u64, Time)>,
}

/// What a plan was made for: how much of the graph, around whom, in how many columns.
type PlanOf = (Zoom, Option<Node>, u16);

/// Where the selected service stands among the others.
#[derive(Debug, Default)]
struct Around {
    selected: Option<Node>,
    /// Steps to whom it takes along.
    stops: HashMap<Node, usize>,
    /// Steps to what it stands on.
    stands_on: HashMap<Node, usize>,
    /// From it down to what fails below it.
    path: Vec<Node>,
}

/// What has the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shows {
    #[default]
    Everything,
    Graph,
}

/// Up to so many services the graph shows all of them at first.
const FEW: usize = 40;
/// Rows the list keeps in sight when nobody has said how many there are.
const PAGE: usize = 10;

impl ServicesScreen {
    /// Takes in what is newer: a catalog, a situation, what was asked.
    pub fn follow(&mut self, world: World<'_>, body: Rect) {
        let catalog = &world.snapshot.catalog;
        if !Arc::ptr_eq(&self.catalog, catalog) {
            self.catalog = Arc::clone(catalog);
            self.graph = Graph::of(catalog);
            self.completeness = rows::completeness(catalog);
            (self.plan, self.made_of) = (None, None);
        }
        let situation = world.situation;
        let source = std::ptr::from_ref::<Situation>(situation) as usize;
        let made_of = Some((situation.at, source, self.query.asked().to_owned()));
        if self.made_of != made_of {
            let all = rows::rows(catalog, &self.graph, situation, &self.completeness);
            self.levels = rows::levels(&self.graph, &all);
            self.rows = all.into_iter().filter(|row| self.query.finds(row)).collect();
            self.lines = rows::lines(&self.rows);
            self.around = Around::default();
            self.made_of = made_of;
        }
        self.keep_place();
        self.look_around();
        self.draw_graph(layout::graph_columns(body, self.shows));
        self.look_back(world);
    }

    /// The service under the cursor: the chosen one, or whichever is worst off.
    pub fn selected(&self) -> Option<&ServiceName> {
        self.index().map(|index| &self.rows[index].name)
    }

    fn index(&self) -> Option<usize> {
        let chosen = self.chosen.as_ref();
        let kept = chosen.and_then(|name| self.rows.iter().position(|row| row.name == *name));
        let worst = || {
            let rows = self.rows.iter().enumerate();
            rows.max_by_key(|(_, row)| (row.level, Reverse(row.rank))).map(|(place, _)| place)
        };
        kept.or_else(worst)
    }

    pub fn selected_node(&self) -> Option<Node> {
        self.selected().and_then(|name| self.graph.node(name.as_str()))
    }

    /// How a service is, also one that is filtered out; none where nobody has looked.
    fn level(&self, node: Node) -> Option<Level> {
        self.levels.get(node.index()).copied().flatten()
    }

    pub fn ask(&mut self, text: &str) {
        self.query = Query::parse(text);
    }

    pub fn zoom(&self) -> Zoom {
        let by_size = if self.graph.len() <= FEW { Zoom::All } else { Zoom::Around };
        self.zoom.unwrap_or(by_size)
    }

    pub fn zoom_to(&mut self, zoom: Zoom) {
        self.zoom = Some(zoom);
        self.pan = (0, 0);
    }

    pub fn pan_by(&mut self, columns: i32, rows: i32) {
        let (x, y) = self.pan;
        let (width, height) = self.plan.as_ref().map_or((0, 0), |(_, plan)| plan.size);
        self.pan = ((x + columns).clamp(-width, width), (y + rows).clamp(-height, height));
    }

    /// Whether there is room for it, where it is not lines instead.
    pub fn draws_graph(&self, body: Rect) -> bool {
        layout::places(body, self).graph.is_some()
    }

    pub fn has_graph(&self) -> bool {
        !self.graph.is_empty()
    }

    /// The graph has the whole screen, or gives it back.
    pub fn toggle_graph(&mut self) {
        self.shows = match self.shows {
            Shows::Everything => Shows::Graph,
            Shows::Graph => Shows::Everything,
        };
    }

    /// Undoes one thing between this and the plain screen.
    fn leave(&mut self) {
        if self.shows == Shows::Graph {
            self.shows = Shows::Everything;
        } else if self.pan != (0, 0) {
            self.pan = (0, 0);
        } else if self.zoom.is_some() {
            self.zoom = None;
        } else if self.query.asked().is_empty() {
            self.chosen = None;
        } else {
            self.ask("");
        }
    }

    fn choose(&mut self, index: usize) {
        if let Some(row) = self.rows.get(index) {
            self.chosen = Some(row.name.clone());
            self.pan = (0, 0);
        }
    }

    /// The line of the selected service stays where it is on the screen when others move around it.
    fn keep_place(&mut self) {
        let Some(index) = self.index() else { return };
        let line = rows::line_of(&self.lines, index);
        let above = self.cursor.line.saturating_sub(self.cursor.first);
        self.cursor = Cursor { line, first: line.saturating_sub(above) };
    }

    /// Lays the graph out where it is not what it was.
    fn draw_graph(&mut self, columns: u16) {
        let zoom = self.zoom();
        let center = self.selected_node().filter(|_| zoom == Zoom::Around);
        let of = (zoom, center, columns);
        if self.plan.as_ref().is_none_or(|(known, _)| *known != of) {
            self.plan = Some((of, Plan::of(&self.graph, zoom, center, i32::from(columns))));
        }
    }

    fn look_around(&mut self) {
        let selected = self.selected_node();
        if self.around.selected.is_none() || self.around.selected != selected {
            self.around = selected.map(|node| self.around(node)).unwrap_or_default();
        }
    }

    fn around(&self, node: Node) -> Around {
        let steps = |found: Vec<Reached>| {
            found.into_iter().map(|it| (it.node, it.distance)).collect::<HashMap<_, _>>()
        };
        Around {
            selected: Some(node),
            stops: steps(self.graph.blast_radius(node)),
            stands_on: steps(self.graph.stands_on(node)),
            path: detail::trouble(self, node),
        }
    }

    /// Reads what was observed of the service, when somebody looks at that.
    fn look_back(&mut self, world: World<'_>) {
        let Some(name) = self.selected().filter(|_| self.tab.reads_signals()).cloned() else { return };
        let of = Some((name.clone(), world.snapshot.revision, world.situation.at));
        if self.recent_of != of {
            self.recent = tabs::signals::recent(&name, world);
            self.recent_of = of;
        }
    }

    fn place(&self) -> String {
        let filter = match self.query.asked() {
            "" => String::new(),
            asked => format!("/{asked}  "),
        };
        let position = self.index().map_or(0, |index| index + 1);
        format!("{filter}{position} of {}", self.rows.len())
    }
}

fn step(ui: &mut Ui, world: World<'_>, step: Step) {
    let body = ui.body();
    ui.services.follow(world, body);
    let page = layout::places(ui.body(), &ui.services).list.map_or(PAGE, |list| usize::from(list.height));
    let screen = &mut ui.services;
    let Some(index) = screen.index() else { return };
    let to = index.saturating_add_signed(step.lines(page)).min(screen.rows.len().saturating_sub(1));
    screen.choose(to);
    let line = rows::line_of(&screen.lines, to);
    screen.cursor.line = line;
    screen.cursor.keep_in_sight(screen.lines.len(), page);
    screen.follow(world, body);
}

/// Selects what was clicked: a line counted from the first in sight.
fn select_row(ui: &mut Ui, world: World<'_>, row: usize) {
    let body = ui.body();
    let page = layout::places(body, &ui.services).list.map_or(PAGE, |list| usize::from(list.height));
    let screen = &mut ui.services;
    let first = draw::first_line(screen, page);
    if let Some(Line::Service(index)) = screen.lines.get(first + row).copied() {
        screen.choose(index);
        screen.cursor = Cursor { line: first + row, first };
        screen.follow(world, body);
    }
}
