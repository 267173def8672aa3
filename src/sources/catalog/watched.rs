//! What a catalog says that something is to be done with while a room is open: triggers that are watched and addresses
//! that are asked. What would only show then is said when the files are read.

use super::file::{Placed, Written};
use super::whole::{all, say};
use crate::domain::catalog::Catalog;
use crate::domain::trigger::{Trigger, resolve};
use crate::domain::{Service, problem::Problem};
use crate::sources::probe::{Bounds, unasked};
use crate::sources::written::Mistake;

/// `bounds` is where checks of health may lead, if that is known.
pub(super) fn watched(
    files: &[&Written],
    catalog: &Catalog,
    bounds: Option<Bounds>,
    found: &mut Vec<Problem>,
) {
    for (file, placed) in all(files, |file| &file.services) {
        let service = &placed.content;
        for text in triggers(service) {
            for mistake in of_trigger(catalog, service, text) {
                say(found, file, file.line_of(placed, text), mistake);
            }
        }
        for check in &service.health_checks {
            let Some(url) = check.url.as_deref() else { continue };
            if let Some(mistake) = of_address(check.called(), url, bounds) {
                say(found, file, file.line_of(placed, url), mistake);
            }
        }
    }
}

/// Those that are evaluated; other conditions are for people to read.
fn triggers(service: &Service) -> impl Iterator<Item = &str> {
    let rollback = service.rollback.iter().flat_map(|rollback| &rollback.triggers);
    let modes = service.degradations.iter().map(|mode| &mode.trigger);
    rollback.chain(modes).map(String::as_str).filter(|text| !text.trim().is_empty())
}

fn of_trigger(catalog: &Catalog, service: &Service, text: &str) -> Vec<Mistake> {
    let trigger: Trigger = match text.parse() {
        Ok(trigger) => trigger,
        Err(fault) => {
            let fix = "write it like `error rate > 5 % for 2 minutes`, or in words under also_when or cause";
            return vec![Mistake::new(format!("the trigger `{text}` is not understood: {fault}"), fix)];
        }
    };
    let problems = resolve::problems(catalog, service, &trigger).into_iter();
    problems.map(|why| parted(&why, "describe it in the catalog: [[service.metric]]")).collect()
}

/// An address may hold a secret, so it is not repeated.
fn of_address(check: &str, url: &str, bounds: Option<Bounds>) -> Option<Mistake> {
    let trouble = unasked(url, bounds)?.to_string();
    Some(parted(&format!("the check {check}: {trouble}"), ""))
}

/// The sentence up to its first semicolon is what is wrong, and what follows is the fix.
fn parted(why: &str, otherwise: &str) -> Mistake {
    let (what, fix) = why.split_once("; ").unwrap_or((why, otherwise));
    Mistake::new(what, fix)
}

impl Written {
    /// The line of something a service says, or where the service begins.
    pub(super) fn line_of(&self, placed: &Placed<Service>, text: &str) -> usize {
        let key = (placed.content.name.as_str().to_owned(), text.to_owned());
        self.said.get(&key).copied().unwrap_or(placed.line)
    }
}
