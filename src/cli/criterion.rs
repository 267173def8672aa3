//! `sitroom criterion`: what must be true before the incident is over, and whether it is.

use super::ic::On;
use super::incident::{CriterionJson, criterion_json};
use super::room;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::event::CriterionState;
use crate::domain::incident::Criterion as Exiting;
use crate::domain::scribe::{self, criterion_line};
use crate::domain::text::clean;
use crate::domain::{CriterionId, Event, Incident, IncidentId, Intent};
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
    /// All of them, the open ones first
    List,
}

#[derive(Serialize)]
struct List<'a> {
    schema: &'static str,
    incident: String,
    criteria: Vec<CriterionJson<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    schema: &'static str,
    incident: String,
    criterion: CriterionJson<'a>,
}

impl Run for Criterion {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::List => {
                let room = wait(room::look(start))?;
                self.list(room::meant(&room, self.on.incident)?, out)
            }
            _ => self.change(start, out),
        }
    }
}

impl Criterion {
    fn list(&self, incident: &Incident, out: &mut Out) -> Result<Exit, Failure> {
        let mut criteria: Vec<_> = incident.criteria.values().collect();
        if self.on.json {
            let criteria = criteria.into_iter().map(criterion_json).collect();
            out.json(&List { schema: "sitroom/criteria/1", incident: incident.id.to_string(), criteria })?;
            return Ok(Exit::Done);
        }
        criteria.sort_by_key(|criterion| (criterion.state != CriterionState::Open, criterion.id));
        if criteria.is_empty() {
            out.line(format!("{} has no exit criterion", incident.id))?;
        }
        for criterion in criteria {
            out.line(line(criterion))?;
        }
        Ok(Exit::Done)
    }

    fn change(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let (record, incident) = room::change(start, self.on.incident, |id, _| self.intent(id))?;
        let (Event::CriterionWritten { criterion, .. } | Event::CriterionMarked { criterion, .. }) =
            record.event
        else {
            unreachable!("every intent here is about a criterion")
        };
        let criterion = incident.criteria.get(&criterion).expect("it was just written");
        if self.on.json {
            let (incident, criterion) = (incident.id.to_string(), criterion_json(criterion));
            out.json(&One { schema: "sitroom/criterion/1", incident, criterion })?;
        } else {
            out.line(line(criterion))?;
        }
        Ok(Exit::Done)
    }

    fn intent(&self, incident: IncidentId) -> Result<Intent, Failure> {
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
        Ok(match &self.what {
            What::Add { line } => Intent::AddCriterion(incident, read(line)?),
            What::Edit { criterion, line } => Intent::ReviseCriterion(incident, *criterion, read(line)?),
            What::Met { criterion, reason } => mark(*criterion, CriterionState::Met, said(reason)),
            What::Drop { criterion, reason } => mark(*criterion, CriterionState::Dropped, said(reason)),
            What::Reopen { criterion } => mark(*criterion, CriterionState::Open, String::new()),
            What::List => unreachable!("looking is no intent"),
        })
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
