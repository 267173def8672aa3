//! The order of deployment: tiers one after the other, and within a tier what others stand on first.
//!
//! A dependency weighs more than a tier: whatever stands on a service of a later tier moves into that tier, and the
//! edge that made it is named. Services that stand on each other in a circle share a place, and are named as well.

use super::{Known, Node};
use crate::domain::catalog::Tier;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub stages: Vec<Stage>,
    /// Services that stand on each other, each circle by name, and one that stands on itself.
    pub cycles: Vec<Vec<Node>>,
    /// A service, and what it stands on though that is of a later tier.
    pub against_tiers: Vec<(Node, Node)>,
    /// The columns of a drawing, from what stands on nothing to what nothing stands on.
    pub layers: Vec<Layer>,
    /// The column of each node.
    columns: Vec<usize>,
}

/// What is deployed in one go before the next tier begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub tier: Tier,
    /// One after the other; within a wave the order does not matter.
    pub waves: Vec<Vec<Node>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// None for what is not in the catalog.
    pub tier: Option<Tier>,
    pub nodes: Vec<Node>,
}

/// When something is deployed: in which tier, and after how many others of it. Nothing of ours is deployed for what
/// is outside the catalog, so that comes before everything.
type Turn = Option<(Tier, usize)>;

impl Order {
    pub(super) fn of(edges: &DiGraph<Known, ()>) -> Self {
        // What others stand on comes first in the answer.
        let circles = kosaraju_scc(edges);
        let mut turns: Vec<Turn> = vec![None; edges.node_count()];
        for circle in &circles {
            let turn = turn(edges, circle, &turns);
            for node in circle {
                turns[node.index()] = edges[*node].tier.and(turn);
            }
        }
        let layers = layers(&turns);
        let mut columns = vec![0; turns.len()];
        for (column, layer) in layers.iter().enumerate() {
            for node in &layer.nodes {
                columns[node.index()] = column;
            }
        }
        let (stages, cycles) = (stages(&layers), cycles(edges, circles));
        Self { stages, cycles, against_tiers: against_tiers(edges), layers, columns }
    }

    pub fn column(&self, node: Node) -> usize {
        self.columns.get(node.index()).copied().unwrap_or(0)
    }

    /// The circle a node is part of.
    pub fn cycle(&self, node: Node) -> Option<&[Node]> {
        self.cycles.iter().find(|cycle| cycle.contains(&node)).map(Vec::as_slice)
    }
}

impl Stage {
    /// Everything of it, in order.
    pub fn nodes(&self) -> Vec<Node> {
        self.waves.concat()
    }
}

/// After all that any of them stands on.
fn turn(edges: &DiGraph<Known, ()>, circle: &[Node], turns: &[Turn]) -> Turn {
    let own = circle.iter().filter_map(|node| edges[*node].tier).max()?;
    let needed =
        || circle.iter().flat_map(|node| edges.neighbors(*node)).filter_map(|node| turns[node.index()]);
    let tier = needed().map(|(tier, _)| tier).max().map_or(own, |needed| needed.max(own));
    let wave = needed().filter(|(needed, _)| *needed == tier).map(|(_, wave)| wave + 1).max();
    Some((tier, wave.unwrap_or(0)))
}

fn layers(turns: &[Turn]) -> Vec<Layer> {
    let mut by_turn: BTreeMap<Turn, Vec<Node>> = BTreeMap::new();
    for (place, turn) in turns.iter().enumerate() {
        by_turn.entry(*turn).or_default().push(Node::new(place));
    }
    by_turn.into_iter().map(|(turn, nodes)| Layer { tier: turn.map(|(tier, _)| tier), nodes }).collect()
}

fn stages(layers: &[Layer]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for layer in layers {
        let Some(tier) = layer.tier else { continue };
        match stages.last_mut().filter(|stage| stage.tier == tier) {
            Some(stage) => stage.waves.push(layer.nodes.clone()),
            None => stages.push(Stage { tier, waves: vec![layer.nodes.clone()] }),
        }
    }
    stages
}

fn cycles(edges: &DiGraph<Known, ()>, circles: Vec<Vec<Node>>) -> Vec<Vec<Node>> {
    let is_cycle = |circle: &Vec<Node>| circle.len() > 1 || edges.contains_edge(circle[0], circle[0]);
    let mut cycles: Vec<_> = circles.into_iter().filter(is_cycle).collect();
    cycles.iter_mut().for_each(|cycle| cycle.sort_unstable());
    cycles.sort_unstable();
    cycles
}

fn against_tiers(edges: &DiGraph<Known, ()>) -> Vec<(Node, Node)> {
    let all = edges.raw_edges().iter().map(|edge| (edge.source(), edge.target()));
    let is_against = |(from, to): &(Node, Node)| {
        edges[*from].tier.zip(edges[*to].tier).is_some_and(|(from, to)| from < to)
    };
    let mut found: Vec<_> = all.filter(is_against).collect();
    found.sort_unstable();
    found
}
