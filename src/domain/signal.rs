//! A signal: one observation from a source, with its typed content.
//!
//! A signal is immutable and already clean; its id is its identity everywhere. What it means is the business of
//! the diagnosis, what it looks like the business of the screens.

use super::id::{SeriesName, ServiceName, SignalId, SourceName};
use super::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    pub id: SignalId,
    pub at: Time,
    pub source: SourceName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// The one line a list shows.
    pub title: String,
    pub body: Body,
    /// The signal's own page: a console, a pull request, a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What the source sent, for the detail view: JSON where the source speaks JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

impl Signal {
    pub fn kind(&self) -> Kind {
        self.body.kind()
    }
}

/// What was observed. Adding a field needs a default; adding a variant needs a [`Kind`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    Deploy(Deploy),
    Alarm(Alarm),
    PullRequest(PullRequest),
    Review(Review),
    /// A setting, a feature flag, a concurrency limit.
    Config(Change),
    /// More or fewer of something that runs.
    Scaling(Change),
    Health(Health),
    Sample(Sample),
    Log(Log),
    /// A workflow or pipeline run.
    Run(Run),
    Note,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deploy {
    pub version: String,
    #[serde(default = "production")]
    pub environment: String,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// How long it took from start to outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took: Option<Span>,
    /// Why it failed, in a word the plan can count: `configuration`, `database`, `dependency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Started,
    Succeeded,
    Failed,
    RolledBack,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    pub name: String,
    pub state: AlarmState,
    /// The state before; absent where an alarm is only made known, not changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<AlarmState>,
    /// Since when it is in this state, where that is earlier than it is told: an alarm that has not changed for long is
    /// told anew now and then, so that it stays known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Time>,
    /// What it watches, `5xx` or `latency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The statistic it watches, `p95`, `p99`, `burn-rate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<String>,
    /// The endpoint it watches, where it watches only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmState {
    Ok,
    Alarm,
    NoData,
    /// It was deleted, and says nothing any more.
    Gone,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PullRequest {
    pub repository: String,
    pub number: u64,
    pub state: PullRequestState,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    #[serde(default)]
    pub added: u64,
    #[serde(default)]
    pub removed: u64,
    /// The services whose paths it touches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<Time>,
}

impl Deploy {
    /// Whether it went to where people are served.
    pub fn is_production(&self) -> bool {
        is_production(&self.environment)
    }
}

/// Whether an environment of this name is where people are served: `prod`, `Production`, `eu-production`, `Kubernetes/prd`,
/// but not `pre-production`.
pub fn is_production(environment: &str) -> bool {
    const BESIDES: [&str; 9] = ["non", "pre", "preview", "staging", "stage", "test", "dev", "qa", "sandbox"];
    let words = || environment.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
    let says_so = |word: &str| {
        word.get(..4).is_some_and(|start| is(start, "prod")) || is(word, "prd") || is(word, "live")
    };
    words().any(says_so) && !words().any(|word| BESIDES.iter().any(|other| is(word, other)))
}

impl PullRequest {
    pub fn lines(&self) -> u64 {
        self.added.saturating_add(self.removed)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PullRequestState {
    Ready,
    Merged,
    Closed,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub repository: String,
    pub number: u64,
    pub reviewer: String,
    pub verdict: Verdict,
    /// From ready for review to this review.
    pub turnaround: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Approved,
    ChangesRequested,
    Commented,
}

/// Something set from one value to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What was set: `concurrency`, `desired-count`, `flag:new-checkout`.
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    pub check: String,
    pub healthy: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// How many bad answers in a row stand behind an unhealthy result; one where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_a_row: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub series: SeriesName,
    pub value: f64,
    /// How many seconds later it was read than it could be; whoever reads later knows better, since what is measured may
    /// arrive late.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub later: u32,
}

impl Sample {
    /// As it was read first.
    pub fn new(series: SeriesName, value: f64) -> Self {
        Self { series, value, later: 0 }
    }

    /// Whether this is what another reading of the same moment came to later.
    pub fn corrects(&self, earlier: &Self) -> bool {
        self.later > earlier.later && self.value != earlier.value && self.series == earlier.series
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks takes a reference")]
fn is_nothing(count: &u32) -> bool {
    *count == 0
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Log {
    pub level: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub repository: String,
    pub workflow: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub branch: String,
    pub outcome: Outcome,
}

fn production() -> String {
    "production".to_owned()
}

/// The kinds of signal, in one table: what `kind:` filters by and what a list tags a line with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Deploy,
    Alarm,
    PullRequest,
    Review,
    Config,
    Scaling,
    Health,
    Sample,
    Log,
    Run,
    Note,
}

impl Kind {
    pub const ALL: [Self; 11] = [
        Self::Deploy,
        Self::Alarm,
        Self::PullRequest,
        Self::Review,
        Self::Config,
        Self::Scaling,
        Self::Health,
        Self::Sample,
        Self::Log,
        Self::Run,
        Self::Note,
    ];

    /// The word for filters and files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Alarm => "alarm",
            Self::PullRequest => "pr",
            Self::Review => "review",
            Self::Config => "config",
            Self::Scaling => "scaling",
            Self::Health => "health",
            Self::Sample => "sample",
            Self::Log => "log",
            Self::Run => "run",
            Self::Note => "note",
        }
    }

    /// The words a screen tags a line with, independent of where it came from.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Deploy => "Deploy",
            Self::Alarm | Self::Sample => "Runtime",
            Self::PullRequest => "Git PR",
            Self::Review => "Git Review",
            Self::Config => "Config",
            Self::Scaling => "Scaling",
            Self::Health => "Health",
            Self::Log => "Log",
            Self::Run => "CI",
            Self::Note => "Note",
        }
    }

    pub(super) const fn index(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.word() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|kind| kind.word()).collect();
            format!("`{text}` is not a kind of signal ({})", known.join(", "))
        })
    }
}

impl Body {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Deploy(_) => Kind::Deploy,
            Self::Alarm(_) => Kind::Alarm,
            Self::PullRequest(_) => Kind::PullRequest,
            Self::Review(_) => Kind::Review,
            Self::Config(_) => Kind::Config,
            Self::Scaling(_) => Kind::Scaling,
            Self::Health(_) => Kind::Health,
            Self::Sample(_) => Kind::Sample,
            Self::Log(_) => Kind::Log,
            Self::Run(_) => Kind::Run,
            Self::Note => Kind::Note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_says_in_a_word_of_its_own_that_people_are_served_there() {
        for name in
            ["prod", "Production", "production-eu", "eu-production", "Kubernetes/prd", "live", "prod2"]
        {
            assert!(is_production(name), "{name}");
        }
        for name in ["staging", "pre-prod", "production-preview", "non-prod", "reproduction", "delivery", ""]
        {
            assert!(!is_production(name), "{name}");
        }
    }
}
