//! What a group of intents comes to: each is decided over the room as the ones before it would leave it.
//!
//! Pure. The room the plan ends in is the room itself once the journal holds exactly the planned records.

use super::guest::Author;
use crate::domain::{Intent, Record, Refusal, Room, Time, decide};
use crate::journal::Draft;

#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) room: Room,
    pub(crate) records: Vec<Record>,
    /// For each intent its place among the records, or why not.
    pub(crate) verdicts: Vec<Result<usize, Refusal>>,
}

impl Plan {
    pub(crate) fn over<'a>(
        room: &Room,
        asked: impl IntoIterator<Item = (&'a Author, &'a Intent)>,
        now: Time,
    ) -> Self {
        let mut plan = Self { room: room.clone(), records: Vec::new(), verdicts: Vec::new() };
        for (Author { person, key }, intent) in asked {
            let verdict = decide(&plan.room, person, intent.clone()).map(|event| {
                let (seq, by, key) = (plan.room.seq.next(), person.clone(), key.clone());
                let record = Record { seq, at: now, by, key, event };
                plan.room.apply(&record);
                plan.records.push(record);
                plan.records.len() - 1
            });
            plan.verdicts.push(verdict);
        }
        plan
    }

    pub(crate) fn drafts(&self) -> Vec<Draft> {
        let records = self.records.iter().cloned();
        records.map(|Record { at, by, key, event, .. }| Draft { at, by, key, event }).collect()
    }

    /// The room once the journal holds these records for it.
    pub(crate) fn carry_out(&self, room: &mut Room, records: &[Record]) {
        if records == self.records {
            *room = self.room.clone();
        } else {
            records.iter().for_each(|record| room.apply(record));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Severity;
    use crate::domain::{IncidentId, Person, Seq};

    #[test]
    fn each_intent_is_decided_over_what_the_ones_before_it_leave() {
        let (dana, sam) = (Person::new("dana"), Person::new("sam"));
        let declare = Intent::Declare {
            title: "checkout fails".to_owned(),
            severity: Severity::ALL[0],
            services: Vec::new(),
            impact: String::new(),
            evidence: Vec::new(),
        };
        let take = Intent::TakeCommand { incident: IncidentId(1), relieving: None };
        let [by_dana, by_sam] = [&dana, &sam].map(|person| Author::from(person.clone()));
        let asked = [(&by_dana, &declare), (&by_dana, &take), (&by_sam, &take)];
        let plan = Plan::over(&Room::default(), asked, Time::from_millis(0));
        let held = Refusal::CommandHeld { incident: IncidentId(1), holder: dana.clone() };
        assert_eq!(plan.verdicts, [Ok(0), Ok(1), Err(held)]);
        assert_eq!(plan.room.seq, Seq(2));
        assert_eq!(plan.room, Room::replay(&plan.records));
    }
}
