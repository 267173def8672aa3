//! What this room saw around one of its incidents, made into a scenario: its signals at the times they came.

use crate::cli::looking::all_kept;
use crate::cli::{Failure, Start, catalog, room};
use crate::domain::event::Moment;
use crate::domain::log::SignalRef;
use crate::domain::{Incident, IncidentId, Refusal, Signal, Span, Time};
use crate::sources::scenario::Scenario;

/// How much of what came before is told as history, so that there is a baseline to judge by.
const BEFORE: Span = Span::days(8);
/// How long before the first sign of trouble people are put into their seats, and how long it goes on after the end.
const MARGIN: Span = Span::minutes(5);

pub(super) async fn scenario(start: &Start, id: IncidentId) -> Result<Scenario, Failure> {
    let room = room::look(start).await?;
    let incident = room.incident(id).ok_or(Refusal::NoIncident(id))?;
    let (from, to) = lasted(incident)?;
    let signals = signals(start, from - BEFORE, to).await?;
    if !signals.iter().any(|signal| signal.at >= from) {
        return Err(Failure::no(
            format!("no signal was kept from the time of {id}"),
            "practise with one that is younger, or with a scenario",
        ));
    }
    let (catalog, _) = catalog::configured(start);
    Ok(Scenario::of_past(&id.to_string(), &incident.title, catalog, signals, (from, to)))
}

/// From shortly before anything was known to shortly after it was over.
fn lasted(incident: &Incident) -> Result<(Time, Time), Failure> {
    let Some(ended) = incident.resolved_at.or(incident.closed_at) else {
        let what = format!("{} is not over, and nobody should practise with it", incident.id);
        return Err(Failure::no(what, "name one that is resolved (`sitroom incident list`)"));
    };
    let first = [Moment::ImpactStart, Moment::Detected].into_iter();
    let first = first.filter_map(|moment| incident.when(moment)).map(|when| when.from).min();
    Ok((first.unwrap_or(incident.declared_at).min(incident.declared_at) - MARGIN, ended + MARGIN))
}

async fn signals(start: &Start, from: Time, to: Time) -> Result<Vec<Signal>, Failure> {
    let path = start.paths.store_file();
    if !path.exists() {
        return Ok(Vec::new());
    }
    let kept = all_kept(&path).await?;
    Ok(kept.range(from, to).map(SignalRef::to_signal).collect())
}
