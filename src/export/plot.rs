//! A frozen series as a small picture: its values over time, the highest and the lowest named, the ends in UTC.
//!
//! It is drawn in the colour of the text around it, so that it needs no scheme of its own.

use super::escape::xml;
use super::series::SeriesRow;
use crate::domain::time::Time;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

const WIDTH: f64 = 1_000.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 120.0;
const LEFT: f64 = 80.0;

struct Frame {
    from: Time,
    to: Time,
    least: f64,
    most: f64,
}

/// The picture; a series of fewer than two numbers has none.
pub fn plot(row: &SeriesRow) -> String {
    let points: Vec<(Time, f64)> =
        row.points.iter().filter_map(|(at, said)| Some((*at, number(said)?))).collect();
    let Some(frame) = Frame::of(&points) else { return String::new() };
    let label = xml(&format!("{} from {}", row.query, row.source));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 1000 150\" role=\"img\" \
         aria-label=\"{label}\" font-size=\"12\" fill=\"currentColor\">\n"
    );
    let line: Vec<_> =
        points.iter().map(|point| frame.place(point)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let _ = writeln!(
        text,
        "<polyline fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\" points=\"{}\"/>",
        line.join(" ")
    );
    for (value, y) in [(frame.most, TOP), (frame.least, BOTTOM)] {
        let said = xml(&format!("{} {}", short(value), row.unit));
        let _ = writeln!(
            text,
            "<line x1=\"{LEFT}\" y1=\"{y}\" x2=\"{WIDTH}\" y2=\"{y}\" stroke=\"currentColor\" opacity=\".2\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            y + 4.0,
            said.trim_end()
        );
    }
    for (at, x, anchor) in [(frame.from, LEFT, "start"), (frame.to, WIDTH, "end")] {
        let said = format!("{} {} UTC", at.date(&TimeZone::UTC), at.hour_minute(&TimeZone::UTC));
        let _ = writeln!(text, "<text x=\"{x}\" y=\"142\" text-anchor=\"{anchor}\">{said}</text>");
    }
    text.push_str("</svg>\n");
    text
}

impl Frame {
    fn of(points: &[(Time, f64)]) -> Option<Self> {
        let (from, to) = (points.first()?.0, points.last()?.0);
        let values = || points.iter().map(|(_, value)| *value);
        // From zero, because a line cut off at its lowest value looks steeper than it was.
        let (least, most) = (values().fold(0.0, f64::min), values().fold(f64::MIN, f64::max).max(0.0));
        (to > from).then_some(Self { from, to, least, most: if most > least { most } else { least + 1.0 } })
    }

    fn place(&self, (at, value): &(Time, f64)) -> (f64, f64) {
        let along = (*at - self.from).as_millis() as f64 / (self.to - self.from).as_millis() as f64;
        let up = (value - self.least) / (self.most - self.least);
        (LEFT + along.clamp(0.0, 1.0) * (WIDTH - LEFT), BOTTOM - up * (BOTTOM - TOP))
    }
}

fn number(said: &str) -> Option<f64> {
    said.trim().parse().ok().filter(|value: &f64| value.is_finite())
}

fn short(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
