//! What retros promised, looked at afterwards over all incidents: kill criteria counted in the journal, and action
//! items that are still open.
//!
//! Pure, and counted anew every time: that a trigger is due is nowhere written down.

use super::{Incident, RetroItem, Room};
use crate::domain::event::{ActionItem, Audience, ItemState, KillCriterion, Measure, RetroContent, Watch};
use crate::domain::id::IncidentId;
use crate::domain::time::{Day, Time};

/// A kill criterion that stands, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger<'a> {
    /// The incident it was promised after.
    pub after: &'a Incident,
    pub item: &'a RetroItem,
    pub criterion: &'a KillCriterion,
    pub state: TriggerState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerState {
    /// The journal cannot count it; its owner has to look.
    ForPeople,
    /// Seen so often, and not often enough.
    Counting { seen: Vec<IncidentId>, until: Option<Time> },
    /// What was committed to is to be done.
    Due { seen: Vec<IncidentId> },
    /// Its window went by, and it was not seen often enough.
    Over { seen: Vec<IncidentId> },
}

/// An action item nobody has done or dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp<'a> {
    pub after: &'a Incident,
    pub item: &'a RetroItem,
    pub action: &'a ActionItem,
    pub is_overdue: bool,
}

/// All that stand: what is due first, then what is counted, then what is for people, then what is over.
pub fn triggers(room: &Room, now: Time) -> Vec<Trigger<'_>> {
    let mut triggers: Vec<_> = standing(room)
        .filter_map(|(after, item)| match &item.content {
            RetroContent::KillCriterion(criterion) => {
                let state = state(room, item, criterion.watch.as_ref(), now);
                Some(Trigger { after, item, criterion, state })
            }
            _ => None,
        })
        .collect();
    triggers.sort_by_key(|trigger| (trigger.state.rank(), trigger.after.id, trigger.item.id));
    triggers
}

/// The overdue first, then by date; what has none comes last.
pub fn follow_ups(room: &Room, now: Time) -> Vec<FollowUp<'_>> {
    let today = Day::of(now);
    let mut open: Vec<_> = standing(room)
        .filter_map(|(after, item)| match &item.content {
            RetroContent::ActionItem(action) if item.state == ItemState::Open => {
                let is_overdue = action.due.is_some_and(|due| due < today);
                Some(FollowUp { after, item, action, is_overdue })
            }
            _ => None,
        })
        .collect();
    open.sort_by_key(|it| (it.action.due.is_none(), it.action.due, it.after.id, it.item.id));
    open
}

impl Trigger<'_> {
    pub fn is_due(&self) -> bool {
        matches!(self.state, TriggerState::Due { .. })
    }

    /// So many make it due, where the journal counts it.
    pub fn threshold(&self) -> Option<u32> {
        Some(self.criterion.watch.as_ref()?.count)
    }
}

impl TriggerState {
    /// The word for files.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Due { .. } => "due",
            Self::Counting { .. } => "counting",
            Self::ForPeople => "for-people",
            Self::Over { .. } => "over",
        }
    }

    /// The incidents it was seen in.
    pub fn seen(&self) -> &[IncidentId] {
        match self {
            Self::Due { seen } | Self::Counting { seen, .. } | Self::Over { seen } => seen,
            Self::ForPeople => &[],
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Due { .. } => 0,
            Self::Counting { .. } => 1,
            Self::ForPeople => 2,
            Self::Over { .. } => 3,
        }
    }
}

fn standing(room: &Room) -> impl Iterator<Item = (&Incident, &RetroItem)> {
    room.incidents
        .values()
        .flat_map(|incident| incident.retro.standing().map(move |item| (&**incident, item)))
}

fn state(room: &Room, item: &RetroItem, watch: Option<&Watch>, now: Time) -> TriggerState {
    let Some(watch) = watch else { return TriggerState::ForPeople };
    let from = watch.from.map_or_else(|| Day::of(item.written_at).start(), Day::start);
    let until = watch.window.map(|window| from + window);
    let counts = |incident: &&Incident| {
        let in_time = incident.declared_at >= from && until.is_none_or(|until| incident.declared_at < until);
        in_time
            && !incident.is_merged()
            && watch.at_least.is_none_or(|least| incident.severity <= least)
            && is_seen(&watch.measure, incident, now)
    };
    let incidents = room.incidents.values().map(|incident| &**incident);
    let seen: Vec<_> = incidents.filter(counts).map(|incident| incident.id).collect();
    match until {
        _ if seen.len() >= usize::try_from(watch.count.max(1)).unwrap_or(usize::MAX) => {
            TriggerState::Due { seen }
        }
        Some(until) if now >= until => TriggerState::Over { seen },
        until => TriggerState::Counting { seen, until },
    }
}

/// What never came counts as late from the moment it was due, and not before; an incident that was over by then
/// owed nothing.
fn is_seen(measure: &Measure, incident: &Incident, now: Time) -> bool {
    let end = incident.resolved_at.or(incident.closed_at).unwrap_or(now);
    let is_late = |due: Time, came: Option<Time>| came.unwrap_or(end) > due;
    let taken = incident.command.first_taken_at;
    match measure {
        Measure::CommandLate { within } => is_late(incident.declared_at + *within, taken),
        Measure::ExternalUpdateLate { within } => {
            let updates = incident.updates.values().map(|update| &update.content);
            let external = updates.filter(|update| update.audience == Audience::External);
            let first = external.map(|update| update.happened.from).min();
            taken.is_some_and(|taken| is_late(taken + *within, first))
        }
        Measure::Labelled { label } => {
            let all = incident.with_merged().flat_map(|(_, incident)| incident.entries.values());
            let mut standing = all.filter(|entry| entry.struck.is_none());
            standing.any(|entry| entry.content.labels.iter().any(|it| it == label))
        }
    }
}
