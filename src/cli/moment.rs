//! A moment as `--at` names one: a distance, a time of day in UTC, or RFC 3339.

use crate::domain::{Span, Time};
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// After the start, or before the end.
    Away(Span),
    /// Since midnight UTC.
    Clock(Span),
    At(Time),
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with(['+', '-']) {
            return text.parse().map(Self::Away);
        }
        let clock = clock(text).map(Self::Clock);
        clock.or_else(|| text.parse().ok().map(Self::At)).ok_or_else(|| {
            format!("`{text}` is not a moment (write +20m, -10m, 14:17 or 2026-03-16T14:06:00Z)")
        })
    }
}

impl Moment {
    /// `+20m` counts from `start`, `-10m` from `end`, and a time of day is the last one not after `end`.
    pub(super) fn between(self, start: Time, end: Time) -> Time {
        match self {
            Self::Away(span) if span < Span::ZERO => end + span,
            Self::Away(span) => start + span,
            Self::At(time) => time,
            Self::Clock(since_midnight) => {
                let day = Span::days(1);
                let midnight = Time::from_millis(end.millis().div_euclid(day.as_millis()) * day.as_millis());
                let today = midnight + since_midnight;
                if today <= end { today } else { today - day }
            }
        }
    }
}

fn clock(text: &str) -> Option<Span> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str, below: i64| {
        part.parse().ok().filter(|number| part.len() == 2 && (0..below).contains(number))
    };
    Some(Span::hours(number(hour, 24)?) + Span::minutes(number(minute, 60)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_counted_from_the_end_it_names() {
        let (start, end): (Time, Time) =
            ("2026-03-18T13:54:00Z".parse().unwrap(), "2026-03-18T14:29:00Z".parse().unwrap());
        for (text, is) in [
            ("+20m", "2026-03-18T14:14:00Z"),
            ("-10m", "2026-03-18T14:19:00Z"),
            ("14:17", "2026-03-18T14:17:00Z"),
            ("23:50", "2026-03-17T23:50:00Z"),
            ("2026-03-18T15:17:00+01:00", "2026-03-18T14:17:00Z"),
        ] {
            assert_eq!(text.parse::<Moment>().unwrap().between(start, end), is.parse().unwrap(), "{text}");
        }
        for wrong in ["", "20m", "+", "25:00", "noon", "1:5"] {
            assert!(wrong.parse::<Moment>().is_err(), "{wrong}");
        }
    }
}
