//! How the asking of one source goes: what an answer or a failure means for when to ask again, and for what
//! everybody sees of the source.
//!
//! Pure. Moments are spans since the asking began; times of the room are only passed on to be shown. Nothing here
//! shows old data as live: a failure shows at once, and silence shows after three intervals.

use super::backoff::{Backoff, share_of};
use super::breaker::{Breaker, Trip};
use super::{Failure, SourceError};
use crate::domain::text::clean;
use crate::domain::{Health, SourceName, SourceStatus, Span, Time, Usage};

/// The manner of asking, the same for every source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long one poll may take as a whole.
    pub deadline: Span,
    pub backoff: Backoff,
    pub trip: Trip,
    /// How long to leave a source alone that said no.
    pub denied_pause: Span,
    /// Nobody pauses shorter than this, whatever a source asks for.
    pub shortest_pause: Span,
    /// Nobody pauses longer than this, whatever a server asks for.
    pub longest_pause: Span,
    /// Silence shorter than this is never called stale, however often a source is asked.
    pub patience: Span,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            deadline: Span::seconds(10),
            backoff: Backoff { first: Span::seconds(1), most: Span::minutes(1) },
            trip: Trip { after: 5, pause: Span::minutes(1), longest: Span::minutes(10) },
            denied_pause: Span::minutes(5),
            shortest_pause: Span::millis(10),
            longest_pause: Span::hours(1),
            patience: Span::seconds(5),
        }
    }
}

impl Rules {
    /// How old what was told may grow before it is stale, where it is asked for every `interval`.
    pub fn silence(&self, interval: Span) -> Span {
        Span::millis(interval.as_millis().saturating_mul(INTERVALS)).max(self.patience)
    }
}

/// Data is stale when it is this many intervals old.
const INTERVALS: i64 = 3;
const SILENT: &str = "has not answered for longer than it should";

#[derive(Clone, Debug)]
pub struct Course {
    name: SourceName,
    rules: Rules,
    breaker: Breaker,
    failures: u32,
    trouble: Option<String>,
    good: Option<Good>,
    /// Why nothing was asked the last time, where nothing was.
    unasked: Option<(Failure, String)>,
    note: String,
    usage: Usage,
    /// How long it takes until everything has been asked again, where one answer is only a part.
    lap: Span,
}

/// The last answer that was as it should be.
#[derive(Clone, Copy, Debug)]
struct Good {
    at: Time,
    /// For how long it is as good as fresh.
    silence: Span,
    stale_from: Span,
}

impl Course {
    pub fn new(name: SourceName, rules: Rules) -> Self {
        Self {
            name,
            rules,
            breaker: Breaker::new(rules.trip),
            failures: 0,
            trouble: None,
            good: None,
            unasked: None,
            note: String::new(),
            usage: Usage::default(),
            lap: Span::ZERO,
        }
    }

    /// The same for a source that answers in parts, all of them once in so long.
    #[must_use]
    pub fn in_laps_of(self, lap: Span) -> Self {
        Self { lap, ..self }
    }

    /// A good answer to what was asked at `moment`, which is `at` in the room; gives how long to wait.
    pub fn answered(&mut self, moment: Span, at: Time, again_in: Span) -> Span {
        let interval = again_in.max(self.rules.shortest_pause);
        let silence = self.rules.silence(interval.max(self.lap));
        self.breaker.succeeded();
        self.failures = 0;
        (self.trouble, self.unasked) = (None, None);
        self.good = Some(Good { at, silence, stale_from: moment + silence });
        interval
    }

    /// What the source says of itself while it is live.
    pub fn noted(&mut self, note: &str, usage: Usage) {
        self.note = clean(note);
        self.used(usage);
    }

    /// What asking has cost, which a failure costs as well.
    pub fn used(&mut self, usage: Usage) {
        self.usage = usage;
    }

    /// A failure at `moment`; gives how long to wait. That nothing was asked is no failure, and no answer either.
    pub fn failed(&mut self, moment: Span, error: &SourceError, chance: f64) -> Span {
        let is_unasked = matches!(error.kind, Failure::Waiting { .. } | Failure::Idle { .. });
        self.unasked = is_unasked.then(|| (error.kind, clean(&error.what)));
        self.failures = self.failures.saturating_add(u32::from(!is_unasked));
        let backoff = self.rules.backoff.wait(self.failures, chance);
        let wait = match error.kind {
            Failure::Transient | Failure::Broken => {
                self.breaker.failed(moment);
                self.breaker.allows(moment).map_or_else(|until| (until - moment).max(backoff), |()| backoff)
            }
            Failure::Throttled { retry_after: None } => backoff,
            // Everybody who was told the same moment would come back at it; the backoff comes on top.
            Failure::Throttled { retry_after: Some(asked) } => asked.min(self.rules.longest_pause) + backoff,
            Failure::Denied => self.rules.denied_pause + share_of(self.rules.backoff.first, chance),
            Failure::Waiting { again_in } | Failure::Idle { again_in } => {
                again_in.min(self.rules.longest_pause)
            }
        };
        if !is_unasked {
            self.trouble = Some(self.explain(error));
        }
        wait.max(self.rules.shortest_pause)
    }

    /// When silence alone turns the status stale, if it has not yet.
    pub fn turns_stale(&self, moment: Span) -> Option<Span> {
        match (&self.trouble, self.good) {
            (None, Some(good)) if moment < good.stale_from => Some(good.stale_from),
            _ => None,
        }
    }

    pub fn status(&self, moment: Span, next_try: Option<Time>) -> SourceStatus {
        let unasked = self.unasked.as_ref().map(|(_, why)| why.as_str());
        let (health, message) = match (&self.unasked, &self.trouble, self.good) {
            (Some((Failure::Idle { .. }, why)), ..) => (Health::Off, why.as_str()),
            (_, Some(trouble), _) => (Health::Failing, trouble.as_str()),
            (_, None, None) => (Health::Starting, unasked.unwrap_or_default()),
            (_, None, Some(good)) if moment < good.stale_from => {
                (Health::Live, unasked.unwrap_or(&self.note))
            }
            (_, None, Some(_)) => (Health::Stale, unasked.unwrap_or(SILENT)),
        };
        SourceStatus {
            name: self.name.clone(),
            health,
            last_good: self.good.map(|good| good.at),
            fresh_until: self.good.map(|good| good.at + good.silence),
            message: message.to_owned(),
            next_try,
            usage: self.usage,
        }
    }

    fn explain(&self, error: &SourceError) -> String {
        let mut words = clean(&error.what);
        if self.breaker.is_open() {
            words.push_str(&format!(" ({} failures in a row, asking less often)", self.failures));
        }
        if !error.fix.is_empty() {
            words.push_str("; ");
            words.push_str(&clean(&error.fix));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        deadline: Span::seconds(10),
        backoff: Backoff { first: Span::seconds(2), most: Span::seconds(60) },
        trip: Trip { after: 3, pause: Span::seconds(90), longest: Span::minutes(10) },
        denied_pause: Span::minutes(5),
        shortest_pause: Span::millis(10),
        longest_pause: Span::hours(1),
        patience: Span::seconds(5),
    };

    fn course() -> Course {
        Course::new(SourceName::new("aws"), RULES)
    }

    fn at(second: i64) -> (Span, Time) {
        (Span::seconds(second), Time::from_millis(second * 1_000))
    }

    #[test]
    fn each_kind_of_failure_waits_as_the_table_says() {
        let throttled = |retry_after| SourceError::throttled("429", retry_after);
        let table = [
            (SourceError::transient("reset"), Span::seconds(1)),
            (SourceError::broken("not JSON", ""), Span::seconds(1)),
            (SourceError::denied("403", "renew the token"), Span::minutes(5) + Span::seconds(1)),
            (throttled(None), Span::seconds(1)),
            (throttled(Some(Span::seconds(40))), Span::seconds(41)),
            (throttled(Some(Span::days(40))), Span::hours(1) + Span::seconds(1)),
        ];
        for (error, wait) in table {
            assert_eq!(course().failed(Span::ZERO, &error, 0.5), wait, "{error:?}");
        }
    }

    #[test]
    fn enough_failures_open_the_circuit_and_an_answer_closes_it() {
        let mut course = course();
        let error = SourceError::transient("connection refused");
        let mut moment = Span::ZERO;
        for wait in [1, 2, 90, 180, 360, 600, 600] {
            let told = course.failed(moment, &error, 0.5);
            assert_eq!(told, Span::seconds(wait), "at {moment}");
            moment = moment + told;
        }
        assert!(course.status(moment, None).message.contains("7 failures in a row"));
        assert_eq!(course.answered(moment, Time::MIN, Span::seconds(30)), Span::seconds(30));
        assert_eq!(course.failed(moment, &error, 0.5), Span::seconds(1));
    }

    #[test]
    fn being_throttled_never_opens_the_circuit() {
        let mut course = course();
        for _ in 0..50 {
            course.failed(Span::ZERO, &SourceError::throttled("429", None), 1.0);
        }
        assert!(!course.breaker.is_open());
    }

    #[test]
    fn who_asked_nothing_is_as_old_as_the_last_answer_and_says_what_it_waits_for() {
        let mut course = course();
        let wait = SourceError::waiting("no requests are left until 22:40", Span::minutes(50));
        assert_eq!(course.failed(Span::ZERO, &wait, 0.5), Span::minutes(50));
        let status = course.status(Span::ZERO, None);
        assert_eq!((status.health, status.last_good), (Health::Starting, None));
        let (moment, time) = at(100);
        course.answered(moment, time, Span::seconds(30));
        course.failed(at(130).0, &wait, 0.5);
        for (second, health) in [(130, Health::Live), (190, Health::Stale)] {
            let status = course.status(at(second).0, None);
            assert_eq!((status.health, status.last_good), (health, Some(time)));
            assert_eq!(status.message, wait.what);
        }
        course.failed(at(200).0, &SourceError::transient("reset"), 0.5);
        course.failed(at(210).0, &wait, 0.5);
        assert_eq!(course.status(at(210).0, None).message, "reset", "what failed has not been tried again");
        course.failed(at(220).0, &SourceError::idle("nothing to ask for", Span::minutes(1)), 0.5);
        assert_eq!(course.status(at(220).0, None).health, Health::Off);
    }

    #[test]
    fn silence_turns_stale_after_three_intervals_and_a_failure_shows_at_once() {
        let mut course = course();
        assert_eq!(course.status(Span::ZERO, None).health, Health::Starting);
        let (moment, time) = at(100);
        course.answered(moment, time, Span::seconds(30));
        for (second, health) in [(100, Health::Live), (189, Health::Live), (190, Health::Stale)] {
            let status = course.status(at(second).0, None);
            assert_eq!((status.health, status.last_good), (health, Some(time)), "second {second}");
        }
        assert_eq!(course.turns_stale(moment), Some(Span::seconds(190)));
        course.failed(at(120).0, &SourceError::denied("the token has expired", "renew it"), 0.0);
        let status = course.status(at(120).0, None);
        assert_eq!((status.health, status.last_good), (Health::Failing, Some(time)));
        assert_eq!(status.message, "the token has expired; renew it");
        assert_eq!(course.turns_stale(at(120).0), None);
    }

    #[test]
    fn who_answers_in_parts_is_as_old_as_the_round_and_not_as_the_part() {
        let mut course = course().in_laps_of(Span::minutes(1));
        assert_eq!(course.answered(Span::ZERO, Time::MIN, Span::seconds(2)), Span::seconds(2));
        assert_eq!(course.turns_stale(Span::seconds(20)), Some(Span::minutes(3)));
    }

    #[test]
    fn words_from_outside_are_harmless() {
        let mut course = course();
        course.failed(Span::ZERO, &SourceError::transient("a\u{1b}]0;owned\u{7}b\nc"), 0.0);
        assert_eq!(course.status(Span::ZERO, None).message, "ab c");
    }
}
