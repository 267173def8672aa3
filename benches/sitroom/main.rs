//! Every benchmark of the project in one binary: `cargo bench`, or `cargo bench -- NAME`.

use criterion::{Criterion, criterion_group, criterion_main};

fn nothing(_: &mut Criterion) {}

criterion_group!(benches, nothing);
criterion_main!(benches);
