//! Entries and what becomes of them, record by record.

use crate::domain::event::{Content, Event, Record, Verdict};
use crate::domain::id::EntryId;
use crate::domain::incident::{Entry, Incident, Judgement, Revision, Strike, Weight};

impl Event {
    /// What an entry or a row of the retro shows by itself, and needs no telling beside it.
    pub(super) fn shows_by_itself(&self) -> bool {
        matches!(
            self,
            Self::EntryWritten { .. }
                | Self::EntryRevised { .. }
                | Self::EntryStruck { .. }
                | Self::EntryRestored { .. }
                | Self::EntryPinned { .. }
                | Self::HypothesisWeighed { .. }
                | Self::RetroItemWritten { .. }
                | Self::RetroItemRevised { .. }
                | Self::RetroItemStruck { .. }
                | Self::RetroItemRestored { .. }
                | Self::RetroItemMarked { .. }
                | Self::RetroMoved { .. }
        )
    }
}

impl Incident {
    pub(super) fn takes_entry(&mut self, record: &Record) -> bool {
        let Record { at, by, event, .. } = record;
        match event {
            Event::EntryWritten { entry, content, .. } => {
                self.entries.insert(*entry, written(*entry, content, record))
            }
            Event::EntryRevised { entry, content, .. } => self.entries.change(entry, |entry| {
                let content = std::mem::replace(&mut entry.content, content.clone());
                entry.revisions.push(Revision { replaced_at: *at, replaced_by: by.clone(), content });
            }),
            Event::EntryStruck { entry, reason, .. } => self.entries.change(entry, |entry| {
                entry.struck = Some(Strike { at: *at, by: by.clone(), reason: reason.clone() });
            }),
            Event::EntryRestored { entry, .. } => self.entries.change(entry, |entry| entry.struck = None),
            Event::EntryPinned { entry, pinned, .. } => {
                self.entries.change(entry, |entry| entry.pinned = *pinned)
            }
            Event::HypothesisJudged { entry, verdict, reason, .. } => self.entries.change(entry, |entry| {
                entry.verdict = *verdict;
                let judgement =
                    Judgement { at: *at, by: by.clone(), verdict: *verdict, reason: reason.clone() };
                entry.judgements.push(judgement);
            }),
            Event::HypothesisWeighed { entry, ground, bearing, .. } => self.entries.change(entry, |entry| {
                entry.weigh(Weight { at: *at, by: by.clone(), ground: ground.clone(), bearing: *bearing });
            }),
            _ => false,
        }
    }
}

fn written(id: EntryId, content: &Content, record: &Record) -> Entry {
    Entry {
        id,
        seq: record.seq,
        written_at: record.at,
        written_by: record.by.clone(),
        key: record.key.clone(),
        content: content.clone(),
        revisions: Vec::new(),
        struck: None,
        pinned: false,
        verdict: Verdict::Open,
        judgements: Vec::new(),
        weights: Vec::new(),
    }
}
