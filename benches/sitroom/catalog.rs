//! How long a large catalog takes to be read: 2,000 services with four dependencies each.

use criterion::{Criterion, Throughput};
use sitroom::sources::catalog::{Loader, alone};
use std::fs;

const SERVICES: usize = 2_000;

pub fn catalog(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("catalog");
    group.throughput(Throughput::Elements(SERVICES as u64));
    group.sample_size(10);
    let text: String = (0..SERVICES).map(|n| format!("[[service]]\n{}", service(n))).collect();
    group.bench_function("one file", |bench| bench.iter(|| alone("catalog.toml", &text)));
    let folder = tempfile::tempdir().expect("a folder for the files");
    fs::create_dir(folder.path().join("services")).expect("a folder in it");
    for n in 0..SERVICES {
        let file = folder.path().join(format!("services/s{n}.toml"));
        fs::write(file, service(n)).expect("a file in it");
    }
    group.bench_function("a file a service", |bench| {
        bench.iter(|| {
            Loader::new(folder.path().to_owned()).load().map(|loaded| loaded.catalog.services.len())
        });
    });
    group.finish();
}

fn service(n: usize) -> String {
    let needs: Vec<_> = (1..=4).map(|step| format!("'s{}'", (n + step * 7) % SERVICES)).collect();
    format!(
        "name = 's{n}'\nowner = 'team'\nrepositories = ['team/s{n}']\nconsequence = 'It fails.'\n\
         depends_on = [{}]\n",
        needs.join(", ")
    )
}
