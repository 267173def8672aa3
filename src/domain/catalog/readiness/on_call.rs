//! Who is on call and when: shifts one by one, or a rotation that goes on; and where nobody is.

use crate::domain::id::{Person, ServiceName};
use crate::domain::time::{Span, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnCall {
    pub name: String,
    #[serde(default)]
    pub services: Vec<ServiceName>,
    /// What pages whoever is on call, a line each.
    #[serde(default)]
    pub alerts: Vec<String>,
    /// Who is asked next, in order, when the first does not answer.
    #[serde(default)]
    pub escalates_to: Vec<String>,
    #[serde(default)]
    pub link: String,
    #[serde(default, rename = "shift")]
    pub shifts: Vec<Shift>,
    #[serde(default)]
    pub rotation: Option<Rotation>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    pub person: Person,
    pub from: Time,
    pub to: Time,
}

/// The people take turns, the first of them from the moment given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    pub people: Vec<Person>,
    pub from: Time,
    /// How long a turn is.
    pub every: Span,
    /// When it ends; without it, never.
    #[serde(default)]
    pub to: Option<Time>,
}

/// A stretch of time in which nobody is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hole {
    pub from: Time,
    pub to: Time,
}

impl OnCall {
    /// Who is on call at a moment, and until when; a shift goes before the rotation.
    pub fn holder(&self, at: Time) -> Option<(&Person, Time)> {
        let shift = self.shifts.iter().find(|shift| shift.from <= at && at < shift.to);
        let turn = || self.rotation.as_ref()?.turn(at);
        shift.map(|shift| (&shift.person, shift.to)).or_else(turn)
    }

    /// Where nobody is on call between two moments, in order.
    pub fn holes(&self, from: Time, to: Time) -> Vec<Hole> {
        let rotation = self.rotation.iter().filter_map(Rotation::covers);
        let mut covered: Vec<_> =
            self.shifts.iter().map(|shift| (shift.from, shift.to)).chain(rotation).collect();
        covered.sort_unstable();
        let (mut holes, mut reached) = (Vec::new(), from);
        for (begins, ends) in covered {
            if begins > reached && reached < to {
                holes.push(Hole { from: reached, to: begins.min(to) });
            }
            reached = reached.max(ends);
        }
        if reached < to {
            holes.push(Hole { from: reached, to });
        }
        holes
    }
}

impl Rotation {
    /// Whose turn it is; a rotation of nobody, or with turns of no length, is nobody's.
    fn turn(&self, at: Time) -> Option<(&Person, Time)> {
        let (from, to) = self.covers()?;
        if at < from || at >= to {
            return None;
        }
        let turn = (at - from).as_millis() / self.every.as_millis();
        let people = i64::try_from(self.people.len()).ok()?;
        let person = self.people.get(usize::try_from(turn % people).ok()?)?;
        let ends = from + Span::millis(self.every.as_millis().saturating_mul(turn + 1));
        Some((person, ends.min(to)))
    }

    fn covers(&self) -> Option<(Time, Time)> {
        let is_sound = !self.people.is_empty() && self.every > Span::ZERO;
        is_sound.then(|| (self.from, self.to.unwrap_or(Time::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Time {
        Time::from_millis(1_770_000_000_000) + Span::hours(hour)
    }

    fn schedule(shifts: &[(&str, i64, i64)], rotation: Option<Rotation>) -> OnCall {
        let shift = |(person, from, to): &(&str, i64, i64)| Shift {
            person: Person::new(person),
            from: at(*from),
            to: at(*to),
        };
        OnCall {
            name: "primary".to_owned(),
            services: Vec::new(),
            alerts: Vec::new(),
            escalates_to: Vec::new(),
            link: String::new(),
            shifts: shifts.iter().map(shift).collect(),
            rotation,
        }
    }

    fn holes(schedule: &OnCall, from: i64, to: i64) -> Vec<(i64, i64)> {
        let hours = |moment: Time| (moment - at(0)).as_seconds() / 3_600;
        schedule.holes(at(from), at(to)).iter().map(|hole| (hours(hole.from), hours(hole.to))).collect()
    }

    #[test]
    fn holes_are_found_before_between_and_after_shifts() {
        let schedule = schedule(&[("sam", 20, 30), ("dana", 2, 10), ("lee", 8, 12)], None);
        assert_eq!(holes(&schedule, 0, 40), [(0, 2), (12, 20), (30, 40)]);
        assert_eq!(holes(&schedule, 3, 11), []);
        assert_eq!(holes(&schedule, 11, 15), [(12, 15)]);
        assert_eq!(schedule.holder(at(9)), Some((&Person::new("dana"), at(10))));
        assert_eq!(schedule.holder(at(10)), Some((&Person::new("lee"), at(12))));
        assert_eq!(schedule.holder(at(12)), None);
    }

    #[test]
    fn a_rotation_goes_round_until_it_ends() {
        let people = ["dana", "sam"].map(Person::new).to_vec();
        let rotation = Rotation { people, from: at(0), every: Span::hours(10), to: Some(at(35)) };
        let schedule = schedule(&[("lee", 12, 13)], Some(rotation));
        assert_eq!(schedule.holder(at(9)), Some((&Person::new("dana"), at(10))));
        assert_eq!(schedule.holder(at(10)), Some((&Person::new("sam"), at(20))));
        assert_eq!(schedule.holder(at(12)), Some((&Person::new("lee"), at(13))));
        assert_eq!(schedule.holder(at(30)), Some((&Person::new("sam"), at(35))));
        assert_eq!(schedule.holder(at(35)), None);
        assert_eq!(holes(&schedule, 5, 50), [(35, 50)]);
    }

    #[test]
    fn a_rotation_of_nobody_covers_nothing() {
        let nobody = |people: &[&str], every| Rotation {
            people: people.iter().map(Person::new).collect(),
            from: Time::MIN,
            every,
            to: None,
        };
        for rotation in [nobody(&[], Span::hours(1)), nobody(&["dana"], Span::ZERO)] {
            let schedule = schedule(&[], Some(rotation));
            assert_eq!((holes(&schedule, 0, 5), schedule.holder(at(1))), (vec![(0, 5)], None));
        }
    }
}
