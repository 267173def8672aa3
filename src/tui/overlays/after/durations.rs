//! How long things take here: for each duration the median, the ninetieth percentile, of how many that is, and a column
//! for each incident it was recorded of.

use crate::domain::incident::Metric;
use crate::domain::time::Span;
use crate::theme::Role;
use crate::tui::glyphs::Glyphs;
use crate::tui::overlays::packet::Line;
use ratatui::layout::Rect;

const TITLE: usize = 22;
/// `123 h 45 min`, and a blank before it.
const FIGURE: usize = 13;

pub(super) fn lines(metrics: &[Metric], area: Rect, glyphs: &Glyphs) -> Vec<Line> {
    let columns = usize::from(area.width);
    let mut lines =
        vec![vec![(format!("{:<TITLE$}{:>FIGURE$}{:>FIGURE$}   recorded", "", "median", "90th"), Role::Dim)]];
    // As high as there is room for, so that the differences can be seen.
    let drawn = metrics.iter().filter(|metric| !metric.recorded.is_empty()).count();
    let rows = usize::from(area.height).saturating_sub(metrics.len() + 1) / drawn.max(1);
    let rows = rows.clamp(1, 6);
    for metric in metrics {
        lines.push(figures(metric));
        lines.extend(plot(metric, columns, rows, glyphs));
    }
    lines
}

fn figures(metric: &Metric) -> Line {
    let said = |span: Option<Span>| span.map_or_else(|| "–".to_owned(), words);
    let counted = format!("   {} of {}", metric.recorded.len(), metric.of);
    vec![
        (format!("{:<TITLE$}", metric.duration.title), Role::Strong),
        (format!("{:>FIGURE$}", said(metric.median())), Role::Text),
        (format!("{:>FIGURE$}", said(metric.p90())), Role::Text),
        (counted, if metric.recorded.is_empty() { Role::Dim } else { Role::Text }),
    ]
}

/// The last as many as there is room for; what lies beyond the ninetieth percentile stands out.
fn plot(metric: &Metric, columns: usize, rows: usize, glyphs: &Glyphs) -> Vec<Line> {
    let Some(longest) = metric.recorded.iter().max().filter(|longest| **longest > Span::ZERO) else {
        return Vec::new();
    };
    let room = columns.saturating_sub(TITLE + FIGURE);
    let shown = &metric.recorded[metric.recorded.len().saturating_sub(room)..];
    let (wide, gap) = if shown.len() * 3 <= room { (2, " ") } else { (1, "") };
    let height = |span: Span| {
        let share = span.as_millis() as f64 / longest.as_millis() as f64;
        (share * (rows * 8) as f64).round() as usize
    };
    let beyond = metric.p90().unwrap_or(*longest);
    let row = |row: usize| {
        let label = if row + 1 == rows { words(*longest) } else { String::new() };
        let mut line = vec![(format!("{label:>width$} ", width = TITLE - 1), Role::Dim)];
        for span in shown {
            let filled = height(*span).max(1).saturating_sub(row * 8).min(8);
            let role = if *span > beyond { Role::ChartMark } else { Role::Chart };
            let cell = if filled == 0 { " " } else { glyphs.spark[filled - 1] };
            let cell = cell.repeat(wide) + gap;
            match line.last_mut() {
                Some((text, known)) if *known == role => text.push_str(&cell),
                _ => line.push((cell, role)),
            }
        }
        line
    };
    (0..rows).rev().map(row).collect()
}

fn words(span: Span) -> String {
    match span.as_seconds() {
        seconds @ ..60 => format!("{seconds} s"),
        seconds @ ..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::incident::DURATIONS;

    #[test]
    fn the_longest_figures_do_not_run_into_each_other() {
        let recorded = vec![Span::minutes(4 * 60 + 49), Span::minutes(123 * 60 + 58)];
        let line = figures(&Metric { duration: &DURATIONS[0], recorded, of: 2 });
        let said: String = line.iter().map(|(said, _)| said.as_str()).collect();
        assert!(said.contains(" 4 h 49 min 123 h 58 min   2 of 2"), "{said}");
    }
}
