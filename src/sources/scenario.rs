//! Scenarios: a catalog and timed signals in one file, played instead of live sources for demos, drills and tests.
//!
//! Reading a file is pure and gives either the whole scenario or every mistake in it at once. The same file always
//! gives the same signals. `docs/SCENARIOS.md` says how to write one.

mod chance;
mod file;
mod form;
mod history;
mod line;
mod moment;
mod past;
mod payload;
mod play;
mod series;
mod setting;
mod step;
mod word;

use crate::domain::problem::Problem;
use crate::domain::{Catalog, Record, Room, Signal, Time};
use play::Cursor;
use series::Series;

pub use form::{FORMS, Form};
pub use play::ScenarioSource;
pub use step::{Act, Attest, Step};

/// A story that has been read and can be told.
#[derive(Clone, Debug)]
pub struct Scenario {
    name: String,
    title: String,
    summary: String,
    room: String,
    plays_from: Time,
    ends: Time,
    speed: f64,
    catalog: Catalog,
    /// Everything but the samples, oldest first.
    events: Vec<Signal>,
    series: Vec<Series>,
    steps: Vec<Step>,
    /// What people did before the story begins, as its journal has it.
    past: Vec<Record>,
}

/// A scenario that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    pub name: &'static str,
    pub title: &'static str,
    pub text: &'static str,
}

const BUILT_IN: [BuiltIn; 2] = [
    BuiltIn {
        name: "checkout-deploy",
        title: "Errors after a checkout deploy",
        text: include_str!("../../assets/scenarios/checkout-deploy.toml"),
    },
    BuiltIn {
        name: "payments-migration",
        title: "A migration takes payments down for ninety minutes",
        text: include_str!("../../assets/scenarios/payments-migration.toml"),
    },
];

/// Reads a catalog of its own, written as the `[[service]]` blocks of a scenario are; what is broken is left out
/// and named. `name` is what problems call the file.
pub fn catalog(name: &str, text: &str) -> (Catalog, Vec<Problem>) {
    super::catalog::alone(name, text)
}

impl Scenario {
    /// Reads a scenario; `name` is what problems call the file.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<Problem>> {
        file::parse(name, text)
    }

    /// What has happened, to be told again as a scenario; `signals` oldest first, those before `plays_from` as history.
    pub fn of_past(
        name: &str,
        title: &str,
        catalog: Catalog,
        signals: Vec<Signal>,
        told: (Time, Time),
    ) -> Self {
        let (plays_from, ends) = told;
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            summary: String::new(),
            room: name.to_owned(),
            plays_from,
            ends,
            speed: 1.0,
            catalog,
            events: signals,
            series: Vec::new(),
            steps: Vec::new(),
            past: Vec::new(),
        }
    }

    /// The first is the one shown when nothing is configured.
    pub fn built_in() -> &'static [BuiltIn] {
        &BUILT_IN
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn summary(&self) -> &str {
        &self.summary
    }

    pub fn room(&self) -> &str {
        &self.room
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Where a demo begins to play; everything before it is history.
    pub fn start(&self) -> Time {
        self.plays_from
    }

    /// When the story is told. Series without an end of their own go on after it.
    pub fn end(&self) -> Time {
        self.ends
    }

    /// How many times faster than the wall a demo plays, unless asked otherwise.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// What people do, oldest first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What the journal of its room has when the story begins, oldest first.
    pub fn past(&self) -> &[Record] {
        &self.past
    }

    /// The room at a moment, if nobody did anything but what lies in the past.
    pub fn room_until(&self, until: Time) -> Room {
        Room::replay(self.past.iter().filter(|record| record.at <= until))
    }

    /// All signals up to and including a moment, oldest first, computed without waiting.
    pub fn signals_until(&self, until: Time) -> impl Iterator<Item = Signal> {
        let mut cursor = Cursor::new(self);
        std::iter::from_fn(move || cursor.advance(self, until))
    }
}
