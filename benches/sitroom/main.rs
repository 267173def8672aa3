//! Every benchmark of the project in one binary: `cargo bench`, or `cargo bench -- NAME`.

mod corpus;
mod diagnosis;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, diagnosis::diagnosis);
criterion_main!(benches);
