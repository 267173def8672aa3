//! What can be looked up about an item, each with what was seen.

use super::watch;
use crate::domain::catalog::{Check, Item, Objective, OnCall, Readiness, Runbook};
use crate::domain::event::RetroState;
use crate::domain::id::IncidentId;
use crate::domain::incident::Room;
use crate::domain::time::Time;
use std::collections::{BTreeSet, HashMap};

/// One check and what came of it, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub holds: bool,
    pub said: String,
}

/// What checks name, by its name, so that a large register is as quick to look through as a small one.
pub(super) struct Lookup<'a> {
    runbooks: HashMap<&'a str, &'a Runbook>,
    objectives: HashMap<&'a str, &'a Objective>,
    schedules: HashMap<&'a str, Checked>,
    playbooks: usize,
    /// The first incident or drill whose post-mortem was reviewed.
    reviewed: Option<IncidentId>,
    now: Time,
}

impl<'a> Lookup<'a> {
    /// What the checks of these items name, and nothing else.
    pub(super) fn of(readiness: &'a Readiness, items: &[Item], room: &Room, now: Time) -> Self {
        let named: BTreeSet<&str> =
            items.iter().flat_map(|item| &item.checks).filter_map(Check::names).collect();
        let is_named = |name: &str| named.contains(name);
        let runbooks = readiness.runbooks.iter().filter(|it| is_named(&it.id));
        let objectives = readiness.objectives.iter().filter(|it| is_named(&it.id));
        let schedules = readiness.on_call.iter().filter(|it| is_named(&it.name));
        Self {
            runbooks: runbooks.map(|it| (it.id.as_str(), it)).collect(),
            objectives: objectives.map(|it| (it.id.as_str(), it)).collect(),
            schedules: schedules.map(|it| (it.name.as_str(), on_call(it, now))).collect(),
            playbooks: readiness.playbooks.len(),
            reviewed: reviewed(room, now),
            now,
        }
    }

    pub(super) fn checked(&self, item: &Item) -> Vec<Checked> {
        item.checks.iter().map(|check| self.check(check)).collect()
    }

    fn check(&self, check: &Check) -> Checked {
        match check {
            Check::Runbook(id) => runbook(id, self.runbooks.get(id.as_str()).copied(), self.now),
            Check::Objective(id) => objective(id, self.objectives.get(id.as_str()).copied()),
            Check::OnCall(name) => self
                .schedules
                .get(name.as_str())
                .cloned()
                .unwrap_or_else(|| no(format!("the on-call schedule {name} is not in the catalog"))),
            Check::Playbooks(wanted) => Checked {
                holds: self.playbooks >= *wanted,
                said: format!("{} of {wanted} playbooks are written", self.playbooks),
            },
            Check::PostMortem => match self.reviewed {
                Some(first) => yes(format!("the post-mortem of {first} was reviewed")),
                None => no("no post-mortem was reviewed yet".to_owned()),
            },
        }
    }
}

fn reviewed(room: &Room, now: Time) -> Option<IncidentId> {
    let is_reviewed = |state| matches!(state, RetroState::Reviewed | RetroState::Closed);
    let first = room.incidents.values().find(|incident| {
        let moves = &incident.retro.moves;
        moves.iter().rfind(|moved| moved.at <= now).is_some_and(|moved| is_reviewed(moved.to))
    });
    first.map(|incident| incident.id)
}

fn runbook(id: &str, runbook: Option<&Runbook>, now: Time) -> Checked {
    let Some(runbook) = runbook else {
        return no(format!("the runbook {id} is not in the catalog"));
    };
    match runbook.age(now) {
        None => no(format!("the runbook {id} was never validated")),
        Some(age) if runbook.is_fresh(now) => yes(format!("the runbook {id} was validated {age} ago")),
        Some(age) => no(format!("the runbook {id} was validated {age} ago, which is too long")),
    }
}

fn objective(id: &str, objective: Option<&Objective>) -> Checked {
    match objective {
        None => no(format!("the objective {id} is not in the catalog")),
        Some(objective) => match objective.agreed {
            Some(share) => yes(format!("{id} is agreed at {share} %")),
            None => no(format!("{id} has no number that was agreed to")),
        },
    }
}

fn on_call(schedule: &OnCall, now: Time) -> Checked {
    let name = &schedule.name;
    match watch::on_duty(schedule, now).holes.first() {
        None => yes(format!("{name} has somebody on call for the next 14 days")),
        Some(hole) => no(format!("{name} has nobody on call from {}", watch::minute(hole.from))),
    }
}

const fn yes(said: String) -> Checked {
    Checked { holds: true, said }
}

const fn no(said: String) -> Checked {
    Checked { holds: false, said }
}
