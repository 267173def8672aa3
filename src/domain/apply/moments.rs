//! Key moments and answered nudges, record by record.

use crate::domain::event::{Event, Record};
use crate::domain::incident::{Answered, Declined, Incident, MomentSaid};

impl Incident {
    pub(super) fn takes_moment(&mut self, record: &Record) -> bool {
        let Record { seq, at, by, event, .. } = record;
        match event {
            Event::MomentSet { moment, value, reason, evidence, basis, .. } => {
                let said = MomentSaid {
                    seq: *seq,
                    at: *at,
                    by: by.clone(),
                    value: *value,
                    reason: reason.clone(),
                    evidence: evidence.clone(),
                    basis: basis.clone(),
                };
                self.moments.insert(*moment, said);
            }
            Event::ProposalDeclined { moment, when, basis, .. } => {
                self.declined.push(Declined { moment: *moment, when: *when, basis: basis.clone() });
            }
            Event::NudgeAnswered { nudge, due, answer, .. } => {
                let answered = Answered { due: *due, at: *at, by: by.clone(), answer: answer.clone() };
                self.nudges.insert(*nudge, answered);
            }
            _ => return false,
        }
        true
    }
}
