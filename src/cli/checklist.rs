//! `sitroom checklist`: a checklist of the catalog is begun, and its steps ticked or skipped.

use super::ic::On;
use super::incident::{ChecklistJson, checklist_json};
use super::room;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start, catalog};
use crate::domain::catalog::Template;
use crate::domain::event::StepState;
use crate::domain::incident::{Checklist as Begun, ChecklistStep};
use crate::domain::text::clean;
use crate::domain::{ChecklistId, Event, Incident, IncidentId, Intent};
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
    /// All that were begun, with their steps
    List,
}

#[derive(Serialize)]
struct List<'a> {
    schema: &'static str,
    incident: String,
    checklists: Vec<ChecklistJson<'a>>,
}

#[derive(Serialize)]
struct One<'a> {
    schema: &'static str,
    incident: String,
    checklist: ChecklistJson<'a>,
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
            What::List => {
                let room = wait(room::look(start))?;
                self.list(room::meant(&room, self.on.incident)?, out)
            }
            _ => self.change(start, out),
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

    fn list(&self, incident: &Incident, out: &mut Out) -> Result<Exit, Failure> {
        let lists = incident.checklists.values();
        if self.on.json {
            let checklists = lists.map(checklist_json).collect();
            out.json(&List {
                schema: "sitroom/checklists/1",
                incident: incident.id.to_string(),
                checklists,
            })?;
            return Ok(Exit::Done);
        }
        if incident.checklists.is_empty() {
            out.line(format!("{} has no checklist", incident.id))?;
        }
        for list in lists {
            out.text(text(list))?;
        }
        Ok(Exit::Done)
    }

    fn change(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let (record, incident) = room::change(start, self.on.incident, |id, _| self.intent(start, id))?;
        let (Event::ChecklistStarted { checklist, .. } | Event::StepMarked { checklist, .. }) = record.event
        else {
            unreachable!("every intent here is about a checklist")
        };
        let list = incident.checklists.get(&checklist).expect("it was just begun or marked");
        if self.on.json {
            let (incident, checklist) = (incident.id.to_string(), checklist_json(list));
            out.json(&One { schema: "sitroom/checklist/1", incident, checklist })?;
        } else {
            out.text(text(list))?;
        }
        Ok(Exit::Done)
    }

    fn intent(&self, start: &Start, incident: IncidentId) -> Result<Intent, Failure> {
        let mark =
            |checklist, step, state, reason| Intent::MarkStep { incident, checklist, step, state, reason };
        Ok(match &self.what {
            What::Begin { name } => Intent::StartChecklist(incident, named(start, name)?.content()),
            What::Tick { checklist, step } => mark(*checklist, *step, StepState::Done, String::new()),
            What::Skip { checklist, step, reason } => {
                mark(*checklist, *step, StepState::Skipped, clean(&reason.join(" ")))
            }
            What::Reopen { checklist, step } => mark(*checklist, *step, StepState::Open, String::new()),
            What::Templates | What::List => unreachable!("looking is no intent"),
        })
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
    let head = format!("{} {} ({} of {})\n", list.id, clean(&list.title), list.passed(), list.steps.len());
    (1..).zip(&list.steps).fold(head, |text, (number, step)| text + &step_line(number, step))
}

/// `  2 skipped: name a scribe (nobody else is awake)`.
fn step_line(number: usize, step: &ChecklistStep) -> String {
    let why = step.marked.as_ref().map_or("", |mark| mark.why.as_str());
    let why = if why.is_empty() { String::new() } else { format!(" ({})", clean(why)) };
    format!("  {number} {}: {}{why}\n", step.state, clean(&step.step.text))
}
