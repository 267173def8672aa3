//! The runtime sequence drawn on a time axis: what happened, and how long it took until the next thing did.

use super::lines::step_role;
use crate::diagnosis::{Step, StepKind};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::glyphs::Glyphs;
use crate::tui::text;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

/// The shortest gap still drawn as one.
const SHORTEST_GAP: usize = 4;

struct Stop<'a> {
    step: &'a Step,
    label: String,
    glyph: &'static str,
    gap: String,
}

/// One line for the axis; below it, where there is room, what each step was.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, steps: &[Step], zone: &TimeZone) {
    if steps.is_empty() {
        canvas.put_fit(
            area.x + 3,
            area.y,
            area.width,
            "No deploy, alarm or diagnosis to put in order.",
            Role::Dim,
        );
        return;
    }
    let stops: Vec<_> = steps.iter().map(|step| stop(step, zone, canvas.glyphs)).collect();
    let room = usize::from(area.width.saturating_sub(4));
    let shown = fitting(&stops, room);
    let xs = line(canvas, area, shown, room);
    words(canvas, area, shown, &xs);
}

fn stop<'a>(step: &'a Step, zone: &TimeZone, glyphs: &Glyphs) -> Stop<'a> {
    Stop {
        step,
        label: format!(" {} {}", step.at.hour_minute(zone), step.kind.word()),
        glyph: glyph(step.kind, glyphs),
        gap: step.gap_minutes.map_or_else(String::new, minutes),
    }
}

fn minutes(minutes: i64) -> String {
    match minutes {
        ..120 => format!("{minutes}m"),
        120..2_880 => format!("{}h", minutes / 60),
        _ => format!("{}d", minutes / 1_440),
    }
}

const fn glyph(kind: StepKind, glyphs: &Glyphs) -> &'static str {
    match kind {
        StepKind::Deploy => glyphs.deploy,
        StepKind::Config | StepKind::Scaling => glyphs.change,
        StepKind::Alarm => glyphs.alarm,
        StepKind::Diagnosis => glyphs.diagnosis,
        StepKind::Action => glyphs.action,
        StepKind::Recovery => glyphs.normal,
    }
}

impl Stop<'_> {
    fn width(&self) -> usize {
        1 + text::width(&self.label)
    }

    fn least_gap(&self) -> usize {
        (text::width(&self.gap) + 4).max(SHORTEST_GAP)
    }
}

/// The latest steps that fit: what is long ago goes first.
fn fitting<'s, 'a>(stops: &'s [Stop<'a>], room: usize) -> &'s [Stop<'a>] {
    let mut from = stops.len();
    let mut taken = 0;
    for (n, stop) in stops.iter().enumerate().rev() {
        let gap = if n + 1 == stops.len() { 0 } else { stops[n + 1].least_gap() };
        taken += stop.width() + gap;
        if taken > room {
            break;
        }
        from = n;
    }
    &stops[from.min(stops.len() - 1)..]
}

/// Gaps are drawn as long as they lasted, as far as there is room; returns where each step stands.
fn line(canvas: &mut Canvas<'_>, area: Rect, stops: &[Stop<'_>], room: usize) -> Vec<u16> {
    let widths: usize = stops.iter().map(Stop::width).sum();
    let least: usize = stops.iter().skip(1).map(Stop::least_gap).sum();
    let spare = room.saturating_sub(widths + least).min(stops.len() * 16);
    let weight = |stop: &Stop<'_>| (stop.step.gap_minutes.unwrap_or(0).max(0) as f64 + 1.0).ln();
    let total: f64 = stops.iter().skip(1).map(weight).sum();
    let mut x = area.x + 3;
    let mut xs = Vec::new();
    for (n, stop) in stops.iter().enumerate() {
        if n > 0 {
            let extra = if total > 0.0 { (spare as f64 * weight(stop) / total) as usize } else { 0 };
            x += gap(canvas, x, area.y, stop, stop.least_gap() + extra);
        }
        xs.push(x);
        let role = step_role(stop.step.kind);
        x += canvas.put(x, area.y, 1, stop.glyph, role);
        x += canvas.put(x, area.y, area.right().saturating_sub(x), &stop.label, Role::Text);
    }
    xs
}

fn gap(canvas: &mut Canvas<'_>, x: u16, y: u16, stop: &Stop<'_>, columns: usize) -> u16 {
    let dashes = columns.saturating_sub(text::width(&stop.gap) + 2);
    let (before, after) = (dashes / 2, dashes - dashes / 2);
    let axis = canvas.glyphs.axis;
    let line = format!(" {}", axis.repeat(before));
    let mut at = x + canvas.put(x, y, u16::MAX, &line, Role::Border);
    at += canvas.put(at, y, u16::MAX, &stop.gap, Role::Dim);
    at += canvas.put(at, y, u16::MAX, &format!("{} ", axis.repeat(after)), Role::Border);
    at - x
}

/// What each step was, under its place, each as far as the next begins; two lines, so that neighbours both fit.
fn words(canvas: &mut Canvas<'_>, area: Rect, stops: &[Stop<'_>], xs: &[u16]) {
    let rows = area.height.saturating_sub(1).min(3);
    for (n, (stop, x)) in stops.iter().zip(xs).enumerate() {
        if rows == 0 {
            return;
        }
        let row = u16::try_from(n).unwrap_or(0) % rows;
        let next_in_row = xs.get(n + usize::from(rows)).copied().unwrap_or(area.right());
        let columns = next_in_row.saturating_sub(x + 1);
        canvas.put_fit(*x, area.y + 1 + row, columns, &stop.step.text, Role::Dim);
    }
}
