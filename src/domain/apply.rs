//! The journal told again: each record changes the state of the room, in order, once.
//!
//! Total: a record about something that does not exist changes nothing but the sequence, so a journal that was
//! damaged or written by a newer version still opens.

mod attested;
mod command;
mod declared;
mod entries;
mod moments;
mod retro;
mod work;

use super::event::{Event, Record};
use super::id::IncidentId;
use super::incident::{Incident, Room, Status};
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
        self.latest = self.latest.max(Some(record.at));
        match &record.event {
            Event::IncidentDeclared { incident, .. } | Event::DrillDeclared { incident, .. } => {
                if let Event::DrillDeclared { of, .. } = &record.event {
                    self.drill = Some(of.as_str().into());
                }
                if let Some(declared) = declared::declared(record) {
                    self.incidents.entry(*incident).or_insert_with(|| Arc::new(declared));
                }
            }
            Event::IncidentMerged { incident, into, .. } => self.merge(*incident, *into, record),
            Event::IncidentReopened { incident } => self.reopen(*incident, record),
            Event::SignedOff { .. } | Event::SignOffWithdrawn { .. } => self.attest(record),
            event => {
                if let Some(id) = event.incident() {
                    self.change(id, |incident| incident.apply(record));
                }
            }
        }
    }

    /// Only two that both go on by themselves can become one, so that mergers never run in a circle.
    fn merge(&mut self, id: IncidentId, into: IncidentId, record: &Record) {
        let goes_on = |id| self.incident(id).is_some_and(|incident| !incident.is_merged());
        if id == into || !goes_on(id) || !goes_on(into) {
            return;
        }
        self.change(into, |target| target.keep(record));
        self.change(id, |incident| {
            incident.status = Status::Merged(into);
            incident.command.withdraw();
            incident.keep(record);
        });
    }

    /// What was merged goes on by itself again.
    fn reopen(&mut self, id: IncidentId, record: &Record) {
        let above = self.above(id);
        self.change(id, |incident| incident.reopen(record));
        if let Some(above) = above {
            self.change(above, |target| {
                target.merged.remove(&id);
                target.keep(record);
            });
        }
    }

    /// Changes an incident, and what the incidents above it hold of it.
    fn change(&mut self, id: IncidentId, change: impl FnOnce(&mut Incident)) {
        let Some(incident) = self.incidents.get_mut(&id) else { return };
        change(Arc::make_mut(incident));
        let mut changed = id;
        while let Some(above) = self.above(changed) {
            let shared = Arc::clone(&self.incidents[&changed]);
            let Some(target) = self.incidents.get_mut(&above) else { return };
            Arc::make_mut(target).merged.insert(changed, shared);
            changed = above;
        }
    }

    fn above(&self, id: IncidentId) -> Option<IncidentId> {
        match self.incident(id)?.status {
            Status::Merged(into) => Some(into),
            Status::Open | Status::Resolved | Status::Closed => None,
        }
    }
}

impl Incident {
    fn apply(&mut self, record: &Record) {
        if self.takes(record) && !record.event.shows_by_itself() {
            self.keep(record);
        }
    }

    fn keep(&mut self, record: &Record) {
        self.history.insert(record.seq, record.clone());
    }

    /// Whether the record was about something that is there.
    fn takes(&mut self, record: &Record) -> bool {
        self.takes_status(record)
            || self.takes_command(record)
            || self.takes_entry(record)
            || self.takes_moment(record)
            || self.takes_work(record)
            || self.takes_retro(record)
    }

    fn takes_status(&mut self, record: &Record) -> bool {
        match &record.event {
            Event::SeverityChanged { to, .. } => self.severity = *to,
            Event::IncidentResolved { .. } if !self.is_merged() => {
                self.status = Status::Resolved;
                self.resolved_at = Some(record.at);
                self.command.withdraw();
            }
            Event::IncidentClosed { .. } if !self.is_merged() => {
                self.status = Status::Closed;
                self.closed_at = Some(record.at);
            }
            Event::IncidentDescribed { title, services, impact, .. } => {
                self.title = title.as_ref().unwrap_or(&self.title).clone();
                self.services = services.as_ref().unwrap_or(&self.services).clone();
                self.impact = impact.as_ref().unwrap_or(&self.impact).clone();
            }
            _ => return false,
        }
        true
    }
}
