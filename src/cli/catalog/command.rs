//! `sitroom catalog`: what a team runs, checked, begun, and described for editors.

use super::{begin, check, schema};
use crate::cli::{Exit, Failure, Out, Run, Start};
use clap::{Args, Subcommand};

/// The catalog of what the team runs: check it, begin it, add a service, print its schema
#[derive(Debug, Args)]
pub(in crate::cli) struct Catalog {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Check(check::Check),
    Init(begin::Init),
    New(begin::New),
    Schema(schema::Schema),
}

impl Run for Catalog {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::Check(check) => check.run(start, out),
            What::Init(init) => init.run(start, out),
            What::New(new) => new.run(start, out),
            What::Schema(schema) => schema.run(start, out),
        }
    }
}
