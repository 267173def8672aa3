//! `sitroom plan`: the team's plan with what is measured of it, printed.

mod text;

use super::looking::{Looking, Seen};
use super::{Exit, Failure, Out, Run, Start};
use crate::diagnosis::plan::PlanState;
use crate::domain::Time;
use crate::domain::catalog::Plan as Written;
use clap::Args;
use serde::Serialize;

/// The plan out of a crisis: failure vectors, phases, success metrics and risks, measured
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    looking: Looking,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    room: &'a str,
    source: &'a str,
    at: Time,
    /// As the team wrote it.
    plan: &'a Written,
    measured: &'a PlanState,
}

fn no_plan() -> Failure {
    Failure::usage(
        "there is no plan: the catalog has no [plan]",
        "write one, docs/PLAN.md has every key; or see one: sitroom plan --scenario payments-migration",
    )
}

impl Run for Plan {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let seen = self.looking.look(start)?;
        let situation = seen.situation(start);
        let Seen { room, source, catalog, .. } = &seen;
        let Some(measured) = situation.plan.as_deref() else {
            return Err(seen.unread(start, "plan").unwrap_or_else(no_plan));
        };
        if self.json {
            let (schema, at, plan) = ("sitroom/plan/1", seen.at, &catalog.plan);
            out.json(&Document { schema, room, source, at, plan, measured })?;
        } else {
            out.text(text::written(room, source, &catalog.plan, measured))?;
        }
        Ok(Exit::Done)
    }
}
