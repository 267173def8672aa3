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
            "Nothing rang, failed or rose: nothing to put in order.",
            Role::Dim,
        );
        return;
    }
    let room = usize::from(area.width.saturating_sub(4));
    let shown = fitting(steps, room, zone, canvas.glyphs);
    let xs = line(canvas, area, &shown, room);
    words(canvas, area, &shown, &xs);
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

/// All of them where there is room, if need be without the words that stand below in any case; else what it began with,
/// and the latest: the first step is what the others are laid to.
fn fitting<'a>(steps: &'a [Step], room: usize, zone: &TimeZone, glyphs: &Glyphs) -> Vec<Stop<'a>> {
    let mut stops: Vec<_> = steps.iter().map(|step| stop(step, zone, glyphs)).collect();
    if needed(&stops) <= room {
        return stops;
    }
    for stop in &mut stops {
        stop.label = format!(" {}", stop.step.at.hour_minute(zone));
    }
    while stops.len() > 2 && needed(&stops) > room {
        stops.remove(1);
        glyphs.ellipsis.clone_into(&mut stops[1].gap);
    }
    stops
}

fn needed(stops: &[Stop<'_>]) -> usize {
    stops.iter().map(Stop::width).sum::<usize>() + stops.iter().skip(1).map(Stop::least_gap).sum::<usize>()
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

/// What each step was, under its place, each as far as the next begins; several lines, so that neighbours fit. The last
/// in a line, with nothing behind it, goes as far to the left as it needs to be said whole.
fn words(canvas: &mut Canvas<'_>, area: Rect, stops: &[Stop<'_>], xs: &[u16]) {
    let rows = area.height.saturating_sub(1).min(3);
    let mut free = [area.x; 3];
    for (n, (stop, x)) in stops.iter().zip(xs).enumerate() {
        if rows == 0 {
            return;
        }
        let row = u16::try_from(n).unwrap_or(0) % rows;
        let free = &mut free[usize::from(row)];
        let wide = u16::try_from(text::width(&stop.step.text)).unwrap_or(u16::MAX);
        let (from, end) = match xs.get(n + usize::from(rows)) {
            Some(next) => (*x, next.saturating_sub(1)),
            None => {
                (area.right().saturating_sub(wide.saturating_add(1)).max(*free).min(*x), area.right() - 1)
            }
        };
        let said = &stop.step.text;
        *free = from + 2 + canvas.put_fit(from, area.y + 1 + row, end.saturating_sub(from), said, Role::Dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Span, Time};
    use crate::theme::Theme;
    use crate::tui::canvas::HitMap;
    use crate::tui::damage::Damage;
    use crate::tui::frame::Frame;
    use crate::tui::glyphs::UNICODE;
    use ratatui::layout::Size;

    fn steps(count: i64) -> Vec<Step> {
        let at = |n| Time::from_millis(0) + Span::minutes(n);
        let step = |n| Step {
            at: at(n),
            kind: if n == 0 { StepKind::Config } else { StepKind::Alarm },
            text: n.to_string(),
            gap_minutes: (n > 0).then_some(1),
            signal: None,
        };
        (0..count).map(step).collect()
    }

    #[test]
    fn the_last_of_them_is_said_whole_where_its_line_is_free() {
        let mut steps = steps(3);
        steps[2].text = "Diagnosis updated: first suspect checkout-service v2.14.3".to_owned();
        let mut frame = Frame::new(Size::new(78, 4));
        let (theme, hits) = (Theme::default(), HitMap::default());
        let mut canvas =
            Canvas { frame: &mut frame, theme: &theme, glyphs: &UNICODE, hits, damage: Damage::All };
        let area = canvas.area();
        draw(&mut canvas, area, &steps, &TimeZone::UTC);
        let row: String = (0..78).map(|x| frame.buffer[(x, 3)].symbol()).collect();
        assert!(row.contains(&steps[2].text), "{row}");
    }

    #[test]
    fn what_it_began_with_stays_however_little_room_there_is() {
        for (count, room) in [(4, 76), (6, 76), (9, 76), (9, 20)] {
            let steps = steps(count);
            let shown = fitting(&steps, room, &TimeZone::UTC, &UNICODE);
            let said: Vec<_> = shown.iter().map(|stop| stop.step.text.as_str()).collect();
            let last = (count - 1).to_string();
            assert_eq!((said[0], said.last()), ("0", Some(&last.as_str())), "{said:?}");
            assert!(shown.len() == 2 || needed(&shown) <= room, "{said:?}");
        }
    }
}
