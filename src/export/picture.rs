//! The timeline as a picture: one axis of time, a lane each for signals, people and hypotheses, and the key moments.
//!
//! An SVG without script or font of its own that goes by the reader's light or dark scheme.

use super::escape::xml;
use super::model::Model;
use crate::domain::event::Verdict;
use crate::domain::time::Time;
use jiff::tz::TimeZone;
use std::fmt::Write as _;

const WIDTH: i64 = 1_000;
const LEFT: i64 = 110;
const RIGHT: i64 = 30;
const TICKS: i64 = 6;
const LANES: [(&str, i64); 3] = [("Signals", 150), ("People", 200), ("Hypotheses", 250)];
const AXIS: i64 = 300;

const STYLE: &str = "svg{background:#fff;font:12px system-ui,sans-serif}text{fill:#222}.dim{fill:#666}\
.line{stroke:#bbb}.moment{stroke:#0b62c4;stroke-dasharray:3 3}.signal{fill:#b36b00}.people{fill:#0b62c4}\
.open{fill:none;stroke:#7a3fb0;stroke-width:2}.confirmed{fill:#7a3fb0}.refuted{fill:#999}\
@media(prefers-color-scheme:dark){svg{background:#14171c}text{fill:#e6e6e6}.dim{fill:#9aa3ad}.line{stroke:#454c55}\
.moment{stroke:#6fb1ff}.signal{fill:#ffb454}.people{fill:#6fb1ff}.open{stroke:#c792ea}.confirmed{fill:#c792ea}}\
@media print{svg{background:#fff}text{fill:#000}.dim{fill:#444}}";

/// From the first thing that is known to the last.
struct Axis {
    from: Time,
    to: Time,
}

impl Axis {
    fn of(model: &Model) -> Self {
        let ends = model.timeline.iter().flat_map(|row| [Some(row.from), row.to]);
        let moments = model.moments.iter().map(|row| row.at);
        let signals = model.signals.iter().map(|row| Some(row.at));
        let all: Vec<Time> = ends.chain(moments).chain(signals).flatten().collect();
        let declared = model.incident.declared_at;
        let from = all.iter().copied().min().unwrap_or(declared);
        Self { from, to: all.iter().copied().max().unwrap_or(declared) }
    }

    fn x(&self, at: Time) -> i64 {
        let length = (self.to - self.from).as_millis().max(1);
        let gone = (at - self.from).as_millis().clamp(0, length);
        let wide = i128::from(WIDTH - LEFT - RIGHT) * i128::from(gone) / i128::from(length);
        LEFT + i64::try_from(wide).unwrap_or(0)
    }
}

pub fn svg(model: &Model) -> String {
    let axis = Axis::of(model);
    let title = xml(&format!("{} {}", model.incident.id, model.incident.title));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} 345\" role=\"img\" \
         aria-label=\"{title}\">\n<style>{STYLE}</style>\n"
    );
    lanes(&mut text);
    moments(&mut text, model, &axis);
    marks(&mut text, model, &axis);
    ticks(&mut text, &axis);
    text.push_str("</svg>\n");
    text
}

fn lanes(text: &mut String) {
    for (name, y) in LANES {
        let _ = writeln!(
            text,
            "<text x=\"8\" y=\"{}\">{name}</text><line class=\"line\" x1=\"{LEFT}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"/>",
            y + 4,
            WIDTH - RIGHT
        );
    }
}

/// Their names stand in steps, so that moments close together stay readable.
fn moments(text: &mut String, model: &Model, axis: &Axis) {
    let known = model.moments.iter().filter_map(|row| Some((row, row.at?)));
    for (place, (row, at)) in known.enumerate() {
        let (x, y) = (axis.x(at), 14 + 12 * i64::try_from(place).unwrap_or(0));
        let (anchor, shift) = if x > WIDTH / 2 { ("end", -4) } else { ("start", 4) };
        let _ = writeln!(
            text,
            "<line class=\"moment\" x1=\"{x}\" y1=\"{y}\" x2=\"{x}\" y2=\"{AXIS}\"/>\
             <text x=\"{}\" y=\"{y}\" text-anchor=\"{anchor}\">{} {}</text>",
            x + shift,
            row.moment.title(),
            xml(&row.said)
        );
    }
}

fn marks(text: &mut String, model: &Model, axis: &Axis) {
    let mut mark = |at: Time, lane: usize, class: &str, said: &str| {
        let _ = writeln!(
            text,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"5\"><title>{}</title></circle>",
            axis.x(at),
            LANES[lane].1,
            xml(said)
        );
    };
    for signal in &model.signals {
        mark(signal.at, 0, "signal", &signal.title);
    }
    for row in &model.timeline {
        let said = format!("{} {}", row.time, row.text);
        match row.verdict {
            None => mark(row.from, 1, "people", &said),
            Some(Verdict::Open) => mark(row.from, 2, "open", &said),
            Some(Verdict::Confirmed) => mark(row.from, 2, "confirmed", &said),
            Some(Verdict::Refuted) => mark(row.from, 2, "refuted", &said),
        }
    }
}

fn ticks(text: &mut String, axis: &Axis) {
    let end = WIDTH - RIGHT;
    let _ = writeln!(text, "<line class=\"line\" x1=\"{LEFT}\" y1=\"{AXIS}\" x2=\"{end}\" y2=\"{AXIS}\"/>");
    let length = (axis.to - axis.from).as_millis();
    for tick in 0..=TICKS {
        let at = Time::from_millis(axis.from.millis() + length / TICKS * tick);
        let _ = writeln!(
            text,
            "<text class=\"dim\" x=\"{}\" y=\"318\" text-anchor=\"middle\">{}</text>",
            axis.x(at),
            at.hour_minute(&TimeZone::UTC)
        );
    }
    let _ = writeln!(text, "<text class=\"dim\" x=\"{LEFT}\" y=\"338\">UTC</text>");
}
