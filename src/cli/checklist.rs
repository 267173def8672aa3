//! `sitroom checklist`: a checklist of the catalog is begun, and its steps ticked or skipped.

use super::ic::On;
use super::incident::checklist_json;
use super::work::{self, Schema, Work};
use super::{Exit, Failure, Out, Run, Start, catalog};
use crate::domain::catalog::Template;
use crate::domain::event::StepState;
use crate::domain::incident::{Checklist as Begun, ChecklistStep};
use crate::domain::text::clean;
use crate::domain::{ChecklistId, Event, Incident, IncidentId, Intent, Time};
use clap::{Args, Subcommand};
use serde::Serialize;

/// Begin a checklist of the catalog, tick or skip its steps, or list them all
#[derive(Debug, Args)]
#[command(after_help = "Steps are counted from 1: sitroom checklist begin 'Incident commander', then \
                        sitroom checklist tick L1 2, or sitroom checklist skip L1 3 nobody else is awake")]
pub(super) struct Checklist {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    on: On,
}

#[derive(Debug, Subcommand)]
enum What {
    /// What can be begun: the checklists of the catalog, and those that come with sitroom
    Templates,
    #[command(flatten)]
    Change(Change),
    /// All that were begun, with their steps
    List,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Begin one, by its name
    Begin { name: String },
    /// A step is done
    Tick { checklist: ChecklistId, step: u32 },
    /// A step is skipped, with the reason
    Skip {
        checklist: ChecklistId,
        step: u32,
        #[arg(required = true)]
        reason: Vec<String>,
    },
    /// A step is to be done after all
    Reopen { checklist: ChecklistId, step: u32 },
}

#[derive(Serialize)]
struct Templates<'a> {
    schema: &'static str,
    templates: &'a [Template],
}

impl Run for Checklist {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::Templates => self.templates(start, out),
            What::Change(change) => work::change(change, start, &self.on, out),
            What::List => work::list::<Change>(start, &self.on, out),
        }
    }
}

impl Checklist {
    fn templates(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let templates = known(start);
        if self.on.json {
            out.json(&Templates { schema: "sitroom/templates/1", templates: &templates })?;
            return Ok(Exit::Done);
        }
        for template in &templates {
            let (name, kind, steps) = (clean(&template.name), template.kind.word(), template.steps.len());
            out.line(format!("{name} ({kind}, {steps} steps)"))?;
        }
        Ok(Exit::Done)
    }
}

impl Work for Change {
    type Piece = Begun;
    const ALL: Schema = Schema("sitroom/checklists/1", "checklists");
    const ONE: Schema = Schema("sitroom/checklist/1", "checklist");
    const CALLED: &'static str = "checklist";

    fn intent(&self, start: &Start, incident: IncidentId, _: Time) -> Result<Intent, Failure> {
        let mark =
            |checklist, step, state, reason| Intent::MarkStep { incident, checklist, step, state, reason };
        Ok(match self {
            Self::Begin { name } => Intent::StartChecklist(incident, named(start, name)?.content()),
            Self::Tick { checklist, step } => mark(*checklist, *step, StepState::Done, String::new()),
            Self::Skip { checklist, step, reason } => {
                mark(*checklist, *step, StepState::Skipped, clean(&reason.join(" ")))
            }
            Self::Reopen { checklist, step } => mark(*checklist, *step, StepState::Open, String::new()),
        })
    }

    fn all(incident: &Incident) -> impl Iterator<Item = &Begun> {
        incident.checklists.values()
    }

    fn of<'a>(incident: &'a Incident, event: &Event) -> Option<&'a Begun> {
        match event {
            Event::ChecklistStarted { checklist, .. } | Event::StepMarked { checklist, .. } => {
                incident.checklists.get(checklist)
            }
            _ => None,
        }
    }

    /// They are told as they were begun.
    fn is_behind(_: &Begun) -> bool {
        false
    }

    fn json(list: &Begun, _: Time) -> impl Serialize {
        checklist_json(list)
    }

    fn text(list: &Begun, _: Time) -> String {
        text(list)
    }
}

fn known(start: &Start) -> Vec<Template> {
    let (catalog, problems) = catalog::configured(start);
    for problem in problems {
        Failure::usage(problem, "").report();
    }
    catalog.templates().collect()
}

/// By its name, however it is capitalised.
fn named(start: &Start, name: &str) -> Result<Template, Failure> {
    let wanted = name.trim().to_lowercase();
    let found = known(start).into_iter().find(|template| template.name.to_lowercase() == wanted);
    found.ok_or_else(|| {
        let what = format!("there is no checklist {:?} to begin", clean(name));
        Failure::no(what, "`sitroom checklist templates` has them all")
    })
}

/// The list, and a line for each step.
fn text(list: &Begun) -> String {
    let head = format!("{} {} ({} of {})", list.id, clean(&list.title), list.passed(), list.steps.len());
    (1..).zip(&list.steps).fold(head, |text, (number, step)| text + "\n" + &step_line(number, step))
}

/// `  2 skipped: name a scribe (nobody else is awake)`.
fn step_line(number: usize, step: &ChecklistStep) -> String {
    let why = step.marked.as_ref().map_or("", |mark| mark.why.as_str());
    let why = if why.is_empty() { String::new() } else { format!(" ({})", clean(why)) };
    format!("  {number} {}: {}{why}", step.state, clean(&step.step.text))
}
