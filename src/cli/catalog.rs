//! The catalog a configuration names: read from its files, followed while a room is open, what is broken in it said.

mod begin;
mod check;
pub(super) mod command;
mod schema;

use super::{Failure, Start};
use crate::diagnosis::{Diagnosis, Policy};
use crate::domain::Catalog;
use crate::domain::problem::Problem;
use crate::engine::{Renewals, Renewed};
use crate::sources::catalog::{Current, Follower, Loaded, Loader};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

/// An empty one where none is configured or nothing can be read, and everything that is wrong, a line each.
pub(super) fn configured(start: &Start) -> (Catalog, Vec<String>) {
    let Some(place) = place(start) else { return Default::default() };
    match Loader::new(place.clone()).load() {
        Ok(Loaded { catalog, problems, .. }) => (catalog, problems.iter().map(ToString::to_string).collect()),
        Err(error) => (Catalog::default(), vec![unreadable(start, &place, &error)]),
    }
}

/// Where the configuration says that it is.
pub(super) fn place(start: &Start) -> Option<PathBuf> {
    start.settings().catalog.as_ref().map(|path| start.paths.resolve(path))
}

/// The folder of whoever has named none.
fn usual(start: &Start) -> PathBuf {
    start.paths.config_file.with_file_name("catalog")
}

/// The configured catalog as it is, and whatever becomes of it while the room is open: whoever shares it has it first.
pub(super) fn followed(start: &Start, policy: &Policy) -> (Current, Option<Renewals>) {
    let Some(place) = place(start) else { return Default::default() };
    let mut loader = Loader::new(place.clone());
    let (loaded, trouble) = match loader.load() {
        Ok(loaded) => {
            let notice = notice(&loaded);
            (Some(loaded), notice)
        }
        Err(error) => (None, Some(unreadable(start, &place, &error))),
    };
    let catalog = loaded.as_ref().map(|loaded| loaded.catalog.clone()).unwrap_or_default();
    let (tell, renewed) = mpsc::channel(1);
    let catalog = Current::from(catalog);
    let first = trouble.map(|notice| renewed_as(catalog.get(), Some(notice), policy));
    let (following, shared) = (Follower::new(loader, loaded), catalog.clone());
    let follow = Box::pin(follow(following, shared, first, tell, policy.clone()));
    (catalog, Some(Renewals { renewed, follow }))
}

async fn follow(
    mut follower: Follower,
    shared: Current,
    first: Option<Renewed>,
    tell: mpsc::Sender<Renewed>,
    policy: Policy,
) {
    if let Some(first) = first
        && tell.send(first).await.is_err()
    {
        return;
    }
    loop {
        let loaded = follower.next().await;
        let notice = notice(&loaded);
        let catalog = Arc::new(loaded.catalog);
        shared.renew(Arc::clone(&catalog));
        if tell.send(renewed_as(catalog, notice, &policy)).await.is_err() {
            return;
        }
    }
}

fn renewed_as(catalog: Arc<Catalog>, notice: Option<String>, policy: &Policy) -> Renewed {
    let (judged_by, policy) = (Arc::clone(&catalog), policy.clone());
    let diagnosis =
        Box::new(move || Box::new(Diagnosis::new((*judged_by).clone(), policy.clone())) as Box<_>);
    Renewed { catalog, diagnosis, notice }
}

/// The first of what is wrong; all of it is a command away.
fn notice(loaded: &Loaded) -> Option<String> {
    let first = loaded.problems.first()?;
    let held = match loaded.held.as_slice() {
        [] => "",
        _ => "; what it said before still holds",
    };
    let more = match loaded.problems.len() - 1 {
        0 => String::new(),
        n => format!("; {n} more: sitroom catalog check"),
    };
    Some(format!("{}{held}{more}", short(first)))
}

/// A notice has one line, and the file's own name says more than the folders around it.
fn short(problem: &Problem) -> Problem {
    let name = Path::new(&problem.file).file_name().map(|name| name.to_string_lossy().into_owned());
    Problem { file: name.unwrap_or_else(|| problem.file.clone()), ..problem.clone() }
}

/// Why a part is missing whose file is there: what is wrong with it has been said, a line each.
pub(super) fn unread(start: &Start, part: &str) -> Option<Failure> {
    let place = place(start)?;
    let loaded = Loader::new(place.clone()).load().ok()?;
    let file = if place.is_dir() { place.join(part).with_extension("toml") } else { place };
    let file = file.display().to_string();
    let is_wrong = loaded.problems.iter().any(|problem| problem.file == file);
    let what = format!("no {part} could be read from {file}");
    is_wrong
        .then(|| Failure::usage(what, "mend what is said of it above; `sitroom catalog check` says it again"))
}

fn unreadable(start: &Start, place: &Path, error: &io::Error) -> String {
    let what = format!("the catalog {} cannot be read: {error}", place.display());
    let fix = "name a folder, or a TOML file of at most 4 MB with a [[service]] for each service; \
               `sitroom catalog init` begins one";
    start.loaded().problem("catalog", what, fix.to_owned()).to_string()
}
