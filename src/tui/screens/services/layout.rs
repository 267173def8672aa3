//! What is in sight and where, by how much room there is: the list always, then the service, then the graph.

use super::{ServicesScreen, Shows};
use ratatui::layout::Rect;

/// Areas of the body; what is absent has no room, or is not wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Without its title line.
    pub list: Option<Rect>,
    pub graph: Option<Rect>,
    /// The graph as indented lines, where there are not enough columns for it.
    pub tree: Option<Rect>,
    pub detail: Option<Rect>,
}

const GAP: u16 = 2;
/// Fewer columns than this are not enough for a graph beside a list.
pub const WIDE: u16 = 100;
/// Fewer rows are not enough for a graph and a service.
const TALL: u16 = 26;
/// With fewer columns the graph has all of them, below the list and the service.
const SPACIOUS: u16 = 170;

pub fn places(body: Rect, screen: &ServicesScreen) -> Places {
    if screen.shows == Shows::Graph {
        return if body.width < WIDE {
            Places { tree: Some(body), ..Places::default() }
        } else {
            Places { graph: Some(body), ..Places::default() }
        };
    }
    if body.width < WIDE || body.height < TALL {
        stacked(body, screen)
    } else if body.width < SPACIOUS {
        above_a_graph(body, screen)
    } else {
        side_by_side(body, screen)
    }
}

/// The columns a graph has, however high it is.
pub fn graph_columns(body: Rect, shows: Shows) -> u16 {
    match shows {
        Shows::Graph => body.width,
        Shows::Everything if body.width < SPACIOUS => body.width.saturating_sub(1),
        Shows::Everything => body.width - beside(body),
    }
}

/// The list has what it needs, and at most half.
fn stacked(body: Rect, screen: &ServicesScreen) -> Places {
    let needed = u16::try_from(screen.lines.len() + 1).unwrap_or(u16::MAX);
    // A terminal may be too small for anything; nothing is drawn then, but its keys still come.
    let height = needed.clamp(3, (body.height / 2).max(3)).min(body.height);
    let list = Rect { height, ..body };
    let detail = Rect { y: list.bottom(), height: body.height - height, ..body };
    Places { list: Some(below_title(list)), detail: Some(detail), ..Places::default() }
}

/// The list and the service next to each other, and the graph below both.
fn above_a_graph(body: Rect, screen: &ServicesScreen) -> Places {
    let height = graph_rows(body, screen);
    let above = Rect { height: body.height - height, ..body };
    let (list, detail) = halves(above, body.width * 46 / 100);
    let graph = Rect { x: body.x + 1, y: above.bottom(), width: body.width - 1, height };
    Places { list: Some(below_title(list)), graph: Some(graph), detail: Some(detail), ..Places::default() }
}

fn side_by_side(body: Rect, screen: &ServicesScreen) -> Places {
    let (list, right) = halves(body, beside(body) - GAP);
    let height = graph_rows(body, screen);
    let graph = Rect { height, ..right };
    let detail = Rect { y: graph.bottom(), height: right.height - height, ..right };
    Places { list: Some(below_title(list)), graph: Some(graph), detail: Some(detail), ..Places::default() }
}

/// The columns of a list beside a graph, and of the gap between them.
const fn beside(body: Rect) -> u16 {
    body.width * 42 / 100 + GAP
}

/// What the graph needs, its title and its legend, and at most somewhat less than half.
fn graph_rows(body: Rect, screen: &ServicesScreen) -> u16 {
    let wanted = screen.plan.as_ref().map_or(0, |(_, plan)| plan.size.1 + 3);
    u16::try_from(wanted).unwrap_or(u16::MAX).clamp(7, (body.height * 45 / 100).max(7))
}

fn halves(area: Rect, width: u16) -> (Rect, Rect) {
    let left = Rect { width, ..area };
    (left, Rect { x: area.x + width + GAP, width: area.width - width - GAP, ..area })
}

fn below_title(area: Rect) -> Rect {
    Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
}
