//! The catalog a configuration names: read from its file, what is broken in it left out and said.

use super::Start;
use crate::domain::Catalog;
use crate::sources::scenario;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// More than this is nobody's catalog.
const MAX_FILE: u64 = 4 << 20;

/// An empty one where none is configured or the file cannot be read, and everything that is wrong, a line each.
pub(super) fn configured(start: &Start) -> (Catalog, Vec<String>) {
    let loaded = start.loaded();
    let Some(path) = &loaded.settings.catalog else { return Default::default() };
    let path = start.paths.resolve(path);
    match text_of(&path) {
        Ok(text) => {
            let (catalog, problems) = scenario::catalog(&path.display().to_string(), &text);
            (catalog, problems.iter().map(ToString::to_string).collect())
        }
        Err(error) => {
            let what = format!("the catalog {} cannot be read: {error}", path.display());
            let fix = "name a TOML file of at most 4 MB with a [[service]] for each service".to_owned();
            (Catalog::default(), vec![loaded.problem("catalog", what, fix).to_string()])
        }
    }
}

fn text_of(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let read = File::open(path)?.take(MAX_FILE + 1).read_to_string(&mut text)?;
    if read as u64 > MAX_FILE { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(text) }
}
