//! The retro of an incident: the rows people wrote for its post-mortem pack, and how far the review has come.

use super::{Mark, Pages, Strike};
use crate::domain::event::{ItemState, RetroContent, RetroState};
use crate::domain::id::{Person, RetroId};
use crate::domain::time::Time;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retro {
    pub items: Pages<RetroId, RetroItem>,
    /// Every step of the review, oldest first; the last one holds.
    pub moves: Vec<RetroMove>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetroItem {
    pub id: RetroId,
    pub written_at: Time,
    pub written_by: Person,
    pub content: RetroContent,
    /// What it said before, oldest first.
    pub revisions: Vec<RetroRevision>,
    pub struck: Option<Strike>,
    pub state: ItemState,
    pub marked: Option<Mark>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetroRevision {
    pub replaced_at: Time,
    pub replaced_by: Person,
    pub content: RetroContent,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetroMove {
    pub at: Time,
    pub by: Person,
    pub to: RetroState,
}

impl Retro {
    pub fn state(&self) -> RetroState {
        self.moves.last().map_or(RetroState::Draft, |moved| moved.to)
    }

    /// The rows that are not struck, in the order they were written.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = &RetroItem> {
        self.items.values().filter(|item| item.struck.is_none())
    }

    /// The whys directly under a row, or at the head of chains of their own.
    pub fn whys(&self, under: Option<RetroId>) -> impl Iterator<Item = &RetroItem> {
        self.standing()
            .filter(move |item| matches!(&item.content, RetroContent::Why { of, .. } if *of == under))
    }
}
