//! Finding and reading the scenario somebody names: a built-in one, or a file.

use super::{Failure, Start};
use crate::domain::problem::Problem;
use crate::sources::scenario::{BuiltIn, Scenario};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// More than this is nobody's scenario.
const MAX_FILE: u64 = 16 << 20;

/// Which scenario, as it was asked for; nothing has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story(String);

impl Story {
    /// Refuses what is neither a built-in scenario nor a file, before anything is opened.
    pub fn named(name: &str) -> Result<Self, Failure> {
        if built_in(name).is_some() || Path::new(name).is_file() {
            return Ok(Self(name.to_owned()));
        }
        let known: Vec<_> = Scenario::built_in().iter().map(|scenario| scenario.name).collect();
        Err(Failure::usage(
            format!("there is no scenario `{name}`, and no such file"),
            format!("give a file, or one of {} (`sitroom demo --list`)", known.join(", ")),
        ))
    }

    /// The one that the configuration wants to play.
    pub fn configured(start: &Start) -> Result<Option<Self>, Failure> {
        let configured = &start.settings().scenario;
        let file = configured.file.as_deref().map(|file| start.paths.resolve(file).display().to_string());
        configured.name.clone().or(file).map(|named| Self::named(&named)).transpose()
    }

    /// The one that plays when nothing is configured.
    pub fn first() -> Self {
        Self(Scenario::built_in()[0].name.to_owned())
    }

    /// The name without the folders around it.
    pub fn short(&self) -> &str {
        let stem = Path::new(&self.0).file_stem();
        stem.and_then(|stem| stem.to_str()).unwrap_or(&self.0)
    }

    /// Reads it; of a broken file, everything that is wrong is in the failure.
    pub fn read(&self) -> Result<Scenario, Failure> {
        let text = match built_in(&self.0) {
            Some(scenario) => scenario.text.to_owned(),
            None => text_of(Path::new(&self.0))?,
        };
        Scenario::parse(&self.0, &text).map_err(|problems| broken(&problems))
    }
}

fn built_in(name: &str) -> Option<&'static BuiltIn> {
    Scenario::built_in().iter().find(|scenario| scenario.name == name)
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes));
    let place = path.display();
    read.map_err(|error| {
        Failure::unable(format!("{place}: cannot be read: {error}"), "check that it is a file of yours")
    })?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Failure::usage(
            format!("{place}: too large for a scenario"),
            "give a file of at most 16 MB",
        ));
    }
    String::from_utf8(bytes).map_err(|_| {
        Failure::usage(
            format!("{place}: not a text in UTF-8"),
            "give a scenario, as docs/SCENARIOS.md has it",
        )
    })
}

/// The first mistake is the line, the others follow with their fixes.
fn broken(problems: &[Problem]) -> Failure {
    let mut lines = problems.iter().map(ToString::to_string);
    let first = lines.next().unwrap_or_default();
    let mut fix: Vec<_> = lines.collect();
    fix.push("mend the file; docs/SCENARIOS.md says how one is written".to_owned());
    Failure::usage(first, fix.join("\n"))
}
