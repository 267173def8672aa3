//! `sitroom ic` and `sitroom role`: who has command, and who does what beside.

use super::incident::answer;
use super::people::{person, role};
use super::room::{self, OpenRoom};
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start};
use crate::domain::event::Role as RoleName;
use crate::domain::{IncidentId, Intent, Person, Refusal};
use clap::{Args, Subcommand};

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
    /// Offer command to somebody, who then accepts or declines
    Offer {
        #[arg(value_name = "NAME", value_parser = person)]
        to: Person,
    },
    /// Accept the command that was offered to you
    Accept,
    /// Decline it
    Decline,
    /// Give command up; nobody has it then
    Release,
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
    /// Which incident; the open one in front when not given
    #[arg(long, global = true, value_name = "ID")]
    pub(super) incident: Option<IncidentId>,
    /// Answer in JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
}

impl Run for Ic {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        self.on.submit(start, out, |incident| match &self.what {
            Command::Take { relieve } => Intent::TakeCommand { incident, relieving: relieve.clone() },
            Command::Offer { to } => Intent::OfferCommand(incident, to.clone()),
            Command::Accept => Intent::AcceptCommand(incident),
            Command::Decline => Intent::DeclineCommand(incident),
            Command::Release => Intent::ReleaseCommand(incident),
        })
    }
}

impl Run for Role {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        self.on.submit(start, out, |incident| match self.what {
            Part::Take { role } => Intent::TakeRole(incident, role),
            Part::Drop { role } => Intent::DropRole(incident, role),
        })
    }
}

impl On {
    fn submit(
        &self,
        start: &Start,
        out: &mut Out,
        intent: impl FnOnce(IncidentId) -> Intent,
    ) -> Result<Exit, Failure> {
        wait(async {
            let me = start.me()?;
            let mut open = OpenRoom::open(start).await?;
            let incident = room::meant(open.room(), self.incident)?.id;
            open.submit(&me, start.clock().now(), intent(incident)).await?;
            answer(start, open.room(), incident, self.json, out)
        })
    }
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
        Refusal::NoTask(..) => "`sitroom task list` has them all".to_owned(),
        _ => String::new(),
    }
}
