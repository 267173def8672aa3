//! What a team sets differently: thresholds by rule and name.
//!
//! A policy is plain data from the configuration. What it names and no rule knows is reported, never guessed.

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
}
