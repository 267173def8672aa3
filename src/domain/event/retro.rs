//! What the retro adds to an incident, as the journal keeps it: one kind of event for every row of the pack, with
//! the row as a typed content.

use super::evidence::Ground;
use super::words::{Severity, words};
use crate::domain::id::{Person, RetroId};
use crate::domain::time::{Day, Span};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One row of the post-mortem pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum RetroContent {
    /// One line of the brief. Of a field that is single the last line standing holds; the others are lists.
    Brief {
        field: BriefField,
        text: String,
    },
    Agenda {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes: Option<u32>,
    },
    Impact {
        area: ImpactArea,
        text: String,
        #[serde(flatten)]
        support: Support,
    },
    Factor {
        cluster: Cluster,
        text: String,
        #[serde(flatten)]
        support: Support,
        /// Why it made sense at the time.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        made_sense: String,
        /// The direction of a fix.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        fix: String,
    },
    /// A question and its answer, under a factor, under another why, or at the head of a chain of its own.
    Why {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<RetroId>,
        text: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        answer: String,
        #[serde(flatten)]
        support: Support,
    },
    RootCause {
        text: String,
        confidence: Confidence,
        /// What would make it surer.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        notes: String,
        #[serde(flatten)]
        support: Support,
    },
    Learning {
        text: String,
        #[serde(flatten)]
        support: Support,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        implication: String,
    },
    Decision {
        text: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        tradeoffs: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<Person>,
    },
    ActionItem(ActionItem),
    /// An idea for later, left out on purpose.
    Parked {
        text: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        notes: String,
    },
    KillCriterion(KillCriterion),
    Share {
        field: ShareField,
        text: String,
    },
    Risk {
        text: String,
        /// What is done about it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        notes: String,
    },
    OpenQuestion {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<Person>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    NextStep {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
}

/// What a statement rests on: words, and whatever of the incident was pulled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionItem {
    pub text: String,
    pub action_type: ActionType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// How anybody will see that it worked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub success: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Day>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// The factors it takes away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<RetroId>,
}

/// What will be done without another discussion, if a signal is seen often enough within a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KillCriterion {
    pub signal: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub window: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub threshold: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub commitment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    /// Where the signal is read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The same in terms the journal can count by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watch: Option<Watch>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    pub measure: Measure,
    /// Incidents less severe than this do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Severity>,
    /// The first day that counts; the day the criterion was written when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// For how long it counts; for ever when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Span>,
    /// So many make it due.
    pub count: u32,
}

/// What is counted, once an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Measure {
    /// Nobody took command this soon after the declaration.
    CommandLate { within: Span },
    /// No update went out this soon after somebody took command.
    ExternalUpdateLate { within: Span },
    /// An entry that stands carries the label.
    Labelled { label: String },
}

words!(
    BriefField {
        ReviewType = "review-type", "Review type";
        Title = "title", "Title";
        Date = "date", "Date/time";
        TimeBox = "time-box", "Time box";
        Facilitator = "facilitator", "Facilitator";
        Scribe = "scribe", "Scribe";
        DecisionOwner = "decision-owner", "Decision owner";
        Attendee = "attendee", "Attendees";
        Audience = "audience", "Audience for write-up";
        Goal = "goal", "Goal";
        GroundRule = "ground-rule", "Ground rules";
        PreRead = "pre-read", "Pre-reads and evidence";
    }
);

words!(
    ImpactArea {
        Customer = "customer", "Customer impact";
        Business = "business", "Business impact";
        Internal = "internal", "Internal impact";
        HowWeKnow = "how-we-know", "How we know";
    }
);

words!(
    /// Where a contributing factor lies.
    Cluster {
        Tech = "tech", "Tech";
        Process = "process", "Process";
        People = "people", "People";
        Comms = "comms", "Comms";
        Environment = "environment", "Environment";
    }
);

words!(
    Confidence {
        Low = "low", "low";
        Medium = "medium", "medium";
        High = "high", "high";
    }
);

words!(
    ActionType {
        Fix = "fix", "Fix";
        Guardrail = "guardrail", "Guardrail";
        Process = "process", "Process";
        Instrumentation = "instrumentation", "Instrumentation";
        Training = "training", "Training";
        Investigation = "investigation", "Investigation";
    }
);

words!(
    /// The lines of the one-page shareout, its distribution, and the ritual that comes back to it.
    ShareField {
        WhatHappened = "what-happened", "What happened";
        WhatWeLearned = "what-we-learned", "What we learned";
        WhatChanged = "what-changed", "What changed";
        WhereToFind = "where-to-find", "Where to find the full document";
        Distribution = "distribution", "Distribution";
        RitualCadence = "ritual-cadence", "Cadence";
        RitualAttendees = "ritual-attendees", "Attendees";
        RitualInputs = "ritual-inputs", "Inputs";
        RitualAgenda = "ritual-agenda", "Agenda";
        RitualOwner = "ritual-owner", "Owner";
    }
);

words!(
    RetroState {
        Draft = "draft", "draft";
        InReview = "in-review", "in review";
        Reviewed = "reviewed", "reviewed";
        Closed = "closed", "closed";
    }
);

words!(
    /// What became of something to do or to answer.
    ItemState {
        Open = "open", "open";
        Done = "done", "done";
        Dropped = "dropped", "dropped";
    }
);

impl BriefField {
    /// Whether it has many lines, or the last one holds.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Attendee | Self::GroundRule | Self::PreRead)
    }
}

impl ShareField {
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Distribution | Self::RitualInputs | Self::RitualAgenda)
    }
}

impl RetroContent {
    /// Its kind, as the journal has it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Brief { .. } => "brief",
            Self::Agenda { .. } => "agenda",
            Self::Impact { .. } => "impact",
            Self::Factor { .. } => "factor",
            Self::Why { .. } => "why",
            Self::RootCause { .. } => "root-cause",
            Self::Learning { .. } => "learning",
            Self::Decision { .. } => "decision",
            Self::ActionItem(_) => "action-item",
            Self::Parked { .. } => "parked",
            Self::KillCriterion(_) => "kill-criterion",
            Self::Share { .. } => "share",
            Self::Risk { .. } => "risk",
            Self::OpenQuestion { .. } => "open-question",
            Self::NextStep { .. } => "next-step",
        }
    }

    /// What the row says in the first place; without it there is no row.
    pub fn text(&self) -> &str {
        match self {
            Self::Brief { text, .. }
            | Self::Agenda { text, .. }
            | Self::Impact { text, .. }
            | Self::Factor { text, .. }
            | Self::Why { text, .. }
            | Self::RootCause { text, .. }
            | Self::Learning { text, .. }
            | Self::Decision { text, .. }
            | Self::Parked { text, .. }
            | Self::Share { text, .. }
            | Self::Risk { text, .. }
            | Self::OpenQuestion { text, .. }
            | Self::NextStep { text, .. } => text,
            Self::ActionItem(item) => &item.text,
            Self::KillCriterion(criterion) => &criterion.signal,
        }
    }

    /// Whose it is, where it is of a kind that has an owner.
    pub fn owner(&self) -> Option<&Person> {
        match self {
            Self::Decision { owner, .. } | Self::OpenQuestion { owner, .. } => owner.as_ref(),
            Self::ActionItem(item) => item.owner.as_ref(),
            Self::KillCriterion(criterion) => criterion.owner.as_ref(),
            _ => None,
        }
    }

    /// What it rests on, where it is of a kind that rests on something.
    pub fn support(&self) -> Option<&Support> {
        match self {
            Self::Impact { support, .. }
            | Self::Factor { support, .. }
            | Self::Why { support, .. }
            | Self::RootCause { support, .. }
            | Self::Learning { support, .. } => Some(support),
            _ => None,
        }
    }

    pub fn support_mut(&mut self) -> Option<&mut Support> {
        match self {
            Self::Impact { support, .. }
            | Self::Factor { support, .. }
            | Self::Why { support, .. }
            | Self::RootCause { support, .. }
            | Self::Learning { support, .. } => Some(support),
            _ => None,
        }
    }

    /// Rows of the pack this one hangs on.
    pub fn refers_to(&self) -> &[RetroId] {
        match self {
            Self::Why { of: Some(of), .. } => std::slice::from_ref(of),
            Self::ActionItem(item) => &item.addresses,
            _ => &[],
        }
    }

    /// Whether it is something to be done or answered.
    pub const fn can_be_done(&self) -> bool {
        matches!(self, Self::ActionItem(_) | Self::OpenQuestion { .. } | Self::NextStep { .. })
    }
}

impl Support {
    pub fn is_empty(&self) -> bool {
        self.evidence.trim().is_empty() && self.grounds.is_empty()
    }
}
