//! How far services stand from one another in the catalog's dependencies.
//!
//! Distance ignores direction: a change in a caller shifts load onto what it calls, and a change in what is
//! called breaks its callers.

use crate::domain::{Catalog, ServiceName};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Farther than this nothing is called related.
const FARTHEST: u8 = 2;

#[derive(Clone, Debug, Default)]
pub(super) struct Topology {
    near: BTreeMap<ServiceName, BTreeMap<ServiceName, u8>>,
}

impl Topology {
    pub fn of(catalog: &Catalog) -> Self {
        let mut neighbours: BTreeMap<&ServiceName, BTreeSet<&ServiceName>> = BTreeMap::new();
        for service in &catalog.services {
            for dependency in service.needs_services() {
                neighbours.entry(&service.name).or_default().insert(dependency);
                neighbours.entry(dependency).or_default().insert(&service.name);
            }
        }
        let near = neighbours.keys().map(|start| ((*start).clone(), reach(start, &neighbours))).collect();
        Self { near }
    }

    /// 0 for the same service, 1 for a direct dependency either way, 2 for one between; none when unrelated.
    pub fn distance(&self, from: &str, to: &str) -> Option<u8> {
        if from == to {
            return (!from.is_empty()).then_some(0);
        }
        self.near.get(from)?.get(to).copied()
    }
}

fn reach(
    start: &ServiceName,
    neighbours: &BTreeMap<&ServiceName, BTreeSet<&ServiceName>>,
) -> BTreeMap<ServiceName, u8> {
    let mut reached = BTreeMap::from([(start.clone(), 0)]);
    let mut waiting = VecDeque::from([(start, 0)]);
    while let Some((service, distance)) = waiting.pop_front() {
        if distance == FARTHEST {
            continue;
        }
        for next in neighbours.get(service).into_iter().flatten() {
            if !reached.contains_key(*next) {
                reached.insert((*next).clone(), distance + 1);
                waiting.push_back((next, distance + 1));
            }
        }
    }
    reached
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
