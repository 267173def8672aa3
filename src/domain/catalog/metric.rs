//! What is measured of a service, and what it is measured for.

use super::lines::Lines;
use super::words::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// The series' name within its service, `5xx`.
    pub name: String,
    /// Which direction is bad.
    #[serde(default)]
    pub measures: Measures,
    /// The unit of its values.
    #[serde(default)]
    pub unit: Unit,
    /// The series that says how much there was to measure, for judging whether a rate means anything.
    #[serde(default)]
    pub volume: Option<String>,
    /// Where AWS keeps it, if it does.
    #[serde(default)]
    pub cloudwatch: Option<CloudWatch>,
    /// Whom it tells something.
    #[serde(default)]
    pub group: Option<MetricGroup>,
    /// How it counts.
    #[serde(default, rename = "type")]
    pub kind: Option<MetricKind>,
    /// The labels it is told apart by: `["endpoint", "status"]`.
    #[serde(default)]
    pub by: Vec<String>,
    /// The dependency it is about, where it is about one.
    #[serde(default)]
    pub dependency: String,
    /// What it measures.
    #[serde(default)]
    pub what: String,
    /// Why operators need it.
    #[serde(default)]
    pub why: Lines,
    /// When somebody is told, in the language of triggers: `payment failures > 10 % for 5 minutes`.
    #[serde(default)]
    pub alert: String,
}

words! {
    /// Whom a metric tells something.
    pub enum MetricGroup {
        /// What matters to users.
        Business = "business",
        /// What matters to operators: requests, errors, latency, saturation.
        System = "system",
        /// How well what it stands on serves it.
        Dependency = "dependency",
        /// What is this service's alone.
        Custom = "custom",
    }
}

words! {
    /// How a metric counts.
    pub enum MetricKind {
        /// It only goes up.
        Counter = "counter",
        /// It goes up and down.
        Gauge = "gauge",
        /// It keeps how values are spread.
        Histogram = "histogram",
    }
}

words! {
    /// What a series says about its service, so that a rule knows which direction is bad.
    #[derive(Default)]
    pub enum Measures {
        /// Requests that failed; more is worse.
        Errors = "errors",
        /// How long an answer takes; more is worse.
        Latency = "latency",
        /// How much is asked.
        Traffic = "traffic",
        /// How full something is; more is worse.
        Saturation = "saturation",
        /// Anything else.
        #[default]
        Other = "other",
    }
}

words! {
    /// The unit of a series.
    #[derive(Default)]
    pub enum Unit {
        /// Of a hundred.
        Percent = "percent",
        /// Thousandths of a second.
        Milliseconds = "milliseconds",
        /// So many a second.
        PerSecond = "per-second",
        /// A number of things.
        #[default]
        Count = "count",
    }
}

/// A metric of CloudWatch, by the name AWS has for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloudWatch {
    /// `AWS/ApplicationELB`.
    pub namespace: String,
    /// `HTTPCode_Target_5XX_Count`.
    pub metric: String,
    /// What tells it from others of its name.
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
    /// `Average`, `Sum`, `p99`.
    #[serde(default = "average")]
    pub stat: String,
    /// What its values are multiplied by: 1000 turns seconds into milliseconds.
    #[serde(default = "one")]
    pub scale: f64,
    /// The `[aws.NAME]` that has it, where there is more than one.
    #[serde(default)]
    pub account: Option<String>,
    /// The one of its regions that has it, where there is more than one.
    #[serde(default)]
    pub region: Option<String>,
}

impl Unit {
    /// `1.9 %`, `240 ms`, `12/s`: a value the way people say it.
    pub fn say(self, value: f64) -> String {
        let number = if value.abs() >= 100.0 || value.fract() == 0.0 {
            format!("{value:.0}")
        } else {
            format!("{value:.1}")
        };
        match self {
            Self::Percent => format!("{number} %"),
            Self::Milliseconds => format!("{number} ms"),
            Self::PerSecond => format!("{number}/s"),
            Self::Count => number,
        }
    }
}

fn average() -> String {
    "Average".to_owned()
}

fn one() -> f64 {
    1.0
}
