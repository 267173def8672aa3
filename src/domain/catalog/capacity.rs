//! What a service needs, how much it can take, and how it grows.

use super::cascade::RateLimits;
use super::lines::Lines;
use super::words::words;
use crate::domain::time::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Capacity {
    /// Processors and memory.
    pub compute: Option<Compute>,
    /// What is kept, and how fast it grows.
    pub storage: Option<Storage>,
    /// What goes in and out.
    pub network: Option<Network>,
    /// Threads and connections.
    #[serde(rename = "pool")]
    pub pools: Vec<Pool>,
    /// How much may be asked.
    pub rate_limits: Option<RateLimits>,
    /// More instances, and fewer.
    pub scaling: Option<Scaling>,
    /// Larger instances.
    pub vertical: Option<Vertical>,
    /// How it was found out.
    #[serde(rename = "test")]
    pub tests: Vec<CapacityTest>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Compute {
    /// What the numbers are for: `pod`.
    pub per: String,
    /// `2 cores`.
    pub cpu: String,
    /// `4 GB`.
    pub memory: String,
    /// What it uses with nothing to do.
    pub baseline: String,
    /// What it uses at most.
    pub peak: String,
    /// When more is added, in the language of triggers.
    pub scaling_trigger: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// How fast it grows: `10 GB a month`.
    pub growth: Lines,
    /// How long what is kept.
    pub retention: Lines,
    /// How much it will be.
    pub projected: Lines,
    /// How it is kept from growing for ever.
    pub cleanup: Lines,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// What the numbers are for: `pod`.
    pub per: String,
    /// `100 Mbps`.
    pub bandwidth_in: String,
    /// `100 Mbps`.
    pub bandwidth_out: String,
    /// How many it can answer.
    pub requests_per_second: Option<f64>,
    /// How many calls one request makes.
    pub fan_out: Vec<FanOut>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FanOut {
    /// The dependency it calls.
    pub to: String,
    /// How often on average.
    pub calls: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// `HTTP server`, `database`.
    pub name: String,
    /// What is in it.
    pub kind: PoolKind,
    /// How many.
    pub size: u32,
    /// The dependency it is for, where it is for one.
    #[serde(default)]
    pub dependency: String,
    /// Why so many.
    #[serde(default)]
    pub why: Lines,
    /// How long one waits for a place.
    #[serde(default)]
    pub timeout: Option<Span>,
    /// What happens when there is none.
    #[serde(default)]
    pub exhausted: String,
}

words! {
    /// What a pool holds.
    pub enum PoolKind {
        /// Those who work.
        Threads = "threads",
        /// Lines to something else.
        Connections = "connections",
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Scaling {
    /// What does it: `Kubernetes HPA`.
    pub by: String,
    /// Fewest instances.
    pub min: Option<u32>,
    /// Why not fewer.
    pub min_why: String,
    /// Most instances.
    pub max: Option<u32>,
    /// Why not more.
    pub max_why: String,
    /// When one is added, in the language of triggers.
    pub up: String,
    /// How many at a time.
    pub up_rate: String,
    /// How long it takes until a new one serves.
    pub up_time: Option<Span>,
    /// When one is taken away, in the language of triggers.
    pub down: String,
    /// How many at a time.
    pub down_rate: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Vertical {
    /// When a larger instance is better than one more.
    pub when: Lines,
    /// The largest there is.
    pub limit: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityTest {
    /// What is tried.
    pub kind: CapacityTestKind,
    /// How much: `4000 requests a second`.
    #[serde(default)]
    pub load: String,
    /// For how long.
    #[serde(default)]
    pub lasts: Option<Span>,
    /// What is to be learnt.
    #[serde(default)]
    pub goal: String,
    /// When it was a success, a line each.
    #[serde(default)]
    pub success: Lines,
}

words! {
    /// How capacity is tried.
    pub enum CapacityTestKind {
        /// As much as is expected.
        Load = "load",
        /// More than it can take.
        Stress = "stress",
        /// Much more, all at once.
        Spike = "spike",
    }
}
