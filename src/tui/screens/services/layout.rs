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
/// Fewer rows are not enough for a graph above a service.
const TALL: u16 = 26;

pub fn places(body: Rect, screen: &ServicesScreen) -> Places {
    if screen.shows == Shows::Graph {
        return if body.width < WIDE {
            Places { tree: Some(body), ..Places::default() }
        } else {
            Places { graph: Some(body), ..Places::default() }
        };
    }
    if body.width < WIDE || body.height < TALL { stacked(body, screen) } else { side_by_side(body, screen) }
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

fn side_by_side(body: Rect, screen: &ServicesScreen) -> Places {
    let share = if body.width >= 170 { 42 } else { 40 };
    let width = body.width * share / 100;
    let list = Rect { width, ..body };
    let right = Rect { x: body.x + width + GAP, width: body.width - width - GAP, ..body };
    let wanted = screen.plan.as_ref().map_or(0, |(_, plan)| plan.size.1 + 3);
    let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
    let height = wanted.clamp(7, (body.height * 45 / 100).max(7));
    let graph = Rect { height, ..right };
    let detail = Rect { y: graph.bottom(), height: right.height - height, ..right };
    Places { list: Some(below_title(list)), graph: Some(graph), detail: Some(detail), ..Places::default() }
}

fn below_title(area: Rect) -> Rect {
    Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
}
