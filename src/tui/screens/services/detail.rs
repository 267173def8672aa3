//! One service in lines: a tab of it for the screen, or all of them one after the other for the window that explains.

use super::ServicesScreen;
use super::tabs::{Page, Tab, Told};
use crate::diagnosis::Level;
use crate::domain::ServiceName;
use crate::domain::graph::Node;
use crate::theme::Role;
use crate::tui::overlays::detail::Line;
use crate::tui::ui::{Ui, World};

pub fn tab(tab: Tab, told: &Told<'_>) -> Vec<Line> {
    let mut page = Page::new(told.columns);
    tab.write(told, &mut page);
    page.into_lines()
}

/// Everything of a service, and the line on which the tab that is in front begins.
pub fn lines(name: &ServiceName, ui: &Ui, world: World<'_>, columns: usize) -> (Vec<Line>, usize) {
    let told = Told::of(ui, world, name, columns);
    let mut page = Page::new(columns);
    let mut begins = 0;
    page.said(name.as_str(), Role::Strong);
    for each in Tab::ALL {
        page.blank();
        if *each == ui.services.tab && *each != Tab::Overview {
            begins = page.height();
        }
        page.said(&each.title().to_uppercase(), Role::Accent);
        each.write(&told, &mut page);
    }
    (page.into_lines(), begins)
}

/// How loudly the way to what fails is told: as that is.
pub fn trouble_role(screen: &ServicesScreen, path: &[Node]) -> Role {
    match path.last().and_then(|node| screen.level(*node)) {
        Some(Level::Critical) => Role::Critical,
        Some(Level::Degraded) => Role::Degraded,
        _ => Role::Elevated,
    }
}

/// The way from a service down to the worst of what it stands on, if any of that fails; of those as bad, the nearest.
pub fn trouble(screen: &ServicesScreen, node: Node) -> Vec<Node> {
    let level = |node: Node| screen.level(node).filter(|level| *level > Level::Normal);
    let failing = screen.graph.stands_on(node).into_iter().filter_map(|it| Some((level(it.node)?, it)));
    let worst = failing.max_by_key(|(level, it)| (*level, std::cmp::Reverse(*it)));
    worst.and_then(|(_, it)| screen.graph.path(node, it.node)).unwrap_or_default()
}
