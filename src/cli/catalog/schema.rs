//! `sitroom catalog schema`: the format as JSON Schema, for editors and for checks elsewhere.

use crate::cli::{Exit, Failure, Out, Run, Start};
use crate::domain::catalog::{Plan, Readiness};
use crate::domain::{Catalog, Service};
use clap::{Args, ValueEnum};
use schemars::schema_for;

/// Print the format as JSON Schema
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Of one file of the folder; without it, of a catalog in one file
    of: Option<Of>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Of {
    /// A file in `services/`
    Service,
    /// `readiness.toml`
    Readiness,
    /// `plan.toml`
    Plan,
}

impl Run for Schema {
    fn run(&self, _: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let schema = match self.of {
            None => schema_for!(Catalog),
            Some(Of::Service) => schema_for!(Service),
            Some(Of::Readiness) => schema_for!(Readiness),
            Some(Of::Plan) => schema_for!(Plan),
        };
        out.line(format_args!("{:#}", schema.as_value()))?;
        Ok(Exit::Done)
    }
}
