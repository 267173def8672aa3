//! What is known, what is being done, what is wanted: composed from what is there, for a status update and for
//! the packet that goes with command. Nothing is added that nobody said.

use super::{Clock, ClockPolicy, Entry, Incident, Task, clocks};
use crate::domain::event::{
    Audience, Brief, CriterionState, OpenHypothesis, Owner, Packet, Role, RunningTask, Timer, UpdateContent,
    When,
};
use crate::domain::id::Person;
use crate::domain::time::Time;
use std::collections::BTreeSet;

/// All that who takes command has to know.
pub fn handover(incident: &Incident, policy: &ClockPolicy, now: Time) -> Packet {
    let last_update = incident.latest_update().map(|update| update.content.clone());
    Packet {
        composed_at: now,
        severity: incident.severity,
        brief: compose(incident, Audience::Internal),
        hypotheses: hypotheses(incident),
        tasks: tasks(incident),
        timers: timers(incident, policy, now),
        owners: owners(incident),
        criteria: unmet(incident),
        next_update: Audience::ALL.iter().filter_map(|to| incident.last_update(*to)?.content.next).min(),
        last_update,
    }
}

/// A status update to begin from, at the words this audience was last told.
pub fn draft_update(incident: &Incident, audience: Audience, now: Time) -> UpdateContent {
    UpdateContent { audience, happened: When::exactly(now), brief: compose(incident, audience), next: None }
}

/// What was said inside never turns up in words for those outside; what was said outside is known inside.
pub fn compose(incident: &Incident, audience: Audience) -> Brief {
    let own = incident.last_update(audience);
    let last = match audience {
        Audience::Internal => own.or_else(|| incident.latest_update()),
        Audience::External => own,
    };
    let said = last.map(|update| update.content.brief.clone()).unwrap_or_default();
    let condition = or(said.condition, &incident.whole_impact());
    let actions = match audience {
        Audience::Internal => or(running_in_words(incident), &said.actions),
        Audience::External => said.actions,
    };
    Brief { condition, actions, needs: said.needs }
}

fn running_in_words(incident: &Incident) -> String {
    let all = incident.with_merged().flat_map(|(_, incident)| incident.tasks.values());
    all.filter(|task| task.is_running()).map(in_words).collect::<Vec<_>>().join("; ")
}

fn or(said: String, otherwise: &str) -> String {
    if said.trim().is_empty() { otherwise.to_owned() } else { said }
}

fn in_words(task: &Task) -> String {
    match &task.content.owner {
        Some(owner) => format!("{} ({owner})", task.content.text),
        None => task.content.text.clone(),
    }
}

fn tasks(incident: &Incident) -> Vec<RunningTask> {
    let running = |(of, incident): (_, &Incident)| {
        let tasks = incident.tasks.values().filter(|task| task.is_running());
        tasks.map(|task| RunningTask { of, task: task.id, content: task.content.clone() }).collect::<Vec<_>>()
    };
    incident.with_merged().flat_map(running).collect()
}

fn hypotheses(incident: &Incident) -> Vec<OpenHypothesis> {
    let open = |(of, incident): (_, &Incident)| {
        let entries = incident.open_hypotheses();
        let named = |entry: &Entry| OpenHypothesis { of, entry: entry.id, text: entry.content.text.clone() };
        entries.map(named).collect::<Vec<_>>()
    };
    incident.with_merged().flat_map(open).collect()
}

fn timers(incident: &Incident, policy: &ClockPolicy, now: Time) -> Vec<Timer> {
    clocks(incident, policy, now)
        .into_iter()
        .filter(Clock::is_pending)
        .map(|clock| Timer { nudge: clock.nudge, due: clock.next() })
        .collect()
}

fn owners(incident: &Incident) -> Vec<Owner> {
    let of_role = |(&role, people): (&Role, &BTreeSet<Person>)| {
        people.iter().map(move |person| Owner { role, person: person.clone() }).collect::<Vec<_>>()
    };
    incident.roles.iter().flat_map(of_role).collect()
}

fn unmet(incident: &Incident) -> Vec<String> {
    let all = incident.with_merged().flat_map(|(_, incident)| incident.criteria.values());
    let open = all.filter(|criterion| criterion.state == CriterionState::Open);
    open.map(|criterion| criterion.content.text.clone()).collect()
}
