//! Command and roles, record by record.

use crate::domain::event::{Event, Record};
use crate::domain::incident::Incident;
use std::sync::Arc;

impl Incident {
    pub(super) fn takes_command(&mut self, record: &Record) -> bool {
        let Record { at, by, event, .. } = record;
        match event {
            Event::CommandTaken { .. } | Event::CommandAccepted { .. } => self.command.pass_to(by, *at, None),
            Event::HandoverAccepted { packet, .. } => self.command.pass_to(by, *at, Some(Arc::clone(packet))),
            Event::CommandOffered { to, .. } => self.command.offer_to(to, None),
            Event::HandoverOffered { to, packet, .. } => self.command.offer_to(to, Some(Arc::clone(packet))),
            Event::CommandDeclined { .. } => self.command.withdraw(),
            Event::CommandReleased { .. } => self.command.release(*at),
            Event::NextCommanderNamed { next, .. } => self.command.next.clone_from(next),
            Event::RoleTaken { role, .. } => {
                self.roles.entry(*role).or_default().insert(by.clone());
            }
            Event::RoleDropped { role, .. } => {
                return self.roles.get_mut(role).is_some_and(|people| people.remove(by));
            }
            _ => return false,
        }
        true
    }
}
