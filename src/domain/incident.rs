//! The state of the room: every incident as the journal tells it.
//!
//! Built only by [`super::apply`]; nothing here decides anything.

mod announce;
mod clocks;
mod command;
mod durations;
mod entry;
mod handover;
mod keeping;
mod live;
mod metrics;
mod moments;
mod pages;
mod policy;
mod promise;
mod proposals;
mod retro;
mod score;
mod timeline;
mod told;
mod triggers;
mod unfinished;
mod work;

pub use announce::{Announcement, Announces};
pub use clocks::{Answered, Clock, ClockState, SNOOZES, clocks, unclaimed_roles};
pub use command::{Command, Warning, command_warnings};
pub use durations::{DURATIONS, Duration, Length, Measured, durations, measure};
pub use entry::{Entry, Judgement, Revision, Strike, Weight};
pub use handover::{compose, draft_update, handover};
pub use keeping::{Check, Expected, Kept, keeping};
pub use live::{CheckState, check};
pub use metrics::{Metric, metrics};
pub use moments::{Declined, ImpossibleOrder, MomentSaid, impossible_orders};
pub use pages::Pages;
pub use policy::{BySeverity, ClockPolicy};
pub use promise::promised;
pub use proposals::{Proposal, proposals};
pub use retro::{Retro, RetroItem, RetroMove, RetroRevision};
pub use score::{Score, Scored, score};
pub use timeline::{Line, What, timeline};
pub use told::{Told, tell_brief, tell_packet};
pub use triggers::{FollowUp, Trigger, TriggerState, follow_ups, triggers};
pub use unfinished::{and, name, unfinished};
pub use work::{Checklist, ChecklistStep, Criterion, Mark, Task, Update};

use super::event::{Audience, Evidence, Moment, Nudge, Record, Role, Severity};
use super::id::{ChecklistId, CriterionId, EntryId, IncidentId, ItemId, Person, Seq, ServiceName, TaskId};
use super::readiness::Act;
use super::time::{Day, Span, Time};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// The last record this state reflects.
    pub seq: Seq,
    /// The latest moment of any record, by the clock of whoever wrote it.
    pub latest: Option<Time>,
    /// Shared, so that publishing the room again costs only the incident that changed.
    pub incidents: BTreeMap<IncidentId, Arc<Incident>>,
    /// What people signed off and withdrew, by item, oldest first.
    pub attestations: Arc<BTreeMap<ItemId, Vec<Act>>>,
    /// What is replayed, where people practise here; every incident declared is then marked as a drill.
    pub drill: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub id: IncidentId,
    pub title: String,
    pub severity: Severity,
    pub status: Status,
    pub services: Vec<ServiceName>,
    pub impact: String,
    pub evidence: Vec<Evidence>,
    pub declared_at: Time,
    pub declared_by: Person,
    pub command: Command,
    pub roles: BTreeMap<Role, BTreeSet<Person>>,
    pub entries: Pages<EntryId, Entry>,
    /// What people said of the key moments; [`Incident::moment`] has what holds.
    pub moments: BTreeMap<Moment, MomentSaid>,
    pub declined: Vec<Declined>,
    pub tasks: Pages<TaskId, Task>,
    pub criteria: Pages<CriterionId, Criterion>,
    pub checklists: Pages<ChecklistId, Checklist>,
    pub updates: Pages<Seq, Update>,
    /// The last answer to each nudge.
    pub nudges: BTreeMap<Nudge, Answered>,
    pub retro: Retro,
    /// The incidents merged into this one, as they are now.
    pub merged: BTreeMap<IncidentId, Arc<Incident>>,
    /// Every record but those that write and change entries and rows of the retro.
    pub history: Pages<Seq, Record>,
    pub resolved_at: Option<Time>,
    pub closed_at: Option<Time>,
    /// What was replayed, where this was practice.
    pub drill: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Open,
    Resolved,
    Closed,
    /// It goes on in another one.
    Merged(IncidentId),
}

impl Room {
    /// A room where nothing is real but what people do.
    pub fn of_drill(of: Option<Arc<str>>) -> Self {
        Self { drill: of, ..Self::default() }
    }

    pub fn incident(&self, id: IncidentId) -> Option<&Incident> {
        self.incidents.get(&id).map(Arc::as_ref)
    }

    /// What to tell somebody who writes by a clock that is behind what was written before.
    pub fn written_behind(&self, at: Time) -> Option<String> {
        let latest = self.latest.filter(|latest| *latest > at + Span::minutes(1))?;
        let (behind, day, clock) = (at.age(latest), Day::of(latest), latest.hour_minute(&TimeZone::UTC));
        Some(format!(
            "this clock is {behind} behind the journal's latest record ({day} {clock} UTC): what is written now stands too early"
        ))
    }

    pub fn open(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values().map(Arc::as_ref).filter(|incident| incident.status == Status::Open)
    }

    /// The incident one means when one names none: the worst open one, the youngest of those.
    pub fn in_front(&self) -> Option<&Incident> {
        worst(self.open())
    }

    /// The worst of those that somebody commands.
    pub fn commanded_by(&self, person: &Person) -> Option<&Incident> {
        worst(self.open().filter(|incident| incident.command.holder.as_ref() == Some(person)))
    }

    /// What is over, the last of it first: a post-mortem is written of it. What went on in another one comes last.
    pub fn over(&self) -> impl Iterator<Item = &Incident> {
        let newest = || self.incidents.values().rev().map(Arc::as_ref);
        let is_over = |incident: &&Incident| matches!(incident.status, Status::Resolved | Status::Closed);
        newest().filter(is_over).chain(newest().filter(|incident| incident.is_merged()))
    }

    pub fn next_incident(&self) -> IncidentId {
        self.incidents.keys().next_back().copied().unwrap_or_default().next()
    }

    /// Where an incident goes on: itself, or the one it was merged into at last.
    pub fn goes_on_in(&self, id: IncidentId) -> Option<&Incident> {
        let mut incident = self.incident(id)?;
        for _ in 0..self.incidents.len() {
            match incident.status {
                Status::Merged(into) => incident = self.incident(into)?,
                Status::Open | Status::Resolved | Status::Closed => return Some(incident),
            }
        }
        None
    }
}

fn worst<'a>(incidents: impl Iterator<Item = &'a Incident>) -> Option<&'a Incident> {
    incidents.min_by_key(|incident| (incident.severity, std::cmp::Reverse(incident.id)))
}

impl Incident {
    pub fn next_entry(&self) -> EntryId {
        self.entries.last_key().unwrap_or_default().next()
    }

    pub fn is_merged(&self) -> bool {
        matches!(self.status, Status::Merged(_))
    }

    pub fn holds(&self, role: Role, person: &Person) -> bool {
        self.roles.get(&role).is_some_and(|people| people.contains(person))
    }

    pub fn open_hypotheses(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(|entry| entry.is_open_hypothesis())
    }

    /// The last update to this audience, by when it went out.
    pub fn last_update(&self, audience: Audience) -> Option<&Update> {
        let sent = |update: &&Update| (update.content.happened.from, update.seq);
        self.updates.values().filter(|update| update.content.audience == audience).max_by_key(sent)
    }

    /// The last update to anybody.
    pub fn latest_update(&self) -> Option<&Update> {
        self.updates.values().max_by_key(|update| (update.content.happened.from, update.seq))
    }

    /// Itself, and everything merged into it by its name.
    pub fn with_merged(&self) -> impl Iterator<Item = (Option<IncidentId>, &Self)> {
        std::iter::once((None, self)).chain(self.merged_tree().map(|origin| (Some(origin.id), origin)))
    }

    /// The services it touches, those of what was merged into it too.
    pub fn all_services(&self) -> Vec<ServiceName> {
        let mut found: Vec<ServiceName> = Vec::new();
        for service in self.with_merged().flat_map(|(_, incident)| &incident.services) {
            if !found.contains(service) {
                found.push(service.clone());
            }
        }
        found
    }

    /// What customers feel, as it was said here and in what was merged into it.
    pub fn whole_impact(&self) -> String {
        let mut found: Vec<&str> = Vec::new();
        for (_, incident) in self.with_merged() {
            let impact = incident.impact.trim();
            if !impact.is_empty() && !found.contains(&impact) {
                found.push(impact);
            }
        }
        found.join("; ")
    }

    /// Every incident merged into this one, at any remove.
    pub fn merged_tree(&self) -> impl Iterator<Item = &Self> {
        let mut waiting: Vec<&Self> = self.merged.values().rev().map(Arc::as_ref).collect();
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(next.merged.values().rev().map(Arc::as_ref));
            Some(next)
        })
    }
}
