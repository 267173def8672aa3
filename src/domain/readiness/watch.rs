//! Who is on call now, and where nobody will be.

use crate::domain::catalog::{Hole, OnCall};
use crate::domain::id::Person;
use crate::domain::time::{Span, Time};
use jiff::tz::TimeZone;

/// How far ahead holes are looked for.
pub const AHEAD: Span = Span::days(14);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnDuty<'a> {
    pub holder: Option<&'a Person>,
    /// When their turn ends.
    pub until: Option<Time>,
    /// Within the next two weeks.
    pub holes: Vec<Hole>,
}

pub fn on_duty(schedule: &OnCall, now: Time) -> OnDuty<'_> {
    let (holder, until) = schedule.holder(now).unzip();
    OnDuty { holder, until, holes: schedule.holes(now, now + AHEAD) }
}

/// `2026-03-21 08:00 UTC`.
pub(super) fn minute(at: Time) -> String {
    format!("{} {} UTC", at.date(&TimeZone::UTC), at.hour_minute(&TimeZone::UTC))
}
