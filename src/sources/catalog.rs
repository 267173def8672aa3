//! Catalogs as people write them: one file, the blocks of a scenario, or a folder with a file a service.
//!
//! Reading a file is pure ([`file`]); what only all files together can be judged by is judged when they are put
//! together (`whole`). [`Loader`] reads them from disk and holds on to what a broken file said before it broke;
//! [`Follower`] says when they have changed, and [`Current`] is what sources ask by. `docs/CATALOG.md` says how one is written.

mod current;
mod file;
mod follow;
mod load;
mod watched;
mod whole;

pub use current::Current;
pub use follow::Follower;
pub use load::{Loaded, Loader};

use super::written::{Problems, table};
use crate::domain::Catalog;
use crate::domain::problem::Problem;
use file::{Kind, Written};
use toml::de::DeTable;
use whole::{Owners, whole};

/// One text with all of a catalog in it; what is broken is left out and named. `name` is what problems call it.
pub fn alone(name: &str, text: &str) -> (Catalog, Vec<Problem>) {
    whole(&[&Written::read(name, text, Kind::Whole)], None, &mut Owners::new())
}

/// Takes the catalog out of a file that holds more than that.
pub(in crate::sources) fn take(root: &mut DeTable<'_>, problems: &mut Problems<'_>) -> Catalog {
    let written = Written::take(root, problems);
    let (catalog, found) = whole(&[&written], None, &mut Owners::new());
    problems.extend(found);
    catalog
}

/// What is wrong with the file of one service, by itself: nothing is said of what it depends on.
pub fn service_problems(name: &str, text: &str) -> Vec<Problem> {
    let mut problems = Problems::new(name, text);
    let root = table(text, &mut problems);
    let _ = file::services_of(root, &mut problems);
    problems.into_found()
}
