//! The text of a record: what is stored, hashed and exported, and how each version of it is read.
//!
//! Written once and kept for ever; a record of any released version is brought up to today's types while it is
//! read. `v` and `seq` stand at the top of every version, so that even a record from the future can be placed.

use crate::domain::{Event, Fingerprint, Person, Record, Seq, Time};
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    v: u32,
    seq: Seq,
    at: Time,
    by: &'a Person,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a Fingerprint>,
    event: &'a Event,
}

/// What a text says to this version of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Known(Box<Record>),
    /// In order, but beyond this version; `what` names what it is.
    Newer {
        seq: Seq,
        what: String,
    },
}

impl Reading {
    pub fn seq(&self) -> Seq {
        match self {
            Self::Known(record) => record.seq,
            Self::Newer { seq, .. } => *seq,
        }
    }
}

/// The canonical text: one line, in the order of the fields.
pub fn write(record: &Record) -> String {
    let Record { seq, at, by, key, event } = record;
    serde_json::to_string(&Written { v: VERSION, seq: *seq, at: *at, by, key: key.as_ref(), event })
        .expect("a record holds only what JSON can say")
}

/// Why not, where it is no record of any version.
pub fn read(text: &str) -> Result<Reading, String> {
    match serde_json::from_str::<Version1>(text) {
        Ok(version1) if version1.v == VERSION => Ok(Reading::Known(Box::new(version1.into()))),
        Ok(other) => outline(text, &format!("version {}", other.v)),
        Err(why) => outline(text, &why.to_string()),
    }
}

#[derive(Deserialize)]
struct Version1 {
    v: u32,
    seq: Seq,
    at: Time,
    by: Person,
    /// Not in the journals of the first releases, which nobody served over SSH.
    #[serde(default)]
    key: Option<Fingerprint>,
    event: Event,
}

impl From<Version1> for Record {
    fn from(Version1 { seq, at, by, key, event, .. }: Version1) -> Self {
        Self { seq, at, by, key, event }
    }
}

/// The part of a record that no version changes.
#[derive(Deserialize)]
struct Outline {
    v: u32,
    seq: Seq,
    event: Option<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

fn outline(text: &str, why: &str) -> Result<Reading, String> {
    let Outline { v, seq, event } = serde_json::from_str(text).map_err(|error| error.to_string())?;
    // What follows is a list of every kind there is.
    let why = why.split(", expected").next().unwrap_or(why);
    let what = match event.and_then(|event| event.kind) {
        Some(kind) if v <= VERSION => format!("event `{kind}`: {why}"),
        _ if v > VERSION => format!("version {v}"),
        _ => return Err(why.to_owned()),
    };
    Ok(Reading::Newer { seq, what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::IncidentId;

    fn record() -> Record {
        Record {
            seq: Seq(7),
            at: Time::from_millis(0),
            by: Person::new("dana"),
            key: None,
            event: Event::IncidentResolved { incident: IncidentId(1) },
        }
    }

    #[test]
    fn the_text_of_version_1_is_this_and_no_other() {
        let text = r#"{"v":1,"seq":7,"at":"1970-01-01T00:00:00.000Z","by":"dana","event":{"kind":"incident-resolved","incident":1}}"#;
        assert_eq!(write(&record()), text);
        assert_eq!(read(text), Ok(Reading::Known(Box::new(record()))));
    }

    #[test]
    fn the_key_somebody_came_with_stands_beside_their_name() {
        let keyed = Record { key: Some(Fingerprint::new("SHA256:abc")), ..record() };
        let text = write(&keyed);
        assert!(text.contains(r#""by":"dana","key":"SHA256:abc","event""#), "{text}");
        assert_eq!(read(&text), Ok(Reading::Known(Box::new(keyed))));
    }

    #[test]
    fn a_record_from_the_future_keeps_its_place() {
        let unknown = write(&record()).replace("incident-resolved", "incident-split");
        assert!(
            matches!(read(&unknown), Ok(Reading::Newer { seq: Seq(7), what }) if what.contains("incident-split"))
        );
        let version = write(&record()).replace(r#""v":1"#, r#""v":2"#);
        assert_eq!(read(&version), Ok(Reading::Newer { seq: Seq(7), what: "version 2".into() }));
        assert_eq!(read(r#"{"v":9,"seq":7}"#), Ok(Reading::Newer { seq: Seq(7), what: "version 9".into() }));
    }

    #[test]
    fn what_is_no_record_says_why() {
        for wrong in
            ["", "{", "[]", "null", r#"{"seq":1}"#, r#"{"v":1,"seq":7}"#, r#"{"v":1,"seq":-7,"event":{}}"#]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
