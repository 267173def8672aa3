//! Key moments proposed from what was observed. A proposal is derived, kept nowhere, and becomes a moment only
//! when a person accepts it; one that was turned down is not made again.

use super::{Entry, Incident, Judgement};
use crate::domain::decide::Intent;
use crate::domain::event::{Basis, Evidence, Moment, MomentValue, Verdict, When};
use crate::domain::signal::{AlarmState, Body, Kind};
use crate::domain::time::{Span, Time};
use crate::domain::{SignalLog, SignalRef};
use std::collections::BTreeSet;

/// An alarm earlier than this before the declaration is another story.
const LOOK_BACK: Span = Span::hours(6);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub moment: Moment,
    pub when: When,
    pub basis: Basis,
    pub because: String,
    pub evidence: Vec<Evidence>,
}

/// A stretch of time in which at least one alarm of the incident's services rang.
struct Episode {
    began: Evidence,
    from: Time,
    ended: Option<(Time, Evidence)>,
}

/// What may be proposed now, in the order of the moments.
pub fn proposals(incident: &Incident, log: &SignalLog, now: Time) -> Vec<Proposal> {
    let episode = episode(incident, log, now);
    let made = [
        episode.as_ref().map(detected),
        confirmed(incident),
        episode.as_ref().and_then(|episode| mitigated(episode, incident)),
    ];
    made.into_iter().flatten().filter(|proposal| proposal.is_wanted(incident)).collect()
}

impl Proposal {
    pub fn accept(self, incident: &Incident) -> Intent {
        Intent::SetMoment {
            incident: incident.id,
            moment: self.moment,
            value: MomentValue::Happened { when: self.when },
            reason: self.because,
            evidence: self.evidence,
            basis: Some(self.basis),
        }
    }

    pub fn decline(self, incident: &Incident, reason: String) -> Intent {
        let Self { moment, when, basis, evidence, .. } = self;
        Intent::DeclineProposal { incident: incident.id, moment, when, basis, evidence, reason }
    }

    fn is_wanted(&self, incident: &Incident) -> bool {
        incident.moment(self.moment) == MomentValue::Unknown
            && !incident.has_declined(self.moment, self.when, &self.basis)
    }
}

fn detected(episode: &Episode) -> Proposal {
    Proposal {
        moment: Moment::Detected,
        when: When::exactly(episode.from),
        basis: basis("first-alarm"),
        because: "the first alarm rang".to_owned(),
        evidence: vec![episode.began.clone()],
    }
}

/// Quiet again, and after the incident was declared: a pause before is none of its doing.
fn mitigated(episode: &Episode, incident: &Incident) -> Option<Proposal> {
    let (at, evidence) = episode.ended.clone()?;
    (at >= incident.declared_at).then(|| Proposal {
        moment: Moment::Mitigated,
        when: When::exactly(at),
        basis: basis("alarms-recovered"),
        because: "the last alarm went quiet".to_owned(),
        evidence: vec![evidence],
    })
}

fn confirmed(incident: &Incident) -> Option<Proposal> {
    let standing = incident.entries.values().filter(|entry| {
        entry.is_hypothesis() && entry.struck.is_none() && entry.verdict == Verdict::Confirmed
    });
    let judged = |judgement: &&Judgement| judgement.verdict == Verdict::Confirmed;
    let last = |entry: &Entry| entry.judgements.iter().rfind(judged).map(|judgement| judgement.at);
    let (at, entry) = standing.filter_map(|entry| Some((last(entry)?, entry))).min_by_key(|(at, _)| *at)?;
    Some(Proposal {
        moment: Moment::CauseIdentified,
        when: When::exactly(at),
        basis: basis("hypothesis-confirmed"),
        because: format!("{} “{}” was confirmed", entry.id, entry.content.text),
        evidence: entry.content.evidence.clone(),
    })
}

/// The episode the incident was declared in or after; without one, the first that followed.
fn episode(incident: &Incident, log: &SignalLog, now: Time) -> Option<Episode> {
    let mut episode: Option<Episode> = None;
    let mut ringing = BTreeSet::new();
    let until = incident.resolved_at.map_or(now, |resolved| resolved.min(now));
    for signal in log.range(incident.declared_at - LOOK_BACK, until) {
        let Some((name, state)) = alarm(incident, signal) else { continue };
        let was_quiet = ringing.is_empty();
        match state {
            AlarmState::Alarm => ringing.insert(name),
            AlarmState::Ok => ringing.remove(&name),
            AlarmState::NoData | AlarmState::Gone => continue,
        };
        let begins = was_quiet && !ringing.is_empty();
        match &mut episode {
            Some(known) if begins && signal.at() > incident.declared_at => known.ended = None,
            _ if begins => episode = Some(Episode { began: frozen(signal), from: signal.at(), ended: None }),
            Some(known) if !was_quiet && ringing.is_empty() => {
                known.ended = Some((signal.at(), frozen(signal)));
            }
            _ => {}
        }
    }
    episode
}

/// The alarms of its services; of all services while nobody knows which.
fn alarm(incident: &Incident, signal: SignalRef<'_>) -> Option<((String, String), AlarmState)> {
    let is_concerned = || {
        incident.services.is_empty()
            || incident.services.iter().any(|service| service.as_str() == signal.service())
    };
    if signal.kind() != Kind::Alarm || !is_concerned() {
        return None;
    }
    let Body::Alarm(alarm) = signal.body() else { return None };
    // What has been so since earlier is only told anew.
    if alarm.since.is_some() {
        return None;
    }
    Some(((signal.service().to_owned(), alarm.name), alarm.state))
}

fn frozen(signal: SignalRef<'_>) -> Evidence {
    Evidence::Signal { id: signal.id(), at: signal.at(), title: signal.title().to_owned() }
}

fn basis(rule: &str) -> Basis {
    Basis { rule: rule.to_owned(), version: 1 }
}
