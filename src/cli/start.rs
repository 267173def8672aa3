//! What every command starts from. Making one touches no disk; the configuration is read when it is first asked for,
//! so that the cockpit can paint before.

use super::logging::Withheld;
use super::{Failure, Global};
use crate::config::{self, Environment, Loaded, Paths, Place, Settings};
use crate::domain::{Clock, Person, Time};
use jiff::tz::TimeZone;
use std::sync::OnceLock;

#[derive(Clone, Debug)]
pub struct Start {
    pub global: Global,
    pub environment: Environment,
    pub paths: Paths,
    /// Secrets that were fetched, which the log is not to have.
    pub withheld: Withheld,
    loaded: OnceLock<Loaded>,
}

impl Start {
    pub fn new(global: Global, environment: Environment) -> Result<Self, Failure> {
        let paths = Paths::locate(global.home.as_deref(), global.config.as_deref(), &environment)?;
        Ok(Self { global, environment, paths, withheld: Withheld::default(), loaded: OnceLock::new() })
    }

    /// The configuration and what is wrong with it, read from disk the first time.
    pub fn loaded(&self) -> &Loaded {
        self.loaded.get_or_init(|| config::load(&self.paths, &self.environment, &self.global.overrides()))
    }

    pub fn settings(&self) -> &Settings {
        &self.loaded().settings
    }

    #[expect(clippy::disallowed_methods, reason = "here the time comes in from outside, for everybody else")]
    pub fn clock(&self) -> Clock {
        Clock::wall(|| Time::from(jiff::Timestamp::now()))
    }

    pub fn zone(&self) -> TimeZone {
        self.environment.time_zone(&self.settings().ui.time_zone)
    }

    /// Who acts. What is written under a name nobody gave could not be taken back.
    pub fn me(&self) -> Result<Person, Failure> {
        if let Some(problem) = self.flag_problem() {
            return Err(problem.clone().into());
        }
        self.settings().me.clone().ok_or_else(|| {
            Failure::usage(
                "nobody has said who you are",
                "say it with --as NAME, or write me = \"NAME\" in config.toml",
            )
        })
    }

    /// A flag that makes no sense is the mistake of whoever typed it just now, not something to work around.
    pub fn check_flags(&self) -> Result<(), Failure> {
        self.flag_problem().map_or(Ok(()), |problem| Err(problem.clone().into()))
    }

    /// Whoever asked for nothing to be changed is not to change anything by a slip.
    pub fn check_writable(&self) -> Result<(), Failure> {
        if !self.settings().read_only && !self.global.kiosk {
            return Ok(());
        }
        let fix = "leave out --read-only or --kiosk, or read_only in config.toml";
        Err(Failure::usage("nothing is changed here: it is read only", fix))
    }

    fn flag_problem(&self) -> Option<&config::Problem> {
        self.loaded().problems.iter().find(|problem| matches!(problem.place, Place::Flag(_)))
    }
}
