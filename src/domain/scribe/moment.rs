//! A key moment in one typed line: the time as the scribe line has it, then why; or `never`, or `unknown`.

use super::{Doubt, first_word, when};
use crate::domain::event::MomentValue;
use crate::domain::time::Time;
use jiff::tz::TimeZone;

/// The moment, and the words that follow it.
pub fn moment(line: &str, now: Time, zone: &TimeZone) -> Result<(MomentValue, String), String> {
    let line = line.trim();
    let (first, rest) = first_word(line);
    match first {
        "never" => return Ok((MomentValue::Never, rest.to_owned())),
        "unknown" => return Ok((MomentValue::Unknown, rest.to_owned())),
        "now" => {
            let when = crate::domain::event::When::exactly(now);
            return Ok((MomentValue::Happened { when }, rest.to_owned()));
        }
        _ => {}
    }
    match when::read(line, now, zone) {
        when::Reading::Moment(when, rest) => Ok((MomentValue::Happened { when }, rest.to_owned())),
        when::Reading::Doubt(doubt, _) => Err(said(&doubt)),
        when::Reading::None => Err("write 14:25, ~14:25, -7m, now, never or unknown, then why".to_owned()),
    }
}

fn said(doubt: &Doubt) -> String {
    format!("{doubt}; {}", doubt.fix())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::When;

    #[test]
    fn a_moment_is_a_time_and_why_or_never_or_unknown() {
        let now: Time = "2026-03-16T14:29:00Z".parse().unwrap();
        let read = |line| moment(line, now, &TimeZone::UTC);
        let at = |time: &str| format!("2026-03-16T{time}Z").parse().unwrap();
        let when = When::about(at("14:06:00"));
        assert_eq!(
            read("~14:06 support called"),
            Ok((MomentValue::Happened { when }, "support called".into()))
        );
        assert_eq!(read("never nobody had to"), Ok((MomentValue::Never, "nobody had to".into())));
        assert_eq!(read("unknown").unwrap().0, MomentValue::Unknown);
        let when = When::exactly(now);
        assert_eq!(read("now").unwrap().0, MomentValue::Happened { when });
        assert!(read("14:45").unwrap_err().contains("still to come"));
        assert!(read("soon").is_err() && read("").is_err());
    }
}
