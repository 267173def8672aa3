//! The lines of the list: a heading for each tier, and below it its services, worst first.

use crate::diagnosis::roster::{Listed, roster};
use crate::diagnosis::{Level, Situation, Standing};
use crate::domain::catalog::Tier;
use crate::domain::catalog::completeness::score;
use crate::domain::graph::Graph;
use crate::domain::{Catalog, ServiceName, Time};
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: ServiceName,
    /// None outside the catalog.
    pub tier: Option<Tier>,
    pub level: Level,
    /// Its place in the situation, which has the worst first.
    pub rank: usize,
    /// What its rollback triggers come to.
    pub trigger: Trigger,
    /// How much of what a service of its criticality needs is in the catalog, of a hundred.
    pub complete: Option<usize>,
    /// Whether any signal has named it.
    pub is_observed: bool,
    pub text: String,
    pub version: String,
    pub since: Option<Time>,
    pub owner: String,
}

/// The loudest of a service's rollback triggers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trigger {
    #[default]
    Quiet,
    /// Met, and no deploy is known to have brought it.
    Met,
    RollBack,
}

/// A line of the list as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What stands over a tier, and how many are in it.
    Heading(Option<Tier>, usize),
    Service(usize),
}

pub fn rows(
    catalog: &Catalog,
    graph: &Graph,
    situation: &Situation,
    complete: &HashMap<ServiceName, usize>,
) -> Vec<Row> {
    let services = situation.state.services.iter().enumerate();
    let ranks: HashMap<_, _> = services.map(|(rank, state)| (&state.name, rank)).collect();
    let triggers = triggers(situation);
    let made = |listed: &Listed<'_>| Row {
        rank: ranks.get(listed.name).copied().unwrap_or(usize::MAX),
        trigger: triggers.get(listed.name).copied().unwrap_or_default(),
        complete: complete.get(listed.name).copied(),
        ..row(listed)
    };
    roster(catalog, graph, situation).iter().map(made).collect()
}

/// How much of each service is written down; asked once for a catalog, since it reads every entry.
pub fn completeness(catalog: &Catalog) -> HashMap<ServiceName, usize> {
    catalog.services.iter().map(|service| (service.name.clone(), score(service).percent())).collect()
}

/// How every node of the graph is, by its number.
pub fn levels(graph: &Graph, rows: &[Row]) -> Vec<Option<Level>> {
    let mut levels = vec![None; graph.len()];
    for row in rows.iter().filter(|row| row.is_observed) {
        if let Some(node) = graph.node(row.name.as_str()) {
            levels[node.index()] = Some(row.level);
        }
    }
    levels
}

fn triggers(situation: &Situation) -> HashMap<&ServiceName, Trigger> {
    let mut loudest = HashMap::new();
    for state in &situation.triggers {
        let trigger = match state.standing {
            _ if state.demands_rollback => Trigger::RollBack,
            Standing::Met { .. } => Trigger::Met,
            _ => Trigger::Quiet,
        };
        let known = loudest.entry(&state.service).or_default();
        *known = trigger.max(*known);
    }
    loudest
}

fn row(listed: &Listed<'_>) -> Row {
    let state = listed.state;
    Row {
        name: listed.name.clone(),
        tier: listed.tier(),
        level: listed.level(),
        rank: usize::MAX,
        trigger: Trigger::Quiet,
        complete: None,
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
