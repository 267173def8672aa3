//! The rows of the retro and the steps of its review, record by record.

use crate::domain::event::{Event, ItemState, Record, RetroContent};
use crate::domain::id::RetroId;
use crate::domain::incident::{Incident, Mark, RetroItem, RetroMove, RetroRevision, Strike};

impl Incident {
    pub(super) fn takes_retro(&mut self, record: &Record) -> bool {
        let Record { at, by, event, .. } = record;
        let items = &mut self.retro.items;
        match event {
            Event::RetroItemWritten { item, content, .. } => {
                items.insert(*item, written(*item, content, record))
            }
            Event::RetroItemRevised { item, content, .. } => items.change(item, |item| {
                let content = std::mem::replace(&mut item.content, content.clone());
                item.revisions.push(RetroRevision { replaced_at: *at, replaced_by: by.clone(), content });
            }),
            Event::RetroItemStruck { item, reason, .. } => items.change(item, |item| {
                item.struck = Some(Strike { at: *at, by: by.clone(), reason: reason.clone() });
            }),
            Event::RetroItemRestored { item, .. } => items.change(item, |item| item.struck = None),
            Event::RetroItemMarked { item, state, reason, .. } => items.change(item, |item| {
                item.state = *state;
                item.marked = Some(Mark { at: *at, by: by.clone(), why: reason.clone() });
            }),
            Event::RetroMoved { state, .. } => {
                self.retro.moves.push(RetroMove { at: *at, by: by.clone(), to: *state });
                true
            }
            _ => false,
        }
    }
}

fn written(id: RetroId, content: &RetroContent, record: &Record) -> RetroItem {
    RetroItem {
        id,
        written_at: record.at,
        written_by: record.by.clone(),
        content: content.clone(),
        revisions: Vec::new(),
        struck: None,
        state: ItemState::Open,
        marked: None,
    }
}
