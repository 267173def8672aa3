//! `sitroom incident`: declared, listed, shown, and brought to its end.

pub(super) mod json;
mod moments;
mod text;
mod update;

pub(super) use json::line as entry_json;
pub(super) use json::{Line as EntryJson, checklist_json, criterion_json};
pub(super) use text::line as entry_text;

use super::room;
use super::wait::wait;
use super::words::{service, severity};
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::event::Severity;
use crate::domain::incident::{Status, and, unfinished};
use crate::domain::text::clean;
use crate::domain::{IncidentId, Intent, Room, ServiceName};
use clap::{Args, Subcommand};

/// Declare an incident, look at one, bring it to its end
#[derive(Debug, Args)]
pub(super) struct Incident {
    #[command(subcommand)]
    what: What,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Declare one; when in doubt, declare, and higher
    Declare(Declare),
    /// All incidents, the open ones first
    List,
    /// One incident with its timeline
    Show { id: Option<IncidentId> },
    /// Change the severity
    Sev {
        /// 1 is the worst, 5 the least
        #[arg(value_name = "N", value_parser = severity)]
        severity: Severity,
        id: Option<IncidentId>,
    },
    /// Keep a status update in the timeline; sitroom sends it nowhere
    Update(update::Update),
    /// Say when a key moment was, or list them all with how long things took
    Moment(moments::KeyMoment),
    /// The customers' trouble is over; what is still open is said on stderr
    Resolve { id: Option<IncidentId> },
    /// A resolved incident needs no more work; without an ID the only resolved one
    Close { id: Option<IncidentId> },
    /// It is the same as another one, and goes on there
    Merge {
        /// The one that goes on in another
        #[arg(value_name = "FROM")]
        from: IncidentId,
        /// The open one that it goes on in
        #[arg(value_name = "INTO")]
        into: IncidentId,
        /// Why they are the same
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// It is not over after all; without an ID the only resolved one
    Reopen { id: Option<IncidentId> },
}

#[derive(Debug, Args)]
struct Declare {
    /// What is wrong, in a few words
    #[arg(long)]
    title: String,
    /// 1 is the worst, 5 the least
    #[arg(long, value_name = "N", value_parser = severity)]
    sev: Severity,
    /// A service it touches; may be given several times, or not at all
    #[arg(long, value_name = "S", value_parser = service)]
    service: Vec<ServiceName>,
    /// What customers feel
    #[arg(long, default_value = "")]
    impact: String,
}

impl Run for Incident {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        match &self.what {
            What::List => self.list(start, out),
            What::Show { id } => {
                let room = wait(room::look(start))?;
                let id = room::meant(start, &room, *id)?.id;
                show(start, &room, id, self.json, out)
            }
            What::Moment(moment) => moment.run(start, self.json, out),
            _ => self.change(start, out),
        }
    }
}

impl Incident {
    fn list(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let room = wait(room::look(start))?;
        if self.json {
            out.json(&json::list(&room))?;
        } else {
            out.text(text::list(&room, start.clock().now()))?;
        }
        Ok(Exit::Done)
    }

    fn change(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let me = start.me()?;
        wait(room::with(start, async |open| {
            let intent = self.intent(start, open.room())?;
            let left = match &intent {
                Intent::Resolve(id) => open.room().incident(*id).map(unfinished).unwrap_or_default(),
                _ => Vec::new(),
            };
            let record = open.submit(&me, start.clock().now(), intent).await?;
            let incident = record.event.incident().expect("what changes an incident is of one");
            if !left.is_empty() {
                Failure::no(format!("{incident} is resolved, but {}", and(&left)), "").report();
            }
            answer(start, open.room(), incident, self.json, out)
        }))
    }

    fn intent(&self, start: &Start, room: &Room) -> Result<Intent, Failure> {
        let decided = |id: &Option<IncidentId>| room::decided(start, room, *id).map(|incident| incident.id);
        Ok(match &self.what {
            What::Declare(declare) => declare.intent(),
            What::Sev { severity, id } => Intent::SetSeverity(decided(id)?, *severity),
            What::Update(update) => update.intent(room::meant(start, room, update.id)?, start)?,
            What::Resolve { id } => Intent::Resolve(decided(id)?),
            What::Close { id } => Intent::Close(room::only(room, *id, Status::Resolved)?),
            What::Reopen { id } => Intent::Reopen(room::only(room, *id, Status::Resolved)?),
            What::Merge { from, into, reason } => {
                Intent::Merge { incident: *from, into: *into, reason: clean(reason) }
            }
            What::List | What::Show { .. } | What::Moment(_) => unreachable!("these answer for themselves"),
        })
    }
}

impl Declare {
    fn intent(&self) -> Intent {
        Intent::Declare {
            title: clean(&self.title),
            severity: self.sev,
            services: self.service.clone(),
            impact: clean(&self.impact),
            evidence: Vec::new(),
        }
    }
}

/// How an incident stands after something was done to it.
pub(super) fn answer(
    start: &Start,
    room: &Room,
    id: IncidentId,
    json: bool,
    out: &mut Out,
) -> Result<Exit, Failure> {
    if json {
        return show(start, room, id, true, out);
    }
    let incident = room::the(room, id)?;
    out.line(text::headline(incident, start.clock().now()))?;
    Ok(Exit::Done)
}

fn show(start: &Start, room: &Room, id: IncidentId, json: bool, out: &mut Out) -> Result<Exit, Failure> {
    let incident = room::the(room, id)?;
    if json {
        out.json(&json::whole(room, incident, start.clock().now()))?;
    } else {
        out.text(text::whole(incident, start.clock().now()))?;
    }
    Ok(Exit::Done)
}
