//! What has to hold of every graph, and the few that are worth telling.

use super::*;
use crate::domain::catalog::Tier;
use proptest::prelude::*;

fn catalog(text: &str) -> Catalog {
    toml::from_str(text).unwrap()
}

/// `a < b` is a service that stands on another; `a` alone stands on nothing.
fn graph(lines: &[&str]) -> Graph {
    let service = |line: &&str| {
        let (name, needs) = line.split_once(" < ").unwrap_or((line, ""));
        let (name, tier) = name.split_once(' ').unwrap_or((name, "core"));
        let needs: Vec<_> = needs.split(' ').filter(|name| !name.is_empty()).collect();
        format!("[[service]]\nname = '{name}'\ntier = '{tier}'\ndepends_on = {needs:?}\n")
    };
    Graph::of(&catalog(&lines.iter().map(service).collect::<String>()))
}

fn said(graph: &Graph, found: &[Reached]) -> Vec<String> {
    found.iter().map(|it| format!("{} {}", it.distance, graph.name(it.node))).collect()
}

#[test]
fn who_stops_is_told_by_distance_and_then_by_name() {
    let graph = graph(&["db", "zeta < db", "api < db", "web < api", "mail"]);
    let db = graph.node("db").unwrap();
    assert_eq!(said(&graph, &graph.blast_radius(db)), ["1 api", "1 zeta", "2 web"]);
    let web = graph.node("web").unwrap();
    assert_eq!(said(&graph, &graph.stands_on(web)), ["1 api", "2 db"]);
    assert_eq!(graph.names(&graph.path(web, db).unwrap()), "web, api, db");
    assert_eq!(graph.path(db, web), None);
}

#[test]
fn what_is_named_and_not_described_is_a_node_without_a_tier() {
    let graph = graph(&["api < bank"]);
    let bank = graph.node("bank").unwrap();
    assert_eq!((graph.tier(bank), graph.len()), (None, 2));
    assert_eq!(said(&graph, &graph.blast_radius(bank)), ["1 api"]);
    assert_eq!(graph.order_line("→"), "api");
}

#[test]
fn tiers_go_one_after_the_other_and_within_them_dependencies() {
    let graph =
        graph(&["mail supporting < pay", "pay core < acct", "acct foundation", "book core < pay acct"]);
    assert_eq!(graph.order_line("→"), "acct → pay then book → mail");
    let waves = &graph.order().stages[1].waves;
    assert_eq!(waves.iter().map(|wave| graph.names(wave)).collect::<Vec<_>>(), ["pay", "book"]);
}

#[test]
fn what_may_go_at_once_stands_between_commas_and_a_circle_goes_as_one() {
    let graph = graph(&["auth", "log", "pay < auth fraud", "fraud < pay", "web < pay"]);
    assert_eq!(graph.order_line("→"), "auth, log then (fraud + pay) then web");
}

#[test]
fn a_dependency_weighs_more_than_a_tier_and_is_named() {
    let graph = graph(&["base foundation < pay", "pay core"]);
    assert_eq!(graph.order_line("→"), "pay then base");
    let (from, to) = graph.order().against_tiers[0];
    assert_eq!((graph.name(from).as_str(), graph.name(to).as_str()), ("base", "pay"));
}

#[test]
fn circles_are_named_and_share_a_place() {
    let graph = graph(&["a < b", "b < c", "c < a", "d < a", "self < self"]);
    let cycles: Vec<_> = graph.order().cycles.iter().map(|cycle| graph.names(cycle)).collect();
    assert_eq!(cycles, ["a, b, c", "self"]);
    let a = graph.node("a").unwrap();
    assert_eq!(said(&graph, &graph.blast_radius(a)), ["1 c", "1 d", "2 b"]);
    assert!(graph.order().cycle(a).is_some() && graph.order().cycle(graph.node("d").unwrap()).is_none());
}

#[test]
fn a_long_chain_is_no_trouble() {
    let lines: Vec<_> = (0..20_000).map(|n| format!("s{n:05} < s{:05}", n + 1)).collect();
    let graph = graph(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let last = graph.node("s20000").unwrap();
    assert_eq!(graph.blast_radius(last).len(), 20_000);
}

/// Any services of any tiers, standing on any others, themselves and strangers included.
fn any_catalog() -> impl Strategy<Value = Catalog> {
    let service = (0..3_usize, prop::collection::vec(0..14_usize, 0..5));
    prop::collection::vec(service, 0..12).prop_map(|services| {
        let tiers = ["foundation", "core", "supporting"];
        let text = services.iter().enumerate().map(|(n, (tier, needs))| {
            let needs: Vec<_> = needs.iter().map(|n| format!("s{n:02}")).collect();
            format!("[[service]]\nname = 's{n:02}'\ntier = '{}'\ndepends_on = {needs:?}\n", tiers[*tier])
        });
        catalog(&text.collect::<String>())
    })
}

proptest! {
    #[test]
    fn every_service_is_deployed_once_and_after_what_it_stands_on(catalog in any_catalog()) {
        let graph = Graph::of(&catalog);
        let order: Vec<_> = graph.order().stages.iter().flat_map(Stage::nodes).collect();
        prop_assert_eq!(order.len(), catalog.services.len());
        let place = |node| order.iter().position(|it| *it == node);
        for (from, to) in graph.edges().filter(|(_, to)| graph.tier(*to).is_some()) {
            let in_one_circle = graph.order().cycle(from).is_some_and(|cycle| cycle.contains(&to));
            prop_assert!(in_one_circle || place(to) < place(from));
            prop_assert!(in_one_circle || graph.order().column(to) < graph.order().column(from));
        }
        let tiers: Vec<Tier> = graph.order().stages.iter().map(|stage| stage.tier).collect();
        prop_assert!(tiers.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn who_stops_with_it_stands_on_it_and_the_way_is_as_long_as_the_distance(catalog in any_catalog()) {
        let graph = Graph::of(&catalog);
        for node in graph.nodes() {
            for found in graph.blast_radius(node) {
                let back = Reached { node, ..found };
                prop_assert!(graph.stands_on(found.node).contains(&back));
                let path = graph.path(found.node, node).unwrap();
                prop_assert_eq!(path.len(), found.distance + 1);
                prop_assert!(path.windows(2).all(|step| graph.dependencies(step[0]).contains(&step[1])));
            }
        }
    }

    #[test]
    fn two_in_a_circle_stand_on_each_other(catalog in any_catalog()) {
        let graph = Graph::of(&catalog);
        for (a, b) in graph.nodes().flat_map(|a| graph.nodes().map(move |b| (a, b))).filter(|(a, b)| a != b) {
            let both = graph.path(a, b).is_some() && graph.path(b, a).is_some();
            let in_one = graph.order().cycle(a).is_some_and(|cycle| cycle.contains(&b));
            prop_assert_eq!(both, in_one);
        }
    }

    #[test]
    fn the_order_of_the_file_does_not_matter(catalog in any_catalog()) {
        let mut turned = catalog.clone();
        turned.services.reverse();
        let (one, other) = (Graph::of(&catalog), Graph::of(&turned));
        prop_assert_eq!(one.order(), other.order());
    }
}
