//! The lines of the list: a heading for each tier, and below it its services, worst first.

use super::query::Query;
use crate::diagnosis::roster::{Listed, roster};
use crate::diagnosis::{Level, Situation};
use crate::domain::catalog::Tier;
use crate::domain::graph::Graph;
use crate::domain::{Catalog, ServiceName, Time};

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: ServiceName,
    /// None outside the catalog.
    pub tier: Option<Tier>,
    pub level: Level,
    /// Whether any signal has named it.
    pub is_observed: bool,
    pub text: String,
    pub version: String,
    pub since: Option<Time>,
    pub owner: String,
}

/// A line of the list as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What stands over a tier, and how many are in it.
    Heading(Option<Tier>, usize),
    Service(usize),
}

pub fn rows(catalog: &Catalog, graph: &Graph, situation: &Situation, query: &Query) -> Vec<Row> {
    roster(catalog, graph, situation).iter().map(row).filter(|row| query.finds(row)).collect()
}

fn row(listed: &Listed<'_>) -> Row {
    let state = listed.state;
    Row {
        name: listed.name.clone(),
        tier: listed.tier(),
        level: listed.level(),
        is_observed: listed.level() > Level::Unknown,
        text: state.map_or_else(String::new, |state| state.text.clone()),
        version: state.and_then(|state| state.version.clone()).unwrap_or_default(),
        since: state.and_then(|state| state.since),
        owner: listed.service.map(|service| service.owner.clone()).unwrap_or_default(),
    }
}

pub fn lines(rows: &[Row]) -> Vec<Line> {
    let mut lines = Vec::with_capacity(rows.len() + 4);
    let mut place = 0;
    for group in rows.chunk_by(|a, b| a.tier == b.tier) {
        lines.push(Line::Heading(group[0].tier, group.len()));
        lines.extend((place..place + group.len()).map(Line::Service));
        place += group.len();
    }
    lines
}

/// Where a service stands among the lines.
pub fn line_of(lines: &[Line], index: usize) -> usize {
    lines.iter().position(|line| *line == Line::Service(index)).unwrap_or(0)
}

/// What stands over a tier.
pub const fn heading(tier: Option<Tier>) -> &'static str {
    match tier {
        Some(Tier::Foundation) => "FOUNDATION",
        Some(Tier::Core) => "CORE",
        Some(Tier::Supporting) => "SUPPORTING",
        None => "NOT IN THE CATALOG",
    }
}
