//! `sitroom incident moment`: when it began, was seen, escalated, mitigated; and what comes of it in minutes.

use super::json::Moments;
use crate::cli::room;
use crate::cli::wait::wait;
use crate::cli::{Exit, Failure, Out, Start};
use crate::domain::event::{Moment, MomentValue, When};
use crate::domain::incident::{Status, durations, impossible_orders};
use crate::domain::scribe;
use crate::domain::text::clean;
use crate::domain::{Incident, IncidentId, Intent, Time};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::tz::TimeZone;

#[derive(Debug, Args)]
pub(super) struct KeyMoment {
    /// Which moment; without one all of them are said, and how long things took
    #[arg(value_parser = moment())]
    name: Option<Moment>,
    /// When it was, and why: `~14:06 support called`, `now`, `never nobody had to`, `unknown`; times are UTC
    #[arg(requires = "name", allow_hyphen_values = true)]
    line: Option<String>,
    /// Which incident; when not given the worst you command, else the open one in front
    #[arg(long, value_name = "ID")]
    incident: Option<IncidentId>,
}

fn moment() -> impl TypedValueParser<Value = Moment> {
    let words = Moment::ALL.iter().map(|moment| moment.word());
    PossibleValuesParser::new(words)
        .map(|word| word.parse().expect("clap lets only the words of moments through"))
}

impl KeyMoment {
    pub(super) fn run(&self, start: &Start, is_json: bool, out: &mut Out) -> Result<Exit, Failure> {
        match (self.name, &self.line) {
            (Some(moment), Some(line)) => self.set(start, moment, line, is_json, out),
            (only, _) => {
                let room = wait(room::look(start))?;
                tell(room::meant(start, &room, self.incident)?, only, is_json, out)
            }
        }
    }

    fn set(
        &self,
        start: &Start,
        moment: Moment,
        line: &str,
        is_json: bool,
        out: &mut Out,
    ) -> Result<Exit, Failure> {
        let me = start.me()?;
        let now = start.clock().now();
        let (value, reason) = scribe::moment(&clean(line), now, &TimeZone::UTC).map_err(|what| {
            Failure::no(what, "write: sitroom incident moment detected '~14:06 support called'")
        })?;
        wait(room::with(start, async |open| {
            let incident = room::meant(start, open.room(), self.incident)?.id;
            let set =
                Intent::SetMoment { incident, moment, value, reason, evidence: Vec::new(), basis: None };
            open.submit(&me, now, set).await?;
            tell(room::the(open.room(), incident)?, Some(moment), is_json, out)
        }))
    }
}

/// One moment, or all of them with what lies between; an order that cannot be is said in any case.
fn tell(incident: &Incident, only: Option<Moment>, is_json: bool, out: &mut Out) -> Result<Exit, Failure> {
    if is_json {
        out.json(&Moments::of(incident))?;
        return Ok(Exit::Done);
    }
    for moment in Moment::ALL.iter().filter(|moment| only.is_none_or(|only| only == **moment)) {
        out.line(line(incident, *moment))?;
    }
    if only.is_none() {
        for (duration, measured) in durations(incident) {
            out.line(format!("{}: {}", duration.title, measured.say(incident.status)))?;
        }
    }
    for wrong in impossible_orders(incident) {
        out.line(format!("impossible: {wrong}"))?;
    }
    Ok(Exit::Done)
}

/// `Detected: ~2026-03-16 14:10 UTC (paged)`.
fn line(incident: &Incident, moment: Moment) -> String {
    let said = match incident.moment(moment) {
        MomentValue::Happened { when } => written(when),
        MomentValue::Never => "did not happen".to_owned(),
        MomentValue::Unknown if incident.status == Status::Open => "pending".to_owned(),
        MomentValue::Unknown => "not captured".to_owned(),
    };
    let why = incident.moments.get(&moment).map_or("", |said| said.reason.as_str());
    let why = if why.is_empty() { String::new() } else { format!(" ({})", clean(why)) };
    format!("{moment}: {said}{why}")
}

fn written(when: When) -> String {
    let clock = |at: Time| at.hour_minute(&TimeZone::UTC);
    let about = if when.approximate { "~" } else { "" };
    let to = when.to.map_or_else(String::new, |to| format!("-{}", clock(to)));
    format!("{about}{} {}{to} UTC", when.from.date(&TimeZone::UTC), clock(when.from))
}
