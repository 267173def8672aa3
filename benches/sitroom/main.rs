//! Every benchmark of the project in one binary: `cargo bench`, or `cargo bench -- NAME`.

#![expect(clippy::print_stderr, reason = "what a thing weighs is no time, so it is printed beside the times")]

mod catalog;
mod corpus;
mod diagnosis;
mod engine;
mod export;
mod filter;
mod frame;
mod graph;
mod incident;
mod journal;
mod log;
mod operability;
mod stage;
mod store;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    catalog::catalog,
    diagnosis::diagnosis,
    engine::engine,
    export::export,
    filter::filter,
    frame::frame,
    graph::graph,
    incident::incident,
    journal::journal,
    log::log,
    operability::operability,
    store::store
);
criterion_main!(benches);
