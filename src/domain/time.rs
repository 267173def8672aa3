//! Moments and spans, in whole milliseconds.
//!
//! `Time` is a moment in UTC, `Span` the signed distance between two. Both print the way screens and journals
//! print them; a zone enters only where a person is shown local time.

use crate::domain::as_text::as_text;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Neg, Sub};
use std::str::FromStr;

/// A moment in UTC. Serialised as RFC 3339 with exactly three decimals, so that equal moments are equal bytes.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(into = "String", try_from = "String")]
pub struct Time(i64);

/// The signed distance between two moments.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(into = "String", try_from = "String")]
#[schemars(extend("pattern" = "^[-+]?([0-9]+(ms|s|m|min|h|d|w))+$"))]
pub struct Span(i64);

/// 9999-12-31 and -9999-01-01 bound what can be printed; moments outside are clamped rather than refused.
const LATEST: i64 = 253_402_207_200_000;
const EARLIEST: i64 = -377_705_023_201_000;

impl Time {
    pub const MIN: Self = Self(EARLIEST);
    pub const MAX: Self = Self(LATEST);

    pub const fn from_millis(millis: i64) -> Self {
        Self(if millis > LATEST {
            LATEST
        } else if millis < EARLIEST {
            EARLIEST
        } else {
            millis
        })
    }

    pub const fn millis(self) -> i64 {
        self.0
    }

    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// `14:29:07` in the given zone.
    pub fn clock(self, zone: &TimeZone) -> String {
        let t = zone.to_datetime(self.timestamp());
        format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
    }

    /// `14:29` in the given zone.
    pub fn hour_minute(self, zone: &TimeZone) -> String {
        let t = zone.to_datetime(self.timestamp());
        format!("{:02}:{:02}", t.hour(), t.minute())
    }

    /// `2026-03-16` in the given zone.
    pub fn date(self, zone: &TimeZone) -> String {
        zone.to_datetime(self.timestamp()).date().to_string()
    }

    pub fn is_same_day(self, other: Self, zone: &TimeZone) -> bool {
        zone.to_datetime(self.timestamp()).date() == zone.to_datetime(other.timestamp()).date()
    }

    /// How long ago this was, never negative: what lies ahead of the clock is "now".
    pub fn age(self, now: Self) -> Span {
        (now - self).max(Span::ZERO)
    }
}

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Self {
        Self::from_millis(timestamp.as_millisecond())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let timestamp: Timestamp =
            text.parse().map_err(|_| format!("`{text}` is not a time (write 2026-03-16T14:06:00Z)"))?;
        Ok(timestamp.into())
    }
}

as_text!(Time);

/// A day of the calendar, in no zone: when something is due.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Day(#[schemars(with = "String")] jiff::civil::Date);

impl Day {
    /// The day it is at a moment, in UTC.
    pub fn of(at: Time) -> Self {
        Self(TimeZone::UTC.to_datetime(at.timestamp()).date())
    }

    /// Its first moment in UTC.
    pub fn start(self) -> Time {
        TimeZone::UTC.to_timestamp(self.0.at(0, 0, 0, 0)).map_or(Time::MAX, Time::from)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("`{text}` is not a day (write 2026-03-21)"))
    }
}

impl Span {
    pub const ZERO: Self = Self(0);

    pub const fn millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours.saturating_mul(60))
    }

    pub const fn days(days: i64) -> Self {
        Self::hours(days.saturating_mul(24))
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole minutes, rounded to the nearest.
    pub const fn as_minutes(self) -> i64 {
        (self.0.saturating_add(30_000)).div_euclid(60_000)
    }

    pub fn as_hours_f64(self) -> f64 {
        self.0 as f64 / 3_600_000.0
    }

    pub fn std(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0.max(0).unsigned_abs())
    }

    /// A length that somebody set, a timeout or a promise, in the largest unit that divides it: `500ms`, `90m`, `2h`.
    /// Nothing is rounded away, and it is read back the same.
    pub fn exact(self) -> String {
        const UNITS: [(i64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
        UNITS
            .iter()
            .find(|(unit, _)| self.0 != 0 && self.0 % unit == 0)
            .map_or_else(|| format!("{}ms", self.0), |(unit, name)| format!("{}{name}", self.0 / unit))
    }
}

/// The largest unit that tells, `12m`, `3h`, `6d`: what stands in an age column. It rounds down, so a length that was
/// set is told by [`Span::exact`].
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let seconds = (self.0.unsigned_abs()) / 1_000;
        let text = match seconds {
            0..60 => format!("{sign}{seconds}s"),
            60..3_600 => format!("{sign}{}m", seconds / 60),
            3_600..172_800 => format!("{sign}{}h", seconds / 3_600),
            _ => format!("{sign}{}d", seconds / 86_400),
        };
        f.pad(&text)
    }
}

/// `90s`, `12m`, `1h30m`, `3d`, `250ms`, with an optional sign.
impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a span (write 90s, 12m, 1h30m or 3d)");
        let (sign, mut rest) = match text.as_bytes().first() {
            Some(b'-') => (-1, &text[1..]),
            Some(b'+') => (1, &text[1..]),
            _ => (1, text),
        };
        if rest.is_empty() {
            return Err(wrong());
        }
        let mut total = 0_i64;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
            let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
            let letters =
                rest[digits..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - digits);
            let unit = match &rest[digits..digits + letters] {
                "ms" => 1,
                "s" => 1_000,
                "m" | "min" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                "w" => 604_800_000,
                _ => return Err(wrong()),
            };
            total = number.checked_mul(unit).and_then(|n| total.checked_add(n)).ok_or_else(wrong)?;
            rest = &rest[digits + letters..];
        }
        Ok(Self(sign * total))
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.exact()
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl Sub for Time {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl Add<Span> for Time {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self::from_millis(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Time {
    type Output = Self;

    fn sub(self, span: Span) -> Self {
        Self::from_millis(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Span {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_back_as_it_was_written() {
        for text in ["90s", "12m", "36h", "3d", "-7m", "250ms", "0ms"] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.exact(), text);
        }
        assert_eq!("1h30m".parse(), Ok(Span::minutes(90)));
        for wrong in ["", "-", "7", "m", "7y", "1h-2m", "99999999999999999999d"] {
            assert!(wrong.parse::<Span>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_was_set_is_told_in_full_and_an_age_is_rounded_down() {
        let said = |text: &str| text.parse::<Span>().map(|span| (span.exact(), span.to_string())).unwrap();
        assert_eq!(said("500ms"), ("500ms".to_owned(), "0s".to_owned()));
        assert_eq!(said("90s"), ("90s".to_owned(), "1m".to_owned()));
        assert_eq!(said("1h30m"), ("90m".to_owned(), "1h".to_owned()));
        assert_eq!(said("60m"), ("1h".to_owned(), "1h".to_owned()));
    }

    #[test]
    fn a_moment_has_one_spelling() {
        let time: Time = "2026-03-16T14:06:00Z".parse().unwrap();
        assert_eq!(time.to_string(), "2026-03-16T14:06:00.000Z");
        assert_eq!("2026-03-16T15:06:00+01:00".parse(), Ok(time));
        assert_eq!(Time::MAX.to_string().parse(), Ok(Time::MAX));
        assert_eq!(Time::MIN.to_string().parse(), Ok(Time::MIN));
    }

    #[test]
    fn an_age_is_never_negative() {
        let now = Time::from_millis(10_000);
        assert_eq!((now + Span::minutes(5)).age(now), Span::ZERO);
    }
}
