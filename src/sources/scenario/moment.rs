//! Times as people write them in a scenario: relative to its end, by the clock, or in full.

use crate::domain::{Span, Time};
use crate::sources::written::Mistake;

const DAY: i64 = 86_400_000;
const HOW: &str = "write -23m, 14:06, -3d@09:30 or 2026-03-16T14:06";

/// Reads moments; everything relative is relative to the end of the story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) ends: Time,
}

impl Moments {
    pub(super) fn read(self, word: &str) -> Result<Time, Mistake> {
        let wrong = || Mistake::new(format!("`{word}` is not a time"), HOW);
        if let Some((days, hour)) = word.split_once('@') {
            let back = span(days).map_err(|_| wrong())?;
            let clock = clock(hour).ok_or_else(wrong)?;
            return Ok(midnight(self.ends + back) + clock);
        }
        if word.starts_with(['-', '+']) {
            return span(word).map(|back| self.ends + back).map_err(|_| wrong());
        }
        if let Some(clock) = clock(word) {
            return Ok(self.latest(clock));
        }
        in_full(word).ok_or_else(wrong)
    }

    /// The last moment of that hour and minute that is not after the end.
    fn latest(self, clock: Span) -> Time {
        let today = midnight(self.ends) + clock;
        if today <= self.ends { today } else { today - Span::days(1) }
    }
}

/// `90s`, `12m`, `1h30m`, and with a fraction `2.6h`.
pub(super) fn span(word: &str) -> Result<Span, Mistake> {
    match word.parse() {
        Ok(span) => Ok(span),
        Err(_) => fraction(word).ok_or_else(|| {
            Mistake::new(format!("`{word}` is not a span"), "write 90s, 12m, 1h30m, 2.6h or 3d")
        }),
    }
}

/// `14:06` or `14:06:30`, as the time since midnight.
pub(super) fn clock(word: &str) -> Option<Span> {
    let mut parts = word.split(':');
    let hour = two_digits(parts.next()?, 24)?;
    let minute = two_digits(parts.next()?, 60)?;
    let second = parts.next().map_or(Some(0), |part| two_digits(part, 60))?;
    parts.next().is_none().then(|| Span::seconds((hour * 60 + minute) * 60 + second))
}

pub(super) fn midnight(time: Time) -> Time {
    Time::from_millis(time.millis().div_euclid(DAY).saturating_mul(DAY))
}

fn in_full(word: &str) -> Option<Time> {
    let (_, clock) = word.split_once('T')?;
    let spelt = match (clock.contains(['Z', '+', '-']), clock.len()) {
        (true, _) => word.to_owned(),
        (false, 5) => format!("{word}:00Z"),
        (false, _) => format!("{word}Z"),
    };
    spelt.parse().ok()
}

fn fraction(word: &str) -> Option<Span> {
    let unit = word.find(|c: char| c.is_ascii_alphabetic()).filter(|_| word.contains('.'))?;
    let number: f64 = word[..unit].parse().ok().filter(|n: &f64| n.is_finite())?;
    let one: Span = format!("1{}", &word[unit..]).parse().ok()?;
    Some(Span::millis((number * one.as_millis() as f64).round() as i64))
}

fn two_digits(text: &str, below: i64) -> Option<i64> {
    let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number < below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(word: &str) -> String {
        let moments = Moments { ends: "2026-03-18T14:29:00Z".parse().unwrap() };
        moments.read(word).map_or_else(|mistake| mistake.what, |time| time.to_string())
    }

    #[test]
    fn every_way_to_write_a_time_is_understood() {
        for (word, expected) in [
            ("-23m", "2026-03-18T14:06:00.000Z"),
            ("+90s", "2026-03-18T14:30:30.000Z"),
            ("14:06", "2026-03-18T14:06:00.000Z"),
            ("9:30:15", "2026-03-18T09:30:15.000Z"),
            ("15:00", "2026-03-17T15:00:00.000Z"),
            ("-3d@09:30", "2026-03-15T09:30:00.000Z"),
            ("2026-03-01T08:00", "2026-03-01T08:00:00.000Z"),
            ("2026-03-01T08:00:00+01:00", "2026-03-01T07:00:00.000Z"),
        ] {
            assert_eq!(read(word), expected, "{word}");
        }
        for wrong in ["", "-", "25:00", "14:60", "23", "-3x", "-3d@99:00", "noon", "-99999999999999d"] {
            assert!(read(wrong).ends_with("is not a time"), "{wrong}");
        }
    }

    #[test]
    fn a_span_may_have_a_fraction() {
        assert_eq!(span("2.6h"), Ok(Span::minutes(156)));
        assert_eq!(span("1h30m"), Ok(Span::minutes(90)));
        assert!(span("h").is_err() && span("1.2.3h").is_err() && span("1.5q").is_err());
    }
}
