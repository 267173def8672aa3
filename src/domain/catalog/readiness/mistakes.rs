//! What can be read and still cannot be meant: names given twice, and names of what is not there.

use super::{Check, Readiness};
use std::collections::BTreeSet;

/// What is wrong, in which block of which part, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistaken {
    /// The name of its blocks in the file, `item`.
    pub part: &'static str,
    /// Which of these blocks, counted from the first.
    pub place: usize,
    pub what: String,
    pub fix: String,
}

/// Mistakes being collected.
#[derive(Default)]
struct Found(Vec<Mistaken>);

impl Readiness {
    /// Everything that refers to nothing, given the names of all services.
    pub fn mistakes(&self, services: &[&str]) -> Vec<Mistaken> {
        let mut found = Found::default();
        found.twice("item", self.items.iter().map(|it| it.id.as_str()));
        found.twice("objective", self.objectives.iter().map(|it| it.id.as_str()));
        found.twice("runbook", self.runbooks.iter().map(|it| it.id.as_str()));
        found.twice("on_call", self.on_call.iter().map(|it| it.name.as_str()));
        self.checks(&mut found);
        self.services(services, &mut found);
        self.numbers(&mut found);
        self.shifts(&mut found);
        let items: Vec<_> = self.items.iter().map(|item| item.id.as_str()).collect();
        for (place, claim) in self.claims.iter().enumerate() {
            for item in &claim.beside {
                let thing = format!("an item the claim {} stands beside", claim.title);
                found.unknown(("claim", place), &thing, item.as_str(), &items);
            }
        }
        found.0
    }

    fn checks(&self, found: &mut Found) {
        let runbooks: Vec<_> = self.runbooks.iter().map(|it| it.id.as_str()).collect();
        let objectives: Vec<_> = self.objectives.iter().map(|it| it.id.as_str()).collect();
        let schedules: Vec<_> = self.on_call.iter().map(|it| it.name.as_str()).collect();
        let items = self.items.iter().enumerate();
        for (place, item, check) in
            items.flat_map(|(n, item)| item.checks.iter().map(move |it| (n, item, it)))
        {
            let (thing, name, known) = match check {
                Check::Runbook(name) => ("a runbook", name, &runbooks),
                Check::Objective(name) => ("an objective", name, &objectives),
                Check::OnCall(name) => ("an on-call schedule", name, &schedules),
                Check::Playbooks(_) | Check::PostMortem => continue,
            };
            let thing = format!("{thing}, as the checks of {} want", item.id);
            found.unknown(("item", place), &thing, name, known);
        }
    }

    fn services(&self, known: &[&str], found: &mut Found) {
        let objectives = self.objectives.iter().map(|it| (&it.title, it.service.as_slice()));
        let runbooks = self.runbooks.iter().map(|it| (&it.title, it.services.as_slice()));
        let schedules = self.on_call.iter().map(|it| (&it.name, it.services.as_slice()));
        let objectives = objectives.enumerate().map(|(n, it)| (("objective", n), it));
        let runbooks = runbooks.enumerate().map(|(n, it)| (("runbook", n), it));
        let schedules = schedules.enumerate().map(|(n, it)| (("on_call", n), it));
        for (place, (title, services)) in objectives.chain(runbooks).chain(schedules) {
            for service in services {
                let thing = format!("a service of the catalog, as {title} wants");
                found.unknown(place, &thing, service.as_str(), known);
            }
        }
    }

    fn numbers(&self, found: &mut Found) {
        for (n, objective) in self.objectives.iter().enumerate() {
            if objective.agreed.is_some_and(|share| !(share > 0.0 && share < 100.0)) {
                let what = format!("the objective {} agrees to what cannot be kept or broken", objective.id);
                found.add(("objective", n), what, "write a share of a hundred, such as agreed = 99.9");
            }
            if objective.policy.iter().any(|step| step.burning.is_none() == step.left.is_none()) {
                let what = format!("a step of the policy of {} does not say when", objective.id);
                found.add(("objective", n), what, "write either burning = 2.0 or left = 25");
            }
        }
    }

    fn shifts(&self, found: &mut Found) {
        for (n, schedule) in self.on_call.iter().enumerate() {
            let is_turned = schedule.shifts.iter().any(|shift| shift.to <= shift.from);
            let rotation = schedule.rotation.as_ref();
            if is_turned || rotation.is_some_and(|it| it.people.is_empty() || it.every.as_millis() <= 0) {
                let what = format!("the schedule {} has a shift nobody can take", schedule.name);
                let fix = "a shift ends after it begins, and a rotation has people and every = \"7d\"";
                found.add(("on_call", n), what, fix);
            }
        }
    }
}

impl Found {
    fn add(&mut self, (part, place): (&'static str, usize), what: String, fix: impl Into<String>) {
        self.0.push(Mistaken { part, place, what, fix: fix.into() });
    }

    fn twice<'a>(&mut self, part: &'static str, names: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for (n, name) in names.enumerate() {
            if !seen.insert(name) {
                self.add(
                    (part, n),
                    format!("the {} {name} is there twice", part.replace('_', "-")),
                    "keep one",
                );
            }
        }
    }

    fn unknown(&mut self, place: (&'static str, usize), thing: &str, name: &str, known: &[&str]) {
        if !known.contains(&name) {
            let fix = match known {
                [] => "there is none".to_owned(),
                known => crate::domain::problem::suggest(name, known.iter().copied()),
            };
            self.add(place, format!("`{name}` is not {thing}"), fix);
        }
    }
}
