//! The services as `sitroom/services/1`, which scripts hold on to.

use super::Told;
use crate::diagnosis::roster::Listed;
use crate::diagnosis::{Level, ModeState, TriggerState};
use crate::domain::catalog::completeness::{gaps, score};
use crate::domain::catalog::{Criticality, DependencyKind, Tier};
use crate::domain::graph::{Graph, Node, Reached, Stage};
use crate::domain::{self, ServiceName, Time};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    room: &'a str,
    source: &'a str,
    at: Time,
    services: Vec<Service<'a>>,
    deploy_order: DeployOrder<'a>,
    cycles: Vec<Vec<&'a ServiceName>>,
    outside: Vec<Outside<'a>>,
}

#[derive(Serialize)]
struct Service<'a> {
    name: &'a ServiceName,
    /// Null outside the catalog, as everything that only the catalog can say.
    tier: Option<Tier>,
    criticality: Option<Criticality>,
    owner: Option<&'a str>,
    /// Null where nobody has looked.
    level: Option<Level>,
    text: Option<&'a str>,
    version: Option<&'a str>,
    since: Option<Time>,
    depends_on: Vec<&'a ServiceName>,
    callers: Vec<&'a ServiceName>,
    /// How many stop when it stops.
    stops: usize,
    in_cycle: bool,
    modes: Vec<&'a ModeState>,
    triggers: Vec<&'a TriggerState>,
    completeness: Option<Completeness>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Detail<'a>>,
}

/// What is said of one that was asked for by name.
#[derive(Serialize)]
struct Detail<'a> {
    blast_radius: Vec<Away<'a>>,
    stands_on: Vec<Away<'a>>,
    gaps: Vec<Open>,
}

/// How much of what a service of its criticality needs is written down.
#[derive(Serialize)]
struct Completeness {
    percent: usize,
    met: usize,
    needed: usize,
}

#[derive(Serialize)]
struct Open {
    need: &'static str,
    text: String,
    key: &'static str,
}

#[derive(Serialize)]
struct Away<'a> {
    name: &'a ServiceName,
    distance: usize,
}

#[derive(Serialize)]
struct DeployOrder<'a> {
    line: String,
    stages: Vec<Staged<'a>>,
    against_tiers: Vec<Against<'a>>,
}

#[derive(Serialize)]
struct Staged<'a> {
    tier: Tier,
    waves: Vec<Vec<&'a ServiceName>>,
}

#[derive(Serialize)]
struct Against<'a> {
    service: &'a ServiceName,
    depends_on: &'a ServiceName,
}

#[derive(Serialize)]
struct Outside<'a> {
    name: &'a ServiceName,
    kind: DependencyKind,
}

pub(super) fn document<'a>(told: &'a Told<'a>) -> Document<'a> {
    let graph = told.graph;
    let order = graph.order();
    let outside = graph.nodes().filter(|node| graph.tier(*node).is_none());
    Document {
        schema: "sitroom/services/1",
        room: told.room,
        source: told.source,
        at: told.situation.at,
        services: told.listed.iter().map(|listed| service(told, listed)).collect(),
        deploy_order: DeployOrder {
            line: graph.order_line("→"),
            stages: order.stages.iter().map(|stage| staged(graph, stage)).collect(),
            against_tiers: order
                .against_tiers
                .iter()
                .map(|(from, to)| Against { service: graph.name(*from), depends_on: graph.name(*to) })
                .collect(),
        },
        cycles: order.cycles.iter().map(|cycle| names(graph, cycle)).collect(),
        outside: outside.map(|node| Outside { name: graph.name(node), kind: graph.kind(node) }).collect(),
    }
}

fn service<'a>(told: &'a Told<'a>, listed: &Listed<'a>) -> Service<'a> {
    let graph = told.graph;
    let blast = listed.node.map_or_else(Vec::new, |node| graph.blast_radius(node));
    let detail = listed.node.filter(|_| told.one.is_some()).map(|node| Detail {
        blast_radius: away(graph, &blast),
        stands_on: away(graph, &graph.stands_on(node)),
        gaps: listed.service.map(open).unwrap_or_default(),
    });
    let near = |found: fn(&Graph, Node) -> Vec<Node>| {
        listed.node.map_or_else(Vec::new, |node| names(graph, &found(graph, node)))
    };
    Service {
        name: listed.name,
        tier: listed.tier(),
        criticality: listed.service.map(|service| service.criticality),
        owner: listed.service.map(|service| service.owner.as_str()).filter(|owner| !owner.is_empty()),
        level: listed.state.map(|state| state.level),
        text: listed.state.map(|state| state.text.as_str()),
        version: listed.state.and_then(|state| state.version.as_deref()),
        since: listed.state.and_then(|state| state.since),
        depends_on: near(Graph::dependencies),
        callers: near(Graph::callers),
        stops: blast.len(),
        in_cycle: listed.node.is_some_and(|node| graph.order().cycle(node).is_some()),
        modes: told.situation.modes.iter().filter(|mode| mode.service == *listed.name).collect(),
        triggers: told.situation.triggers.iter().filter(|it| it.service == *listed.name).collect(),
        completeness: listed.service.map(completeness),
        detail,
    }
}

fn completeness(service: &domain::Service) -> Completeness {
    let score = score(service);
    Completeness { percent: score.percent(), met: score.met, needed: score.needed }
}

fn open(service: &domain::Service) -> Vec<Open> {
    let gaps = gaps(service).into_iter();
    gaps.map(|gap| Open { need: gap.need, text: gap.text, key: gap.key }).collect()
}

fn staged<'a>(graph: &'a Graph, stage: &Stage) -> Staged<'a> {
    Staged { tier: stage.tier, waves: stage.waves.iter().map(|wave| names(graph, wave)).collect() }
}

fn names<'a>(graph: &'a Graph, nodes: &[Node]) -> Vec<&'a ServiceName> {
    nodes.iter().map(|node| graph.name(*node)).collect()
}

fn away<'a>(graph: &'a Graph, found: &[Reached]) -> Vec<Away<'a>> {
    found.iter().map(|it| Away { name: graph.name(it.node), distance: it.distance }).collect()
}
