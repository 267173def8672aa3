//! A task in one typed line: `restart the pods @sam box:20m call:10m`.
//!
//! `box:` is the end of its time box and `call:` when the commander asks how it goes, each as a span from now or as a
//! time of day; a time of day is the one nearest to now.

use crate::domain::event::TaskContent;
use crate::domain::id::Person;
use crate::domain::time::{Span, Time};
use jiff::civil;
use jiff::tz::TimeZone;

/// What is wrong with the line is a sentence for whoever types it.
pub fn task(line: &str, now: Time, zone: &TimeZone) -> Result<TaskContent, String> {
    let mut task = TaskContent { text: String::new(), owner: None, due: None, call_back: None };
    let mut words = Vec::new();
    for word in line.split_whitespace() {
        match word.split_once(':') {
            Some(("box", when)) => task.due = Some(moment(word, when, now, zone)?),
            Some(("call", when)) => task.call_back = Some(moment(word, when, now, zone)?),
            _ => match word.strip_prefix('@').filter(|name| !name.is_empty()) {
                None => words.push(word),
                Some(name) => own(&mut task, name)?,
            },
        }
    }
    task.text = words.join(" ");
    if task.text.is_empty() { Err("say what is to be done".to_owned()) } else { Ok(task) }
}

/// What of a task that is given now is over already; a time of day is the one nearest to now, and may have passed.
pub fn born_late(task: &TaskContent, now: Time, zone: &TimeZone) -> Option<String> {
    let times = [("box", task.due), ("call", task.call_back)];
    let (word, at) = times.into_iter().find_map(|(word, at)| Some((word, at.filter(|at| *at <= now)?)))?;
    let (clock, ago) = (at.hour_minute(zone), at.age(now));
    Some(format!("{word}:{clock} was {ago} ago: write a time still to come, or a span such as {word}:10m"))
}

/// The task as the line that gives it again.
pub fn task_line(task: &TaskContent, now: Time, zone: &TimeZone) -> String {
    let mut line = task.text.clone();
    if let Some(owner) = &task.owner {
        line += &format!(" @{owner}");
    }
    for (word, at) in [("box", task.due), ("call", task.call_back)] {
        if let Some(at) = at {
            line += &format!(" {word}:{}", said(at, now, zone));
        }
    }
    line
}

fn own(task: &mut TaskContent, name: &str) -> Result<(), String> {
    match task.owner.replace(Person::new(name)) {
        Some(other) if other.as_str() != name => Err(format!("@{other} and @{name}: a task has one owner")),
        _ => Ok(()),
    }
}

fn moment(word: &str, when: &str, now: Time, zone: &TimeZone) -> Result<Time, String> {
    if let Ok(span) = when.parse::<Span>() {
        let is_ahead = span > Span::ZERO && span <= Span::days(7);
        return if is_ahead {
            Ok(seconds(now + span))
        } else {
            Err(format!("`{word}`: write a time still to come"))
        };
    }
    if let Ok(at) = when.parse::<Time>() {
        return Ok(at);
    }
    let clock: civil::Time = when.parse().map_err(|_| format!("`{word}`: write 20m or 14:50"))?;
    nearest(clock, now, zone).ok_or_else(|| format!("`{word}`: there is no such time today"))
}

/// Without what a line does not say: a task that is only read again has to stay the same.
const fn seconds(at: Time) -> Time {
    Time::from_millis(at.millis() - at.millis().rem_euclid(1_000))
}

fn nearest(clock: civil::Time, now: Time, zone: &TimeZone) -> Option<Time> {
    let today = zone.to_datetime(now.timestamp()).date();
    let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
    let at = |day: civil::Date| zone.to_timestamp(day.to_datetime(clock)).ok().map(Time::from);
    let distance = |at: &Time| (at.millis() - now.millis()).abs();
    days.into_iter().flatten().filter_map(at).min_by_key(distance)
}

fn said(at: Time, now: Time, zone: &TimeZone) -> String {
    let is_near = (at.millis() - now.millis()).abs() < Span::hours(11).as_millis();
    if is_near && seconds(at) == at { at.clock(zone) } else { at.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Time {
        "2026-03-16T14:29:00Z".parse().unwrap()
    }

    fn read(line: &str) -> Result<TaskContent, String> {
        task(line, now(), &TimeZone::UTC)
    }

    #[test]
    fn a_line_says_who_and_until_when() {
        let task = read("restart the pods @sam box:20m call:14:40").unwrap();
        assert_eq!((task.text.as_str(), task.owner), ("restart the pods", Some(Person::new("sam"))));
        assert_eq!(task.due, Some(now() + Span::minutes(20)));
        assert_eq!(task.call_back, Some(now() + Span::minutes(11)));
        assert_eq!(read("look at ratio 16:9").unwrap().text, "look at ratio 16:9");
    }

    #[test]
    fn a_line_read_and_written_again_is_the_same_task() {
        for line in ["a @sam box:20m", "b call:14:10", "c box:00:10 call:2026-03-19T08:00:00Z", "d"] {
            let task = read(line).unwrap();
            assert_eq!(read(&task_line(&task, now(), &TimeZone::UTC)), Ok(task), "{line}");
        }
    }

    #[test]
    fn a_line_given_between_two_seconds_is_the_same_task_when_it_is_written_again() {
        let now = now() + Span::millis(739);
        let given = task("a box:20m call:90s", now, &TimeZone::UTC).unwrap();
        let old = TaskContent { due: Some(now + Span::minutes(7)), ..given.clone() };
        for task in [given, old] {
            let line = task_line(&task, now + Span::minutes(1), &TimeZone::UTC);
            assert_eq!(self::task(&line, now + Span::minutes(1), &TimeZone::UTC), Ok(task), "{line}");
        }
    }

    #[test]
    fn a_time_that_is_over_is_said_and_one_to_come_is_not() {
        let late = |line: &str| born_late(&read(line).unwrap(), now(), &TimeZone::UTC);
        assert!(late("x call:13:51").unwrap().starts_with("call:13:51 was 38m ago"));
        assert_eq!((late("x call:14:40 box:20m"), late("x")), (None, None));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (line, says) in [
            ("@sam", "what is to be done"),
            ("x @a @b", "one owner"),
            ("x box:soon", "14:50"),
            ("x call:-5m", "come"),
        ] {
            assert!(read(line).unwrap_err().contains(says), "{line}");
        }
    }
}
