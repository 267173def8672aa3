//! What is still to be asked of all feeds, what comes next, and whose fault it is when nothing comes.
//!
//! What gave nothing stands behind everything else. If others were answered meanwhile it is its own fault: it waits
//! for the next round, and after a few tries much longer, so that one repository never holds back the others. If
//! nobody was answered it is the host's fault, and nobody is blamed for it. Pure.

use super::{Page, Part, Want};
use crate::domain::Time;
use crate::sources::{Failure, SourceError};
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// What gives nothing so often is left alone for a while.
const MOST_TRIES: u32 = 3;
/// When so many repositories give nothing one after another, the next that does not is no longer to blame.
const MOST_SILENT: usize = 2;
/// Nobody's history is longer; a list without an end ends here.
const MOST_PAGES: u32 = 100;

#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) thread: usize,
    pub(super) want: Want,
    pub(super) pages: u32,
    haste: Haste,
    /// When the turn of its feed came.
    begun: Time,
    /// How often it gave nothing although others did.
    tries: u32,
    /// How much had been answered when it was tried last, or when it came into line.
    tried_after: u64,
    /// It is left alone until then.
    until: Time,
    why: Option<SourceError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Haste {
    /// First pages and what hangs on them.
    Now,
    /// What lies behind the first pages.
    InTime,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    OfTheHost,
    OfTheQuestion,
}

/// How long what gives nothing is left alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rests {
    pub(super) next_round: Time,
    /// After too many tries.
    pub(super) refused: Time,
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Task>,
    /// What is being asked; a poll that is cut off leaves it here.
    doing: Option<Task>,
    answered: u64,
    /// Repositories that gave nothing since the last answer, and were not known for it.
    silent: HashSet<Arc<str>>,
}

impl Queue {
    /// The first page of a feed, which is wanted in this round.
    pub(super) fn begin(&mut self, thread: usize, want: Want, now: Time) {
        self.waiting.push_back(Task {
            thread,
            want,
            pages: 1,
            haste: Haste::Now,
            begun: now,
            tries: 0,
            tried_after: self.answered,
            until: Time::MIN,
            why: None,
        });
    }

    /// What an answer has shown to be there.
    pub(super) fn push(&mut self, task: Task) {
        self.waiting.push_back(task);
    }

    /// Takes what is to be asked now: what is new before what lies behind, what gave nothing after the others.
    pub(super) fn next(&mut self, now: Time) -> Option<Task> {
        let task = self.waiting.remove(self.place_of_next(now)?);
        self.doing.clone_from(&task);
        task
    }

    /// Whether what comes next gave nothing when it, or another feed of its repository, was tried.
    pub(super) fn is_next_doubted(&self, now: Time) -> bool {
        let doubted = self.doubted();
        self.place_of_next(now).is_some_and(|place| doubted.contains(&self.waiting[place].want.repository))
    }

    pub(super) fn is_idle(&self, now: Time) -> bool {
        self.place_of_next(now).is_none()
    }

    /// What was being asked when the last poll was cut off.
    pub(super) fn cut_off(&mut self) -> Option<Task> {
        self.doing.take()
    }

    /// The host has answered, be it with a refusal.
    pub(super) fn is_answered(&mut self) {
        self.doing = None;
        self.answered += 1;
        self.silent.clear();
    }

    pub(super) fn answers(&self) -> u64 {
        self.answered
    }

    /// Takes back what gave nothing, and says whose fault that is.
    pub(super) fn take_back(&mut self, mut task: Task, error: &SourceError, rests: Rests) -> Fault {
        self.doing = None;
        let is_known_for_it = task.tries > 0 || self.doubted().contains(&task.want.repository);
        let fault = self.fault_of(&task, error, is_known_for_it);
        if fault == Fault::OfTheQuestion {
            task.tries += 1;
            task.until = if task.tries < MOST_TRIES { rests.next_round } else { rests.refused };
        }
        if error.kind == Failure::Transient {
            if !is_known_for_it {
                self.silent.insert(Arc::clone(&task.want.repository));
            }
            task.why = Some(error.clone());
        }
        task.tried_after = self.answered;
        self.waiting.push_back(task);
        fault
    }

    /// Whether a first page of a feed is still to be asked for.
    pub(super) fn is_begun(&self, thread: usize) -> bool {
        self.waiting.iter().any(|task| task.thread == thread && task.want.part == Part::First)
    }

    /// Pages and details that are known to be there and not read yet, but for those that give nothing.
    pub(super) fn unread(&self) -> usize {
        self.waiting.iter().filter(|task| task.tries == 0 && task.want.part != Part::First).count()
    }

    /// How many feeds have their turn and were not asked yet, and since when the first of them waits.
    pub(super) fn behind(&self) -> Option<(usize, Time)> {
        let unasked = self.waiting.iter().filter(|task| task.tries == 0 && task.want.part == Part::First);
        let since = unasked.clone().map(|task| task.begun).min()?;
        Some((unasked.count(), since))
    }

    /// Why something of a feed gives nothing.
    pub(super) fn trouble_of(&self, thread: usize) -> Option<&SourceError> {
        let blamed = |task: &&Task| task.thread == thread && task.tries > 0;
        self.waiting.iter().find(blamed)?.why.as_ref()
    }

    fn place_of_next(&self, now: Time) -> Option<usize> {
        let doubted = self.doubted();
        let rank = |task: &Task| {
            (task.haste, doubted.contains(&task.want.repository), task.why.is_some(), task.tries)
        };
        let due = self.waiting.iter().enumerate().filter(|(_, task)| task.until <= now);
        due.min_by_key(|(_, task)| rank(task)).map(|(place, _)| place)
    }

    /// Repositories of which something gives nothing.
    fn doubted(&self) -> HashSet<&Arc<str>> {
        self.waiting.iter().filter(|task| task.tries > 0).map(|task| &task.want.repository).collect()
    }

    fn fault_of(&self, task: &Task, error: &SourceError, is_known_for_it: bool) -> Fault {
        let others = self.silent.iter().filter(|name| **name != task.want.repository).count();
        let are_others_answered = self.answered > task.tried_after;
        let is_its_own = are_others_answered && (is_known_for_it || others < MOST_SILENT);
        match error.kind {
            Failure::Transient if is_its_own => Fault::OfTheQuestion,
            _ => Fault::OfTheHost,
        }
    }
}

impl Task {
    /// What hangs on this one, in its haste.
    pub(super) fn with(&self, part: Part) -> Self {
        let want = Want { part, ..self.want.clone() };
        Self { want, tries: 0, tried_after: 0, until: Time::MIN, why: None, ..self.clone() }
    }

    /// The page behind this one, unless what is wanted ends here.
    pub(super) fn older(&self, page: &Page) -> Option<Self> {
        let next = page.next.clone().filter(|_| self.pages < MOST_PAGES && self.goes_on(page))?;
        Some(Self { pages: self.pages + 1, haste: Haste::InTime, ..self.with(Part::Older(next)) })
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
    use crate::domain::Span;

    const NOW: Time = Time::from_millis(0);

    fn want(repository: &str) -> Want {
        let since = Time::from_millis(1_000);
        Want { repository: Arc::from(repository), feed: 0, since, part: Part::First }
    }

    fn rests() -> Rests {
        Rests { next_round: NOW + Span::minutes(1), refused: NOW + Span::minutes(5) }
    }

    /// A round of a page each.
    fn queue(repositories: &[&str]) -> Queue {
        let mut queue = Queue::default();
        for (thread, name) in repositories.iter().enumerate() {
            queue.begin(thread, want(name), NOW);
        }
        queue
    }

    fn asked(queue: &mut Queue, now: Time) -> Option<Arc<str>> {
        let task = queue.next(now)?;
        queue.is_answered();
        Some(task.want.repository)
    }

    fn fails(queue: &mut Queue, now: Time) -> (Arc<str>, Fault) {
        let task = queue.next(now).unwrap();
        let repository = Arc::clone(&task.want.repository);
        (repository, queue.take_back(task, &SourceError::transient("500"), rests()))
    }

    fn task(pages: u32) -> Task {
        let mut task = queue(&["team/api"]).next(NOW).unwrap();
        task.pages = pages;
        task
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
    fn what_gives_nothing_while_others_do_waits_for_the_next_round_and_then_longer() {
        let mut queue = queue(&["good", "bad", "better"]);
        assert_eq!(asked(&mut queue, NOW).as_deref(), Some("good"));
        assert_eq!(fails(&mut queue, NOW), (Arc::from("bad"), Fault::OfTheQuestion));
        assert_eq!(asked(&mut queue, NOW).as_deref(), Some("better"));
        assert!(queue.is_idle(NOW) && queue.is_begun(1) && queue.trouble_of(1).is_some());
        assert_eq!((queue.unread(), queue.trouble_of(0)), (0, None));
        for (minute, is_left_alone) in [(1, false), (1, true)] {
            let now = NOW + Span::minutes(minute);
            queue.begin(0, want("good"), NOW);
            assert_eq!(asked(&mut queue, now).as_deref(), Some("good"), "what is in doubt comes last");
            assert!(queue.is_next_doubted(now));
            assert_eq!(fails(&mut queue, now).1, Fault::OfTheQuestion);
            assert_eq!(queue.is_idle(now), is_left_alone);
        }
        assert_eq!(asked(&mut queue, rests().refused).as_deref(), Some("bad"));
        assert_eq!(queue.trouble_of(1), None);
    }

    #[test]
    fn a_host_that_answers_nobody_blames_nobody_and_everybody_has_a_turn() {
        let mut queue = queue(&["a", "b", "c"]);
        let tried: Vec<_> = (0..6).map(|_| fails(&mut queue, NOW)).collect();
        assert!(tried.iter().all(|(_, fault)| *fault == Fault::OfTheHost), "{tried:?}");
        let names: Vec<_> = tried.iter().map(|(name, _)| name.as_ref()).collect();
        assert_eq!(names, ["a", "b", "c", "a", "b", "c"]);
        assert_eq!((queue.trouble_of(0), queue.behind()), (None, Some((3, NOW))));
    }

    #[test]
    fn a_host_that_stops_answering_in_mid_round_is_found_out_at_the_third_repository() {
        let mut queue = queue(&["a", "b", "b", "c", "d"]);
        asked(&mut queue, NOW);
        let blamed = (0..3).map(|_| fails(&mut queue, NOW).1 == Fault::OfTheQuestion);
        assert_eq!(blamed.collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn what_lies_behind_waits_for_what_is_new_and_being_throttled_is_nobodys_fault() {
        let mut queue = queue(&["a", "b"]);
        let first = queue.next(NOW).unwrap();
        queue.is_answered();
        queue.push(first.older(&page(5_000, "2")).unwrap());
        let second = queue.next(NOW).unwrap();
        assert_eq!(second.want.repository.as_ref(), "b");
        assert_eq!(queue.take_back(second, &SourceError::throttled("429", None), rests()), Fault::OfTheHost);
        assert_eq!(asked(&mut queue, NOW).as_deref(), Some("b"));
        assert_eq!(queue.next(NOW).unwrap().pages, 2);
    }

    #[test]
    fn what_a_poll_was_cut_off_at_is_kept() {
        let mut queue = queue(&["a"]);
        queue.next(NOW);
        assert_eq!(queue.cut_off().unwrap().want.repository.as_ref(), "a");
        assert!(queue.cut_off().is_none());
    }
}
