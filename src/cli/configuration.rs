//! `sitroom config`: a file to begin with, what is wrong with the one there is, and where it lies.

use super::{Exit, Failure, Out, Run, Start, named};
use crate::config::init::{self, Written};
use clap::{Args, Subcommand};

/// The configuration: begin one, check it, find it
#[derive(Debug, Args)]
pub(super) struct Config {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// Write a commented file with every default, unless there is a file
    Init,
    /// Say what is wrong with it, and what differs from the defaults; exit 2 when something is wrong
    Check,
    /// Print where the file is
    Path,
}

impl Run for Config {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match self.what {
            What::Init => begin(start, out),
            What::Check => check(start, out),
            What::Path => {
                out.line(start.paths.config_file.display())?;
                Ok(Exit::Done)
            }
        }
    }
}

fn begin(start: &Start, out: &mut Out) -> Result<Exit, Failure> {
    let written = init::write(&start.paths)
        .map_err(|problem| Failure::unable(format!("{}: {}", problem.place, problem.what), problem.fix))?;
    let file = start.paths.config_file.display();
    match written {
        Written::New => out.line(format_args!("{file}: written; every line of it is a default"))?,
        Written::Kept => out.line(format_args!("{file}: is there already, and is as it was"))?,
    }
    Ok(Exit::Done)
}

/// The file's own problems, then those of the themes, keymaps, rules and catalog it names.
fn check(start: &Start, out: &mut Out) -> Result<Exit, Failure> {
    let loaded = start.loaded();
    let named = named::problems(start);
    for problem in &named {
        out.line(problem)?;
    }
    out.text(loaded.report())?;
    Ok(if loaded.problems.is_empty() && named.is_empty() { Exit::Done } else { Exit::Usage })
}
