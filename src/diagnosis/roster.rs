//! Every service by name: those of the catalog by tier, then those that only signals or dependencies know of; in each
//! group the worst first.

use super::situation::{Level, ServiceState, Situation};
use crate::domain::catalog::Tier;
use crate::domain::graph::{Graph, Node};
use crate::domain::{Catalog, Service, ServiceName};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// One service, with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    pub name: &'a ServiceName,
    /// What the catalog says.
    pub service: Option<&'a Service>,
    /// How it is; absent where nobody has looked.
    pub state: Option<&'a ServiceState>,
    /// Its place in the graph, if it is in there.
    pub node: Option<Node>,
}

pub fn roster<'a>(catalog: &'a Catalog, graph: &'a Graph, situation: &'a Situation) -> Vec<Listed<'a>> {
    let services: HashMap<&str, &Service> =
        catalog.services.iter().map(|service| (service.name.as_str(), service)).collect();
    let states = situation.state.services.iter().map(|state| (&state.name, Some(state)));
    let named = graph.nodes().filter(|node| graph.is_service(*node)).map(|node| (graph.name(node), None));
    let all: BTreeMap<&ServiceName, Option<&ServiceState>> = named.chain(states).collect();
    let listed = all.into_iter().map(|(name, state)| Listed {
        name,
        service: services.get(name.as_str()).copied(),
        state,
        node: graph.node(name.as_str()),
    });
    let mut listed: Vec<_> = listed.collect();
    listed.sort_by_key(|service| (service.group(), Reverse(service.level())));
    listed
}

impl Listed<'_> {
    /// None outside the catalog.
    pub fn tier(&self) -> Option<Tier> {
        self.service.map(|service| service.tier)
    }

    /// What nobody has looked at is neither known to be wrong nor known to be well.
    pub fn level(&self) -> Level {
        self.state.map_or(Level::Unknown, |state| state.level)
    }

    /// Foundation first, and last what is not in the catalog.
    fn group(&self) -> (bool, Option<Tier>) {
        (self.service.is_none(), self.tier())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Time;

    #[test]
    fn by_tier_then_worst_first_and_strangers_at_the_end() {
        let catalog: Catalog = toml::from_str(
            "[[service]]\nname = 'web'\ntier = 'supporting'\ndepends_on = ['api', 'bank']\n\
             [[service]]\nname = 'zoo'\n[[service]]\nname = 'api'\n[[service]]\nname = 'base'\ntier = 'foundation'",
        )
        .unwrap();
        let mut situation = Situation::quiet(&[], Time::MIN);
        situation.state.services = vec![ServiceState {
            name: ServiceName::new("zoo"),
            level: Level::Degraded,
            text: "5xx 9 %".into(),
            modes: Vec::new(),
            version: None,
            since: None,
            spark: None,
        }];
        let graph = Graph::of(&catalog);
        let names: Vec<_> = roster(&catalog, &graph, &situation).iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["base", "zoo", "api", "web", "bank"]);
    }
}
