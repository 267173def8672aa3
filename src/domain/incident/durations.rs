//! How long things took, measured between key moments and never guessed: what was not captured says which moment
//! is missing.

use super::{Incident, Status};
use crate::domain::event::{Moment, MomentValue, When};
use crate::domain::time::Span;

/// One of the durations an incident is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// The word for files, `detect`.
    pub word: &'static str,
    /// The words for people.
    pub title: &'static str,
    /// The same beside the moment it ends with.
    pub short: &'static str,
    pub from: Moment,
    pub to: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measured {
    Recorded(Length),
    /// It may still come, or be said; these moments are missing.
    Pending {
        missing: Vec<Moment>,
    },
    /// One of its moments never happened.
    NotApplicable {
        reason: String,
    },
    /// Its moments contradict one another.
    Invalid {
        reason: String,
    },
}

/// A length as exactly as its ends are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    pub least: Span,
    pub most: Span,
    pub approximate: bool,
}

macro_rules! durations {
    ($($word:literal, $title:literal, $short:literal, $from:ident => $to:ident;)+) => {
        pub const DURATIONS: &[Duration] = &[$(Duration {
            word: $word, title: $title, short: $short, from: Moment::$from, to: Moment::$to
        }),+];
    };
}

durations! {
    "detect", "Time to detect", "detect", ImpactStart => Detected;
    "acknowledge", "Time to acknowledge", "acknowledge", Detected => Acknowledged;
    "declare", "Time to declare", "declare", Detected => Declared;
    "escalate", "Time to escalate", "escalate", Detected => Escalated;
    "ic-gap", "Time without an IC", "IC gap", Declared => IcAssigned;
    "mitigate", "Time to mitigate", "mitigate", Detected => Mitigated;
    "resolve", "Time to resolve", "resolve", ImpactStart => Resolved;
}

/// Every duration, in the order of the table.
pub fn durations(incident: &Incident) -> Vec<(&'static Duration, Measured)> {
    DURATIONS.iter().map(|duration| (duration, measure(incident, duration))).collect()
}

pub fn measure(incident: &Incident, duration: &Duration) -> Measured {
    let (from, to) = (incident.moment(duration.from), incident.moment(duration.to));
    match (from, to) {
        (MomentValue::Never, _) => never(incident, duration.from),
        (_, MomentValue::Never) => never(incident, duration.to),
        (MomentValue::Happened { when: from }, MomentValue::Happened { when: to }) => {
            between(duration, from, to)
        }
        (from, to) => Measured::Pending { missing: missing(&[(duration.from, from), (duration.to, to)]) },
    }
}

fn never(incident: &Incident, moment: Moment) -> Measured {
    let said = incident.moments.get(&moment).map_or("", |said| said.reason.as_str());
    let reason = match said.trim() {
        "" => format!("{}: did not happen", moment.title()),
        said => format!("{}: did not happen ({said})", moment.title()),
    };
    Measured::NotApplicable { reason }
}

fn between(duration: &Duration, from: When, to: When) -> Measured {
    let most = to.end() - from.from;
    if from.is_backwards() || to.is_backwards() {
        let moment = if from.is_backwards() { duration.from } else { duration.to };
        return Measured::Invalid { reason: format!("{} ends before it begins", moment.title()) };
    }
    if most < Span::ZERO {
        let reason = format!(
            "{} ({}) is before {} ({})",
            duration.to.title(),
            to.from,
            duration.from.title(),
            from.from
        );
        return Measured::Invalid { reason };
    }
    let least = (to.from - from.end()).max(Span::ZERO);
    Measured::Recorded(Length { least, most, approximate: from.approximate || to.approximate })
}

fn missing(moments: &[(Moment, MomentValue)]) -> Vec<Moment> {
    moments.iter().filter(|(_, value)| *value == MomentValue::Unknown).map(|(moment, _)| *moment).collect()
}

impl Measured {
    /// `12 min`, `~10 min`, `5–10 min`, `pending: mitigated`, `not captured: impact start`, …
    pub fn say(&self, status: Status) -> String {
        match self {
            Self::Recorded(length) => length.say(),
            Self::Pending { missing } => {
                let names: Vec<_> = missing.iter().map(|moment| moment.title()).collect();
                let word = if status == Status::Open { "pending" } else { "not captured" };
                format!("{word}: {}", names.join(", "))
            }
            Self::NotApplicable { reason } => format!("not applicable: {reason}"),
            Self::Invalid { reason } => format!("invalid: {reason}"),
        }
    }
}

impl Length {
    pub fn say(self) -> String {
        let about = if self.approximate { "~" } else { "" };
        match (self.least.as_minutes(), self.most.as_minutes()) {
            (least, most) if least == most => format!("{about}{most} min"),
            (least, most) => format!("{about}{least}–{most} min"),
        }
    }
}
