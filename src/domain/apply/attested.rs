//! Sign-offs, record by record.

use crate::domain::event::{Event, Record};
use crate::domain::incident::Room;
use crate::domain::readiness::{Act, Did};
use std::sync::Arc;

impl Room {
    pub(super) fn attest(&mut self, record: &Record) {
        let (item, did) = match &record.event {
            Event::SignedOff { item, title, needs, evidence, note, expires_after } => {
                let (title, needs, note) = (title.clone(), needs.clone(), note.clone());
                let evidence = evidence.clone();
                (item, Did::Signed { title, needs, evidence, note, expires_after: *expires_after })
            }
            Event::SignOffWithdrawn { item, reason } => (item, Did::Withdrew { reason: reason.clone() }),
            _ => return,
        };
        let act = Act { seq: record.seq, at: record.at, by: record.by.clone(), did };
        Arc::make_mut(&mut self.attestations).entry(item.clone()).or_default().push(act);
    }
}
