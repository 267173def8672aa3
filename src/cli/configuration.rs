//! `sitroom config`: a file to begin with, what is wrong with the one there is, and where it lies.

mod dialogue;
mod found;

use super::{Exit, Failure, Out, Run, Start, doctor, named};
use crate::config::init::{self, Written};
use clap::{Args, Subcommand};
use std::fs;
use std::io::{self, IsTerminal as _};

/// The configuration: begin one, check it, find it
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// Write a commented file with every default, unless there is a file; at a terminal, ask what to read and try it
    Init,
    /// Say what is wrong with it, and what differs from the defaults; exit 2 when something is wrong
    Check,
    /// Print where the file is
    Path,
}

impl Run for Config {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match self.what {
            What::Init => start.check_writable().and_then(|()| begin(start, out)),
            What::Check => check(start, out),
            What::Path => {
                out.line(start.paths.config_file.display())?;
                Ok(Exit::Done)
            }
        }
    }
}

/// With a person there it asks; a script gets the defaults.
fn begin(start: &Start, out: &mut Out) -> Result<Exit, Failure> {
    if out.is_terminal() && io::stdin().is_terminal() && !start.paths.config_file.exists() {
        return converse(start, out);
    }
    let written = init::write(&start.paths)
        .map_err(|problem| Failure::unable(format!("{}: {}", problem.place, problem.what), problem.fix))?;
    let file = start.paths.config_file.display();
    match written {
        Written::New => out.line(format_args!("{file}: written; every line of it is a default"))?,
        Written::Kept => out.line(format_args!("{file}: is there already, and is as it was"))?,
    }
    Ok(Exit::Done)
}

/// Asks, tries what was answered from a file beside the one to be, and puts it in place when that is wanted.
fn converse(start: &Start, out: &mut Out) -> Result<Exit, Failure> {
    let mut input = io::stdin().lock();
    let me = start.environment.get("USER").unwrap_or_default();
    let answers = dialogue::ask(&mut input, out.writer(), &found::look(&start.environment), me)?;
    let text = init::text_with(&answers.room, &answers.me, &answers.tables);
    let candidate = start.paths.config_file.with_extension("toml.new");
    let unable = |problem: crate::config::Problem| {
        Failure::unable(format!("{}: {}", problem.place, problem.what), problem.fix)
    };
    init::write_text(&start.paths, &candidate, &text).map_err(unable)?;
    let is_wanted = tried(start, out, &candidate)
        .and_then(|()| Ok(dialogue::is_to_be_written(&mut input, out.writer())?));
    if !matches!(is_wanted, Ok(true)) {
        // What was tried is of no use to anybody.
        let _ = fs::remove_file(&candidate);
        out.line("nothing is written")?;
        return is_wanted.map(|_| Exit::No);
    }
    fs::rename(&candidate, &start.paths.config_file)?;
    out.line(format_args!("{}: written", start.paths.config_file.display()))?;
    Ok(Exit::Done)
}

/// Every source of the candidate, a line each, before anything is put in place.
fn tried(start: &Start, out: &mut Out, candidate: &std::path::Path) -> Result<(), Failure> {
    let mut global = start.global.clone();
    global.config = Some(candidate.to_owned());
    let trial = Start::new(global, start.environment.clone())?;
    for line in doctor::sources_tried(&trial) {
        out.line(line)?;
    }
    out.flush()
}

/// The file's own problems, then those of the themes, keymaps, rules and catalog it names.
fn check(start: &Start, out: &mut Out) -> Result<Exit, Failure> {
    let loaded = start.loaded();
    let named = named::problems(start);
    for problem in &named {
        out.line(problem)?;
    }
    out.text(loaded.report_with(named.len()))?;
    Ok(if loaded.problems.is_empty() && named.is_empty() { Exit::Done } else { Exit::Usage })
}
