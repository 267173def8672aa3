//! Where people look at a service.

use super::lines::Lines;
use super::words::words;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// `Payments at a glance`.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub kind: DashboardKind,
    /// Where it is.
    #[serde(default)]
    pub link: String,
    /// What it is for.
    #[serde(default)]
    pub purpose: String,
    /// What it shows, a line each.
    #[serde(default)]
    pub shows: Lines,
    /// How often it is drawn anew.
    #[serde(default)]
    pub refresh: Option<Span>,
}

words! {
    /// What a dashboard is about.
    #[derive(Default)]
    pub enum DashboardKind {
        /// How the service is, at a glance.
        #[default]
        Operational = "operational",
        /// How what it stands on is.
        Dependency = "dependency",
        /// How full it is, and where that leads.
        Capacity = "capacity",
        /// What users and the business get out of it.
        Business = "business",
    }
}
