//! What an incident leaves open when somebody is about to end it: what was agreed on, and is not there. It stops nobody.

use super::{Incident, Status};
use crate::domain::event::CriterionState;

/// One clause each, the weightiest first: "X1 and X2 are not met", "2 tasks are running".
pub fn unfinished(incident: &Incident) -> Vec<String> {
    if incident.status != Status::Open {
        return Vec::new();
    }
    let criteria = incident.criteria.values().filter(|criterion| criterion.state == CriterionState::Open);
    let tasks = incident.tasks.values().filter(|task| task.is_running()).count();
    let checklists = incident.checklists.values().filter(|list| list.next_step().is_some());
    let hypotheses = incident.open_hypotheses().count();
    [
        named(
            &criteria.map(|criterion| criterion.id.to_string()).collect::<Vec<_>>(),
            "is not met",
            "are not met",
        ),
        counted(tasks, "task is running", "tasks are running"),
        named(&checklists.map(|list| list.id.to_string()).collect::<Vec<_>>(), "is not done", "are not done"),
        counted(hypotheses, "hypothesis is open", "hypotheses are open"),
    ]
    .into_iter()
    .flatten()
    .collect()
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
