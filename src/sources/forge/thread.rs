//! One feed of one repository: up to when it is known, what is wrong with it, and when it has its next turn.

use super::{Part, Want};
use crate::domain::{Span, Time};
use crate::sources::SourceError;
use std::sync::Arc;

/// Asked for once more each time, for what a server lists late.
const OVERLAP: Span = Span::minutes(2);

pub(super) struct Thread {
    pub(super) repository: Arc<str>,
    pub(super) feed: usize,
    /// Everything that changed before this is known or on its way.
    complete_until: Option<Time>,
    trouble: Option<SourceError>,
    /// How many pages of its history were read before the rest was left.
    pub(super) left_after: Option<u32>,
    /// When it has its next turn; nothing before the first.
    due: Option<Time>,
    /// When what waits for people on it last changed, by the host's clock.
    pub(super) open: Option<Time>,
}

impl Thread {
    pub(super) fn new(repository: Arc<str>, feed: usize) -> Self {
        Self {
            repository,
            feed,
            complete_until: None,
            trouble: None,
            left_after: None,
            due: None,
            open: None,
        }
    }

    pub(super) fn want(&self, since: Time, part: Part) -> Want {
        Want { repository: Arc::clone(&self.repository), feed: self.feed, since, part }
    }

    /// From where on it is not known.
    pub(super) fn since(&self, farthest: Time) -> Time {
        self.complete_until.map_or(farthest, |known| known.max(farthest))
    }

    pub(super) fn is_complete_until(&mut self, there: Time) {
        self.complete_until = Some(there - OVERLAP);
        self.trouble = None;
    }

    /// It is left alone until then.
    pub(super) fn refuse(&mut self, error: SourceError, until: Time) {
        self.trouble = Some(error);
        self.due = Some(until);
    }

    pub(super) fn trouble(&self) -> Option<&SourceError> {
        self.trouble.as_ref()
    }

    pub(super) fn has_had_a_turn(&self) -> bool {
        self.due.is_some()
    }

    pub(super) fn has_its_turn(&self, now: Time) -> bool {
        self.due.is_none_or(|due| now >= due)
    }

    pub(super) fn waits_until(&mut self, due: Time) {
        self.due = Some(due);
    }

    /// Something speaks for asking it earlier, which is of no use where it is refused.
    pub(super) fn hasten(&mut self, due: Time) {
        if self.trouble.is_none() {
            self.due = self.due.map(|known| known.min(due));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_asked_from_where_it_was_last_complete() {
        let mut thread = Thread::new("team/api".into(), 0);
        let hour = |hour: i64| Time::from_millis(hour * 3_600_000);
        assert_eq!(thread.since(hour(1)), hour(1));
        thread.is_complete_until(hour(5));
        assert_eq!(thread.since(hour(1)), hour(5) - OVERLAP);
        assert_eq!(thread.since(hour(9)), hour(9));
    }
}
