//! Every benchmark of the project in one binary: `cargo bench`, or `cargo bench -- NAME`.

mod journal;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, journal::journal);
criterion_main!(benches);
