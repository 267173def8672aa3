//! What a room expects of its incidents: how soon, how often, how many. Plain data; the configuration fills it.

use crate::domain::event::{Role, Severity};
use crate::domain::time::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockPolicy {
    /// How soon somebody has to have command.
    pub command: BySeverity,
    /// How soon after somebody took command the first external update has to go out.
    pub external: BySeverity,
    /// How often those inside are told.
    pub internal: BySeverity,
    /// How often the elapsed time is called out.
    pub call_out: Option<Span>,
    /// When roles nobody has claimed are asked for, once.
    pub roles_after: Option<Span>,
    /// Which roles are asked for.
    pub roles: Vec<Role>,
    /// How many people may report to one.
    pub reports: usize,
}

/// A span for each severity that has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BySeverity([Option<Span>; Severity::ALL.len()]);

impl BySeverity {
    /// For SEV-1, SEV-2 and so on; the rest have none.
    pub fn minutes(minutes: &[i64]) -> Self {
        let mut spans = Self::default();
        for (span, minutes) in spans.0.iter_mut().zip(minutes) {
            *span = Some(Span::minutes(*minutes));
        }
        spans
    }

    pub fn get(&self, severity: Severity) -> Option<Span> {
        self.0[severity as usize]
    }

    pub fn set(&mut self, severity: Severity, span: Option<Span>) {
        self.0[severity as usize] = span;
    }
}

impl Default for ClockPolicy {
    fn default() -> Self {
        Self {
            command: BySeverity::minutes(&[10, 10]),
            external: BySeverity::minutes(&[15, 15]),
            internal: BySeverity::minutes(&[20, 30, 60]),
            call_out: Some(Span::minutes(10)),
            roles_after: Some(Span::minutes(10)),
            roles: vec![Role::Deputy, Role::Scribe, Role::Expert],
            reports: 7,
        }
    }
}
