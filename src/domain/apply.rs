//! The journal told again: each record changes the state of the room, in order, once.
//!
//! Total: a record about something that does not exist changes nothing but the sequence, so a journal that was
//! damaged or written by a newer version still opens.

use super::event::{Event, Record, Verdict};
use super::id::{EntryId, Person};
use super::incident::{Command, Entry, Incident, Revision, Room, Status, Strike};
use std::sync::Arc;

impl Room {
    pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut room = Self::default();
        for record in records {
            room.apply(record);
        }
        room
    }

    /// A record that the room already reflects changes nothing.
    pub fn apply(&mut self, record: &Record) {
        if record.seq <= self.seq {
            return;
        }
        self.seq = record.seq;
        if let Event::IncidentDeclared { incident, .. } = &record.event {
            if let Some(declared) = declared(record) {
                self.incidents.entry(*incident).or_insert_with(|| Arc::new(declared));
            }
        } else if let Some(incident) = self.incidents.get_mut(&record.event.incident()) {
            Arc::make_mut(incident).apply(record);
        }
    }
}

fn declared(record: &Record) -> Option<Incident> {
    let Event::IncidentDeclared { incident, title, severity, services, impact, evidence } = &record.event
    else {
        return None;
    };
    Some(Incident {
        id: *incident,
        title: title.clone(),
        severity: *severity,
        status: Status::Open,
        services: services.clone(),
        impact: impact.clone(),
        evidence: evidence.clone(),
        declared_at: record.at,
        declared_by: record.by.clone(),
        command: Command::default(),
        roles: Default::default(),
        entries: Default::default(),
        resolved_at: None,
        closed_at: None,
    })
}

impl Incident {
    fn apply(&mut self, record: &Record) {
        let Record { at, by, event, .. } = record;
        match event {
            Event::IncidentDeclared { .. } => {}
            Event::SeverityChanged { to, .. } => self.severity = *to,
            Event::IncidentResolved { .. } => {
                self.status = Status::Resolved;
                self.resolved_at = Some(*at);
            }
            Event::IncidentClosed { .. } => {
                self.status = Status::Closed;
                self.closed_at = Some(*at);
            }
            Event::IncidentReopened { .. } => {
                self.status = Status::Open;
                self.resolved_at = None;
                self.closed_at = None;
            }
            Event::CommandTaken { .. } | Event::CommandAccepted { .. } => self.command_passes_to(by, record),
            Event::CommandOffered { to, .. } => self.command.offered_to = Some(to.clone()),
            Event::CommandDeclined { .. } => self.command.offered_to = None,
            Event::CommandReleased { .. } => {
                self.command.holder = None;
                self.command.offered_to = None;
            }
            Event::RoleTaken { role, .. } => {
                self.roles.entry(*role).or_default().insert(by.clone());
            }
            Event::RoleDropped { role, .. } => {
                if let Some(people) = self.roles.get_mut(role) {
                    people.remove(by);
                }
            }
            Event::EntryWritten { entry, content, .. } => {
                self.entries.entry(*entry).or_insert_with(|| Entry {
                    id: *entry,
                    written_at: *at,
                    written_by: by.clone(),
                    content: content.clone(),
                    revisions: Vec::new(),
                    struck: None,
                    pinned: false,
                    verdict: Verdict::Open,
                });
            }
            Event::EntryRevised { entry, content, .. } => self.change(*entry, |entry| {
                let content = std::mem::replace(&mut entry.content, content.clone());
                entry.revisions.push(Revision { replaced_at: *at, replaced_by: by.clone(), content });
            }),
            Event::EntryStruck { entry, reason, .. } => self.change(*entry, |entry| {
                entry.struck = Some(Strike { at: *at, by: by.clone(), reason: reason.clone() });
            }),
            Event::EntryRestored { entry, .. } => self.change(*entry, |entry| entry.struck = None),
            Event::EntryPinned { entry, pinned, .. } => self.change(*entry, |entry| entry.pinned = *pinned),
            Event::HypothesisJudged { entry, verdict, .. } => {
                self.change(*entry, |entry| entry.verdict = *verdict);
            }
        }
    }

    fn command_passes_to(&mut self, person: &Person, record: &Record) {
        self.command.holder = Some(person.clone());
        self.command.offered_to = None;
        self.command.first_taken_at.get_or_insert(record.at);
    }

    fn change(&mut self, entry: EntryId, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.get_mut(&entry) {
            change(entry);
        }
    }
}
