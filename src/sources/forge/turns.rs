//! When each feed has its turn on a host where a question costs even if nothing has changed.
//!
//! Such a host says in one question which repositories have stirred, and those are asked at once. What that does not
//! tell is found by asking on: the longer nothing was heard of a repository, the longer its feeds wait, so that what
//! has just been deployed is looked at often and what rests for weeks has a turn now and then. Where the host does
//! not say what has stirred, every feed has its turn in every round. Pure.

use super::Stirred;
use crate::domain::{Span, Time};
use crate::sources::SourceError;
use std::collections::HashMap;
use std::sync::Arc;

/// A feed waits this share of the time for which nothing was heard of its repository.
const SHARE: i64 = 8;
/// What a resting feed adds to the longest wait of all of them, so that all together cost the same however many they are.
const EACH: Span = Span::seconds(130);
/// Nobody waits longer, however many there are.
const LONGEST: Span = Span::hours(12);
/// What waits for people is commented and approved without the repository stirring.
const IN_REVIEW: Span = Span::hours(1);
/// What nobody has touched for so long waits for nobody.
const FORGOTTEN: Span = Span::days(7);
/// A refusal is asked about again before the next coffee.
const REFUSED_PAUSE: Span = Span::minutes(5);
/// The clocks of a host's own machines may be this far apart.
const OVERLAP: Span = Span::minutes(2);

#[derive(Debug)]
pub(super) struct Turns {
    interval: Span,
    longest: Span,
    says: Says,
    /// When something last happened in a repository, by the host's clock.
    heard: HashMap<Arc<str>, Time>,
}

/// What the host says about which repositories have stirred.
#[derive(Debug)]
enum Says {
    /// Nothing, or nothing yet.
    Nothing,
    /// Everything up to a moment of its clock.
    Until(Time),
    /// Nothing to us; it is not asked again before a moment of ours.
    Refused(SourceError, Time),
}

impl Turns {
    pub(super) fn new(interval: Span, feeds: usize) -> Self {
        let all = EACH.as_millis().saturating_mul(i64::try_from(feeds).unwrap_or(i64::MAX));
        let longest = Span::millis(all).min(LONGEST).max(interval);
        Self { interval, longest, says: Says::Nothing, heard: HashMap::new() }
    }

    /// From when on to ask the host what has stirred; nothing while it has refused to say.
    pub(super) fn since(&self, now: Time, there: Time) -> Option<Time> {
        match &self.says {
            Says::Refused(_, until) if now < *until => None,
            Says::Until(known) => Some(*known - OVERLAP),
            Says::Nothing | Says::Refused(..) => Some(there - Span::millis(LONGEST.as_millis() * SHARE)),
        }
    }

    /// Takes in what has stirred up to a moment; gives the repositories of which that is news.
    pub(super) fn learn(&mut self, stirred: Stirred, there: Time) -> Vec<Arc<str>> {
        self.says = Says::Until(there);
        stirred.into_iter().filter(|(name, at)| self.hear(name, *at)).map(|(name, _)| name).collect()
    }

    pub(super) fn refuse(&mut self, error: SourceError, now: Time) {
        self.says = Says::Refused(error, now + REFUSED_PAUSE);
    }

    /// Why the host does not say what has stirred.
    pub(super) fn trouble(&self) -> Option<&SourceError> {
        match &self.says {
            Says::Refused(error, _) => Some(error),
            Says::Nothing | Says::Until(_) => None,
        }
    }

    /// Something happened in a repository; whether that is later than anything known of it.
    pub(super) fn hear(&mut self, repository: &Arc<str>, at: Time) -> bool {
        let known = self.heard.entry(Arc::clone(repository)).or_insert(Time::MIN);
        let is_news = *known < at;
        *known = at.max(*known);
        is_news
    }

    /// How long a feed of a repository waits for its next turn; `open` is when what waits for people in it last changed.
    pub(super) fn wait(&self, repository: &str, open: Option<Time>, there: Time) -> Span {
        if !matches!(self.says, Says::Until(_)) {
            return self.interval;
        }
        let is_in_review = open.is_some_and(|at| at.age(there) < FORGOTTEN);
        let longest = if is_in_review { self.longest.min(IN_REVIEW) } else { self.longest };
        let Some(heard) = self.heard.get(repository) else { return longest.max(self.interval) };
        let share = Span::millis(heard.age(there).as_millis() / SHARE);
        share.clamp(self.interval, longest.max(self.interval))
    }

    /// The same for the first time, when feeds that rest are spread, so that they are never all asked together.
    pub(super) fn first_wait(&self, place: usize, feeds: usize, wait: Span) -> Span {
        if wait < self.longest {
            return wait;
        }
        let (place, feeds) = (place as i64 + 1, feeds.max(1) as i64);
        Span::millis(wait.as_millis() / feeds * place).max(self.interval)
    }

    /// How long a feed that was refused is left alone: whoever mends it may wait a little where asking costs.
    pub(super) fn refused_wait(&self, repository: &str, there: Time) -> Span {
        self.wait(repository, None, there).clamp(REFUSED_PAUSE, IN_REVIEW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Time {
        Time::from_millis(minute * 60_000)
    }

    fn turns(feeds: usize) -> Turns {
        let mut turns = Turns::new(Span::minutes(3), feeds);
        turns.learn(Vec::new(), at(0));
        turns
    }

    #[test]
    fn a_host_that_says_nothing_is_asked_for_everything_in_every_round() {
        let mut turns = Turns::new(Span::minutes(3), 600);
        assert_eq!(turns.wait("team/api", None, at(0)), Span::minutes(3));
        turns.learn(Vec::new(), at(0));
        assert_eq!(turns.wait("team/api", None, at(0)), LONGEST);
        turns.refuse(SourceError::denied("no", "ask"), at(0));
        assert_eq!(turns.wait("team/api", None, at(0)), Span::minutes(3));
        assert_eq!((turns.since(at(4), at(4)), turns.since(at(5), at(5)).is_some()), (None, true));
    }

    #[test]
    fn the_longer_a_repository_rests_the_longer_it_waits() {
        let (mut turns, api) = (turns(150), Arc::from("team/api"));
        assert!(turns.hear(&api, at(0)) && !turns.hear(&api, at(0)) && !turns.hear(&api, at(-9)));
        let waits =
            [1, 24, 80, 480, 4_800].map(|minute| turns.wait("team/api", None, at(minute)).as_minutes());
        assert_eq!(waits, [3, 3, 10, 60, 325]);
        assert_eq!(turns.wait("team/unheard", None, at(1)).as_minutes(), 325);
        assert_eq!(turns.wait("team/unheard", Some(at(0)), at(1)), IN_REVIEW);
        assert_eq!(turns.wait("team/unheard", Some(at(0)), at(30 * 1_440)).as_minutes(), 325);
    }

    #[test]
    fn feeds_that_rest_have_their_first_turns_one_after_another() {
        let turns = turns(150);
        let rests = turns.wait("team/api", None, at(1));
        let waits: Vec<_> = (0..150).map(|place| turns.first_wait(place, 150, rests)).collect();
        assert!(waits.windows(2).skip(1).all(|pair| pair[1] - pair[0] == EACH), "{waits:?}");
        assert_eq!(turns.first_wait(0, 150, Span::minutes(10)), Span::minutes(10));
    }
}
