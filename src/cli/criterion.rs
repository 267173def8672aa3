//! `sitroom criterion`: what must be true before the incident is over, and whether it is.

use super::ic::On;
use super::incident::criterion_json;
use super::work::{self, Schema, Work};
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::event::CriterionState;
use crate::domain::incident::Criterion as Exiting;
use crate::domain::scribe::{self, criterion_line};
use crate::domain::text::clean;
use crate::domain::{CriterionId, Event, Incident, IncidentId, Intent, Time};
use clap::{Args, Subcommand};
use serde::Serialize;

/// Say what must be true before the incident is over, mark it, or list it all
#[derive(Debug, Args)]
#[command(
    after_help = "A criterion is prose, or bound to what is observed: sitroom criterion add 'errors are usual when \
                  api/5xx < 0.8 for 10m', or '... when alarm NAME quiet for 5m'. Nothing marks it but a person."
)]
pub(super) struct Criterion {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    on: On,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(flatten)]
    Change(Change),
    /// All of them, the open ones first
    List,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Write one down
    Add {
        #[arg(required = true)]
        line: Vec<String>,
    },
    /// Write one anew
    Edit {
        criterion: CriterionId,
        #[arg(required = true)]
        line: Vec<String>,
    },
    /// It is met
    Met {
        criterion: CriterionId,
        /// What shows it
        reason: Vec<String>,
    },
    /// It does not count any more
    Drop {
        criterion: CriterionId,
        /// Why
        reason: Vec<String>,
    },
    /// It is to be met after all
    Reopen { criterion: CriterionId },
}

impl Run for Criterion {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::Change(change) => work::change(change, start, &self.on, out),
            What::List => work::list::<Change>(start, &self.on, out),
        }
    }
}

impl Work for Change {
    type Piece = Exiting;
    const ALL: Schema = Schema("sitroom/criteria/1", "criteria");
    const ONE: Schema = Schema("sitroom/criterion/1", "criterion");
    const CALLED: &'static str = "exit criterion";

    fn intent(&self, _: &Start, incident: IncidentId, _: Time) -> Result<Intent, Failure> {
        let said = |words: &[String]| clean(&words.join(" "));
        let read = |words: &[String]| {
            let read = scribe::criterion(&said(words));
            read.map_err(|what| Failure::no(what, "write: sitroom criterion add support has no open call"))
        };
        let mark = |criterion: CriterionId, state, reason| Intent::MarkCriterion {
            incident,
            criterion,
            state,
            reason,
            evidence: Vec::new(),
        };
        Ok(match self {
            Self::Add { line } => Intent::AddCriterion(incident, read(line)?),
            Self::Edit { criterion, line } => Intent::ReviseCriterion(incident, *criterion, read(line)?),
            Self::Met { criterion, reason } => mark(*criterion, CriterionState::Met, said(reason)),
            Self::Drop { criterion, reason } => mark(*criterion, CriterionState::Dropped, said(reason)),
            Self::Reopen { criterion } => mark(*criterion, CriterionState::Open, String::new()),
        })
    }

    fn all(incident: &Incident) -> impl Iterator<Item = &Exiting> {
        incident.criteria.values()
    }

    fn of<'a>(incident: &'a Incident, event: &Event) -> Option<&'a Exiting> {
        match event {
            Event::CriterionWritten { criterion, .. } | Event::CriterionMarked { criterion, .. } => {
                incident.criteria.get(criterion)
            }
            _ => None,
        }
    }

    fn is_behind(criterion: &Exiting) -> bool {
        criterion.state != CriterionState::Open
    }

    fn json(criterion: &Exiting, _: Time) -> impl Serialize {
        criterion_json(criterion)
    }

    fn text(criterion: &Exiting, _: Time) -> String {
        line(criterion)
    }
}

/// `X2 met: support has no open call (asked lee)`.
fn line(criterion: &Exiting) -> String {
    let said = clean(&criterion_line(&criterion.content));
    let line = format!("{} {}: {said}", criterion.id, criterion.state);
    match &criterion.marked {
        Some(mark) if !mark.why.is_empty() => line + &format!(" ({})", clean(&mark.why)),
        _ => line,
    }
}
