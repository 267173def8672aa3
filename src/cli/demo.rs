//! `sitroom demo`: a scenario in the cockpit, or the list of those that come with the program.

use super::story::Story;
use super::{Exit, Failure, Out, Run, Start, cockpit};
use crate::domain::IncidentId;
use crate::sources::scenario::{BuiltIn, Scenario};
use clap::Args;
use std::path::PathBuf;

/// Play a scenario instead of live sources
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// A built-in scenario by name, or a file; the first built-in one when not given
    #[arg(value_name = "SCENARIO|FILE")]
    scenario: Option<String>,
    /// How many times faster than the wall it plays
    #[arg(long, value_name = "N", value_parser = speed)]
    speed: Option<f64>,
    /// List the scenarios that come with sitroom
    #[arg(long, conflicts_with_all = ["scenario", "speed"])]
    list: bool,
}

/// A story to tell in the cockpit, still unread.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    pub tale: Tale,
    /// Instead of the scenario's own speed.
    pub speed: Option<f64>,
    /// Where the journal is kept, where this is a drill; a demo keeps none.
    pub drill: Option<PathBuf>,
}

/// What is told: a scenario, or what this room saw around one of its incidents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tale {
    Scenario(Story),
    Past(IncidentId),
}

impl Run for Demo {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        if self.list {
            return list(out);
        }
        let story = self.scenario.as_deref().map_or_else(|| Ok(Story::first()), Story::named)?;
        let telling = Telling { tale: Tale::Scenario(story), speed: self.speed, drill: None };
        cockpit::run(start, Some(telling)).map(|_| Exit::Done)
    }
}

fn list(out: &mut Out) -> Result<Exit, Failure> {
    let scenarios = Scenario::built_in();
    let width = scenarios.iter().map(|scenario| scenario.name.len()).max().unwrap_or(0);
    for BuiltIn { name, title, text } in scenarios {
        out.line(format_args!("{name:width$}  {title}"))?;
        let scenario = Scenario::parse(name, text)
            .expect("a scenario that comes with the program is read in every build");
        out.line(format_args!("{:width$}  {}", "", scenario.summary()))?;
    }
    Ok(Exit::Done)
}

/// A speed nobody could follow, or that stands still, is a slip of the finger.
pub(super) fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.001..=1_000_000.0).contains(&speed) => Ok(speed),
        _ => Err("give a number from 0.001 to 1000000".to_owned()),
    }
}
