//! Deployments to production as attempts that went well or failed, with what speaks for that.
//!
//! One attempt is one version that was put out for one service, whatever signals tell of it. It failed when it says
//! so, when it was rolled back, be it only that the version before was put out again, when it met a rollback trigger of
//! its service, or when an incident, an alarm or a series that rose is put down to it, in the same way the rules do.
//! What is known later counts for earlier: a deployment that is rolled back on Tuesday failed on Monday.

use super::episode::Episode;
use crate::diagnosis::history::Seen;
use crate::diagnosis::rules::rollback_trigger::taken_back;
use crate::diagnosis::rules::{deploy_to_alarm, elevated_after_deploy};
use crate::diagnosis::view::{View, went_off};
use crate::domain::signal::{Alarm, AlarmState, Deploy, Outcome};
use crate::domain::{IncidentId, ServiceName, SignalKey, Span, Time};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub(in crate::diagnosis) struct Attempt {
    pub key: SignalKey,
    pub service: ServiceName,
    pub version: String,
    /// When it began; when it ended is the time of its key.
    pub began: Time,
    pub failure: Option<Failure>,
}

#[derive(Clone, Debug)]
pub(in crate::diagnosis) struct Failure {
    pub why: String,
    /// The cause the deployment names.
    pub cause: Option<String>,
    /// When anybody could have known.
    pub sign: Option<Time>,
    pub incident: Option<IncidentId>,
    pub rolled_back: Option<Time>,
    /// How long until it was over.
    pub recovery: Option<Span>,
}

impl Attempt {
    pub fn at(&self) -> Time {
        self.key.at
    }

    /// From the first sign of trouble, or else from when it was out, until it was rolled back.
    pub fn rollback(&self) -> Option<Span> {
        let failure = self.failure.as_ref()?;
        let from = failure.sign.unwrap_or(self.at());
        Some(failure.rolled_back? - from).filter(|span| *span >= Span::ZERO)
    }
}

/// Oldest first.
pub(super) fn attempts(view: &View<'_>, episodes: &[Episode]) -> Vec<Attempt> {
    let mut attempts = told(view);
    blame_triggers(view, &mut attempts);
    blame_episodes(view, episodes, &mut attempts);
    blame_alarms(view, &mut attempts);
    for elevation in view.elevations() {
        let deploy = elevated_after_deploy::blamed(view, elevation);
        if let Some(attempt) = deploy.and_then(|deploy| find(&mut attempts, deploy)) {
            attempt.failed(&format!("{} rose after it", elevation.series.name), elevation.crossed, None);
        }
    }
    attempts
}

/// What the deployments say of themselves.
pub(in crate::diagnosis) fn told(view: &View<'_>) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut latest: BTreeMap<&str, usize> = BTreeMap::new();
    for seen in view.history.deploys.until(view.now).iter().filter(|seen| seen.is_production()) {
        let Some(service) = &seen.service else { continue };
        let deploy = &seen.body;
        let before = latest.get(service.as_str()).copied().filter(|at| {
            let before = &attempts[*at];
            before.version == deploy.version && before.failure.is_none()
        });
        let last = latest.get(service.as_str()).copied();
        if let Some(back) = taken_back(view, seen)
            && let Some(last) = last.filter(|last| attempts[*last].version == back.body.version)
        {
            attempts[last].taken_back(seen);
            continue;
        }
        match (deploy.outcome, before) {
            // Told once more, it is the same attempt.
            (Outcome::Started, _) | (Outcome::Succeeded, Some(_)) => {}
            (Outcome::RolledBack, Some(before)) => attempts[before].rolled_back(seen),
            (outcome, _) => {
                latest.insert(service.as_str(), attempts.len());
                attempts.push(attempt(service, seen, outcome));
            }
        }
    }
    attempts
}

fn attempt(service: &ServiceName, seen: &Seen<Deploy>, outcome: Outcome) -> Attempt {
    let Deploy { version, took, cause, .. } = &seen.body;
    let failure = |why: &str, rolled_back| Failure {
        why: why.to_owned(),
        cause: cause.clone(),
        sign: None,
        incident: None,
        rolled_back,
        recovery: *took,
    };
    let began = seen.at() - took.unwrap_or(Span::ZERO);
    Attempt {
        key: seen.key,
        service: service.clone(),
        version: version.clone(),
        began,
        failure: match outcome {
            Outcome::Failed => Some(failure("it failed", None)),
            // Nothing is known of it but its end: when it began is the first sign there was.
            Outcome::RolledBack => {
                let rolled_back = failure("it was rolled back", Some(seen.at()));
                Some(Failure { sign: Some(began), ..rolled_back })
            }
            Outcome::Started | Outcome::Succeeded => None,
        },
    }
}

impl Attempt {
    fn rolled_back(&mut self, seen: &Seen<Deploy>) {
        self.failure = Some(Failure {
            why: "it was rolled back".to_owned(),
            cause: seen.body.cause.clone(),
            sign: None,
            incident: None,
            rolled_back: Some(seen.at()),
            recovery: Some(seen.at() - self.at()),
        });
    }

    /// What ran before it was put out again: of what had failed already, that is when it was over.
    fn taken_back(&mut self, seen: &Seen<Deploy>) {
        match &mut self.failure {
            Some(failure) => failure.rolled_back = failure.rolled_back.or(Some(seen.at())),
            None => self.rolled_back(seen),
        }
    }

    /// Adds what speaks for its having failed; the first sign counts, and the first word for how long it took.
    fn failed(&mut self, why: &str, sign: Time, recovery: Option<Span>) {
        let failure = self.failure.get_or_insert_with(|| Failure {
            why: why.to_owned(),
            cause: None,
            sign: None,
            incident: None,
            rolled_back: None,
            recovery: None,
        });
        let is_after = failure.rolled_back.is_none_or(|rolled_back| sign <= rolled_back);
        if is_after {
            failure.sign = Some(failure.sign.map_or(sign, |known| known.min(sign)));
        }
        failure.recovery = failure.recovery.or(recovery);
    }
}

/// A trigger of the team's own was met by it, and held still when something else went out or its time was over.
fn blame_triggers(view: &View<'_>, attempts: &mut [Attempt]) {
    for rolling in &view.watches.rollbacks {
        let own = attempts.iter().enumerate().filter(|(_, attempt)| attempt.service == rolling.service);
        let own: Vec<_> = own.map(|(place, _)| place).collect();
        let next =
            own.iter().skip(1).map(|next| Some(attempts[*next].at())).chain([None]).collect::<Vec<_>>();
        for (place, next) in own.into_iter().zip(next) {
            let attempt = &mut attempts[place];
            let undone = attempt.failure.as_ref().and_then(|failure| failure.rolled_back);
            let replaced = next.into_iter().chain(undone).map(|at| at - Span::millis(1)).min();
            let end = replaced.unwrap_or(view.now).min(view.now).min(rolling.until(view, attempt.at()));
            if let Some((trigger, met_at)) = rolling.met(&view.at(end)) {
                attempt.failed(&format!("{trigger} was met after it"), met_at, None);
            }
        }
    }
}

/// The last attempt near an incident that was going on, or had ended not long before, when it began.
fn blame_episodes(view: &View<'_>, episodes: &[Episode], attempts: &mut [Attempt]) {
    let within = Span::minutes(view.limit(&deploy_to_alarm::RULE, "within-minutes") as i64);
    for episode in episodes {
        let is_near = |attempt: &&mut Attempt| {
            let is_then = attempt.began <= episode.at && episode.at - attempt.at() <= within;
            let distance =
                |service: &ServiceName| view.topology.distance(attempt.service.as_str(), service.as_str());
            is_then && episode.services.iter().filter_map(distance).any(|distance| distance <= 1)
        };
        if let Some(attempt) = attempts.iter_mut().rfind(is_near) {
            let sign = episode.detected.unwrap_or(episode.at);
            attempt.failed(&format!("{} followed it", episode.id), sign, None);
            if let Some(failure) = &mut attempt.failure {
                failure.incident = Some(episode.id);
                // An incident lasts as long as people were hit, which is what recovering means.
                failure.recovery = episode.recovery().or(failure.recovery);
            }
        }
    }
}

fn blame_alarms(view: &View<'_>, attempts: &mut [Attempt]) {
    for (_, past) in view.alarms() {
        for rang in went_off(past) {
            let deploy = deploy_to_alarm::deploy_before(view, rang);
            if let Some(attempt) = deploy.and_then(|deploy| find(attempts, deploy)) {
                let why = format!("{} rang after it", rang.body.name);
                attempt.failed(&why, rang.at(), silence(past, rang).map(|silent| silent - rang.at()));
            }
        }
    }
}

/// When an alarm was quiet again.
fn silence(past: &[Seen<Alarm>], rang: &Seen<Alarm>) -> Option<Time> {
    past.iter().find(|seen| seen.key > rang.key && seen.body.state == AlarmState::Ok).map(Seen::at)
}

/// The attempt a deployment tells of, which may have been told of before.
fn find<'a>(attempts: &'a mut [Attempt], deploy: &Seen<Deploy>) -> Option<&'a mut Attempt> {
    let is_told = |attempt: &&mut Attempt| {
        attempt.version == deploy.body.version && Some(&attempt.service) == deploy.service.as_ref()
    };
    let told = attempts.iter_mut().rev().skip_while(|attempt| attempt.key > deploy.key);
    let found = told.into_iter().find(is_told)?;
    (found.key == deploy.key || deploy.body.outcome == Outcome::Succeeded).then_some(found)
}
