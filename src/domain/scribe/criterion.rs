//! An exit criterion in one typed line: prose, and after `when` the live check it is bound to.
//!
//! `errors are usual when payment-api/5xx < 0.8 for 10m`, `nothing rings when alarm payment-api-5xx quiet for 5m`. Only a
//! tail that has the shape of a check is taken for one.

use crate::domain::event::{CriterionContent, LiveCheck, Side};
use crate::domain::id::{SeriesName, ServiceName};
use crate::domain::time::Span;

const HOW: &str = "write `when api/5xx < 0.8 for 10m` or `when alarm NAME quiet for 5m`";

/// What is wrong with the line is a sentence for whoever types it.
pub fn criterion(line: &str) -> Result<CriterionContent, String> {
    let line = line.trim();
    if line.is_empty() {
        return Err("say what has to be true before this is over".to_owned());
    }
    let Some((text, tail)) = parted(line) else {
        return Ok(CriterionContent { text: line.to_owned(), check: None });
    };
    let check = check(tail)?;
    let text = if text.is_empty() { check_line(&check) } else { text.to_owned() };
    Ok(CriterionContent { text, check: Some(check) })
}

/// The criterion as the line that gives it again.
pub fn criterion_line(content: &CriterionContent) -> String {
    match &content.check {
        None => content.text.clone(),
        Some(check) => format!("{} when {}", content.text, check_line(check)),
    }
}

/// A live check in words.
pub fn check_line(check: &LiveCheck) -> String {
    match check {
        LiveCheck::Alarm { name, service: None, good_for } => {
            format!("alarm {name} quiet for {}", good_for.exact())
        }
        LiveCheck::Alarm { name, service: Some(service), good_for } => {
            format!("alarm {name} of {service} quiet for {}", good_for.exact())
        }
        LiveCheck::Series { series, side, limit, good_for } => {
            let side = if *side == Side::Below { "<" } else { ">" };
            format!("{series} {side} {limit} for {}", good_for.exact())
        }
    }
}

/// The words and the check, where what follows the last `when` is meant for one.
fn parted(line: &str) -> Option<(&str, &str)> {
    let (text, tail) = match line.rsplit_once(" when ") {
        Some(parts) => parts,
        None => ("", line.strip_prefix("when ")?),
    };
    let tail = tail.trim();
    let is_check = tail.starts_with("alarm ") || tail.contains([' ', '/']) && tail.contains(['<', '>']);
    is_check.then_some((text.trim(), tail))
}

fn check(tail: &str) -> Result<LiveCheck, String> {
    let (what, span) = tail.rsplit_once(" for ").ok_or(HOW)?;
    let good_for: Span = span.trim().parse().map_err(|_| format!("`{span}` is not how long: write 5m"))?;
    if good_for <= Span::ZERO {
        return Err("a live check has to be good for some time; write 5m".to_owned());
    }
    let what = what.trim();
    if let Some(alarm) = what.strip_prefix("alarm ") {
        let name = alarm.strip_suffix(" quiet").ok_or(HOW)?.trim();
        let (name, service) = match name.rsplit_once(" of ") {
            Some((name, service)) => (name, Some(ServiceName::new(service.trim()))),
            None => (name, None),
        };
        return Ok(LiveCheck::Alarm { name: name.trim().to_owned(), service, good_for });
    }
    let at = what.find(['<', '>']).ok_or(HOW)?;
    let side = if what[at..].starts_with('<') { Side::Below } else { Side::Above };
    let (series, limit) = (what[..at].trim(), what[at + 1..].trim());
    if !limit.parse::<f64>().is_ok_and(f64::is_finite) {
        return Err(format!("`{limit}` is not a number; write 0.8"));
    }
    if !series.contains('/') {
        return Err(format!("`{series}` is not a series; write api/5xx"));
    }
    Ok(LiveCheck::Series { series: SeriesName::new(series), side, limit: limit.to_owned(), good_for })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_stays_prose_and_a_tail_is_a_check() {
        let prose = criterion("customers can pay when they want to").unwrap();
        assert_eq!((prose.text.as_str(), prose.check), ("customers can pay when they want to", None));
        let live = criterion("errors are usual when payment-api/5xx < 0.8 for 10m").unwrap();
        assert_eq!(live.text, "errors are usual");
        let good_for = Span::minutes(10);
        let series = SeriesName::new("payment-api/5xx");
        let check = LiveCheck::Series { series, side: Side::Below, limit: "0.8".into(), good_for };
        assert_eq!(live.check, Some(check));
        assert_eq!(
            criterion("when alarm 5xx high of payment-api quiet for 5m").unwrap().text,
            "alarm 5xx high of payment-api quiet for 5m"
        );
    }

    #[test]
    fn a_line_read_and_written_again_is_the_same_criterion() {
        for line in [
            "done",
            "a when x/y > 2 for 90s",
            "b when alarm z quiet for 5m",
            "when alarm z of y quiet for 2h",
        ] {
            let read = criterion(line).unwrap();
            assert_eq!(criterion(&criterion_line(&read)), Ok(read), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (line, says) in [
            ("", "has to be true"),
            ("x when alarm y quiet", "for 10m"),
            ("x when a/b < much for 5m", "not a number"),
            ("x when a/b < 1 for ever", "not how long"),
            ("x when b < 1 for 5m", "not a series"),
        ] {
            assert!(criterion(line).unwrap_err().contains(says), "{line}");
        }
    }
}
