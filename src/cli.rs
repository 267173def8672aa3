//! The command line: what can be asked for, who answers, and how it ends.
//!
//! One definition in clap's types gives the parser, the help, the completions and the manual page; one file for
//! each subcommand. Whatever goes wrong is said on stderr, one line and then the fix, and ends in one of four exit
//! codes (see [`Exit`]).

#[cfg(feature = "ssh")]
mod access;
mod audit;
#[cfg(feature = "aws")]
mod aws;
mod catalog;
mod checklist;
mod clocks;
mod cockpit;
mod completions;
mod configuration;
mod criterion;
mod demo;
mod doctor;
mod drill;
mod emit;
mod export;
mod failure;
mod global;
#[cfg(feature = "ssh")]
mod hostkey;
mod ic;
mod incident;
mod journal;
mod keys;
pub mod logging;
mod looking;
mod looks;
mod moment;
mod named;
mod note;
mod open;
mod out;
mod packet;
mod paint;
mod plan;
mod readiness;
mod room;
#[cfg(feature = "ssh")]
mod serve;
mod services;
mod start;
mod status;
mod story;
mod task;
mod themes;
mod triggers;
mod wait;
mod words;
mod work;

pub use demo::{Tale, Telling};
pub use failure::{Exit, Failure};
pub use global::Global;
pub use out::Out;
pub use start::Start;
pub use story::Story;

use crate::config::Environment;
use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Parser)]
#[command(
    name = "sitroom",
    version,
    about = "A terminal cockpit for incidents: what state, what changed, what is open, in what order",
    after_help = "Without a command the cockpit opens. Exit codes: 0 done, 1 the answer is no or bad, 2 usage or \
                  configuration, 3 it could not be done.",
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The subcommands: what each is called is what its variant is called.
macro_rules! commands {
    ($($(#[$only:meta])? $name:ident($command:ty);)+) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($(#[$only])? $name($command),)+
        }

        impl Command {
            fn task(&self) -> &dyn Run {
                match self {
                    $($(#[$only])? Self::$name(command) => command,)+
                }
            }
        }
    };
}

commands! {
    Status(status::Status);
    Services(services::Services);
    Demo(demo::Demo);
    Drill(drill::Drill);
    Incident(incident::Incident);
    Ic(ic::Ic);
    Role(ic::Role);
    Note(note::Note);
    Task(task::Task);
    Criterion(criterion::Criterion);
    Checklist(checklist::Checklist);
    Emit(emit::Emit);
    Export(export::Export);
    Journal(journal::Journal);
    Audit(audit::Audit);
    Readiness(readiness::Readiness);
    Catalog(catalog::command::Catalog);
    #[cfg(feature = "ssh")] Serve(serve::Serve);
    #[cfg(feature = "ssh")] People(access::People);
    Plan(plan::Plan);
    #[cfg(feature = "ssh")] Hostkey(hostkey::HostKey);
    Triggers(triggers::Triggers);
    Doctor(doctor::Doctor);
    Config(configuration::Config);
    Keys(keys::Keys);
    Themes(themes::Themes);
    Completions(completions::Completions);
    Man(completions::Manual);
}

/// What a subcommand does.
trait Run {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure>;
}

/// Does what the arguments ask for; the first of them is the program's own name.
pub fn run(environment: Environment, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // A file that may grow no more is an answer of the disk like another, and no reason to be killed.
    if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default()) {
        tracing::debug!(%error, "a limit on the size of files would end this");
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => return failure::usage(&usage),
    };
    let done = Start::new(cli.global, environment).and_then(|start| match &cli.command {
        Some(command) => answer(command.task(), &start),
        None => cockpit::run(&start, None).map(|_| Exit::Done),
    });
    done.unwrap_or_else(|failure| failure.report()).into()
}

/// The whole command line as clap knows it, for completions, the manual page and the tests.
pub fn definition() -> clap::Command {
    Cli::command()
}

fn answer(task: &dyn Run, start: &Start) -> Result<Exit, Failure> {
    let mut out = Out::stdout();
    let exit = task.run(start, &mut out)?;
    out.flush()?;
    Ok(exit)
}
