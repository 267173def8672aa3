//! Which signals of the log the query finds: an answer kept chunk by chunk.
//!
//! A chunk that has not changed keeps its answer, so news costs one chunk, and a new query is answered newest
//! first in slices of work, so that the first page is there at once however long the log is.

use super::query::{Query, Scratch};
use crate::domain::log::Chunk;
use crate::domain::{SignalKey, SignalLog, SignalRef, Time};
use std::sync::Arc;

#[derive(Debug, Default)]
pub struct Matches {
    query: Query,
    /// One for each chunk of the log, oldest first.
    answers: Vec<Answer>,
    /// Everything younger than this many chunks has been looked at.
    unanswered: usize,
    scratch: Scratch,
}

#[derive(Clone, Debug)]
struct Answer {
    chunk: Arc<Chunk>,
    /// Places within the chunk; absent while nobody has looked.
    hits: Option<Arc<[u16]>>,
}

/// How many matches there are, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub found: usize,
    pub is_complete: bool,
}

impl Matches {
    pub fn query(&self) -> &Query {
        &self.query
    }

    pub fn ask(&mut self, query: Query) {
        self.query = query;
        self.forget();
    }

    /// Time has moved what the query asks for, so nothing is known any more.
    pub fn forget(&mut self) {
        for answer in &mut self.answers {
            answer.hits = None;
        }
        self.unanswered = self.answers.len();
    }

    /// Takes over a newer log, keeping every answer that still holds.
    pub fn follow(&mut self, log: &SignalLog) {
        let mut old = &*std::mem::take(&mut self.answers);
        self.answers = Vec::with_capacity(log.chunks().len());
        for chunk in log.chunks() {
            // Chunks keep their order; what was split, changed or forgotten in between is passed over.
            let known = old.iter().position(|answer| Arc::ptr_eq(&answer.chunk, chunk));
            let hits = known.and_then(|place| {
                let hits = old[place].hits.clone();
                old = &old[place + 1..];
                hits
            });
            self.answers.push(Answer { chunk: Arc::clone(chunk), hits });
        }
        self.unanswered = self.answers.len();
    }

    /// Looks at one more chunk, the youngest nobody has looked at; false when all are done.
    pub fn work(&mut self, now: Time) -> bool {
        while self.unanswered > 0 {
            self.unanswered -= 1;
            let answer = &mut self.answers[self.unanswered];
            if answer.hits.is_none() {
                let (query, scratch) = (&self.query, &mut self.scratch);
                let places = (0_u16..).zip(answer.chunk.iter());
                answer.hits =
                    Some(places.filter(|(_, s)| query.matches(s, now, scratch)).map(|(place, _)| place).collect());
                return true;
            }
        }
        false
    }

    pub fn is_done(&self) -> bool {
        self.unanswered == 0
    }

    pub fn count(&self) -> Count {
        let found = self.answers.iter().map(Answer::len).sum();
        Count { found, is_complete: self.is_done() }
    }

    /// Matches from the one at `key`, or the next older if it is not among them, on to older ones.
    pub fn older_from(&self, key: SignalKey) -> impl Iterator<Item = SignalRef<'_>> {
        let chunks = self.answers.partition_point(|answer| answer.starts_by(key));
        let answers = self.answers[..chunks].iter().rev();
        answers.flat_map(Answer::newest_first).skip_while(move |signal| signal.key() > key)
    }

    /// Matches younger than the one at `key`, the nearest first.
    pub fn newer_than(&self, key: SignalKey) -> impl Iterator<Item = SignalRef<'_>> {
        let from = self.answers.partition_point(|answer| answer.starts_by(key)).saturating_sub(1);
        let answers = self.answers[from..].iter();
        answers.flat_map(Answer::oldest_first).skip_while(move |signal| signal.key() <= key)
    }

    pub fn newest(&self) -> Option<SignalRef<'_>> {
        self.answers.iter().rev().find_map(|answer| answer.newest_first().next())
    }

    pub fn oldest(&self) -> Option<SignalRef<'_>> {
        self.answers.iter().find_map(|answer| answer.oldest_first().next())
    }

    /// How many matches are younger than the one at `key`.
    pub fn count_newer(&self, key: SignalKey) -> usize {
        let from = self.answers.partition_point(|answer| answer.starts_by(key)).saturating_sub(1);
        let Some((first, rest)) = self.answers[from..].split_first() else { return 0 };
        let in_first = first.newest_first().take_while(|signal| signal.key() > key).count();
        in_first + rest.iter().map(Answer::len).sum::<usize>()
    }
}

impl Answer {
    fn len(&self) -> usize {
        self.hits.as_ref().map_or(0, |hits| hits.len())
    }

    fn starts_by(&self, key: SignalKey) -> bool {
        self.chunk.iter().next().is_some_and(|first| first.key() <= key)
    }

    fn oldest_first(&self) -> impl DoubleEndedIterator<Item = SignalRef<'_>> {
        self.hits.iter().flat_map(|hits| hits.iter()).map(|place| self.chunk.at(usize::from(*place)))
    }

    fn newest_first(&self) -> impl Iterator<Item = SignalRef<'_>> {
        self.oldest_first().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Body, Signal, SignalId, SourceName};
    use proptest::prelude::*;

    fn signal(n: i64) -> Signal {
        Signal {
            id: SignalId::of("test", &n.to_string()),
            at: Time::from_millis(n * 10),
            source: SourceName::new(if n % 3 == 0 { "aws" } else { "github" }),
            service: None,
            title: format!("signal {n}"),
            body: Body::Note,
            link: None,
            raw: None,
        }
    }

    fn answered(matches: &mut Matches) {
        while matches.work(Time::MAX) {}
    }

    fn titles<'a>(signals: impl Iterator<Item = SignalRef<'a>>) -> Vec<String> {
        signals.map(|s| s.title().to_owned()).collect()
    }

    #[test]
    fn the_youngest_are_found_first() {
        let log: SignalLog = (0..5_000).map(signal).collect();
        let mut matches = Matches::default();
        matches.follow(&log);
        assert!(matches.work(Time::MAX));
        assert_eq!(matches.newest().map(|s| s.title().to_owned()), Some("signal 4999".into()));
        assert!(!matches.count().is_complete);
        answered(&mut matches);
        assert_eq!(matches.count(), Count { found: 5_000, is_complete: true });
    }

    #[test]
    fn news_costs_only_the_chunk_it_falls_into() {
        let mut log: SignalLog = (0..5_000).map(signal).collect();
        let mut matches = Matches::default();
        matches.follow(&log);
        answered(&mut matches);
        log.insert(&signal(5_001));
        matches.follow(&log);
        assert!(matches.work(Time::MAX) && !matches.work(Time::MAX));
        assert_eq!(matches.count().found, 5_001);
    }

    proptest! {
        #[test]
        fn positions_agree_with_a_plain_list(count in 1_i64..3_000, at in 0_i64..3_000) {
            let log: SignalLog = (0..count).map(signal).collect();
            let mut matches = Matches::default();
            matches.ask(Query::parse("source:aws"));
            matches.follow(&log);
            answered(&mut matches);
            let plain: Vec<_> = log.iter().filter(|s| s.source() == "aws").collect();
            let key = SignalKey { at: Time::from_millis(at * 10), id: SignalId(u64::MAX) };
            let (older, newer): (Vec<_>, Vec<_>) = plain.iter().partition(|s| s.key() <= key);
            prop_assert_eq!(titles(matches.older_from(key)), titles(older.into_iter().rev().copied()));
            prop_assert_eq!(matches.count_newer(key), newer.len());
            prop_assert_eq!(titles(matches.newer_than(key)), titles(newer.into_iter().copied()));
        }
    }
}
