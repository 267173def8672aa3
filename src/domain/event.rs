//! What the journal keeps: events, and the record each one is wrapped in.
//!
//! This is a file format for ever. A variant, once released, keeps its name and its fields; a new field needs a
//! default; a changed meaning needs a new variant. The order of fields is the canonical order of the bytes that
//! are hashed, and nothing here may hold a float or an unordered map.

use super::id::{EntryId, IncidentId, Person, Seq, ServiceName, SignalId};
use super::time::Time;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub seq: Seq,
    pub at: Time,
    pub by: Person,
    pub event: Event,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    IncidentDeclared {
        incident: IncidentId,
        title: String,
        severity: Severity,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        services: Vec<ServiceName>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        impact: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<Evidence>,
    },
    SeverityChanged {
        incident: IncidentId,
        from: Severity,
        to: Severity,
    },
    IncidentResolved {
        incident: IncidentId,
    },
    IncidentClosed {
        incident: IncidentId,
    },
    IncidentReopened {
        incident: IncidentId,
    },
    /// Command begins or changes hands; `relieved` is whom the taker names.
    CommandTaken {
        incident: IncidentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relieved: Option<Person>,
    },
    CommandOffered {
        incident: IncidentId,
        to: Person,
    },
    CommandAccepted {
        incident: IncidentId,
        from: Person,
    },
    CommandDeclined {
        incident: IncidentId,
    },
    CommandReleased {
        incident: IncidentId,
    },
    RoleTaken {
        incident: IncidentId,
        role: Role,
    },
    RoleDropped {
        incident: IncidentId,
        role: Role,
    },
    EntryWritten {
        incident: IncidentId,
        entry: EntryId,
        content: Content,
    },
    /// The whole content again; the ones before stay readable.
    EntryRevised {
        incident: IncidentId,
        entry: EntryId,
        content: Content,
    },
    EntryStruck {
        incident: IncidentId,
        entry: EntryId,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// A struck entry is back.
    EntryRestored {
        incident: IncidentId,
        entry: EntryId,
    },
    EntryPinned {
        incident: IncidentId,
        entry: EntryId,
        pinned: bool,
    },
    HypothesisJudged {
        incident: IncidentId,
        entry: EntryId,
        verdict: Verdict,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub entry_kind: EntryKind,
    pub happened: When,
    /// Kept exactly as it was typed.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// When something happened, as exactly as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    pub from: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Time>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

impl When {
    pub fn exactly(at: Time) -> Self {
        Self { from: at, to: None, approximate: false }
    }
}

/// What a statement rests on, frozen when it was attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Evidence {
    Link { url: String },
    Signal { id: SignalId, at: Time, title: String },
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $title:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for files, filters and the shell.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The words for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.title())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let wanted = text.to_ascii_lowercase();
                Self::ALL.iter().copied().find(|v| v.word() == wanted).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|v| v.word()).collect();
                    format!("`{text}` is none of {}", known.join(", "))
                })
            }
        }
    };
}

words!(
    /// SEV-1 is the worst; when in doubt, higher.
    Severity {
        Sev1 = "1", "SEV-1";
        Sev2 = "2", "SEV-2";
        Sev3 = "3", "SEV-3";
        Sev4 = "4", "SEV-4";
        Sev5 = "5", "SEV-5";
    }
);

words!(
    /// What somebody does in an incident besides holding command.
    Role {
        Deputy = "deputy", "Deputy";
        Scribe = "scribe", "Scribe";
        Expert = "sme", "SME";
        CustomerLiaison = "customer-liaison", "Customer liaison";
        InternalLiaison = "internal-liaison", "Internal liaison";
        Observer = "observer", "Observer";
    }
);

words!(
    EntryKind {
        Fact = "fact", "Fact";
        Hypothesis = "hypothesis", "Hypothesis";
        Decision = "decision", "Decision";
        Action = "action", "Action";
        Comms = "comms", "Comms";
        Question = "question", "Question";
        Note = "note", "Note";
    }
);

words!(
    /// The fate of a hypothesis.
    Verdict {
        Open = "open", "open";
        Confirmed = "confirmed", "confirmed";
        Refuted = "refuted", "refuted";
    }
);

impl Event {
    pub fn incident(&self) -> IncidentId {
        match self {
            Self::IncidentDeclared { incident, .. }
            | Self::SeverityChanged { incident, .. }
            | Self::IncidentResolved { incident }
            | Self::IncidentClosed { incident }
            | Self::IncidentReopened { incident }
            | Self::CommandTaken { incident, .. }
            | Self::CommandOffered { incident, .. }
            | Self::CommandAccepted { incident, .. }
            | Self::CommandDeclined { incident }
            | Self::CommandReleased { incident }
            | Self::RoleTaken { incident, .. }
            | Self::RoleDropped { incident, .. }
            | Self::EntryWritten { incident, .. }
            | Self::EntryRevised { incident, .. }
            | Self::EntryStruck { incident, .. }
            | Self::EntryRestored { incident, .. }
            | Self::EntryPinned { incident, .. }
            | Self::HypothesisJudged { incident, .. } => *incident,
        }
    }
}
