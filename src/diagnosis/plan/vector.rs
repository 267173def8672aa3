//! By which vector of the plan a deployment failed, and what that adds up to.
//!
//! What somebody named counts before what is guessed from words, and that before signals nearby: the cause the
//! deployment names, then labels of the incident, then words in it, then kinds of signals shortly before. Of two
//! vectors that are recognised in the same manner, the first in the plan has it.

use super::attempt::Attempt;
use super::episode::Episode;
use super::record::{Known, share};
use super::state::{FailureSeen, Failures, VectorState};
use crate::diagnosis::stats::rounded;
use crate::diagnosis::view::View;
use crate::domain::catalog::plan::{KindWord, Vector};
use crate::domain::{Kind, Span, Time};

/// How long before a deployment began a signal may lie to have to do with it.
const BEFORE: Span = Span::minutes(30);
/// Of each vector, so many failures are listed.
const LISTED: usize = 50;

pub(super) struct Recognising<'k, 'v> {
    pub view: &'k View<'v>,
    pub episodes: &'k [Episode],
}

/// The place of a vector in the plan, and why it is that one.
type Recognised = (usize, String);

impl Recognising<'_, '_> {
    pub fn vector(&self, attempt: &Attempt) -> Option<Recognised> {
        let failure = attempt.failure.as_ref()?;
        let episode = failure.incident.and_then(|id| self.episodes.iter().find(|episode| episode.id == id));
        let by_cause = || {
            let cause = failure.cause.as_ref()?;
            let place = self.place(|vector| is_one_of(cause, &vector.id, &vector.recognised.causes))?;
            Some((place, format!("the deployment names {cause}")))
        };
        by_cause().or_else(|| self.of_episode(episode?)).or_else(|| self.by_kind(attempt))
    }

    /// What the incident itself says.
    pub fn of_episode(&self, episode: &Episode) -> Option<Recognised> {
        let label = |vector: &Vector| {
            episode.labels.iter().find(|label| is_one_of(label, &vector.id, &vector.recognised.labels))
        };
        if let Some(place) = self.place(|vector| label(vector).is_some()) {
            let label = label(&self.vectors()[place]).map_or("", String::as_str);
            return Some((place, format!("{} is labelled #{label}", episode.id)));
        }
        let word = |vector: &Vector| {
            let mut words = vector.recognised.words.iter().filter(|word| !word.is_empty());
            words.find(|word| episode.words.contains(&word.to_lowercase())).cloned()
        };
        let place = self.place(|vector| word(vector).is_some())?;
        let word = word(&self.vectors()[place]).unwrap_or_default();
        Some((place, format!("{} speaks of \"{word}\"", episode.id)))
    }

    fn by_kind(&self, attempt: &Attempt) -> Option<Recognised> {
        let near = |kind: Kind| {
            let changes = self.view.history.changes.between(attempt.began - BEFORE, attempt.at());
            changes.iter().any(|seen| seen.body.0 == kind && seen.service.as_ref() == Some(&attempt.service))
        };
        let found =
            |vector: &Vector| vector.recognised.kinds.iter().find(|KindWord(kind)| near(*kind)).copied();
        let place = self.place(|vector| found(vector).is_some())?;
        let kind = found(&self.vectors()[place]).map_or("", |KindWord(kind)| kind.word());
        Some((place, format!("a {kind} change of the service shortly before")))
    }

    fn vectors(&self) -> &[Vector] {
        &self.view.catalog.plan.vectors
    }

    fn place(&self, is_it: impl Fn(&Vector) -> bool) -> Option<usize> {
        self.vectors().iter().position(is_it)
    }
}

fn is_one_of(word: &str, id: &str, words: &[String]) -> bool {
    word.eq_ignore_ascii_case(id) || words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

pub(super) fn failures(known: &Known<'_, '_>, from: Time, to: Time) -> Failures {
    let (mut deployments, mut failed) = (0, Vec::new());
    for (attempt, vector) in known.within(from, to) {
        deployments += 1;
        if attempt.failure.is_some() {
            failed.push((attempt, vector));
        }
    }
    let without = failed.iter().filter(|(attempt, _)| minutes(attempt).is_none()).count();
    Failures {
        deployments,
        failed: failed.len(),
        rate: (deployments > 0).then(|| rounded(share(failed.len() as f64, deployments as f64))),
        recovery_minutes: failed.iter().filter_map(|(attempt, _)| minutes(attempt)).sum(),
        without_recovery: without,
        unrecognised: failed.iter().filter(|(_, vector)| vector.is_none()).count(),
        seen: seen(known, None, from, to),
    }
}

/// Each vector of the plan with what was counted of it.
pub(super) fn vectors(known: &Known<'_, '_>, from: Time, to: Time) -> Vec<VectorState> {
    let all = failures(known, from, to);
    let state = |(place, vector): (usize, &Vector)| {
        let of: Vec<_> = known
            .within(from, to)
            .filter(|(attempt, of)| attempt.failure.is_some() && *of == Some(place))
            .map(|(attempt, _)| attempt)
            .collect();
        let recovery_minutes: i64 = of.iter().filter_map(|attempt| minutes(attempt)).sum();
        let part = |of: i64, all: i64| (all > 0).then(|| rounded(share(of as f64, all as f64)));
        VectorState {
            id: vector.id.clone(),
            failures: of.len(),
            share: (all.failed > 0).then(|| rounded(share(of.len() as f64, all.failed as f64))),
            recovery_minutes,
            recovery_share: part(recovery_minutes, all.recovery_minutes),
            seen: seen(known, Some(place), from, to),
        }
    };
    known.view.catalog.plan.vectors.iter().enumerate().map(state).collect()
}

/// The failures of a vector, or those of none, newest first.
fn seen(known: &Known<'_, '_>, place: Option<usize>, from: Time, to: Time) -> Vec<FailureSeen> {
    let all = known.attempts.iter().zip(&known.vectors).rev();
    let within = all.filter(|(attempt, _)| from < attempt.at() && attempt.at() <= to);
    let of = within.filter(|(_, vector)| vector.as_ref().map(|(place, _)| *place) == place);
    let told = of.filter_map(|(attempt, vector)| {
        let failure = attempt.failure.as_ref()?;
        Some(FailureSeen {
            signal: attempt.key,
            at: attempt.at(),
            service: attempt.service.clone(),
            version: attempt.version.clone(),
            why: failure.why.clone(),
            recognised: vector.as_ref().map(|(_, why)| why.clone()),
            incident: failure.incident,
            recovery_minutes: minutes(attempt),
        })
    });
    told.take(LISTED).collect()
}

fn minutes(attempt: &Attempt) -> Option<i64> {
    attempt.failure.as_ref()?.recovery.map(Span::as_minutes)
}
