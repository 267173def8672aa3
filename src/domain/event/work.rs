//! What has to be done in an incident, as the journal keeps it: tasks, exit criteria, checklists, status updates.

use super::content::When;
use super::words::{Audience, Role, Side};
use crate::domain::id::{Person, SeriesName, ServiceName};
use crate::domain::time::{Span, Time};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskContent {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    /// The end of its time box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// When the commander asks how it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_back: Option<Time>,
}

/// What must be true before the incident is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionContent {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<LiveCheck>,
}

/// A condition on live data that can be looked up at any moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum LiveCheck {
    /// The alarm has been quiet for so long.
    Alarm {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<ServiceName>,
        good_for: Span,
    },
    /// The series has been on the good side of its limit for so long; the limit is decimal text.
    Series { series: SeriesName, side: Side, limit: String, good_for: Span },
}

/// A checklist as it was when it was begun: a template changed later changes nothing here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistContent {
    pub title: String,
    /// Which template of the catalog it came from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// Whose checklist it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// How long it may take, counted from when it is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Span>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub text: String,
    /// Where one role's checklist asks another to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Condition, actions, needs: what is known, what is being done, what is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub condition: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub actions: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub needs: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateContent {
    pub audience: Audience,
    /// When it went out, which may be before it was written down.
    pub happened: When,
    pub brief: Brief,
    /// When the next one was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Time>,
}

impl Brief {
    pub fn is_empty(&self) -> bool {
        [&self.condition, &self.actions, &self.needs].iter().all(|part| part.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checklist_with_a_target_and_one_from_before_there_were_any_read_back() {
        let before = r#"{"title":"Rollback","template":"t","steps":[{"text":"stop"}]}"#;
        let after = r#"{"title":"Rollback","template":"t","target":"5m","steps":[{"text":"stop"}]}"#;
        for (text, target) in [(before, None), (after, Some(Span::minutes(5)))] {
            let read: ChecklistContent = serde_json::from_str(text).unwrap();
            assert_eq!((read.target, serde_json::to_string(&read).unwrap().as_str()), (target, text));
        }
    }
}
