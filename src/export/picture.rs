//! The timeline as a picture: one axis of time, a lane each for signals, people and hypotheses, the key moments, and
//! below the axis how long things took.
//!
//! An SVG without script or font of its own that goes by the reader's light or dark scheme.

use super::escape::xml;
use super::model::{ExerciseKind, Model};
use crate::domain::event::Verdict;
use crate::domain::time::{Day, Time};
use jiff::tz::TimeZone;
use std::fmt::Write as _;

const WIDTH: i64 = 1_000;
const LEFT: i64 = 110;
const RIGHT: i64 = 30;
/// More than these would run into each other.
const TICKS: i64 = 7;
/// Minutes between two ticks, of which the first that leaves few enough is taken.
const EVERY: [i64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];
const LANES: [(&str, i64); 3] = [("Signals", 150), ("People", 200), ("Hypotheses", 250)];
const AXIS: i64 = 300;
/// Where the first duration stands, and how far below each other they do.
const DURATIONS: i64 = 352;
const STEP: i64 = 22;

const STYLE: &str = "\
.pm{--paper:#fff;--ink:#222;--dim:#666;--rule:#bbb;--people:#0b62c4;--signal:#b36b00;--guess:#7a3fb0;--no:#999;\
background:var(--paper);font:12px system-ui,sans-serif}\
.pm text{fill:var(--ink)}.pm .dim{fill:var(--dim)}.pm .line{stroke:var(--rule)}\
.pm .moment{stroke:var(--people);stroke-dasharray:3 3}.pm .signal{fill:var(--signal)}.pm .people{fill:var(--people)}\
.pm .open{fill:none;stroke:var(--guess);stroke-width:2}.pm .confirmed{fill:var(--guess)}.pm .refuted{fill:var(--no)}\
.pm .bar{fill:var(--people);opacity:.45}.pm .unreal{fill:var(--signal);font-weight:bold}\
@media screen and (prefers-color-scheme:dark){.pm{--paper:#14171c;--ink:#e6e6e6;--dim:#9aa3ad;--rule:#454c55;\
--people:#6fb1ff;--signal:#ffb454;--guess:#c792ea;--no:#777}}";

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
    let recorded = model.durations.iter().filter(|row| row.recorded).count();
    let height = DURATIONS + STEP * i64::try_from(recorded).unwrap_or(0);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pm\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"{title}\">\n<style>{STYLE}</style>\n<title>{title}</title>\n"
    );
    exercise(&mut text, model);
    lanes(&mut text);
    moments(&mut text, model, &axis);
    marks(&mut text, model, &axis);
    ticks(&mut text, &axis);
    durations(&mut text, model, &axis);
    text.push_str("</svg>\n");
    text
}

fn exercise(text: &mut String, model: &Model) {
    let word = match model.incident.exercise.as_ref().map(|exercise| exercise.is) {
        None => return,
        Some(ExerciseKind::Drill) => "DRILL",
        Some(ExerciseKind::Demo) => "DEMO",
    };
    let _ = writeln!(text, "<text class=\"unreal\" x=\"8\" y=\"16\">{word}</text>");
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
        let against = row.against.iter().map(|said| format!("; against: {said}")).collect::<String>();
        let said = format!("{} {}{against}", row.time, row.text);
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
    let is_one_day = Day::of(axis.from) == Day::of(axis.to);
    let minutes = EVERY.into_iter().find(|minutes| length / (minutes * 60_000) < TICKS);
    let every = minutes.unwrap_or(length / 60_000 / TICKS + 1) * 60_000;
    let first = axis.from.millis().div_euclid(every) * every;
    let ticks = (0..=TICKS + 1).map(|tick| Time::from_millis(first + every * tick));
    for at in ticks.filter(|at| (axis.from..=axis.to).contains(at)) {
        let clock = at.hour_minute(&TimeZone::UTC);
        let said = if is_one_day { clock } else { format!("{} {clock}", &at.date(&TimeZone::UTC)[5..]) };
        let _ = writeln!(
            text,
            "<text class=\"dim\" x=\"{}\" y=\"318\" text-anchor=\"middle\">{said}</text>",
            axis.x(at)
        );
    }
    let _ = writeln!(text, "<text class=\"dim\" x=\"8\" y=\"318\">UTC</text>");
}

/// From the first moment to the last that each lasted, the words where there is room for them.
fn durations(text: &mut String, model: &Model, axis: &Axis) {
    let recorded = model.durations.iter().filter_map(|row| Some((row, row.from?, row.to?)));
    for (place, (row, from, to)) in recorded.enumerate() {
        let (left, right) = (axis.x(from), axis.x(to));
        let y = DURATIONS - 16 + STEP * i64::try_from(place).unwrap_or(0);
        let (x, anchor) = if right > WIDTH / 2 { (left - 6, "end") } else { (right + 6, "start") };
        // A bar that fills the width leaves room for words only within itself.
        let (x, anchor) = if x < LEFT + 140 && anchor == "end" { (left + 6, "start") } else { (x, anchor) };
        let _ = writeln!(
            text,
            "<rect class=\"bar\" x=\"{left}\" y=\"{y}\" width=\"{}\" height=\"16\"/>\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{} {}</text>",
            (right - left).max(2),
            y + 12,
            xml(&row.title),
            xml(&row.said)
        );
    }
}
