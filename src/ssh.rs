//! The room over SSH: who may come in, a screen for everybody who has a terminal, and commands for those who have none.
//!
//! A driver. It knows nothing of how a room is put together or what a command does: a [`Host`] gives each visitor their
//! screen, and says which program answers a command line. Every connection is bounded in time, in memory and in number,
//! and none can hold up another or the engine.

pub mod door;
pub mod health;
pub mod hostkey;
pub mod lobby;
pub mod people;
pub mod server;
pub mod words;

mod carrier;
mod connection;
mod errand;
mod inbox;
mod shell;

pub use lobby::{Limits, Lobby};
pub use people::{People, Visitor};
pub use server::Server;

use crate::domain::Clock;
use crate::engine::{Attendance, Handle};
use crate::tui::asking::AskLogs;
use crate::tui::carrier::Abilities;
use crate::tui::chores::Chores;
use crate::tui::follow::Stall;
use crate::tui::keeping::KeepDrafts;
use crate::tui::ui::Ui;
use ratatui::layout::Size;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// What the server needs of whoever runs it.
pub trait Host: Send + Sync + 'static {
    /// The room on this visitor's screen.
    fn screen(&self, visitor: &Visitor, terminal: &Terminal) -> impl Future<Output = Screen> + Send;

    /// What everybody is told when the room closes.
    fn farewell(&self) -> &'static str;

    /// They have left their screen.
    fn left(&self, visitor: &Visitor) -> impl Future<Output = ()> + Send;

    /// The program that answers a command line, or the answer where there is none to start.
    fn errand(&self, visitor: &Visitor, line: &str) -> Result<Errand, Reply>;
}

/// The terminal at the other end, as its client described it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    pub size: Size,
    /// `TERM` and what else of the environment is let in.
    pub environment: Vec<(String, String)>,
    pub abilities: Abilities,
}

impl Terminal {
    /// Whether the client said anything of a variable.
    pub fn says(&self, variable: &str) -> bool {
        self.environment.iter().any(|(name, _)| name == variable)
    }
}

pub struct Screen {
    pub ui: Ui,
    pub engine: Handle,
    pub clock: Clock,
    pub chores: Arc<dyn Chores>,
    pub attendance: Option<Attendance>,
    /// Where what this visitor has half typed is kept.
    pub drafts: Option<Arc<dyn KeepDrafts>>,
    /// Where others may look on, and they at others.
    pub stall: Option<Stall>,
    /// The logs of the room's sources.
    pub logs: Option<Arc<dyn AskLogs>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errand {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
}

/// What a command line comes to without starting anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub code: u32,
    pub out: String,
    pub err: String,
}
