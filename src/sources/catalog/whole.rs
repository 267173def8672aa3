//! The files of a catalog put together, and what only shows then: a name given twice, a dependency that nobody runs.

use super::file::{Placed, Written};
use super::watched::watched;
use crate::domain::catalog::{Readiness, Template};
use crate::domain::problem::Problem;
use crate::domain::{Catalog, Service, ServiceName};
use crate::sources::probe::Bounds;
use crate::sources::written::Mistake;
use std::collections::HashMap;

/// More than this nobody reads.
const MOST: usize = 200;

/// All of them as one catalog. Of a name given twice the first counts.
pub(super) fn whole(files: &[&Written], bounds: Option<Bounds>) -> (Catalog, Vec<Problem>) {
    let mut found = Vec::new();
    let services = services(files, &mut found);
    needs(files, &mut found);
    let checklists = checklists(files, &services, &mut found);
    let readiness = readiness(files, &services, &mut found);
    let plan = files.iter().find_map(|file| file.plan.as_ref());
    let plan = plan.map(|it| it.content.clone()).unwrap_or_default();
    let catalog = Catalog { services, checklists, readiness, plan };
    watched(files, &catalog, bounds, &mut found);
    let own = files.iter().flat_map(|file| file.problems.iter().cloned());
    let mut problems: Vec<_> = own.chain(found).collect();
    problems.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    problems.truncate(MOST);
    (catalog, problems)
}

fn services(files: &[&Written], found: &mut Vec<Problem>) -> Vec<Service> {
    let mut first: HashMap<&ServiceName, (&str, usize)> = HashMap::new();
    let mut services = Vec::new();
    for (file, Placed { line, content }) in all(files, |file| &file.services) {
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
        match first.get(name) {
            None => {
                first.insert(name, (&file.name, *line));
                services.push(content.clone());
            }
            Some((other, at)) => {
                let fix = match *other == file.name {
                    true => "keep one".to_owned(),
                    false => format!("keep one; the other is {other}:{at}"),
                };
                say(found, file, *line, Mistake::new(format!("{name} is in the catalog twice"), fix));
            }
        }
    }
    services
}

/// What has to be true before launch, and every name in it that is of nothing.
fn readiness(files: &[&Written], services: &[Service], found: &mut Vec<Problem>) -> Readiness {
    let placed = files.iter().find_map(|file| Some((*file, file.readiness.as_ref()?)));
    let Some((file, Placed { line, content })) = placed else { return Readiness::default() };
    let names: Vec<_> = services.iter().map(|service| service.name.as_str()).collect();
    for mistaken in content.mistakes(&names) {
        let place = (mistaken.part.to_owned(), mistaken.place);
        let line = file.parts.get(&place).unwrap_or(line);
        say(found, file, *line, Mistake::new(mistaken.what, mistaken.fix));
    }
    content.clone()
}

/// What a service of the catalog depends on must be in it, unless it is said to be something else.
fn needs(files: &[&Written], found: &mut Vec<Problem>) {
    let names = all(files, |file| &file.services).map(|(_, placed)| placed.content.name.as_str());
    let names: std::collections::HashSet<_> = names.collect();
    let mut known: Option<Vec<&str>> = None;
    for (file, placed) in all(files, |file| &file.services) {
        let content = &placed.content;
        for needed in content.needs_services() {
            if names.contains(needed.as_str()) || found.len() >= MOST {
                continue;
            }
            let known = known.get_or_insert_with(|| {
                all(files, |file| &file.services).map(|(_, placed)| placed.content.name.as_str()).collect()
            });
            let what = format!("what {} depends on: it is not in the catalog", content.name);
            let line = file.line_of(placed, needed.as_str());
            say(found, file, line, Mistake::unknown(&what, needed.as_str(), known));
        }
    }
}

/// A checklist nobody could begin, or of a service nobody runs, is a mistake.
fn checklists(files: &[&Written], services: &[Service], found: &mut Vec<Problem>) -> Vec<Template> {
    let known: Vec<_> = services.iter().map(|service| service.name.as_str()).collect();
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
        if let Some(service) = service.filter(|service| !known.contains(service)) {
            let what = format!("the service of the checklist {}", content.name);
            say(found, file, *line, Mistake::unknown(&what, service, &known));
        }
        checklists.push(content.clone());
    }
    checklists
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
