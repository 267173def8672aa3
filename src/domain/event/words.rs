//! The closed sets of words the journal uses, each one a table: the variant, its word, its title.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

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

pub(super) use words;

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

impl Role {
    /// Whoever has command should do none of these: hands on the system are hands off the incident.
    pub const fn is_hands_on(self) -> bool {
        matches!(self, Self::Expert)
    }

    /// Whether who holds it reports to the commander.
    pub const fn reports(self) -> bool {
        !matches!(self, Self::Observer)
    }
}

words!(
    /// The moments durations are measured between, in the order they usually come.
    Moment {
        ImpactStart = "impact-start", "Impact start";
        Detected = "detected", "Detected";
        Acknowledged = "acknowledged", "Acknowledged";
        Declared = "declared", "Declared";
        IcAssigned = "ic-assigned", "IC assigned";
        Escalated = "escalated", "Escalated";
        CauseIdentified = "cause-identified", "Cause identified";
        Mitigated = "mitigated", "Mitigated";
        Resolved = "resolved", "Resolved";
        Closed = "closed", "Closed";
    }
);

words!(
    /// Which way a piece of evidence leans; withdrawn is neither, any more.
    Bearing {
        For = "for", "for";
        Against = "against", "against";
        Withdrawn = "withdrawn", "withdrawn";
    }
);

words!(
    TaskState {
        Open = "open", "open";
        Done = "done", "done";
        Cancelled = "cancelled", "cancelled";
    }
);

words!(
    CriterionState {
        Open = "open", "open";
        Met = "met", "met";
        Dropped = "dropped", "dropped";
    }
);

words!(
    StepState {
        Open = "open", "open";
        Done = "done", "done";
        Skipped = "skipped", "skipped";
    }
);

words!(
    /// Whom a status update is for.
    Audience {
        Internal = "internal", "Internal";
        External = "external", "External";
    }
);

words!(
    /// The side of a limit on which a series is good.
    Side {
        Below = "below", "below";
        Above = "above", "above";
    }
);
