//! What a session has done for it by whoever opened it, on a thread where it may take its time: looking back, and
//! arranging the post-mortem pack. The session knows neither files nor templates.

use crate::diagnosis::Situation;
use crate::domain::{IncidentId, Time};
use crate::engine::Snapshot;

pub trait Chores: Send + Sync {
    /// The situation as of another moment.
    fn look_back(&self, room: &Snapshot, at: Time) -> Situation;

    /// What is asked of a pack, or why not, with the fix.
    fn pack(&self, _room: &Snapshot, _order: Order) -> Result<Packed, String> {
        Err("this session has nowhere to write a pack; `sitroom export` writes one".to_owned())
    }
}

impl<F: Fn(&Snapshot, Time) -> Situation + Send + Sync> Chores for F {
    fn look_back(&self, room: &Snapshot, at: Time) -> Situation {
        self(room, at)
    }
}

/// What somebody wants of the pack of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub incident: IncidentId,
    pub wants: Wants,
    pub names: Names,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// All of its files, written into its folder.
    Folder,
    /// The Markdown alone, written nowhere.
    Markdown,
    /// What would be hidden, and nothing more.
    Preview,
}

/// Whether names, addresses and tokens stay in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Kept,
    Hidden,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    Folder(Written),
    Markdown(String),
    Preview(Vec<Covered>),
}

/// Where a pack went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub folder: String,
    pub place: Place,
    /// A line for each file, and what became of one that somebody had edited.
    pub files: Vec<String>,
    /// How long the Markdown is, for whoever wants to copy it.
    pub markdown: usize,
}

/// Whose disk it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The machine in front of the person.
    Here,
    /// The machine that serves the room.
    Host,
}

/// A word that is hidden, what stands for it, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    pub was: String,
    pub is: String,
    pub times: usize,
}
