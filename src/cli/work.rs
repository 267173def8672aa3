//! What `task`, `criterion` and `checklist` do alike: list what an incident has of a kind, or change one and show it.
//!
//! A kind says how one of it is found, told and written as JSON; looking, changing and answering is the same for all.

use super::ic::On;
use super::wait::wait;
use super::{Exit, Failure, Out, Start, room};
use crate::domain::incident::name;
use crate::domain::{Event, Incident, IncidentId, Intent, Time};
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

/// A change of one kind of work, and what there is of that kind.
pub(super) trait Work {
    type Piece: 'static;
    /// The schemas of all of them and of one, each with the key they stand under.
    const ALL: Schema;
    const ONE: Schema;
    /// What an incident without any lacks: `task`.
    const CALLED: &'static str;

    fn intent(&self, start: &Start, incident: IncidentId, now: Time) -> Result<Intent, Failure>;

    /// In the order of their numbers.
    fn all(incident: &Incident) -> impl Iterator<Item = &Self::Piece>;

    /// The one an event is about.
    fn of<'a>(incident: &'a Incident, event: &Event) -> Option<&'a Self::Piece>;

    /// Whether people need it less than the others, so that it is told after them.
    fn is_behind(piece: &Self::Piece) -> bool;

    fn json(piece: &Self::Piece, now: Time) -> impl Serialize;

    /// A line, or a few, without an end.
    fn text(piece: &Self::Piece, now: Time) -> String;
}

/// The name of a document, and the key under which it has its content.
#[derive(Clone, Copy)]
pub(super) struct Schema(pub(super) &'static str, pub(super) &'static str);

struct Document<C> {
    schema: Schema,
    incident: IncidentId,
    content: C,
}

impl<C: Serialize> Serialize for Document<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Schema(name, key) = self.schema;
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("schema", name)?;
        map.serialize_entry("incident", &self.incident.to_string())?;
        map.serialize_entry(key, &self.content)?;
        map.end()
    }
}

/// One in a list, with the incident it is of where that was merged into the one that is listed.
#[derive(Serialize)]
struct Listed<J> {
    #[serde(flatten)]
    piece: J,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<String>,
}

/// All that an incident has of a kind, and what was merged into it.
pub(super) fn list<W: Work>(start: &Start, on: &On, out: &mut Out) -> Result<Exit, Failure> {
    let room = wait(room::look(start))?;
    let (incident, now) = (room::meant(start, &room, on.incident)?, start.clock().now());
    let all = |(of, incident)| W::all(incident).map(move |piece| (of, piece));
    let mut pieces: Vec<(Option<IncidentId>, &W::Piece)> = incident.with_merged().flat_map(all).collect();
    if on.json {
        let listed = |(of, piece): (Option<IncidentId>, _)| Listed {
            piece: W::json(piece, now),
            incident: of.map(|of| of.to_string()),
        };
        let content: Vec<_> = pieces.into_iter().map(listed).collect();
        out.json(&Document { schema: W::ALL, incident: incident.id, content })?;
        return Ok(Exit::Done);
    }
    if pieces.is_empty() {
        out.line(format!("{} has no {}", incident.id, W::CALLED))?;
    }
    pieces.sort_by_key(|(_, piece)| W::is_behind(piece));
    for (of, piece) in pieces {
        out.line(name(of, W::text(piece, now)))?;
    }
    Ok(Exit::Done)
}

/// One is changed, and shown as it is then.
pub(super) fn change<W: Work>(what: &W, start: &Start, on: &On, out: &mut Out) -> Result<Exit, Failure> {
    let (record, incident) =
        room::change(start, on.incident, |incident, now| what.intent(start, incident, now))?;
    let piece = W::of(&incident, &record.event).expect("the event is about what was just changed");
    if on.json {
        let content = W::json(piece, record.at);
        out.json(&Document { schema: W::ONE, incident: incident.id, content })?;
    } else {
        out.line(W::text(piece, record.at))?;
    }
    Ok(Exit::Done)
}
