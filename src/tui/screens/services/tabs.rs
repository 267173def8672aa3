//! What there is to know of one service, in tabs; each is a file, and says what is not known too.

mod alarms;
mod capacity;
mod checks;
mod depends;
mod deploy;
mod failures;
mod modes;
mod overview;
mod page;
pub mod signals;
pub mod triggers;

pub use page::Page;

use super::ServicesScreen;
use crate::diagnosis::{ModeState, ServiceState, Situation};
use crate::domain::graph::{Graph, Node};
use crate::domain::{Service, ServiceName};
use crate::tui::glyphs::Glyphs;
use crate::tui::ui::{Ui, World};
use jiff::tz::TimeZone;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Overview,
    Depends,
    Checks,
    Failures,
    Modes,
    Deploy,
    Capacity,
    Alarms,
    Signals,
}

impl Tab {
    pub const ALL: &[Self] = &[
        Self::Overview,
        Self::Depends,
        Self::Checks,
        Self::Failures,
        Self::Modes,
        Self::Deploy,
        Self::Capacity,
        Self::Alarms,
        Self::Signals,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Depends => "Depends",
            Self::Checks => "Checks",
            Self::Failures => "Failures",
            Self::Modes => "Modes",
            Self::Deploy => "Deploy",
            Self::Capacity => "Capacity",
            Self::Alarms => "Alarms",
            Self::Signals => "Signals",
        }
    }

    /// The next one, or the one before.
    #[must_use]
    pub fn turned(self, by: isize) -> Self {
        let count = Self::ALL.len();
        Self::ALL[(self as usize + count).wrapping_add_signed(by) % count]
    }

    /// Whether it shows what was observed, for which the log has to be read.
    pub const fn reads_signals(self) -> bool {
        matches!(self, Self::Signals | Self::Checks)
    }

    pub(super) fn write(self, told: &Told<'_>, page: &mut Page) {
        let write = match self {
            Self::Overview => overview::write,
            Self::Depends => depends::write,
            Self::Checks => checks::write,
            Self::Failures => failures::write,
            Self::Modes => modes::write,
            Self::Deploy => deploy::write,
            Self::Capacity => capacity::write,
            Self::Alarms => alarms::write,
            Self::Signals => signals::write,
        };
        write(told, page);
    }
}

/// What a tab is told from.
pub struct Told<'a> {
    pub name: &'a ServiceName,
    /// What the catalog says; absent for a service that only others name.
    pub service: Option<&'a Service>,
    pub state: Option<&'a ServiceState>,
    pub node: Option<Node>,
    pub screen: &'a ServicesScreen,
    pub world: World<'a>,
    pub zone: TimeZone,
    pub glyphs: &'static Glyphs,
    pub columns: usize,
}

impl<'a> Told<'a> {
    pub fn of(ui: &'a Ui, world: World<'a>, name: &'a ServiceName, columns: usize) -> Self {
        let screen = &ui.services;
        Self {
            name,
            service: screen.catalog.service(name.as_str()),
            state: world.situation.state.services.iter().find(|state| state.name == *name),
            node: screen.graph.node(name.as_str()),
            screen,
            world,
            zone: ui.zone.shown(),
            glyphs: ui.look.glyphs,
            columns,
        }
    }

    pub fn graph(&self) -> &'a Graph {
        &self.screen.graph
    }

    /// The modes it is in, the worst first.
    pub fn modes(&self) -> impl Iterator<Item = &'a ModeState> {
        let name = self.name;
        self.situation().modes.iter().filter(move |mode| mode.service == *name)
    }

    pub fn situation(&self) -> &'a Situation {
        self.world.situation
    }
}
