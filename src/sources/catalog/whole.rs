//! The files of a catalog put together, and what only shows then: a name given twice, a dependency that nobody runs.

use super::file::{Placed, Written};
use super::watched::watched;
use crate::domain::catalog::{Readiness, Template, TemplateKind};
use crate::domain::problem::Problem;
use crate::domain::{Catalog, Service, ServiceName};
use crate::sources::probe::Bounds;
use crate::sources::written::Mistake;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// More than this nobody reads.
const MOST: usize = 200;

/// By the name of a service: the file it was taken from.
pub(super) type Owners = HashMap<ServiceName, String>;

/// All of them as one catalog. Of a service that is there twice the file counts that had it before, as `owners` knows
/// and is told, else the one that is called like it, else the first.
pub(super) fn whole(
    files: &[&Written],
    bounds: Option<Bounds>,
    owners: &mut Owners,
) -> (Catalog, Vec<Problem>) {
    let mut found = Vec::new();
    let services = services(files, owners, &mut found);
    let names: Vec<_> = named(files).into_iter().collect();
    needs(files, &names, &mut found);
    let checklists = checklists(files, &services, &names, &mut found);
    let readiness = readiness(files, &names, &mut found);
    let plan = files.iter().find_map(|file| file.plan.as_ref());
    let plan = plan.map(|it| it.content.clone()).unwrap_or_default();
    let catalog = Catalog { services, checklists, readiness, plan };
    watched(files, &catalog, bounds, &mut found);
    let mut problems: Vec<_> = files.iter().flat_map(|file| file.problems.iter().cloned()).collect();
    problems.sort_by(in_order);
    found.sort_by(in_order);
    problems.extend(found);
    problems.truncate(MOST);
    (catalog, problems)
}

pub(super) fn in_order(one: &Problem, other: &Problem) -> Ordering {
    (&one.file, one.line).cmp(&(&other.file, other.line))
}

/// Every service that a file names, or is called like, where it cannot be read: nothing more is said of what follows.
fn named<'w>(files: &[&'w Written]) -> BTreeSet<&'w str> {
    let said = files.iter().flat_map(|file| file.said.keys()).map(|(service, _)| service.as_str());
    let broken = files.iter().filter(|file| !file.problems.is_empty());
    said.chain(broken.filter_map(|file| Path::new(&file.name).file_stem()?.to_str())).collect()
}

fn services(files: &[&Written], owners: &mut Owners, found: &mut Vec<Problem>) -> Vec<Service> {
    let mut chosen: HashMap<&ServiceName, (&Written, &Placed<Service>)> = HashMap::new();
    let mut named = Vec::new();
    for (file, placed) in all(files, |file| &file.services) {
        let Placed { line, content } = placed;
        let name = &content.name;
        if name.as_str().trim().is_empty() || name.as_str().contains('\n') {
            say(
                found,
                file,
                *line,
                Mistake::new("a service needs a name of one line", "write name = \"api\""),
            );
            continue;
        }
        named.push((file, placed));
        let known = chosen.entry(name).or_insert((file, placed));
        if claim(owners, file, name) > claim(owners, known.0, name) {
            *known = (file, placed);
        }
    }
    let mut services = Vec::new();
    for (file, placed) in named {
        let name = &placed.content.name;
        let (other, first) = chosen[name];
        if std::ptr::eq(first, placed) {
            services.push(placed.content.clone());
            continue;
        }
        let fix = match other.name == file.name {
            true => "keep one".to_owned(),
            false => format!("keep one; the other is {}:{}", other.name, first.line),
        };
        say(found, file, placed.line, Mistake::new(format!("{name} is in the catalog twice"), fix));
    }
    *owners = chosen.into_iter().map(|(name, (file, _))| (name.clone(), file.name.clone())).collect();
    services
}

/// How good a claim a file has to a service that another one has as well.
fn claim(owners: &Owners, file: &Written, name: &ServiceName) -> (bool, bool) {
    let is_called = || Path::new(&file.name).file_stem().is_some_and(|stem| stem == name.as_str());
    (owners.get(name) == Some(&file.name), is_called())
}

/// What has to be true before launch, and every name in it that is of nothing.
fn readiness(files: &[&Written], names: &[&str], found: &mut Vec<Problem>) -> Readiness {
    let placed = files.iter().find_map(|file| Some((*file, file.readiness.as_ref()?)));
    let Some((file, Placed { line, content })) = placed else { return Readiness::default() };
    for mistaken in content.mistakes(names) {
        let place = (mistaken.part.to_owned(), mistaken.place);
        let line = file.parts.get(&place).unwrap_or(line);
        say(found, file, *line, Mistake::new(mistaken.what, mistaken.fix));
    }
    content.clone()
}

/// What a service of the catalog depends on must be in it, unless it is said to be something else.
fn needs(files: &[&Written], names: &[&str], found: &mut Vec<Problem>) {
    for (file, placed) in all(files, |file| &file.services) {
        let content = &placed.content;
        for needed in content.needs_services() {
            if names.binary_search(&needed.as_str()).is_ok() || found.len() >= MOST {
                continue;
            }
            let what = format!("what {} depends on: it is not in the catalog", content.name);
            let line = file.line_of(placed, needed.as_str());
            say(found, file, line, Mistake::unknown(&what, needed.as_str(), names));
        }
    }
}

/// A checklist nobody could begin, or of a service nobody runs, is a mistake.
fn checklists(
    files: &[&Written],
    services: &[Service],
    names: &[&str],
    found: &mut Vec<Problem>,
) -> Vec<Template> {
    let mut checklists: Vec<Template> = Vec::new();
    for (file, Placed { line, content }) in all(files, |file| &file.checklists) {
        if checklists.iter().any(|other| other.name == content.name) {
            let what = format!("the checklist {} is in the catalog twice", content.name);
            say(found, file, *line, Mistake::new(what, "keep one"));
        }
        let blank = |text: &String| text.trim().is_empty();
        if blank(&content.name) || content.steps.is_empty() || content.steps.iter().any(blank) {
            let what = "a checklist needs a name and at least one step, and every step a text";
            say(found, file, *line, Mistake::new(what, "write steps = [\"Stop the roll-out\"]"));
        }
        let service = content.service.as_ref().map(ServiceName::as_str);
        if let Some(service) = service.filter(|service| !names.contains(service)) {
            let what = format!("the service of the checklist {}", content.name);
            say(found, file, *line, Mistake::unknown(&what, service, names));
        }
        if content.kind == TemplateKind::Rollback && services.iter().any(|it| says_how(it, content)) {
            let what = format!("{} is a second way back for a service that has one", content.name);
            say(found, file, *line, Mistake::new(what, "keep one: this, or the steps of [service.rollback]"));
        }
        checklists.push(content.clone());
    }
    checklists
}

fn says_how(service: &Service, rollback: &Template) -> bool {
    let has_steps = service.rollback.as_ref().is_some_and(|own| !own.steps.is_empty());
    has_steps && rollback.service.as_ref() == Some(&service.name)
}

pub(super) fn all<'w, T: 'w>(
    files: &'w [&'w Written],
    part: impl Fn(&'w Written) -> &'w Vec<Placed<T>> + Copy + 'w,
) -> impl Iterator<Item = (&'w Written, &'w Placed<T>)> {
    files.iter().flat_map(move |file| part(file).iter().map(move |placed| (*file, placed)))
}

pub(super) fn say(found: &mut Vec<Problem>, file: &Written, line: usize, mistake: Mistake) {
    if found.len() < MOST {
        let Mistake { what, fix } = mistake;
        found.push(Problem { file: file.name.clone(), line, what, fix });
    }
}
