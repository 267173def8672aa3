//! How far services stand from one another in the catalog's dependencies.
//!
//! Distance ignores direction: a change in a caller shifts load onto what it calls, and a change in what is
//! called breaks its callers.

use crate::domain::graph::{Graph, Node};
use crate::domain::{Catalog, ServiceName};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default)]
pub(super) struct Topology {
    graph: Graph,
    /// Whom each service stands on and who stands on it, in the order of their numbers.
    neighbours: Vec<Vec<Node>>,
}

impl Topology {
    pub fn of(catalog: &Catalog) -> Self {
        let graph = Graph::of(catalog);
        let mut neighbours = vec![BTreeSet::new(); graph.len()];
        // A database or a bank that many share relates none of them to the others.
        for (from, to) in graph.edges().filter(|(_, to)| graph.is_service(*to)) {
            neighbours[from.index()].insert(to);
            neighbours[to.index()].insert(from);
        }
        let neighbours = neighbours.into_iter().map(|near| near.into_iter().collect()).collect();
        Self { graph, neighbours }
    }

    /// 0 for the same service, 1 for a direct dependency either way, 2 for one between; none when farther or unrelated.
    pub fn distance(&self, from: &str, to: &str) -> Option<u8> {
        if from == to {
            return (!from.is_empty()).then_some(0);
        }
        let (from, to) = (self.graph.node(from)?, self.graph.node(to)?);
        let near = |node: Node| self.neighbours[node.index()].as_slice();
        if near(from).binary_search(&to).is_ok() {
            return Some(1);
        }
        let (few, many) = if near(from).len() < near(to).len() { (from, to) } else { (to, from) };
        near(few).iter().any(|between| near(many).binary_search(between).is_ok()).then_some(2)
    }

    /// How many stop with a service.
    pub fn blast_radius(&self, service: &ServiceName) -> usize {
        self.graph.node(service.as_str()).map_or(0, |node| self.graph.blast_radius(node).len())
    }

    /// Whether one stands on the other directly.
    pub fn stands_on(&self, service: &ServiceName, other: &ServiceName) -> bool {
        let (service, other) = (self.graph.node(service.as_str()), self.graph.node(other.as_str()));
        service.zip(other).is_some_and(|(service, other)| self.graph.has_edge(service, other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_steps_either_way_and_stops_at_two() {
        let catalog: Catalog = toml::from_str(
            "[[service]]\nname = 'a'\ndepends_on = ['b']\n[[service]]\nname = 'b'\ndepends_on = ['c']\n\
             [[service]]\nname = 'c'\ndepends_on = ['d']",
        )
        .unwrap();
        let topology = Topology::of(&catalog);
        assert_eq!(topology.distance("a", "a"), Some(0));
        assert_eq!(topology.distance("b", "a"), Some(1));
        assert_eq!(topology.distance("a", "c"), Some(2));
        assert_eq!(topology.distance("a", "d"), None);
        assert_eq!(topology.distance("x", "x"), Some(0));
        assert_eq!(topology.distance("", ""), None);
    }
}
