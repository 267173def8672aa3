//! What can be looked up about an item, each with what was seen.

use super::watch;
use crate::domain::catalog::{Check, Item, Readiness};
use crate::domain::event::RetroState;
use crate::domain::id::IncidentId;
use crate::domain::incident::Room;
use crate::domain::time::Time;

/// One check and what came of it, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub holds: bool,
    pub said: String,
}

pub(super) fn checked(
    item: &Item,
    readiness: &Readiness,
    reviewed: &[IncidentId],
    now: Time,
) -> Vec<Checked> {
    item.checks.iter().map(|check| check_one(check, readiness, reviewed, now)).collect()
}

fn check_one(check: &Check, readiness: &Readiness, reviewed: &[IncidentId], now: Time) -> Checked {
    match check {
        Check::Runbook(id) => runbook(id, readiness, now),
        Check::Objective(id) => objective(id, readiness),
        Check::OnCall(name) => on_call(name, readiness, now),
        Check::Playbooks(wanted) => {
            let written = readiness.playbooks.len();
            Checked {
                holds: written >= *wanted,
                said: format!("{written} of {wanted} playbooks are written"),
            }
        }
        Check::PostMortem => match reviewed.first() {
            Some(first) => yes(format!("the post-mortem of {first} was reviewed")),
            None => no("no post-mortem was reviewed yet".to_owned()),
        },
    }
}

/// The incidents and drills whose post-mortem was reviewed by a moment.
pub(super) fn reviewed(room: &Room, now: Time) -> Vec<IncidentId> {
    let is_reviewed = |state| matches!(state, RetroState::Reviewed | RetroState::Closed);
    let incidents = room.incidents.values().filter(|incident| {
        let moves = &incident.retro.moves;
        moves.iter().rfind(|moved| moved.at <= now).is_some_and(|moved| is_reviewed(moved.to))
    });
    incidents.map(|incident| incident.id).collect()
}

fn runbook(id: &str, readiness: &Readiness, now: Time) -> Checked {
    let Some(runbook) = readiness.runbook(id) else {
        return no(format!("the runbook {id} is not in the catalog"));
    };
    match runbook.age(now) {
        None => no(format!("the runbook {id} was never validated")),
        Some(age) if runbook.is_fresh(now) => yes(format!("the runbook {id} was validated {age} ago")),
        Some(age) => no(format!("the runbook {id} was validated {age} ago, which is too long")),
    }
}

fn objective(id: &str, readiness: &Readiness) -> Checked {
    match readiness.objective(id) {
        None => no(format!("the objective {id} is not in the catalog")),
        Some(objective) => match objective.agreed {
            Some(share) => yes(format!("{id} is agreed at {share} %")),
            None => no(format!("{id} has no number that was agreed to")),
        },
    }
}

fn on_call(name: &str, readiness: &Readiness, now: Time) -> Checked {
    let Some(schedule) = readiness.schedule(name) else {
        return no(format!("the on-call schedule {name} is not in the catalog"));
    };
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
