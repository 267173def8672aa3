//! The key moments of an incident: what the journal saw by itself, what people said, and the order they came in.

use super::Incident;
use crate::domain::event::{Basis, Evidence, Moment, MomentValue, When};
use crate::domain::id::{Person, Seq};
use crate::domain::time::Time;

/// What a person said of a moment, the last word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MomentSaid {
    pub seq: Seq,
    pub at: Time,
    pub by: Person,
    pub value: MomentValue,
    pub reason: String,
    pub evidence: Vec<Evidence>,
    /// The rule that proposed it, where it was a proposal accepted.
    pub basis: Option<Basis>,
}

/// A proposed moment a person turned down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declined {
    pub moment: Moment,
    pub when: When,
    pub basis: Basis,
}

/// Two moments in an order that cannot be; said, never prevented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{later} ({}) is before {earlier} ({})", later_at.from, earlier_at.from)]
pub struct ImpossibleOrder {
    pub earlier: Moment,
    pub earlier_at: When,
    pub later: Moment,
    pub later_at: When,
}

/// What cannot come before what. A cause may be found after it was mitigated; nothing is detected before it began.
const ORDER: &[(Moment, Moment)] = &[
    (Moment::ImpactStart, Moment::Detected),
    (Moment::Detected, Moment::Acknowledged),
    (Moment::Detected, Moment::Declared),
    (Moment::Detected, Moment::Escalated),
    (Moment::Declared, Moment::IcAssigned),
    (Moment::ImpactStart, Moment::CauseIdentified),
    (Moment::ImpactStart, Moment::Mitigated),
    (Moment::ImpactStart, Moment::Resolved),
    (Moment::Mitigated, Moment::Resolved),
    (Moment::Declared, Moment::Closed),
    (Moment::Resolved, Moment::Closed),
];

impl Incident {
    /// What holds: what a person said last, or else what the journal saw.
    pub fn moment(&self, moment: Moment) -> MomentValue {
        match self.moments.get(&moment).map(|said| said.value) {
            Some(said @ (MomentValue::Happened { .. } | MomentValue::Never)) => said,
            Some(MomentValue::Unknown) | None => match self.seen(moment) {
                Some(at) => MomentValue::Happened { when: When::exactly(at) },
                None => MomentValue::Unknown,
            },
        }
    }

    pub fn when(&self, moment: Moment) -> Option<When> {
        match self.moment(moment) {
            MomentValue::Happened { when } => Some(when),
            MomentValue::Never | MomentValue::Unknown => None,
        }
    }

    /// What the journal itself recorded; all others are for people to say.
    fn seen(&self, moment: Moment) -> Option<Time> {
        match moment {
            Moment::Declared => Some(self.declared_at),
            Moment::IcAssigned => self.command.first_taken_at,
            Moment::Resolved => self.resolved_at,
            Moment::Closed => self.closed_at,
            Moment::ImpactStart
            | Moment::Detected
            | Moment::Acknowledged
            | Moment::Escalated
            | Moment::CauseIdentified
            | Moment::Mitigated => None,
        }
    }

    /// Whether a proposal with this basis was turned down for this moment.
    pub fn has_declined(&self, moment: Moment, when: When, basis: &Basis) -> bool {
        self.declined.iter().any(|no| no.moment == moment && no.when == when && no.basis == *basis)
    }
}

/// Every pair of moments that contradicts itself, in the order of the moments.
pub fn impossible_orders(incident: &Incident) -> Vec<ImpossibleOrder> {
    let contradicts = |&(earlier, later): &(Moment, Moment)| {
        let (earlier_at, later_at) = (incident.when(earlier)?, incident.when(later)?);
        (later_at.end() < earlier_at.from).then_some(ImpossibleOrder { earlier, earlier_at, later, later_at })
    };
    ORDER.iter().filter_map(contradicts).collect()
}
