//! The plan out of a crisis, as a team writes it down: what is at stake, how deployments fail, what is done about it
//! day by day, what could go wrong with that, and what has to be kept meanwhile.
//!
//! How far it has come is measured by the diagnosis, and how far a task has come is what its owner writes here: no
//! code ever marks one done. The order of deployment is not entered, it follows from the dependencies.

mod days;
mod progress;
mod share;
#[cfg(test)]
mod tests;

pub use days::Days;
pub use progress::Progress;
pub use share::Share;

use crate::domain::Kind;
use crate::domain::goal::Goal;
use crate::domain::phrase::{Amount, Fault, Scale, Tokens};
use crate::domain::time::{Day, Span, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    #[serde(default)]
    pub title: String,
    /// The crisis in a few sentences.
    #[serde(default)]
    pub statement: String,
    /// What is at stake.
    #[serde(default, rename = "stake")]
    pub stakes: Vec<Stake>,
    /// The share of deployments that fail, as people say it: `70 %`. What is measured stands beside it.
    #[serde(default)]
    pub failure_rate: Option<Share>,
    /// How the plan is gone about, and why like that.
    #[serde(default)]
    pub approach: String,
    #[serde(default)]
    pub owner: String,
    /// The day that counts as day 1, `2026-03-02`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub started: Option<Day>,
    /// How far back failures are counted.
    #[serde(default = "month")]
    pub window: Window,
    #[serde(default, rename = "vector")]
    pub vectors: Vec<Vector>,
    #[serde(default, rename = "phase")]
    pub phases: Vec<Phase>,
    #[serde(default, rename = "risk")]
    pub risks: Vec<Risk>,
    #[serde(default, rename = "compliance")]
    pub compliance: Vec<Obligation>,
}

/// How far back is counted; thirty days unless said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(with = "String")]
pub struct Window(pub Span);

/// Something that is lost while the crisis lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stake {
    /// `transactions a day`.
    pub what: String,
    /// `$50M`.
    #[serde(default)]
    pub value: String,
}

/// One way in which deployments fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// A word for expressions: `configuration`.
    pub id: String,
    #[serde(default)]
    pub name: String,
    /// What happens technically.
    #[serde(default)]
    pub analysis: String,
    /// What it does to the business.
    #[serde(default)]
    pub impact: String,
    /// What will be done about it.
    #[serde(default)]
    pub strategy: String,
    /// Of all failures, as people say it: `40-50 %`.
    #[serde(default)]
    pub failures: Option<Share>,
    /// Of all time spent recovering, as people say it: `80 %`.
    #[serde(default)]
    pub recovery: Option<Share>,
    #[serde(default)]
    pub recognised: Recognised,
}

/// How a failure is recognised as one of a vector. The vector's id is a cause and a label in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recognised {
    /// The cause a deployment names.
    #[serde(default)]
    pub causes: Vec<String>,
    /// Labels of entries in the incident.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Words in what the incident says of itself: title, impact, confirmed hypotheses, root causes, factors.
    #[serde(default)]
    pub words: Vec<String>,
    /// Kinds of signal of the same service shortly before: `config`, `scaling`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub kinds: Vec<KindWord>,
}

/// A kind of signal by its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct KindWord(pub Kind);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    pub name: String,
    /// `1-7`, counted from the plan's first day.
    pub days: Days,
    #[serde(default)]
    pub objective: String,
    #[serde(default, rename = "task")]
    pub tasks: Vec<Task>,
    #[serde(default, rename = "metric")]
    pub metrics: Vec<Metric>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub title: String,
    /// What is built and why, over as many lines as it takes.
    #[serde(default)]
    pub detail: String,
    #[serde(default)]
    pub owner: String,
    /// Within the plan, `4-5`; those of its phase unless said.
    #[serde(default)]
    pub days: Option<Days>,
    /// In percent, written by its owner; 100 is done.
    #[serde(default)]
    pub progress: Progress,
    #[serde(default)]
    pub links: Vec<String>,
}

/// How anybody will see that a phase worked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    pub name: String,
    /// `deploy_success_rate(14d) > 90 %`; without one it is for people to judge.
    #[serde(default)]
    pub goal: Option<Goal>,
    /// What it was before, where that is known better than it can be measured: `30 %`.
    #[serde(default)]
    pub baseline: Option<Baseline>,
    #[serde(default)]
    pub note: String,
}

/// An amount somebody entered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "Entered")]
#[schemars(with = "Entered")]
pub struct Baseline(pub Amount);

/// A number, or one with its unit.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected an amount, such as 12 or \"30 %\"")]
enum Entered {
    Plain(f64),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    pub name: String,
    /// `implementation`, `people`, `security`: whatever the team sorts its risks by.
    #[serde(default)]
    pub area: String,
    #[serde(default)]
    pub mitigation: String,
    /// What would show that it has come true, in words.
    #[serde(default)]
    pub trigger: String,
    /// The same as an expression that is watched.
    #[serde(default)]
    pub when: Option<Goal>,
    #[serde(default)]
    pub owner: String,
}

/// Something that has to be kept whatever the plan does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    pub name: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub evidence: Vec<String>,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many days it has.
    pub fn length(&self) -> u32 {
        self.phases.iter().map(|phase| phase.days.last).max().unwrap_or(0)
    }

    /// Which day of the plan a moment is in; 1 is the first, and before it there is none.
    pub fn day(&self, now: Time) -> Option<i64> {
        let since = now - self.started?.start();
        let day = since.as_millis().div_euclid(Span::days(1).as_millis()) + 1;
        (day >= 1).then_some(day)
    }
}

impl Phase {
    /// How far its tasks have come, all of them weighing the same.
    pub fn progress(&self) -> Option<Progress> {
        let count = u32::try_from(self.tasks.len()).ok().filter(|count| *count > 0)?;
        let sum: u32 = self.tasks.iter().map(|task| u32::from(task.progress.percent())).sum();
        Some(Progress::at_most(sum / count))
    }
}

impl Vector {
    /// The name, or the id where there is none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}

impl Default for Window {
    fn default() -> Self {
        month()
    }
}

fn month() -> Window {
    Window(Span::days(30))
}

impl TryFrom<String> for KindWord {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse().map(Self)
    }
}

impl From<KindWord> for String {
    fn from(kind: KindWord) -> Self {
        kind.0.to_string()
    }
}

impl TryFrom<Entered> for Baseline {
    type Error = String;

    fn try_from(entered: Entered) -> Result<Self, String> {
        let text = match entered {
            Entered::Plain(value) => return Ok(Self(Amount { value, scale: Scale::Plain })),
            Entered::Text(text) => text,
        };
        let read = || {
            let mut tokens = Tokens::of(&text)?;
            let amount = Amount::read(&mut tokens)?;
            tokens.ends().map(|()| Self(amount))
        };
        read().map_err(|fault: Fault| fault.to_string())
    }
}

impl From<Baseline> for String {
    fn from(baseline: Baseline) -> Self {
        baseline.0.to_string()
    }
}
