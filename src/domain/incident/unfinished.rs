//! What an incident leaves open when somebody is about to end it: what was agreed on, in it or in what was merged into
//! it, and is not there. It stops nobody.

use super::{Incident, Status};
use crate::domain::event::CriterionState;
use crate::domain::id::IncidentId;
use std::fmt::Display;

/// One clause each, the weightiest first: "X1 and X2 are not met", "2 tasks are running".
pub fn unfinished(incident: &Incident) -> Vec<String> {
    if incident.status != Status::Open {
        return Vec::new();
    }
    let (mut criteria, mut checklists, mut tasks, mut hypotheses) = (Vec::new(), Vec::new(), 0, 0);
    for (origin, incident) in incident.with_merged() {
        let open = incident.criteria.values().filter(|criterion| criterion.state == CriterionState::Open);
        criteria.extend(open.map(|criterion| name(origin, criterion.id)));
        let begun = incident.checklists.values().filter(|list| list.next_step().is_some());
        checklists.extend(begun.map(|list| name(origin, list.id)));
        tasks += incident.tasks.values().filter(|task| task.is_running()).count();
        hypotheses += incident.open_hypotheses().count();
    }
    [
        named(&criteria, "is not met", "are not met"),
        counted(tasks, "task is running", "tasks are running"),
        named(&checklists, "is not done", "are not done"),
        counted(hypotheses, "hypothesis is open", "hypotheses are open"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `X1`, and `INC-2 X1` of what was merged.
pub fn name(origin: Option<IncidentId>, of: impl Display) -> String {
    origin.map_or_else(|| of.to_string(), |origin| format!("{origin} {of}"))
}

/// "a, b and c".
pub fn and(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn named(names: &[String], one: &str, many: &str) -> Option<String> {
    match names.len() {
        0 => None,
        1 => Some(format!("{} {one}", names[0])),
        2..=4 => Some(format!("{} {many}", and(names))),
        count => Some(format!("{}, {} and {} more {many}", names[0], names[1], count - 2)),
    }
}

fn counted(count: usize, one: &str, many: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        many_of => Some(format!("{many_of} {many}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_until_there_are_too_many() {
        let names = |count: usize| (1..=count).map(|n| format!("X{n}")).collect::<Vec<_>>();
        let said =
            [1, 2, 6].map(|count| named(&names(count), "is not met", "are not met").unwrap_or_default());
        assert_eq!(said, ["X1 is not met", "X1 and X2 are not met", "X1, X2 and 4 more are not met"]);
        assert_eq!(
            (counted(0, "a", "b"), counted(1, "task is running", "")),
            (None, Some("1 task is running".into()))
        );
    }
}
