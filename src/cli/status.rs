//! `sitroom status`: the situation of a room or a scenario at a moment, printed. The exit code is the answer.

mod plain;

use super::incident::json::number;
use super::looking::{Looking, Origin, Seen};
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start, looks, room};
use crate::diagnosis::{Level, Situation};
use crate::domain::incident::Status as IncidentStatus;
use crate::domain::{Person, Time};
use clap::Args;
use serde::Serialize;

/// The situation, printed; exit 0 when it is normal, 1 when it is elevated or worse
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
    #[serde(flatten)]
    situation: &'a Situation,
}

impl Run for Status {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let seen = self.looking.look(start)?;
        let incident = self.in_front(start, &seen)?;
        if seen.origin == Origin::Room && seen.signals.is_empty() && incident.is_none() {
            return Err(nothing(start));
        }
        let situation = seen.situation(start);
        if self.json {
            let Seen { room, source, .. } = &seen;
            let incident = incident.as_ref();
            let schema = "sitroom/situation/1";
            out.json(&Document { schema, room, source, incident, situation: &situation })?;
        } else {
            let depth = looks::printed_depth(start, out.is_terminal() && !self.plain);
            let style = looks::theme(start).at(depth);
            let paint = (out.is_terminal() && !self.plain).then_some(&style);
            out.text(plain::written(&seen, incident.as_ref(), &situation, paint))?;
        }
        let is_calm = situation.state.level == Level::Normal && !is_blind_and_open(&seen, incident.as_ref());
        Ok(if is_calm { Exit::Done } else { Exit::No })
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

/// Nothing was observed that could say how it is, and people have said that something is wrong.
fn is_blind_and_open(seen: &Seen, incident: Option<&Front>) -> bool {
    seen.signals.is_empty() && incident.is_some()
}

/// Where nothing is kept, nothing can be said, but for an incident that is open.
fn nothing(start: &Start) -> Failure {
    let what = match &start.settings().room {
        Some(room) => format!("no signals were kept in {room} yet"),
        None => format!(
            "nothing is configured in {}, and no signals were kept",
            start.paths.config_file.display()
        ),
    };
    Failure::usage(
        what,
        "see one at work: sitroom status --scenario checkout-deploy\nbegin: sitroom config init, \
         or push a signal: sitroom emit deploy --service S --version V",
    )
}
