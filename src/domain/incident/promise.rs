//! The moment somebody promises the next status update for, as people say it.

use crate::domain::time::{Span, Time};
use jiff::civil;
use jiff::tz::TimeZone;

/// `30m`, `14:50`, a full moment; nothing or `none` promises none. A time of day is the next such time.
pub fn promised(said: &str, zone: &TimeZone, now: Time) -> Result<Option<Time>, String> {
    let said = said.trim();
    if said.is_empty() || said.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    let at = if let Ok(span) = said.trim_start_matches('+').parse::<Span>() {
        now + span
    } else if let Ok(at) = said.parse::<Time>() {
        at
    } else {
        time_of_day(said, zone, now)?
    };
    if at > now { Ok(Some(at)) } else { Err("the next update cannot be in the past".to_owned()) }
}

fn time_of_day(said: &str, zone: &TimeZone, now: Time) -> Result<Time, String> {
    let time: civil::Time =
        said.parse().map_err(|_| format!("`{said}` is no moment; write 30m, 14:50 or none"))?;
    let today = zone.to_datetime(now.timestamp()).date();
    // By dates, because a day on which the clocks change has no 24 hours.
    let days = [Some(today), today.tomorrow().ok()].into_iter().flatten();
    let mut moments = days.filter_map(|day| zone.to_timestamp(day.to_datetime(time)).ok().map(Time::from));
    moments.find(|at| *at > now).ok_or_else(|| "there is no such time today".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(said: &str) -> Result<Option<String>, String> {
        let now: Time = "2026-03-16T14:29:00Z".parse().unwrap();
        promised(said, &TimeZone::UTC, now).map(|at| at.map(|at| at.to_string()))
    }

    #[test]
    fn a_promise_is_a_span_a_time_of_day_or_none() {
        let soon = Ok(Some("2026-03-16T14:59:00.000Z".to_owned()));
        assert_eq!([heard("30m"), heard("+30m"), heard(" 14:59 ")], [soon.clone(), soon.clone(), soon]);
        assert_eq!(heard("08:00"), Ok(Some("2026-03-17T08:00:00.000Z".to_owned())));
        assert_eq!([heard(""), heard("None")], [Ok(None), Ok(None)]);
    }

    #[test]
    fn a_time_of_day_stays_what_it_is_over_a_change_of_clocks() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let evening: Time = "2026-03-28T20:00:00Z".parse().unwrap();
        let at = promised("08:00", &zone, evening).unwrap().unwrap();
        assert_eq!(at.to_string(), "2026-03-29T06:00:00.000Z");
    }

    #[test]
    fn what_is_no_moment_to_come_is_refused() {
        assert!(heard("soon").unwrap_err().contains("30m"));
        assert!(heard("2026-03-16T14:00:00Z").unwrap_err().contains("past"));
        assert!(heard("-5m").is_err());
    }
}
