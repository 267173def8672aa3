//! Who has command, who is to have it, and what is worth a warning about it. Warnings never stop anybody.

use super::{Incident, Status};
use crate::domain::event::{Packet, Role};
use crate::domain::id::{IncidentId, Person};
use crate::domain::time::Time;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who is IC, and to whom command is on offer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    pub holder: Option<Person>,
    pub offered_to: Option<Person>,
    /// What goes with the offer, where it came with a hand-over packet.
    pub offered_packet: Option<Arc<Packet>>,
    /// Who is to be the next IC.
    pub next: Option<Person>,
    /// When somebody first took command; later hand-overs leave it.
    pub first_taken_at: Option<Time>,
    /// Since when the holder has it, or since when nobody has; absent while nobody ever had.
    pub since: Option<Time>,
    /// What the holder read when accepting it, where there was a packet.
    pub accepted_packet: Option<Arc<Packet>>,
}

/// What may be wrong with an incident's command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    #[error("nobody has command of {0}")]
    NobodyCommands(IncidentId),
    #[error("{person} has command and is {role} too: somebody with hands on the system loses the whole")]
    CommanderHandsOn { person: Person, role: Role },
    #[error("{reports} people report to {person}; more than {most} is too many, name a deputy or teams")]
    TooManyReports { person: Person, reports: usize, most: usize },
}

impl Command {
    pub(in crate::domain) fn pass_to(&mut self, person: &Person, at: Time, packet: Option<Arc<Packet>>) {
        if self.next.as_ref() == Some(person) {
            self.next = None;
        }
        self.holder = Some(person.clone());
        self.first_taken_at.get_or_insert(at);
        self.since = Some(at);
        self.accepted_packet = packet;
        self.withdraw();
    }

    pub(in crate::domain) fn offer_to(&mut self, person: &Person, packet: Option<Arc<Packet>>) {
        self.offered_to = Some(person.clone());
        self.offered_packet = packet;
    }

    /// The offer, if there was one, is gone.
    pub(in crate::domain) fn withdraw(&mut self) {
        self.offered_to = None;
        self.offered_packet = None;
    }

    pub(in crate::domain) fn release(&mut self, at: Time) {
        self.holder = None;
        self.accepted_packet = None;
        self.since = Some(at);
        self.withdraw();
    }
}

/// What to warn of now, the worst first; `most` is how many may report to one person.
pub fn command_warnings(incident: &Incident, most: usize) -> Vec<Warning> {
    if incident.status != Status::Open {
        return Vec::new();
    }
    let Some(person) = &incident.command.holder else {
        return vec![Warning::NobodyCommands(incident.id)];
    };
    let hands_on = Role::ALL
        .iter()
        .filter(|role| role.is_hands_on() && incident.holds(**role, person))
        .map(|role| Warning::CommanderHandsOn { person: person.clone(), role: *role });
    let reports = direct_reports(incident).filter(|report| *report != person).collect::<BTreeSet<_>>().len();
    let crowd = (reports > most).then(|| Warning::TooManyReports { person: person.clone(), reports, most });
    hands_on.chain(crowd).collect()
}

/// With a deputy, the experts report to the deputy.
fn direct_reports(incident: &Incident) -> impl Iterator<Item = &Person> {
    let has_deputy = incident.roles.get(&Role::Deputy).is_some_and(|people| !people.is_empty());
    incident
        .roles
        .iter()
        .filter(move |(role, _)| role.reports() && !(has_deputy && **role == Role::Expert))
        .flat_map(|(_, people)| people)
}
