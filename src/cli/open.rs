//! A room made of its parts: a story with everything in memory, or the room that is configured, with its files.

use super::{Failure, Telling as Asked};
use crate::config::Loaded;
use crate::diagnosis::{Diagnosis, Policy};
use crate::domain::{Clock, Signal, SourceName, Time};
use crate::engine::{Engine, Handle, Parts, Story};
use crate::journal::MemoryJournal;
use crate::sources::scenario::ScenarioSource;
use crate::sources::story::{Due, Telling};
use std::sync::Arc;

/// A room that is open.
#[derive(Clone, Debug)]
pub struct Opened {
    pub handle: Handle,
    /// The room's own clock, which a story turns at its own pace.
    pub clock: Clock,
    pub policy: Policy,
}

/// Must be called within the runtime that is to carry the room.
pub fn story(wall: &Clock, loaded: &Loaded, asked: &Asked) -> Result<Opened, Failure> {
    let scenario = Arc::new(asked.story.read()?);
    let speed = asked.speed.unwrap_or(scenario.speed());
    let clock = wall.telling(scenario.start(), scenario.end(), speed);
    let told = Told(ScenarioSource::new(Arc::clone(&scenario)));
    let policy = policy(loaded);
    let parts = Parts {
        sources: vec![Box::new(Telling::new(SourceName::new("scenario"), told, clock.clone()))],
        catalog: Arc::new(scenario.catalog().clone()),
        diagnosis: diagnosis(scenario.catalog().clone(), policy.clone()),
        story: Some(Story { title: scenario.title().to_owned(), speed: said(speed) }),
        notices: notices(loaded),
        ..Parts::new(scenario.room(), MemoryJournal::new(), clock.clone())
    };
    Ok(Opened { handle: Engine::start(parts), clock, policy })
}

/// What the configuration says about the rules; only numbers are thresholds.
pub fn policy(loaded: &Loaded) -> Policy {
    let number = |value: &toml::Value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
    let thresholds = |table: &toml::Table| {
        table.iter().filter_map(|(name, value)| Some((name.clone(), number(value)?))).collect()
    };
    Policy {
        rules: loaded.settings.rules.iter().map(|(rule, table)| (rule.clone(), thresholds(table))).collect(),
    }
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
