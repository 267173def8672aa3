//! The settings as the rest of the program reads them. A field has the name of its key; its default is the default.

use super::choice::{Color, Level, Notify, Screen};
use super::value::{Speed, Zone};
use crate::domain::{Person, Span};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The room's name, which makes its journal and store the ones to open; a scenario brings its own.
    pub room: Option<String>,
    /// Who acts here, unless nobody has said.
    pub me: Option<Person>,
    pub read_only: bool,
    /// The file that says what the team runs.
    pub catalog: Option<PathBuf>,
    pub ui: Ui,
    pub journal: Journal,
    pub store: Store,
    pub log: Log,
    pub policy: Policy,
    pub probe: Probe,
    /// Thresholds by rule id, kept as they were written for the diagnosis to read.
    pub rules: BTreeMap<String, toml::Table>,
    /// Accounts by the name of their table, kept as they were written for their source to read.
    pub aws: BTreeMap<String, toml::Table>,
    pub scenario: Scenario,
    pub export: Export,
    /// Accounts on GitHub by their names, kept as they were written; [`super::forge`] reads them.
    pub github: BTreeMap<String, toml::Table>,
    /// Accounts on Bitbucket, likewise.
    pub bitbucket: BTreeMap<String, toml::Table>,
}

impl Settings {
    /// Where the tables of a section go whose names are the user's.
    pub(super) fn tables(&mut self, section: &str) -> Option<&mut BTreeMap<String, toml::Table>> {
        match section {
            "rules" => Some(&mut self.rules),
            "aws" => Some(&mut self.aws),
            "github" => Some(&mut self.github),
            "bitbucket" => Some(&mut self.bitbucket),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ui {
    /// Without one, the theme that is built in.
    pub theme: Option<String>,
    /// Without one, the keymap that is built in.
    pub keymap: Option<String>,
    pub ascii: bool,
    pub mouse: bool,
    pub color: Color,
    pub time_zone: Zone,
    pub notify: Notify,
    pub screen: Screen,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    pub path: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    pub retention: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    pub level: Level,
    pub keep: Span,
}

/// How the health checks of the catalog are run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    pub allow_private: bool,
}

/// The clocks of an incident; `None` is a clock switched off.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub ic_within: Option<Span>,
    pub first_update_within: Option<Span>,
    pub update_every: UpdateEvery,
    pub elapsed_call_out: Option<Span>,
    pub roles_unclaimed_after: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct UpdateEvery {
    pub sev1: Option<Span>,
    pub sev2: Option<Span>,
    pub sev3: Option<Span>,
}

/// The post-mortem pack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Export {
    pub folder: Option<PathBuf>,
    pub templates: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub name: Option<String>,
    pub file: Option<PathBuf>,
    pub speed: Speed,
}

impl Default for Store {
    fn default() -> Self {
        Self { retention: Span::days(30) }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: Level::default(), keep: Span::days(14) }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            ic_within: Some(Span::minutes(10)),
            first_update_within: Some(Span::minutes(15)),
            update_every: UpdateEvery::default(),
            elapsed_call_out: Some(Span::minutes(10)),
            roles_unclaimed_after: Some(Span::minutes(10)),
        }
    }
}

impl Default for UpdateEvery {
    fn default() -> Self {
        Self { sev1: Some(Span::minutes(20)), sev2: Some(Span::minutes(30)), sev3: Some(Span::minutes(60)) }
    }
}
