//! One feed of one repository: up to when it is known, what is wrong with it, and what is still to be asked of it.

use super::{Page, Part, Want};
use crate::domain::{Span, Time};
use crate::sources::SourceError;
use std::sync::Arc;

/// Asked for once more each time, for what a server lists late.
const OVERLAP: Span = Span::minutes(2);
/// Nobody's history is longer; a list without an end ends here.
const MOST_PAGES: u32 = 100;

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

#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) thread: usize,
    pub(super) want: Want,
    pub(super) pages: u32,
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

impl Task {
    pub(super) fn with(&self, part: Part) -> Self {
        Self { thread: self.thread, want: Want { part, ..self.want.clone() }, pages: self.pages }
    }

    /// The page behind this one, unless what is wanted ends here.
    pub(super) fn older(&self, page: &Page) -> Option<Self> {
        let next = page.next.clone().filter(|_| self.pages < MOST_PAGES && self.goes_on(page))?;
        Some(Self { pages: self.pages + 1, ..self.with(Part::Older(next)) })
    }

    /// Whether there would be a page behind this one if that were not one too many.
    pub(super) fn is_left(&self, page: &Page) -> bool {
        self.pages >= MOST_PAGES && self.goes_on(page)
    }

    fn goes_on(&self, page: &Page) -> bool {
        let is_behind = page.oldest.is_none_or(|oldest| oldest >= self.want.since);
        let is_another = page.next.clone().is_some_and(|next| self.want.part != Part::Older(next));
        is_behind && is_another && !page.is_unchanged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(pages: u32) -> Task {
        let thread = Thread::new("team/api".into(), 0);
        Task { thread: 0, want: thread.want(Time::from_millis(1_000), Part::First), pages }
    }

    fn page(oldest: i64, next: &str) -> Page {
        Page { oldest: Some(Time::from_millis(oldest)), next: Some(next.to_owned()), ..Page::default() }
    }

    #[test]
    fn pages_are_read_back_to_where_the_feed_is_known_and_no_further() {
        let second = task(1).older(&page(5_000, "2")).unwrap();
        assert_eq!((&second.want.part, second.pages), (&Part::Older("2".to_owned()), 2));
        assert!(second.older(&page(999, "3")).is_none());
    }

    #[test]
    fn a_list_that_never_ends_is_left_after_enough_pages_or_when_it_turns_in_circles() {
        let last = task(MOST_PAGES);
        assert!(last.older(&page(5_000, "2")).is_none() && last.is_left(&page(5_000, "2")));
        assert!(!last.is_left(&page(999, "2")) && !task(1).is_left(&page(5_000, "2")));
        let second = task(1).older(&page(5_000, "2")).unwrap();
        assert!(second.older(&page(5_000, "2")).is_none());
    }

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
