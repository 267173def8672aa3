//! What can be read and still cannot be meant: names given twice, and names of what is not there.

use super::{Check, Readiness};
use std::collections::BTreeSet;

/// What is wrong, and what was known that might have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistaken {
    pub what: String,
    pub fix: String,
}

impl Readiness {
    /// Everything that refers to nothing, given the names of all services.
    pub fn mistakes(&self, services: &[&str]) -> Vec<Mistaken> {
        let mut found = Vec::new();
        twice(&mut found, "item", self.items.iter().map(|item| item.id.as_str()));
        twice(&mut found, "objective", self.objectives.iter().map(|it| it.id.as_str()));
        twice(&mut found, "runbook", self.runbooks.iter().map(|it| it.id.as_str()));
        twice(&mut found, "on-call schedule", self.on_call.iter().map(|it| it.name.as_str()));
        self.checks(&mut found);
        self.services(services, &mut found);
        self.numbers(&mut found);
        let items: Vec<_> = self.items.iter().map(|item| item.id.as_str()).collect();
        for claim in &self.claims {
            for item in &claim.beside {
                unknown(
                    &mut found,
                    &format!("an item the claim {} stands beside", claim.title),
                    item.as_str(),
                    &items,
                );
            }
        }
        found
    }

    fn checks(&self, found: &mut Vec<Mistaken>) {
        let runbooks: Vec<_> = self.runbooks.iter().map(|it| it.id.as_str()).collect();
        let objectives: Vec<_> = self.objectives.iter().map(|it| it.id.as_str()).collect();
        let schedules: Vec<_> = self.on_call.iter().map(|it| it.name.as_str()).collect();
        for (item, check) in self.items.iter().flat_map(|item| item.checks.iter().map(move |it| (item, it))) {
            let (thing, name, known) = match check {
                Check::Runbook(name) => ("a runbook", name, &runbooks),
                Check::Objective(name) => ("an objective", name, &objectives),
                Check::OnCall(name) => ("an on-call schedule", name, &schedules),
                Check::Playbooks(_) | Check::PostMortem => continue,
            };
            unknown(found, &format!("{thing}, as the checks of {} want", item.id), name, known);
        }
    }

    fn services(&self, known: &[&str], found: &mut Vec<Mistaken>) {
        let objectives = self.objectives.iter().map(|it| (&it.title, it.service.as_slice()));
        let runbooks = self.runbooks.iter().map(|it| (&it.title, it.services.as_slice()));
        let schedules = self.on_call.iter().map(|it| (&it.name, it.services.as_slice()));
        for (title, services) in objectives.chain(runbooks).chain(schedules) {
            for service in services {
                unknown(
                    found,
                    &format!("a service of the catalog, as {title} wants"),
                    service.as_str(),
                    known,
                );
            }
        }
    }

    fn numbers(&self, found: &mut Vec<Mistaken>) {
        for objective in &self.objectives {
            if objective.agreed.is_some_and(|share| !(share > 0.0 && share < 100.0)) {
                let what = format!("the objective {} agrees to what cannot be kept or broken", objective.id);
                found.push(Mistaken {
                    what,
                    fix: "write a share of a hundred, such as agreed = 99.9".to_owned(),
                });
            }
            if objective.policy.iter().any(|step| step.burning.is_none() == step.left.is_none()) {
                let what = format!("a step of the policy of {} does not say when", objective.id);
                found.push(Mistaken { what, fix: "write either burning = 2.0 or left = 25".to_owned() });
            }
        }
        for schedule in &self.on_call {
            let is_turned = schedule.shifts.iter().any(|shift| shift.to <= shift.from);
            let rotation = schedule.rotation.as_ref();
            if is_turned || rotation.is_some_and(|it| it.people.is_empty() || it.every.as_millis() <= 0) {
                let what = format!("the schedule {} has a shift nobody can take", schedule.name);
                let fix = "a shift ends after it begins, and a rotation has people and every = \"7d\"";
                found.push(Mistaken { what, fix: fix.to_owned() });
            }
        }
    }
}

fn twice<'a>(found: &mut Vec<Mistaken>, thing: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            found.push(Mistaken {
                what: format!("the {thing} {name} is there twice"),
                fix: "keep one".to_owned(),
            });
        }
    }
}

fn unknown(found: &mut Vec<Mistaken>, thing: &str, name: &str, known: &[&str]) {
    if !known.contains(&name) {
        let fix = match known {
            [] => "there is none".to_owned(),
            known => crate::domain::problem::suggest(name, known.iter().copied()),
        };
        found.push(Mistaken { what: format!("`{name}` is not {thing}"), fix });
    }
}
