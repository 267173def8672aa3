//! Newtypes for everything that names something, so that a service can never be passed where a person is meant.
//!
//! Names are cheap to clone (`Arc<str>`) and are already clean text: whoever constructs one from outside input
//! passes it through [`super::text::clean`] first.

use super::text::clean;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[derive(schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(#[schemars(with = "String")] Arc<str>);

        impl $name {
            pub fn new(name: impl AsRef<str>) -> Self {
                Self(Arc::from(name.as_ref()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// A service of the catalog, `payment-api`.
    ServiceName
);
name!(
    /// Where signals come from, `aws` or `scenario`.
    SourceName
);
name!(
    /// Somebody who acts, `dana`.
    Person
);
name!(
    /// Something to be signed off before a launch, `on-call-rotation`.
    ItemId
);
name!(
    /// The key somebody proved to hold, `SHA256:…`, and what vouches for it.
    Fingerprint
);
name!(
    /// A measured series of one service, `payment-api/5xx`.
    SeriesName
);

impl FromStr for Person {
    type Err = &'static str;

    /// One word, with or without its `@`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.strip_prefix('@').unwrap_or(text);
        let is_name = (1..=64).contains(&name.len())
            && clean(name) == name
            && !name.contains(|c: char| c.is_whitespace() || "@#".contains(c));
        if is_name { Ok(Self::new(name)) } else { Err("a person is one word, such as sam") }
    }
}

/// The identity of a signal: a digest of its source and of the name its source gives it, so that the same
/// observation has the same id in every process and on every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SignalId(pub u64);

impl SignalId {
    pub fn of(source: &str, external: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(source.as_bytes());
        hasher.update([0]);
        hasher.update(external.as_bytes());
        let digest = hasher.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(u64::from_be_bytes(first))
    }
}

impl fmt::Display for SignalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<SignalId> for String {
    fn from(id: SignalId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for SignalId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        u64::from_str_radix(&text, 16)
            .map(Self)
            .map_err(|_| format!("`{text}` is not a signal id (16 hex digits)"))
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty), $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl $name {
            pub fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }
    };
}

number!(
    /// The place of a record in the journal; the first is 1, and 0 stands for "nothing yet".
    Seq(u64), "#"
);
number!(
    /// An incident of the room, `INC-7`.
    IncidentId(u32), "INC-"
);
number!(
    /// A timeline entry within its incident, `E12`.
    EntryId(u32), "E"
);

number!(
    /// A task within its incident, `T3`.
    TaskId(u32), "T"
);
number!(
    /// An exit criterion within its incident, `X2`.
    CriterionId(u32), "X"
);
number!(
    /// A checklist begun within its incident, `L1`.
    ChecklistId(u32), "L"
);

number!(
    /// A row of the retro within its incident, `R4`.
    RetroId(u32), "R"
);

macro_rules! read_as_printed {
    ($($name:ident, $letter:literal, $what:literal;)+) => {$(
        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let digits = text.strip_prefix([$letter, $letter.to_ascii_lowercase()]).unwrap_or(text);
                digits.parse().map(Self).map_err(|_| {
                    format!(concat!("`{}` is not ", $what, " (write {}3 or 3)"), text, $letter)
                })
            }
        }
    )+};
}

read_as_printed! {
    EntryId, 'E', "an entry";
    TaskId, 'T', "a task";
    CriterionId, 'X', "an exit criterion";
    ChecklistId, 'L', "a checklist";
    RetroId, 'R', "a row of a retro";
}

impl FromStr for IncidentId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix("INC-").or_else(|| text.strip_prefix("inc-")).unwrap_or(text);
        digits.parse().map(Self).map_err(|_| format!("`{text}` is not an incident (write INC-7 or 7)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_one_word() {
        assert_eq!("@sam".parse(), Ok(Person::new("sam")));
        for no_name in ["", "@", "sam and lee", "sam@home", "#sam", "s\u{1b}am", &"x".repeat(65)] {
            assert!(no_name.parse::<Person>().is_err(), "{no_name}");
        }
    }

    #[test]
    fn a_signal_keeps_its_identity_across_processes() {
        assert_eq!(SignalId::of("aws", "deploy-1"), SignalId::of("aws", "deploy-1"));
        assert_ne!(SignalId::of("aws", "deploy-1"), SignalId::of("awsd", "eploy-1"));
    }

    #[test]
    fn an_incident_is_read_as_people_write_it() {
        for text in ["INC-7", "inc-7", "7"] {
            assert_eq!(text.parse(), Ok(IncidentId(7)));
        }
        assert!("INC-x".parse::<IncidentId>().is_err());
    }

    #[test]
    fn what_is_numbered_in_an_incident_is_read_as_it_prints() {
        for text in ["T3", "t3", "3"] {
            assert_eq!(text.parse(), Ok(TaskId(3)));
        }
        assert_eq!(CriterionId(2).to_string().parse(), Ok(CriterionId(2)));
        let error = "E3".parse::<ChecklistId>().unwrap_err();
        assert_eq!(error, "`E3` is not a checklist (write L3 or 3)");
    }
}
