//! The time at the head of a scribe line: a clock, a stretch between two, how long ago, or a whole moment.
//!
//! Only what is shaped like a time is taken for one, so `16:9` and `-x` stay text; and what is shaped like one has
//! to be one.

use super::zone::{self, Stated};
use super::{Doubt, first_word};
use crate::domain::event::When;
use crate::domain::time::{Span, Time};
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// What a line begins with, and what follows that.
pub(super) enum Reading<'l> {
    None,
    Moment(When, &'l str),
    Doubt(Doubt, &'l str),
}

/// A time of day as it was written.
#[derive(Clone, Copy)]
struct Clock<'l> {
    word: &'l str,
    is_about: bool,
    is_utc: bool,
    /// Somebody says that they know it lies ahead.
    is_ahead: bool,
}

/// The words of a time.
#[derive(Clone, Copy)]
enum Words<'l> {
    Away { word: &'l str, is_about: bool, is_ahead: bool },
    Moment { at: Time, word: &'l str, is_ahead: bool },
    Clocks { day: Day, from: Clock<'l>, to: Option<Clock<'l>>, zone: Option<&'l str> },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Day {
    Today,
    Yesterday,
    On(Date),
}

/// The person's place in time.
#[derive(Clone, Copy)]
struct Here<'z> {
    now: Time,
    zone: &'z TimeZone,
}

pub(super) fn read<'l>(line: &'l str, now: Time, zone: &TimeZone) -> Reading<'l> {
    let Some((words, rest)) = words(line) else { return Reading::None };
    match (Here { now, zone }).understand(words) {
        Ok(happened) => Reading::Moment(happened, rest),
        Err(doubt) => Reading::Doubt(doubt, rest),
    }
}

fn words(line: &str) -> Option<(Words<'_>, &str)> {
    let (first, rest) = first_word(line);
    let (is_about, bare) = tilde(first);
    let (is_ahead, span) = bang(bare);
    if is_away(span) {
        return Some((Words::Away { word: span, is_about, is_ahead }, rest));
    }
    if let Some(day) = day(bare) {
        let (second, rest) = first_word(rest);
        let (from, to, rest) = clocks(second, rest)?;
        let from = Clock { is_about: from.is_about || is_about, ..from };
        return Some(in_zone(day, from, to, rest));
    }
    if let Some((from, to, rest)) = clocks(first, rest) {
        return Some(in_zone(Day::Today, from, to, rest));
    }
    let (is_ahead, word) = bang(first);
    let at = word.parse().ok().filter(|_| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some((Words::Moment { at, word, is_ahead }, rest))
}

/// A day before its time: `yesterday`, or `2026-03-16`.
fn day(word: &str) -> Option<Day> {
    if word == "yesterday" {
        return Some(Day::Yesterday);
    }
    let is_date = word.len() == 10 && word.starts_with(|c: char| c.is_ascii_digit());
    word.parse().ok().filter(|_| is_date).map(Day::On)
}

/// The zone that is said behind a time, unless the time itself is in UTC.
fn in_zone<'l>(day: Day, from: Clock<'l>, to: Option<Clock<'l>>, rest: &'l str) -> (Words<'l>, &'l str) {
    let (word, after) = first_word(rest);
    let is_utc = from.is_utc || to.is_some_and(|to| to.is_utc);
    if is_utc || !zone::is_name(word) {
        return (Words::Clocks { day, from, to, zone: None }, rest);
    }
    (Words::Clocks { day, from, to, zone: Some(word) }, after)
}

/// `-7` has to be how long ago; `+5` is a number like any other, and only `+5m` a time.
fn is_away(word: &str) -> bool {
    let begins_so = |sign| {
        word.strip_prefix(sign).is_some_and(|rest: &str| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    begins_so('-') || begins_so('+') && word.parse::<Span>().is_ok()
}

/// `14:25`, `14:10-14:25`, or a clock, a dash and a clock as words of their own.
fn clocks<'l>(word: &'l str, rest: &'l str) -> Option<(Clock<'l>, Option<Clock<'l>>, &'l str)> {
    if let Some((from, to)) = word.split_once(['-', '–']) {
        return Some((clock(from)?, Some(clock(to)?), rest));
    }
    let from = clock(word)?;
    let (dash, after) = first_word(rest);
    let (second, after) = first_word(after);
    match clock(second) {
        Some(to) if matches!(dash, "-" | "–") => Some((from, Some(to), after)),
        _ => Some((from, None, rest)),
    }
}

/// Whatever has the shape of a time of day, `14:25` or `14:25:10`, even when there is no such time.
fn clock(word: &str) -> Option<Clock<'_>> {
    let (is_about, word) = tilde(word);
    let (is_ahead, word) = bang(word);
    let (is_utc, bare) = word.strip_suffix(['Z', 'z']).map_or((false, word), |bare| (true, bare));
    let mut parts = bare.split(':');
    let is_number = |part: &str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let has_shape = parts.next().is_some_and(|hour| is_number(hour, &[1, 2]))
        && parts.next().is_some_and(|minute| is_number(minute, &[2]))
        && parts.next().is_none_or(|second| is_number(second, &[2]))
        && parts.next().is_none();
    has_shape.then_some(Clock { word: bare, is_about, is_utc, is_ahead })
}

fn bang(word: &str) -> (bool, &str) {
    word.strip_suffix('!').map_or((false, word), |bare| (true, bare))
}

fn tilde(word: &str) -> (bool, &str) {
    word.strip_prefix('~').map_or((false, word), |bare| (true, bare))
}

impl Here<'_> {
    fn understand(&self, words: Words<'_>) -> Result<When, Doubt> {
        match words {
            Words::Away { word, is_about, is_ahead } => {
                let away: Span = word.parse().map_err(|_| Doubt::NotASpan(word.to_owned()))?;
                let at = self.past(self.now + away, word, is_ahead)?;
                Ok(When { approximate: is_about, ..When::exactly(at) })
            }
            Words::Moment { at, word, is_ahead } => self.past(at, word, is_ahead).map(When::exactly),
            Words::Clocks { day, from, to, zone: Some(word) } => {
                let zone = self.stated(day, from, word)?;
                (Here { zone: &zone, ..*self }).clocks(day, from, to)
            }
            Words::Clocks { day, from, to, zone: None } => self.clocks(day, from, to),
        }
    }

    fn clocks(&self, day: Day, from: Clock<'_>, to: Option<Clock<'_>>) -> Result<When, Doubt> {
        if let Some(to) = to {
            return self.stretch(day, from, to);
        }
        let at = self.past(self.moment(day, from)?, from.word, from.is_ahead)?;
        Ok(When { approximate: from.is_about, ..When::exactly(at) })
    }

    /// The zone of that name: the person's own where it is called so then, else the one everybody calls so.
    fn stated(&self, day: Day, from: Clock<'_>, word: &str) -> Result<TimeZone, Doubt> {
        let is_own = |at: Time| self.zone.to_offset_info(at.timestamp()).abbreviation() == word;
        if self.moment(day, from).is_ok_and(is_own) {
            return Ok(self.zone.clone());
        }
        match zone::stated(word) {
            Stated::Offset(offset) => Ok(TimeZone::fixed(offset)),
            Stated::Several => Err(Doubt::WhichZone(word.to_owned())),
        }
    }

    /// From a day that was named it may run over midnight; today's has to end after it begins.
    fn stretch(&self, day: Day, first: Clock<'_>, last: Clock<'_>) -> Result<When, Doubt> {
        let from = self.moment(day, first)?;
        let mut to = self.moment(day, last)?;
        if to < from && day != Day::Today {
            to = self.moment(Self::after(day), last)?;
        }
        if to < from {
            return Err(Doubt::EndsFirst(format!("{}-{}", first.word, last.word)));
        }
        let is_ahead = first.is_ahead || last.is_ahead;
        let (from, to) = (self.past(from, first.word, is_ahead)?, self.past(to, last.word, is_ahead)?);
        Ok(When { from, to: Some(to), approximate: first.is_about || last.is_about })
    }

    fn moment(&self, day: Day, clock: Clock<'_>) -> Result<Time, Doubt> {
        let utc = TimeZone::UTC;
        let zone = if clock.is_utc { &utc } else { self.zone };
        let no_such_time = || Doubt::NotATime(clock.word.to_owned());
        let at = self.date(day, zone).ok_or_else(no_such_time)?;
        let mut parts = clock.word.split(':').map(|part| part.parse::<i8>().unwrap_or(i8::MAX));
        let mut part = || parts.next().unwrap_or(0);
        let time = jiff::civil::Time::new(part(), part(), part(), 0).map_err(|_| no_such_time())?;
        let on_the_clock = zone.to_ambiguous_zoned(at.to_datetime(time));
        match on_the_clock.offset() {
            AmbiguousOffset::Fold { .. } => Err(Doubt::Twice(clock.word.to_owned())),
            AmbiguousOffset::Gap { .. } => Err(Doubt::Never(clock.word.to_owned())),
            AmbiguousOffset::Unambiguous { .. } => {
                let zoned = on_the_clock.compatible().map_err(|_| no_such_time())?;
                Ok(zoned.timestamp().into())
            }
        }
    }

    fn date(&self, day: Day, zone: &TimeZone) -> Option<Date> {
        let today = zone.to_datetime(self.now.timestamp()).date();
        match day {
            Day::Today => Some(today),
            Day::Yesterday => today.yesterday().ok(),
            Day::On(date) => Some(date),
        }
    }

    fn after(day: Day) -> Day {
        match day {
            Day::On(date) => date.tomorrow().map_or(day, Day::On),
            Day::Today | Day::Yesterday => Day::Today,
        }
    }

    /// What lies ahead has to be meant.
    fn past(&self, at: Time, word: &str, is_ahead: bool) -> Result<Time, Doubt> {
        if at <= self.now || is_ahead {
            return Ok(at);
        }
        let zone = self.zone.to_offset_info(self.now.timestamp());
        let now = format!("{} {}", self.now.hour_minute(self.zone), zone.abbreviation());
        Err(Doubt::Ahead { word: word.to_owned(), now })
    }
}
