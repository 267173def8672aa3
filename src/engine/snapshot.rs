//! What everybody sees: the whole room at one revision, cheap to clone and never changed once it is published.

use super::Parts;
use crate::diagnosis::{Policy, Situation};
use crate::domain::incident::ClockPolicy;
use crate::domain::{Catalog, Health, Person, Room, Seq, SignalLog, SourceStatus, Time};
use crate::store::Present;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Counts what was published; another revision may show something else.
    pub revision: u64,
    /// The last record of the journal that this reflects.
    pub seq: Seq,
    pub name: Arc<str>,
    pub room: Arc<Room>,
    pub signals: SignalLog,
    pub catalog: Arc<Catalog>,
    pub sources: Arc<[SourceStatus]>,
    pub situation: Arc<Situation>,
    /// What does not work as it should, with the fix.
    pub notices: Arc<[String]>,
    pub story: Option<Story>,
    /// Everybody at a screen of this room, in this process or another, by name.
    pub present: Arc<[Attendee]>,
    /// What the room expects of its incidents.
    pub clocks: Arc<ClockPolicy>,
    /// What the team sets differently in the rules.
    pub policy: Arc<Policy>,
    /// The journal or the kept signals are still being read.
    pub loading: bool,
}

/// The scenario that plays instead of live sources.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    pub title: String,
    /// How fast it is told, `60×`.
    pub speed: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    pub session: String,
    pub person: Person,
    /// What they look at, in a word or two.
    pub what: String,
}

impl From<Present> for Attendee {
    fn from(present: Present) -> Self {
        let Present { session, person, what, at: _ } = present;
        Self { session, person, what }
    }
}

impl Snapshot {
    /// A room of which nothing is known yet.
    pub fn empty(name: &str, now: Time) -> Self {
        Self {
            revision: 0,
            seq: Seq::default(),
            name: Arc::from(name),
            room: Arc::default(),
            signals: SignalLog::new(),
            catalog: Arc::default(),
            sources: Arc::default(),
            situation: Arc::new(Situation::quiet(&[], now)),
            notices: Arc::default(),
            story: None,
            present: Arc::default(),
            clocks: Arc::default(),
            policy: Arc::default(),
            loading: true,
        }
    }
}

pub(super) fn first<J>(parts: &Parts<J>) -> Snapshot {
    let starting =
        parts.sources.iter().map(|source| SourceStatus::new(source.name().clone(), Health::Starting, ""));
    Snapshot {
        room: Arc::new(Room::of_drill(parts.drill.clone())),
        catalog: Arc::clone(&parts.catalog),
        sources: starting.chain(parts.off.iter().cloned()).collect(),
        notices: parts.notices.iter().cloned().collect(),
        story: parts.story.clone(),
        clocks: Arc::new(parts.clocks.clone()),
        policy: Arc::new(parts.policy.clone()),
        ..Snapshot::empty(&parts.name, parts.clock.now())
    }
}
