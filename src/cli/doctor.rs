//! `sitroom doctor`: every path, setting, terminal fact and live source looked at, a line each, with the fix where one
//! is needed.
//!
//! It only looks: nothing is made, moved or mended, and of a source only what is read anyway is asked.

#[cfg(feature = "aws")]
mod aws;
mod files;
mod probe;
mod sources;
mod terminal;

use super::{Exit, Failure, Out, Run, Start, named};
use clap::Args;
use serde::Serialize;
use std::fmt;

/// Try every path, setting and terminal fact; exit 1 when something fails
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    verdict: Verdict,
    what: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    fix: String,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    verdict: Verdict,
    checks: &'a [Check],
}

impl Run for Doctor {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let checks = checks(start, out.is_terminal());
        let worst = checks.iter().map(|check| check.verdict).max_by_key(|verdict| *verdict as u8);
        let verdict = worst.unwrap_or(Verdict::Ok);
        if self.json {
            out.json(&Document { schema: "sitroom/doctor/1", verdict, checks: &checks })?;
        } else {
            for check in &checks {
                out.line(check)?;
            }
        }
        Ok(if verdict == Verdict::Fail { Exit::No } else { Exit::Done })
    }
}

fn checks(start: &Start, is_terminal: bool) -> Vec<Check> {
    let mut checks = configuration(start);
    checks.extend(files::checks(start));
    #[cfg(feature = "aws")]
    checks.extend(aws::checks(start));
    checks.extend(people(start));
    checks.extend(terminal::checks(start, is_terminal));
    checks.extend(sources::checks(start));
    checks.extend(probe::checks(start));
    checks
}

/// What a configuration reads from, each thing tried once, as lines.
pub(super) fn sources_tried(start: &Start) -> Vec<String> {
    let mut checks = configuration(start);
    #[cfg(feature = "aws")]
    checks.extend(aws::checks(start));
    checks.extend(sources::checks(start));
    checks.iter().map(ToString::to_string).collect()
}

fn configuration(start: &Start) -> Vec<Check> {
    let loaded = start.loaded();
    let file = start.paths.config_file.display();
    let mut checks: Vec<_> = loaded
        .problems
        .iter()
        .map(|problem| {
            let what = format!("{}: {}", problem.place, problem.what);
            let verdict = if problem.disables.is_some() { Verdict::Fail } else { Verdict::Warn };
            Check { name: "config", verdict, what, fix: problem.fix.clone() }
        })
        .collect();
    checks.extend(named::problems(start).into_iter().map(|problem| {
        let (what, fix) = problem.split_once("\n  ").unwrap_or((&problem, ""));
        Check::warn("config", what, fix)
    }));
    if checks.is_empty() {
        let there = if start.paths.config_file.exists() {
            "no problems"
        } else {
            "not there; every setting is its default"
        };
        checks.push(Check::ok("config", format!("{file}: {there}")));
    }
    checks
}

fn people(start: &Start) -> Vec<Check> {
    let settings = start.settings();
    let me = match &settings.me {
        Some(me) => Check::ok("me", format!("{me}")),
        None => Check::warn(
            "me",
            "nobody has said who you are",
            "give --as NAME, or write me = \"NAME\" in config.toml",
        ),
    };
    let zone = start.zone();
    let zone = zone.iana_name().map_or_else(|| "a zone without a name".to_owned(), str::to_owned);
    vec![me, Check::ok("time zone", format!("{zone} beside UTC"))]
}

impl Check {
    fn ok(name: &'static str, what: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, what: what.into(), fix: String::new() }
    }

    fn warn(name: &'static str, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warn, what: what.into(), fix: fix.into() }
    }

    fn fail(name: &'static str, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Fail, what: what.into(), fix: fix.into() }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
        };
        write!(f, "{verdict:4}  {:9}  {}", self.name, self.what)?;
        if self.fix.is_empty() { Ok(()) } else { write!(f, "; {}", self.fix) }
    }
}
