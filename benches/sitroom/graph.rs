//! A large catalog asked and looked at: 2,000 services in ten layers, with about 8,000 dependencies.

use super::stage::Stage;
use criterion::Criterion;
use sitroom::diagnosis::{self, Policy};
use sitroom::domain::graph::Graph;
use sitroom::domain::{Catalog, SignalLog, Time};
use sitroom::engine::Snapshot;
use std::fmt::Write as _;
use std::sync::Arc;

const SERVICES: usize = 2_000;
const LAYER: usize = 200;

pub fn graph(criterion: &mut Criterion) {
    let catalog: Catalog = toml::from_str(&text()).expect("what is written here is a catalog");
    asked(criterion, &catalog);
    looked_at(criterion, catalog);
}

fn asked(criterion: &mut Criterion, catalog: &Catalog) {
    let graph = Graph::of(catalog);
    let node = |n: usize| graph.node(&name(n)).expect("everybody is in it");
    let (base, top) = (node(0), node(SERVICES - 1));
    let stops = graph.blast_radius(base).len();
    let steps = graph.path(top, graph.stands_on(top).last().expect("it stands on many").node);
    eprintln!(
        "graph: {} dependencies, {stops} stop with {}, {} steps from top to bottom",
        graph.edge_count(),
        graph.name(base),
        steps.map_or(0, |steps| steps.len())
    );
    let mut group = criterion.benchmark_group("graph");
    group.bench_function("made, with the deploy order", |bench| bench.iter(|| Graph::of(catalog).len()));
    group.bench_function("deploy order in a line", |bench| bench.iter(|| graph.order_line("→")));
    group.bench_function("blast radius", |bench| bench.iter(|| graph.blast_radius(base)));
    let bottom = graph.stands_on(top).last().expect("it stands on many").node;
    group.bench_function("path", |bench| bench.iter(|| graph.path(top, bottom)));
    group.finish();
}

/// Each a key and the picture after it, on the Services screen.
fn looked_at(criterion: &mut Criterion, catalog: Catalog) {
    let mut stage = stage(catalog);
    let mut group = criterion.benchmark_group("graph");
    for (what, before, keys) in [
        ("cursor", "", &["j", "k"][..]),
        ("zoom", "", &["-", "-", "+", "+"]),
        ("pan", "-", &["l", "h"]),
        ("pan over the map", "-", &["l", "h"]),
    ] {
        stage.press(before);
        let mut keys = keys.iter().cycle();
        group.bench_function(what, |bench| {
            bench.iter(|| {
                stage.press(keys.next().expect("a cycle goes on"));
                stage.draw_what_changed()
            });
        });
    }
    group.finish();
}

fn stage(catalog: Catalog) -> Stage {
    let now = Time::from_millis(1_773_842_940_000);
    let signals = SignalLog::default();
    let situation = diagnosis::situation(&signals, &catalog, &Policy::default(), &[], now);
    let snapshot = Snapshot {
        catalog: Arc::new(catalog),
        situation: Arc::new(situation),
        loading: false,
        ..Snapshot::empty("payments-prod", now)
    };
    Stage::new(snapshot, now, "4")
}

/// Everybody stands on four or five of the layer before.
fn text() -> String {
    let mut text = String::new();
    for n in 0..SERVICES {
        let (layer, tier) = (n / LAYER, ["foundation", "core", "core", "supporting"][n * 4 / SERVICES]);
        let count = if layer == 0 { 0 } else { 4 + usize::from(n % 9 < 4) };
        let needs: Vec<_> =
            (0..count).map(|k| name((layer - 1) * LAYER + (n * 7 + k * 53) % LAYER)).collect();
        let _ = writeln!(text, "[[service]]\nname = '{}'\ntier = '{tier}'\ndepends_on = {needs:?}", name(n));
    }
    text
}

fn name(n: usize) -> String {
    format!("service-{n:04}")
}
