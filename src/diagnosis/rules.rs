//! The registry: every rule of the diagnosis, in the order `docs/RULES.md` prints them.

pub(super) mod alert_coverage;
pub(super) mod blind_spot;
pub(super) mod burn_rate;
pub(super) mod change_growth;
pub(super) mod change_timing;
pub(super) mod cross_service_changes;
pub(super) mod deploy_health;
pub(super) mod deploy_order;
pub(super) mod deploy_to_alarm;
pub(super) mod elevated;
pub(super) mod elevated_after_deploy;
pub(super) mod failing_check;
pub(super) mod failing_run;
pub(super) mod flapping_alarm;
pub(super) mod large_change;
pub(super) mod long_alarm;
pub(super) mod review_queue;
pub(super) mod review_turnaround;
pub(super) mod reviewer_concentration;
pub(super) mod ringing_alarm;
pub(super) mod rollback_trigger;
pub(super) mod silent_alarm;

pub use super::rule::{Rule, Threshold};

pub const RULES: &[&Rule] = &[
    &rollback_trigger::RULE,
    &elevated_after_deploy::RULE,
    &elevated::RULE,
    &burn_rate::RULE,
    &change_timing::RULE,
    &ringing_alarm::RULE,
    &failing_check::RULE,
    &alert_coverage::RULE,
    &review_turnaround::RULE,
    &review_queue::RULE,
    &reviewer_concentration::RULE,
    &large_change::RULE,
    &change_growth::RULE,
    &cross_service_changes::RULE,
    &deploy_health::RULE,
    &deploy_order::RULE,
    &deploy_to_alarm::RULE,
    &flapping_alarm::RULE,
    &silent_alarm::RULE,
    &long_alarm::RULE,
    &failing_run::RULE,
    &blind_spot::RULE,
];

pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_an_id_of_its_own_and_says_what_it_is_for() {
        let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(!rule.about.is_empty() && !rule.says.is_empty() && rule.version > 0, "{}", rule.id);
            let names: BTreeSet<_> = rule.thresholds.iter().map(|threshold| threshold.name).collect();
            assert_eq!(names.len(), rule.thresholds.len(), "{}", rule.id);
        }
    }
}
