//! What the commander's clock asks, and how it was answered.

use crate::domain::id::{IncidentId, TaskId};
use crate::domain::time::Span;
use serde::{Deserialize, Serialize};

/// What is due. The moment it was due tells one occurrence from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Nudge {
    /// Somebody has to take command.
    NoCommand,
    ExternalUpdate,
    InternalUpdate,
    /// Say aloud how long it has been.
    CallOut,
    RolesUnclaimed,
    /// Ask the owner of a task how it goes.
    CallBack {
        /// Named where the task is another incident's, merged into this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<IncidentId>,
        task: TaskId,
    },
    /// The time box of a task has run out.
    TimeBox {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<IncidentId>,
        task: TaskId,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Answer {
    Done,
    /// Asked again so much later than the answer.
    Snoozed {
        span: Span,
    },
    /// Left undone on purpose.
    Dismissed {
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

impl Nudge {
    /// The task it is about, and whose it is where that is another incident's.
    pub const fn task(self) -> Option<(Option<IncidentId>, TaskId)> {
        match self {
            Self::CallBack { of, task } | Self::TimeBox { of, task } => Some((of, task)),
            Self::NoCommand
            | Self::ExternalUpdate
            | Self::InternalUpdate
            | Self::CallOut
            | Self::RolesUnclaimed => None,
        }
    }

    /// The words for people, before the task's number where there is one.
    pub const fn title(self) -> &'static str {
        match self {
            Self::NoCommand => "nobody has command",
            Self::ExternalUpdate => "external update",
            Self::InternalUpdate => "internal update",
            Self::CallOut => "call out the time",
            Self::RolesUnclaimed => "roles unclaimed",
            Self::CallBack { .. } => "call back",
            Self::TimeBox { .. } => "time box over",
        }
    }
}

impl std::fmt::Display for Nudge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.task() {
            Some((None, task)) => write!(f, "{} {task}", self.title()),
            Some((Some(of), task)) => write!(f, "{} {of} {task}", self.title()),
            None => f.pad(self.title()),
        }
    }
}
