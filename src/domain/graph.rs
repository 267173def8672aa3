//! The dependency graph of a catalog: who stands on whom, who stops with whom, and in which order things are deployed.
//!
//! An edge leads from a service to what it stands on. What the catalog names without describing it is a node as well,
//! marked by having no tier. Made once for a catalog and asked often; nodes are numbered by name, so every answer
//! comes in the same order whatever the order of the file.

mod order;

pub use order::{Layer, Order, Stage};

use super::catalog::{Catalog, DependencyKind, Service, Tier};
use super::id::ServiceName;
use petgraph::Direction;
use petgraph::algo::{astar, dijkstra};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{IntoEdges, Reversed, Visitable};
use std::collections::{BTreeMap, HashMap};

/// A place in the graph; it means something only to the graph it came from.
pub type Node = NodeIndex;

#[derive(Clone, Debug, Default)]
pub struct Graph {
    edges: DiGraph<Known, ()>,
    places: HashMap<ServiceName, Node>,
    order: Order,
}

/// What the graph knows of a node.
#[derive(Clone, Debug)]
struct Known {
    name: ServiceName,
    tier: Option<Tier>,
    kind: DependencyKind,
}

/// A node found from another one, so many steps away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    pub distance: usize,
    pub node: Node,
}

impl Graph {
    pub fn of(catalog: &Catalog) -> Self {
        let inside = catalog.services.iter().map(|service| (&service.name, Some(service.tier)));
        let outside = catalog.services.iter().flat_map(Service::needs).map(|name| (name, None));
        // What is in the catalog comes last, so that its tier counts.
        let known: BTreeMap<&ServiceName, Option<Tier>> = outside.chain(inside).collect();
        let kinds = kinds(catalog);
        let mut edges = DiGraph::with_capacity(known.len(), known.len());
        let mut places = HashMap::with_capacity(known.len());
        for (name, tier) in known {
            let kind = kinds.get(name).copied().filter(|_| tier.is_none()).unwrap_or_default();
            places.insert(name.clone(), edges.add_node(Known { name: name.clone(), tier, kind }));
        }
        let needed = catalog.services.iter().map(|service| (&service.name, service.needs()));
        for (name, needs) in needed {
            for need in needs {
                edges.update_edge(places[name], places[need], ());
            }
        }
        let order = Order::of(&edges);
        Self { edges, places, order }
    }

    pub fn len(&self) -> usize {
        self.edges.node_count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        self.edges.node_indices()
    }

    pub fn node(&self, name: &str) -> Option<Node> {
        self.places.get(name).copied()
    }

    pub fn name(&self, node: Node) -> &ServiceName {
        &self.edges[node].name
    }

    /// None for what is named in a dependency and not in the catalog.
    pub fn tier(&self, node: Node) -> Option<Tier> {
        self.edges[node].tier
    }

    /// What it is where it is not in the catalog: a database, a cache, somebody else's.
    pub fn kind(&self, node: Node) -> DependencyKind {
        self.edges[node].kind
    }

    /// A service, be it in the catalog or only named, and not what services share.
    pub fn is_service(&self, node: Node) -> bool {
        self.kind(node) == DependencyKind::Service
    }

    /// Every edge, from a service to what it stands on.
    pub fn edges(&self) -> impl Iterator<Item = (Node, Node)> {
        self.edges.raw_edges().iter().map(|edge| (edge.source(), edge.target()))
    }

    /// Whether a service stands on another directly.
    pub fn has_edge(&self, service: Node, other: Node) -> bool {
        self.edges.contains_edge(service, other)
    }

    pub fn edge_count(&self) -> usize {
        self.edges.edge_count()
    }

    /// What it stands on directly, by name.
    pub fn dependencies(&self, node: Node) -> Vec<Node> {
        self.neighbours(node, Direction::Outgoing)
    }

    /// Who stands on it directly, by name.
    pub fn callers(&self, node: Node) -> Vec<Node> {
        self.neighbours(node, Direction::Incoming)
    }

    fn neighbours(&self, node: Node, direction: Direction) -> Vec<Node> {
        let mut found: Vec<_> = self.edges.neighbors_directed(node, direction).collect();
        found.sort_unstable();
        found
    }

    /// Who stops when it stops: nearest first, then by name. It is not among them itself, not even in a cycle.
    pub fn blast_radius(&self, node: Node) -> Vec<Reached> {
        reached(Reversed(&self.edges), node)
    }

    /// All that has to work for it to work, nearest first, then by name.
    pub fn stands_on(&self, node: Node) -> Vec<Reached> {
        reached(&self.edges, node)
    }

    /// The shortest way from a service down to what it stands on, both ends included.
    pub fn path(&self, from: Node, to: Node) -> Option<Vec<Node>> {
        astar(&self.edges, from, |node| node == to, |_| 1_usize, |_| 0).map(|(_, path)| path)
    }

    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Names as a list, `a, b`.
    pub fn names(&self, nodes: &[Node]) -> String {
        let names: Vec<_> = nodes.iter().map(|node| self.name(*node).as_str()).collect();
        names.join(", ")
    }

    /// The order of deployment in a line: `a, b → c then (d + e) → f`. A comma stands between what may go at once, and a
    /// circle goes as one.
    pub fn order_line(&self, arrow: &str) -> String {
        let wave = |wave: &Vec<Node>| self.at_once(wave);
        let stage = |stage: &Stage| stage.waves.iter().map(wave).collect::<Vec<_>>().join(" then ");
        let stages: Vec<_> = self.order.stages.iter().map(stage).collect();
        stages.join(&format!(" {arrow} "))
    }

    fn at_once(&self, wave: &[Node]) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut circles: Vec<&[Node]> = Vec::new();
        for node in wave {
            match self.order.cycle(*node) {
                None => said.push(self.name(*node).to_string()),
                Some(circle) if circles.contains(&circle) => {}
                Some(circle) => {
                    circles.push(circle);
                    said.push(format!("({})", self.names(circle).replace(", ", " + ")));
                }
            }
        }
        said.join(", ")
    }
}

/// What dependencies say they are.
fn kinds(catalog: &Catalog) -> HashMap<&ServiceName, DependencyKind> {
    let said = catalog.services.iter().flat_map(|service| &service.dependencies);
    said.map(|dependency| (&dependency.name, dependency.kind)).collect()
}

fn reached<G>(edges: G, from: Node) -> Vec<Reached>
where
    G: IntoEdges<NodeId = Node> + Visitable<NodeId = Node>,
{
    let distances = dijkstra(edges, from, None, |_| 1_usize);
    let others = distances.into_iter().filter(|(node, _)| *node != from);
    let mut found: Vec<_> = others.map(|(node, distance)| Reached { distance, node }).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests;
