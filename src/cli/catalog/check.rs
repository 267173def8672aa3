//! `sitroom catalog check`: everything that is wrong with the catalog, with line and fix, and what it leaves open.

use super::{place, usual};
use crate::cli::open::live::bounds;
use crate::cli::{Exit, Failure, Out, Run, Start};
use crate::domain::Service;
use crate::domain::catalog::completeness::{gaps, score};
use crate::domain::problem::Problem;
use crate::sources::catalog::{Loaded, Loader};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Say what is wrong with it, line by line; exit 1 when something is
#[derive(Debug, Args)]
pub(super) struct Check {
    /// A folder or a file, instead of the configured one
    place: Option<PathBuf>,
    /// Also say what each service's entry leaves open, measured by how critical it is
    #[arg(long)]
    gaps: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    place: String,
    checklists: usize,
    problems: Vec<Wrong<'a>>,
    services: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Wrong<'a> {
    file: &'a str,
    line: usize,
    what: &'a str,
    fix: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    tier: &'static str,
    criticality: &'static str,
    /// Of a hundred.
    completeness: usize,
    met: usize,
    needed: usize,
    gaps: Vec<Open>,
}

#[derive(Serialize)]
struct Open {
    need: &'static str,
    text: String,
    key: &'static str,
}

impl Run for Check {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let place = self
            .place
            .clone()
            .or_else(|| place(start))
            .or_else(|| beside(start))
            .ok_or_else(nothing_configured)?;
        let loaded = Loader::new(place.clone()).within(bounds(start)).load().map_err(|error| {
            Failure::unable(
                format!("{}: cannot be read: {error}", place.display()),
                "name a folder or a file; `sitroom catalog init` begins a folder",
            )
        })?;
        if self.json {
            out.json(&document(&place, &loaded))?;
        } else {
            self.print(&place, &loaded, out)?;
        }
        Ok(if loaded.problems.is_empty() { Exit::Done } else { Exit::No })
    }
}

impl Check {
    fn print(&self, place: &Path, loaded: &Loaded, out: &mut Out) -> Result<(), Failure> {
        for problem in &loaded.problems {
            out.line(problem)?;
        }
        if self.gaps {
            for service in by_need(&loaded.catalog.services) {
                print_gaps(service, out)?;
            }
        }
        let catalog = &loaded.catalog;
        let wrong = match loaded.problems.len() {
            0 => "nothing wrong".to_owned(),
            1 => "1 problem".to_owned(),
            n => format!("{n} problems"),
        };
        let (services, checklists) = (catalog.services.len(), catalog.checklists.len());
        out.line(format_args!(
            "{}: {}, {}, {wrong}",
            place.display(),
            counted(services, "service"),
            counted(checklists, "checklist")
        ))
    }
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn print_gaps(service: &Service, out: &mut Out) -> Result<(), Failure> {
    out.line(format_args!("{:>3} %  {}", score(service).percent(), service.name))?;
    for gap in gaps(service) {
        out.line(format_args!("       {}  ({})", gap.text, gap.key))?;
    }
    Ok(())
}

/// The most critical first, and of those the least complete.
fn by_need(services: &[Service]) -> Vec<&Service> {
    let mut services: Vec<_> = services.iter().collect();
    services.sort_by_key(|service| (service.criticality, score(service).percent(), service.name.clone()));
    services
}

fn document<'a>(place: &Path, loaded: &'a Loaded) -> Document<'a> {
    Document {
        schema: "sitroom/catalog/1",
        place: place.display().to_string(),
        checklists: loaded.catalog.checklists.len(),
        problems: loaded.problems.iter().map(wrong).collect(),
        services: by_need(&loaded.catalog.services).into_iter().map(entry).collect(),
    }
}

fn wrong(Problem { file, line, what, fix }: &Problem) -> Wrong<'_> {
    Wrong { file, line: *line, what, fix }
}

fn entry(service: &Service) -> Entry<'_> {
    let score = score(service);
    let open =
        gaps(service).into_iter().map(|gap| Open { need: gap.need, text: gap.text, key: gap.key }).collect();
    Entry {
        name: service.name.as_str(),
        tier: service.tier.word(),
        criticality: service.criticality.word(),
        completeness: score.percent(),
        met: score.met,
        needed: score.needed,
        gaps: open,
    }
}

/// Where `catalog new` begins one that nobody has configured yet.
fn beside(start: &Start) -> Option<PathBuf> {
    Some(usual(start)).filter(|folder| folder.is_dir())
}

fn nothing_configured() -> Failure {
    Failure::usage(
        "no catalog is configured, and none was named",
        "write catalog = \"catalog\" in config.toml, or give a folder; `sitroom catalog init` begins one",
    )
}
