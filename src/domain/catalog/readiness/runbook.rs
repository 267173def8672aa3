//! Runbooks, which engineers follow, and playbooks, which support answers by.

use crate::domain::id::ServiceName;
use crate::domain::time::{Day, Span, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Runbook {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub owner: String,
    /// Where the whole of it is written.
    #[serde(default)]
    pub link: String,
    /// The services it is for; none means all.
    #[serde(default)]
    pub services: Vec<ServiceName>,
    /// When somebody last went through it and it worked.
    #[serde(default)]
    pub validated: Option<Day>,
    /// How long that can be relied upon.
    #[serde(default = "ninety_days")]
    pub stale_after: Span,
    /// The steps as they go into an incident as a checklist.
    #[serde(default)]
    pub steps: Vec<String>,
    /// How long a recovery may take, and how much data may be lost, where it is one.
    #[serde(default)]
    pub rto: Option<Span>,
    #[serde(default)]
    pub rpo: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    pub title: String,
    /// What a customer says who needs it.
    #[serde(default)]
    pub when: String,
    /// What support answers and does.
    #[serde(default)]
    pub answer: String,
    #[serde(default)]
    pub link: String,
    #[serde(default)]
    pub owner: String,
}

impl Runbook {
    /// How long ago it was validated; nothing where it never was by then.
    pub fn age(&self, now: Time) -> Option<Span> {
        let validated = self.validated?.start();
        (validated <= now).then(|| now - validated)
    }

    pub fn is_fresh(&self, now: Time) -> bool {
        self.age(now).is_some_and(|age| age <= self.stale_after)
    }
}

fn ninety_days() -> Span {
    Span::days(90)
}
