//! The files of a catalog read from disk, each bounded; a file that breaks goes on saying what it said before.

use super::file::{Kind, Written};
use super::whole::{Owners, in_order, whole};
use crate::domain::Catalog;
use crate::domain::problem::{Problem, suggest};
use crate::sources::probe::Bounds;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// More than this is nobody's catalog.
const MAX_FILE: u64 = 4 << 20;
const MAX_ALL: u64 = 16 << 20;
const MAX_FILES: usize = 4_096;

/// The files a folder may hold beside `services/`.
const NAMED: [(&str, Kind); 3] =
    [("checklists.toml", Kind::Checklists), ("readiness.toml", Kind::Readiness), ("plan.toml", Kind::Plan)];
const SERVICES: &str = "services";

/// Reads the catalog at one place, again and again.
#[derive(Debug)]
pub struct Loader {
    place: PathBuf,
    /// Where checks of health may lead, if that is to be judged as well.
    bounds: Option<Bounds>,
    /// What each file said when it was last worth listening to.
    said: BTreeMap<PathBuf, Written>,
    owners: Owners,
}

/// A catalog as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    pub catalog: Catalog,
    /// What is wrong with it: what cannot be read, then what does not fit together, each in the order of the files.
    pub problems: Vec<Problem>,
    /// The files that are broken now, and go on saying what they said before.
    pub held: Vec<String>,
}

/// Which files there were, how large, and when they were written.
pub(super) type Trace = Vec<(PathBuf, u64, Option<SystemTime>)>;

impl Loader {
    /// Nothing is read yet. A place that is a folder is read as one.
    pub fn new(place: PathBuf) -> Self {
        Self { place, bounds: None, said: BTreeMap::new(), owners: Owners::new() }
    }

    /// Judges the addresses of health checks by where they may lead in this room.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds: Some(bounds), ..self }
    }

    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Reads everything anew. Fails when there is nothing at the place, or nobody may look.
    pub fn load(&mut self) -> io::Result<Loaded> {
        let (files, mut problems) = files(&self.place)?;
        self.said.retain(|path, _| files.iter().any(|(known, _)| known == path));
        let (mut held, mut left) = (Vec::new(), MAX_ALL);
        for (path, kind) in files {
            let name = path.display().to_string();
            let now = match text_of(&path, &mut left) {
                Ok(text) => Written::read(&name, &text, kind),
                Err(error) if !self.place.is_dir() => return Err(error),
                Err(error) => {
                    Written { problems: vec![unreadable(&name, &error)], name, ..Written::default() }
                }
            };
            let before = self.said.get(&path).is_some_and(|before| before.problems.is_empty());
            if before && !now.problems.is_empty() {
                held.push(now.name.clone());
                problems.extend(now.problems);
            } else {
                self.said.insert(path, now);
            }
        }
        let all: Vec<_> = self.said.values().collect();
        let (catalog, found) = whole(&all, self.bounds, &mut self.owners);
        problems.sort_by(in_order);
        problems.extend(found);
        Ok(Loaded { catalog, problems, held })
    }

    /// What tells whether anything was written since, without reading it.
    pub(super) fn trace(&self) -> Trace {
        let (files, _) = files(&self.place).unwrap_or_default();
        let trace = |(path, _): (PathBuf, Kind)| {
            let about = fs::metadata(&path).ok();
            let length = about.as_ref().map_or(0, fs::Metadata::len);
            (path, length, about.and_then(|about| about.modified().ok()))
        };
        files.into_iter().map(trace).collect()
    }
}

type Files = Vec<(PathBuf, Kind)>;

/// The files of a catalog in the order of their names, and what in its folder is none of it.
fn files(place: &Path) -> io::Result<(Files, Vec<Problem>)> {
    if !fs::metadata(place)?.is_dir() {
        return Ok((vec![(place.to_owned(), Kind::Whole)], Vec::new()));
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for (name, path) in toml_files(place)? {
        match NAMED.iter().find(|(known, _)| *known == name) {
            Some((_, kind)) => files.push((path, *kind)),
            None => problems.push(strange(&name, &path)),
        }
    }
    let services = place.join(SERVICES);
    if services.is_dir() {
        files.extend(toml_files(&services)?.into_iter().map(|(_, path)| (path, Kind::Services)));
    }
    files.sort_by(|one, other| one.0.cmp(&other.0));
    if files.len() > MAX_FILES {
        let what = format!("there are {} files here, and {MAX_FILES} are read", files.len());
        problems.push(problem(&services.display().to_string(), what, "put several services into a file"));
        files.truncate(MAX_FILES);
    }
    Ok((files, problems))
}

/// What an editor leaves lying about begins with a dot, or does not end in `.toml`.
fn toml_files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(folder)?.filter_map(Result::ok);
    let named = entries.filter_map(|entry| Some((entry.file_name().to_str()?.to_owned(), entry.path())));
    Ok(named.filter(|(name, _)| name.ends_with(".toml") && !name.starts_with('.')).collect())
}

/// Opening a pipe would wait for ever, so only files are opened.
fn text_of(path: &Path, left: &mut u64) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
    }
    let most = MAX_FILE.min(*left);
    let mut text = String::new();
    let read = File::open(path)?.take(most + 1).read_to_string(&mut text)? as u64;
    if read > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    *left -= read;
    Ok(text)
}

fn unreadable(file: &str, error: &io::Error) -> Problem {
    problem(file, format!("cannot be read: {error}"), "a file has at most 4 MB of TOML, all of them 16 MB")
}

fn strange(name: &str, path: &Path) -> Problem {
    let what = "no part of a catalog has this name".to_owned();
    let known = NAMED.iter().map(|(known, _)| *known);
    let fix = format!("{}; a service belongs into {SERVICES}/", suggest(name, known));
    problem(&path.display().to_string(), what, &fix)
}

fn problem(file: &str, what: String, fix: &str) -> Problem {
    Problem { file: file.to_owned(), line: 1, what, fix: fix.to_owned() }
}
