//! What was worked out before and still holds: answers of rules, and what the diagnosis was at past minutes.
//!
//! Only a way to be fast. An answer is a pure function of the signals up to its moment; a signal that comes in
//! late takes with it every answer from its moment on.

use super::rule::Finding;
use super::rules::RULES;
use super::view::View;
use crate::domain::signal::Kind;
use crate::domain::{SignalKey, Span, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

/// More than an evening of looking back needs.
const MOST: usize = 1_024;

#[derive(Debug, Default)]
pub(super) struct Memory {
    answers: BTreeMap<(Time, usize), Arc<[Finding]>>,
    minutes: BTreeMap<Time, Picture>,
}

/// What the diagnosis was at a minute: when two differ, it was updated.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    pub findings: Vec<String>,
    pub suspect: Option<(SignalKey, String)>,
}

impl Memory {
    /// Drops whatever a signal of this kind and moment may change.
    pub fn forget(&mut self, kind: Kind, at: Time) {
        self.minutes.split_off(&at);
        if kind != Kind::Sample && !self.answers.is_empty() {
            self.answers.retain(|(moment, rule), _| *moment < at || !RULES[*rule].looks_at.contains(&kind));
        }
    }

    /// Drops everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What all rules find, in the order of the registry.
    pub fn findings(&mut self, view: &View<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (place, rule) in RULES.iter().enumerate() {
            if rule.step == Span::ZERO {
                findings.extend((rule.evaluate)(view));
            } else {
                findings.extend(self.answer(view, place).iter().cloned());
            }
        }
        findings
    }

    pub fn picture(&mut self, view: &View<'_>) -> Picture {
        if let Some(picture) = self.minutes.get(&view.now) {
            return picture.clone();
        }
        let mut findings: Vec<String> = self.findings(view).iter().map(Finding::id).collect();
        findings.sort_unstable();
        let suspect = view.suspects().first().map(|suspect| (suspect.key, suspect.text.clone()));
        let picture = Picture { findings, suspect };
        while self.minutes.len() >= MOST {
            self.minutes.pop_first();
        }
        self.minutes.insert(view.now, picture.clone());
        picture
    }

    /// A rule that need not be asked anew each time is asked at its last step, or at the last signal it looks at.
    fn answer(&mut self, view: &View<'_>, place: usize) -> Arc<[Finding]> {
        let rule = RULES[place];
        let stepped = floor(view.now, rule.step);
        let moment = view.history.latest(rule.looks_at, view.now).map_or(stepped, |at| at.max(stepped));
        if let Some(answer) = self.answers.get(&(moment, place)) {
            return Arc::clone(answer);
        }
        let answer: Arc<[Finding]> = (rule.evaluate)(&view.at(moment)).into();
        while self.answers.len() >= MOST {
            self.answers.pop_first();
        }
        self.answers.insert((moment, place), Arc::clone(&answer));
        answer
    }
}

pub(super) fn floor(at: Time, step: Span) -> Time {
    Time::from_millis(at.millis() - at.millis().rem_euclid(step.as_millis().max(1)))
}
