//! What is left of all incidents, worked out when the room changes. What ages does so by the minute.

use crate::domain::event::{ActionItem, KillCriterion};
use crate::domain::incident::{Metric, Room, TriggerState, follow_ups, metrics, triggers};
use crate::domain::{IncidentId, RetroId, Time};
use std::sync::Arc;

/// A row of somebody's retro.
pub(super) type Key = (IncidentId, RetroId);

#[derive(Debug, Default)]
pub(super) struct Made {
    of: Option<(Arc<Room>, i64)>,
    pub(super) items: Vec<OpenItem>,
    pub(super) triggers: Vec<Promise>,
    pub(super) metrics: Vec<Metric>,
}

/// An action item nobody has done or dropped.
#[derive(Debug)]
pub(super) struct OpenItem {
    pub(super) key: Key,
    pub(super) action: ActionItem,
    pub(super) is_overdue: bool,
}

/// A kill criterion that stands, and how it stands.
#[derive(Debug)]
pub(super) struct Promise {
    pub(super) key: Key,
    pub(super) criterion: KillCriterion,
    pub(super) state: TriggerState,
}

impl Made {
    pub(super) fn follow(&mut self, room: &Arc<Room>, now: Time) {
        let minute = now.millis().div_euclid(60_000);
        if self.of.as_ref().is_some_and(|(of, then)| Arc::ptr_eq(of, room) && *then == minute) {
            return;
        }
        let open = follow_ups(room, now).into_iter().map(|it| OpenItem {
            key: (it.after.id, it.item.id),
            action: it.action.clone(),
            is_overdue: it.is_overdue,
        });
        let promised = triggers(room, now).into_iter().map(|it| Promise {
            key: (it.after.id, it.item.id),
            criterion: it.criterion.clone(),
            state: it.state,
        });
        (self.items, self.triggers) = (open.collect(), promised.collect());
        self.metrics = metrics(room);
        self.of = Some((Arc::clone(room), minute));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Span;

    #[test]
    fn the_same_room_is_worked_out_once_a_minute() {
        let (room, now) = (Arc::new(Room::default()), Time::default());
        let mut made = Made::default();
        made.follow(&room, now);
        assert!(!made.metrics.is_empty());
        made.metrics.clear();
        made.follow(&room, now + Span::seconds(59));
        assert!(made.metrics.is_empty(), "nothing has changed");
        made.follow(&room, now + Span::minutes(1));
        assert!(!made.metrics.is_empty(), "what ages is worked out anew");
        made.metrics.clear();
        made.follow(&Arc::new(Room::default()), now + Span::minutes(1));
        assert!(!made.metrics.is_empty(), "another room is worked out anew");
    }
}
