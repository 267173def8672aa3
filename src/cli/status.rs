//! `sitroom status`: the situation of a room or a scenario at a moment, printed. The exit code is the answer.

mod plain;

use super::incident::json::number;
use super::looking::{Looking, Origin, Seen};
use super::readiness::json::Sums;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start, looks, room};
use crate::diagnosis::{Level, Situation};
use crate::domain::incident::Status as IncidentStatus;
use crate::domain::readiness::{Counts, register};
use crate::domain::{Person, Time};
use clap::Args;
use serde::Serialize;

/// The situation, printed; exit 0 when it is normal, 1 when it is elevated or worse, or nothing is known of it
#[derive(Debug, Args)]
pub(super) struct Status {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// Plain text without colours, for screen readers and pipes
    #[arg(long, conflicts_with = "json")]
    plain: bool,
    #[command(flatten)]
    looking: Looking,
}

/// The open incident in front.
#[derive(Serialize)]
struct Front {
    id: String,
    title: String,
    severity: u8,
    declared_at: Time,
    /// Who has command.
    holder: Option<Person>,
    /// How many others are open.
    others: usize,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    room: &'a str,
    source: &'a str,
    incident: Option<&'a Front>,
    /// How far the readiness register is signed.
    readiness: Option<Sums>,
    #[serde(flatten)]
    situation: &'a Situation,
}

impl Run for Status {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let seen = self.looking.look(start)?;
        let incident = self.in_front(start, &seen)?;
        let is_room = start.settings().room.is_some() || incident.is_some();
        if seen.origin == Origin::Room && seen.signals.is_empty() && !is_room {
            return Err(nothing(start));
        }
        let situation = seen.situation(start);
        if self.json {
            let Seen { room, source, .. } = &seen;
            let incident = incident.as_ref();
            let schema = "sitroom/situation/1";
            let readiness = sums(&seen).map(Sums::of);
            out.json(&Document { schema, room, source, incident, readiness, situation: &situation })?;
        } else {
            let depth = looks::printed_depth(start, out.is_terminal() && !self.plain);
            let style = looks::theme(start).at(depth);
            let paint = (out.is_terminal() && !self.plain).then_some(&style);
            out.text(plain::written(&seen, incident.as_ref(), &situation, paint))?;
        }
        // Who has looked at nothing cannot say that all is well, and nobody can while an incident is open.
        let is_well = situation.state.level == Level::Normal && incident.is_none();
        Ok(if is_well { Exit::Done } else { Exit::No })
    }
}

impl Status {
    /// Which incident is open is known of the present only, and of a room.
    fn in_front(&self, start: &Start, seen: &Seen) -> Result<Option<Front>, Failure> {
        if self.looking.at.is_some() || seen.origin == Origin::Scenario {
            return Ok(None);
        }
        let room = wait(room::look(start))?;
        let open = room.incidents.values().filter(|incident| incident.status == IncidentStatus::Open).count();
        Ok(room.in_front().map(|incident| Front {
            id: incident.id.to_string(),
            title: incident.title.clone(),
            severity: number(incident.severity),
            declared_at: incident.declared_at,
            holder: incident.command.holder.clone(),
            others: open.saturating_sub(1),
        }))
    }
}

/// How far the register is signed; nothing where the catalog has none.
fn sums(seen: &Seen) -> Option<Counts> {
    let Seen { catalog, journal, at, .. } = seen;
    (!catalog.readiness.items.is_empty()).then(|| register(catalog, journal, *at).counts)
}

/// Where there is no room, no incident is open and nothing was ever kept, there is nothing to look at.
fn nothing(start: &Start) -> Failure {
    // What is wrong with the configuration may be why there is nothing.
    if let Some(problem) = start.loaded().problems.first() {
        return problem.clone().into();
    }
    Failure::usage(
        format!("nothing is configured in {}, and no signals were kept", start.paths.config_file.display()),
        "see one at work: sitroom status --scenario checkout-deploy\nbegin: sitroom config init, \
         or push a signal: sitroom emit deploy --service S --version V",
    )
}
