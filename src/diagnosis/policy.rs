//! What a team sets differently: thresholds by rule and name.
//!
//! A policy is plain data from the configuration. What it names and no rule knows is reported, never guessed.

use super::rules::{RULES, rule};
use crate::domain::problem::nearest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rule id → threshold name → value; what is absent keeps the rule's default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy {
    pub rules: BTreeMap<String, BTreeMap<String, f64>>,
}

impl Policy {
    /// The value set for a threshold, if one was set and is a number.
    pub fn get(&self, rule: &str, threshold: &str) -> Option<f64> {
        self.rules.get(rule)?.get(threshold).copied().filter(|value| value.is_finite())
    }

    /// Every name in it that no rule knows, and every value that is no number, with the nearest name that is known.
    pub fn problems(&self) -> Vec<String> {
        self.rules.iter().flat_map(|(id, thresholds)| problems_of(id, thresholds)).collect()
    }
}

fn problems_of(id: &str, thresholds: &BTreeMap<String, f64>) -> Vec<String> {
    let Some(rule) = rule(id) else {
        return vec![unknown("rule", id, RULES.iter().map(|rule| rule.id))];
    };
    let names = || rule.thresholds.iter().map(|threshold| threshold.name);
    let problem = |(name, value): (&String, &f64)| {
        if !names().any(|known| known == name) {
            Some(unknown(&format!("threshold of {id}"), name, names()))
        } else if !value.is_finite() || *value < 0.0 {
            Some(format!("{id}.{name} = {value}: write a number that is not negative"))
        } else {
            None
        }
    };
    thresholds.iter().filter_map(problem).collect()
}

/// With the one that was meant, or where none is near with all there are.
fn unknown(what: &str, name: &str, known: impl Iterator<Item = &'static str>) -> String {
    let known: Vec<_> = known.collect();
    match nearest(name, known.iter().copied()) {
        Some(nearest) => format!("unknown {what} `{name}`, did you mean `{nearest}`?"),
        None if known.is_empty() => format!("unknown {what} `{name}`: it has none"),
        None => format!("unknown {what} `{name}`: there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_reported_with_the_nearest() {
        let policy: Policy =
            toml::from_str("[elevatd]\nspreads = 3\n[elevated]\nspreds = 3\nspreads = 4").unwrap();
        assert_eq!(
            policy.problems(),
            [
                "unknown rule `elevatd`, did you mean `elevated`?",
                "unknown threshold of elevated `spreds`, did you mean `spreads`?"
            ]
        );
        assert_eq!(policy.get("elevated", "spreads"), Some(4.0));
    }

    #[test]
    fn a_name_that_is_near_to_none_is_answered_with_all_there_are() {
        let said = |text: &str| toml::from_str::<Policy>(text).unwrap().problems().concat();
        let rule = said("[zebra]\nspreads = 3");
        assert!(rule.starts_with("unknown rule `zebra`: there are ") && rule.contains("elevated"), "{rule}");
        let threshold = said("[elevated]\nzebra = 3");
        assert!(threshold.contains(": there are ") && threshold.contains("spreads"), "{threshold}");
    }

    #[test]
    fn a_value_that_is_no_threshold_is_reported_and_not_used() {
        let policy: Policy = toml::from_str("[elevated]\nspreads = nan\nerror-ratio = -1").unwrap();
        assert_eq!(policy.problems().len(), 2);
        assert_eq!(policy.get("elevated", "spreads"), None);
    }
}
