//! The `[policy]` of the configuration as the clocks of an incident.

use crate::config::settings::{Policy, UpdateEvery};
use crate::domain::event::Severity;
use crate::domain::incident::ClockPolicy;

/// The severities that everybody is called for.
const SEVERE: [Severity; 2] = [Severity::Sev1, Severity::Sev2];

pub(super) fn policy(policy: &Policy) -> ClockPolicy {
    let mut clocks = ClockPolicy {
        call_out: policy.elapsed_call_out,
        roles_after: policy.roles_unclaimed_after,
        ..ClockPolicy::default()
    };
    for severity in SEVERE {
        clocks.command.set(severity, policy.ic_within);
        clocks.external.set(severity, policy.first_update_within);
    }
    let UpdateEvery { sev1, sev2, sev3 } = policy.update_every;
    for (severity, every) in [(Severity::Sev1, sev1), (Severity::Sev2, sev2), (Severity::Sev3, sev3)] {
        clocks.internal.set(severity, every);
    }
    clocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Span;

    #[test]
    fn a_configuration_that_says_nothing_leaves_the_clocks_as_they_are() {
        assert_eq!(policy(&Policy::default()), ClockPolicy::default());
    }

    #[test]
    fn every_setting_moves_its_clock_and_off_stops_it() {
        let set = Policy {
            ic_within: Some(Span::minutes(5)),
            first_update_within: None,
            update_every: UpdateEvery { sev2: None, sev3: Some(Span::hours(2)), ..UpdateEvery::default() },
            elapsed_call_out: None,
            roles_unclaimed_after: Some(Span::minutes(3)),
        };
        let clocks = policy(&set);
        assert_eq!(SEVERE.map(|it| clocks.command.get(it)), [Some(Span::minutes(5)); 2]);
        assert_eq!(clocks.command.get(Severity::Sev3), None);
        assert_eq!(SEVERE.map(|it| clocks.external.get(it)), [None; 2]);
        let internal = [Severity::Sev1, Severity::Sev2, Severity::Sev3].map(|it| clocks.internal.get(it));
        assert_eq!(internal, [Some(Span::minutes(20)), None, Some(Span::hours(2))]);
        assert_eq!((clocks.call_out, clocks.roles_after), (None, Some(Span::minutes(3))));
    }
}
