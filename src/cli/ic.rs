//! `sitroom ic` and `sitroom role`: who has command, and who does what beside.

use super::incident::answer;
use super::room;
use super::wait::wait;
use super::words::{person, role};
use super::{Exit, Failure, Out, Run, Start};
use super::{clocks, packet};
use crate::domain::event::{Brief, Packet, Role as RoleName};
use crate::domain::incident::handover;
use crate::domain::text::clean;
use crate::domain::{Event, Incident, IncidentId, Intent, Person, Refusal};
use clap::{Args, Subcommand};
use std::sync::Arc;

/// Take command of the incident, or hand it over
#[derive(Debug, Args)]
pub(super) struct Ic {
    #[command(subcommand)]
    what: Command,
    #[command(flatten)]
    on: On,
}

/// Take a role in the incident, or drop it
#[derive(Debug, Args)]
pub(super) struct Role {
    #[command(subcommand)]
    what: Part,
    #[command(flatten)]
    on: On,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take command; from somebody who has it only with --relieve
    Take {
        /// Whom this relieves
        #[arg(long, value_name = "NAME", value_parser = person)]
        relieve: Option<Person>,
    },
    /// Offer command to somebody, who reads the hand-over packet and then accepts or declines
    Offer(Offer),
    /// Name who is to have command next, or nobody
    Next {
        #[arg(value_name = "NAME", value_parser = person)]
        next: Option<Person>,
    },
    /// Read the hand-over packet and accept the command that was offered to you
    Accept,
    /// Decline it
    Decline,
    /// Take an offer back
    Withdraw,
    /// Give command up; nobody has it then
    Release,
}

/// To whom, and the words for the next commander; what is not given is composed from what is there.
#[derive(Debug, Args)]
struct Offer {
    #[arg(value_name = "NAME", value_parser = person)]
    to: Person,
    /// What is so
    #[arg(long, value_name = "TEXT")]
    condition: Option<String>,
    /// What is being done
    #[arg(long, value_name = "TEXT")]
    actions: Option<String>,
    /// What is wanted
    #[arg(long, value_name = "TEXT")]
    needs: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Take a role
    Take {
        #[arg(value_parser = role())]
        role: RoleName,
    },
    /// Drop a role
    Drop {
        #[arg(value_parser = role())]
        role: RoleName,
    },
}

/// Which incident, and how to answer.
#[derive(Debug, Args)]
pub(super) struct On {
    /// Which incident; when not given the worst you command, else the open one in front
    #[arg(long, global = true, value_name = "ID")]
    pub(super) incident: Option<IncidentId>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
}

impl Run for Ic {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        self.on.submit(start, out, |incident| self.what.intent(start, incident))
    }
}

impl Command {
    fn intent(&self, start: &Start, incident: &Incident) -> Intent {
        let id = incident.id;
        match self {
            Self::Take { relieve } => Intent::TakeCommand { incident: id, relieving: relieve.clone() },
            Self::Offer(offer) => {
                Intent::OfferHandover(id, offer.to.clone(), Arc::new(offer.packet(start, incident)))
            }
            Self::Next { next } => Intent::NameNext(id, next.clone()),
            Self::Accept => Intent::AcceptHandover(id, on_offer(start, incident)),
            Self::Decline | Self::Withdraw => Intent::DeclineCommand(id),
            Self::Release => Intent::ReleaseCommand(id),
        }
    }
}

impl Offer {
    fn packet(&self, start: &Start, incident: &Incident) -> Packet {
        let packet = composed(start, incident);
        let said = |given: &Option<String>, composed| given.as_deref().map_or(composed, clean);
        let Brief { condition, actions, needs } = packet.brief;
        let brief = Brief {
            condition: said(&self.condition, condition),
            actions: said(&self.actions, actions),
            needs: said(&self.needs, needs),
        };
        Packet { brief, ..packet }
    }
}

/// The packet that came with the offer, or one composed now.
fn on_offer(start: &Start, incident: &Incident) -> Arc<Packet> {
    let offered = incident.command.offered_packet.clone();
    offered.unwrap_or_else(|| Arc::new(composed(start, incident)))
}

fn composed(start: &Start, incident: &Incident) -> Packet {
    handover(incident, &clocks::policy(&start.settings().policy), start.clock().now())
}

impl Run for Role {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        self.on.submit(start, out, |incident| match self.what {
            Part::Take { role } => Intent::TakeRole(incident.id, role),
            Part::Drop { role } => Intent::DropRole(incident.id, role),
        })
    }
}

impl On {
    fn submit(
        &self,
        start: &Start,
        out: &mut Out,
        intent: impl FnOnce(&Incident) -> Intent,
    ) -> Result<Exit, Failure> {
        let me = start.me()?;
        wait(room::with(start, async |open| {
            let incident = room::meant(start, open.room(), self.incident)?;
            let (id, intent) = (incident.id, intent(incident));
            let record = open.submit(&me, start.clock().now(), intent).await?;
            answer(start, open.room(), id, self.json, out)?;
            #[cfg(feature = "ssh")]
            if let Event::CommandOffered { to, .. } | Event::HandoverOffered { to, .. } = &record.event {
                super::access::doubt(start, to);
            }
            tell_packet(&record.event, self.json, out)
        }))
    }
}

/// What was handed over is to be read; in JSON it is part of the answer.
fn tell_packet(event: &Event, json: bool, out: &mut Out) -> Result<Exit, Failure> {
    if let Event::HandoverOffered { packet, .. } | Event::HandoverAccepted { packet, .. } = event
        && !json
    {
        out.text(packet::text(packet))?;
    }
    Ok(Exit::Done)
}

/// What to do about a refusal, where the sentence does not say so itself.
pub(super) fn fix(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoIncident(_) => "`sitroom incident list` has them all".to_owned(),
        Refusal::CommandHeld { holder, .. } => {
            format!("if that is meant: `sitroom ic take --relieve {holder}`; else ask {holder} to offer it")
        }
        Refusal::NotCommander(_) => "`sitroom incident show` says who has it".to_owned(),
        Refusal::NotOffered(_) => "who has command offers it with `sitroom ic offer NAME`".to_owned(),
        Refusal::NoCriterion(..) => "`sitroom criterion list` has them all".to_owned(),
        Refusal::NoChecklist(..) | Refusal::NoStep { .. } => {
            "`sitroom checklist list` has them all".to_owned()
        }
        Refusal::NoTask(..) => "`sitroom task list` has them all".to_owned(),
        _ => String::new(),
    }
}
