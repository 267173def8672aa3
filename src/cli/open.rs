//! A room made of its parts: a story with everything in memory, or the room that is configured, with its files.

use super::Failure;
use crate::config::Loaded;
use crate::diagnosis::{Diagnosis, Policy};
use crate::domain::{Clock, Signal, SourceName, Time};
use crate::engine::{Engine, Handle, Parts, Story};
use crate::journal::MemoryJournal;
use crate::sources::scenario::{Scenario, ScenarioSource};
use crate::sources::story::{Due, Telling};
use std::sync::Arc;

/// A scenario, and how fast it is told.
#[derive(Clone, Debug)]
pub struct Play {
    pub scenario: Arc<Scenario>,
    pub speed: Option<f64>,
}

/// A room that is open.
#[derive(Clone, Debug)]
pub struct Opened {
    pub handle: Handle,
    /// The room's own clock, which a story turns at its own pace.
    pub clock: Clock,
}

/// Must be called within the runtime that is to carry the room.
pub fn story(wall: &Clock, loaded: &Loaded, play: &Play) -> Opened {
    let scenario = &play.scenario;
    let speed = play.speed.unwrap_or(scenario.speed());
    let clock = wall.telling(scenario.start(), scenario.end(), speed);
    let source = Telling::new(SourceName::new("scenario"), Told(ScenarioSource::new(Arc::clone(scenario))), clock.clone());
    let parts = Parts {
        sources: vec![Box::new(source)],
        catalog: Arc::new(scenario.catalog().clone()),
        diagnosis: diagnosis(scenario.catalog().clone(), policy(loaded)),
        story: Some(Story { title: scenario.title().to_owned(), speed: said(speed) }),
        notices: notices(loaded),
        ..Parts::new(scenario.room(), MemoryJournal::new(), clock.clone())
    };
    Opened { handle: Engine::start(parts), clock }
}

/// What the configuration says about the rules; only numbers are thresholds.
pub fn policy(loaded: &Loaded) -> Policy {
    let number = |value: &toml::Value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
    let thresholds = |table: &toml::Table| {
        table.iter().filter_map(|(name, value)| Some((name.clone(), number(value)?))).collect()
    };
    Policy { rules: loaded.settings.rules.iter().map(|(rule, table)| (rule.clone(), thresholds(table))).collect() }
}

type Diagnose = Box<dyn crate::engine::Diagnose>;

fn diagnosis(catalog: crate::domain::Catalog, policy: Policy) -> Box<dyn Fn() -> Diagnose + Send> {
    Box::new(move || Box::new(Diagnosis::new(catalog.clone(), policy.clone())))
}

fn notices(loaded: &Loaded) -> Vec<String> {
    loaded.problems.iter().map(|problem| problem.to_string().replace('\n', "; ")).collect()
}

fn said(speed: f64) -> String {
    if (speed - 1.0).abs() < f64::EPSILON { String::new() } else { format!("{speed}\u{d7}") }
}

struct Told(ScenarioSource);

impl Due for Told {
    fn due(&mut self, now: Time) -> Vec<Signal> {
        self.0.due(now)
    }

    fn next_at(&self) -> Option<Time> {
        self.0.next_at()
    }
}

/// The built-in scenario that opens when nothing is configured.
pub fn first_story() -> Result<Play, Failure> {
    let built_in = &Scenario::built_in()[0];
    let parsed = Scenario::parse(built_in.name, built_in.text);
    let scenario = parsed.map_err(|_| Failure::could_not("the built-in scenario cannot be read", "please report this"))?;
    Ok(Play { scenario: Arc::new(scenario), speed: None })
}

