//! Every benchmark of the project in one binary: `cargo bench`, or `cargo bench -- NAME`.

mod engine;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, engine::engine);
criterion_main!(benches);
