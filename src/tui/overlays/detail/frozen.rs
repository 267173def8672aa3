//! Evidence as it was frozen: what was asked of which source, about which window, what the answer was, and when it
//! was read.

use super::{Line, paragraph};
use crate::domain::event::{Evidence, Point, Reading};
use crate::theme::Role;
use jiff::tz::TimeZone;

/// Points in sight; the first and the last say the most.
const POINTS: usize = 12;

pub fn lines(evidence: &Evidence, zone: &TimeZone, columns: usize) -> Vec<Line> {
    match evidence {
        Evidence::Link { url } => vec![vec![(url.clone(), Role::Link)]],
        Evidence::Signal { id, at, title } => {
            let mut lines = paragraph(&format!("{at}  {title}"), Role::Text, columns);
            lines.extend(paragraph(&format!("signal {id}"), Role::Dim, columns));
            lines
        }
        Evidence::Number { reading, value, unit } => {
            let said = format!("{} {value} {unit}", reading.query);
            with_reading(said.trim_end(), reading, zone, columns)
        }
        Evidence::Series { reading, points, unit } => {
            let mut lines = with_reading(&series(points, unit), reading, zone, columns);
            lines.insert(0, vec![(reading.query.clone(), Role::Strong)]);
            lines
        }
        Evidence::Log { reading, lines: logged } => {
            let said = logged.iter().map(|line| format!("{}  {}", line.at, line.text));
            with_reading(&said.collect::<Vec<_>>().join("\n"), reading, zone, columns)
        }
        Evidence::Finding { basis, title, read_at, evidence } => {
            let mut lines = paragraph(title, Role::Text, columns);
            let rule = format!("rule {} v{}, read {read_at}", basis.rule, basis.version);
            lines.extend(paragraph(&rule, Role::Dim, columns));
            lines.extend(evidence.iter().flat_map(|found| self::lines(found, zone, columns)));
            lines
        }
    }
}

fn with_reading(said: &str, reading: &Reading, zone: &TimeZone, columns: usize) -> Vec<Line> {
    let mut lines = paragraph(said, Role::Text, columns);
    let window = match (reading.from, reading.to) {
        (Some(from), Some(to)) if from != to => {
            format!(", {} to {}", from.hour_minute(zone), to.hour_minute(zone))
        }
        (Some(at), _) | (None, Some(at)) => format!(", {}", at.hour_minute(zone)),
        (None, None) => String::new(),
    };
    let asked = format!("{}: {}{window}, read {}", reading.source, reading.query, reading.read_at);
    lines.extend(paragraph(&asked, Role::Dim, columns));
    lines.extend(reading.link.iter().map(|url| vec![(url.clone(), Role::Link)]));
    lines
}

/// `0.7 0.7 … 1.9 %, 60 points`.
fn series(points: &[Point], unit: &str) -> String {
    let values: Vec<_> = points.iter().map(|point| point.value.as_str()).collect();
    let shown = match values.len() {
        0..=POINTS => values.join(" "),
        count => {
            let half = POINTS / 2;
            format!("{} … {}", values[..half].join(" "), values[count - half..].join(" "))
        }
    };
    format!("{shown} {unit}, {} points", values.len()).replace(" ,", ",")
}
