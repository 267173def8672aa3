//! A series drawn over time: columns as high as the values, the usual as a line behind them, a moment marked.

use crate::diagnosis::Chart;
use crate::domain::{Span, Time};
use crate::theme::Role;
use crate::tui::glyphs::Glyphs;
use jiff::tz::TimeZone;

/// One piece of a drawn line.
pub type Piece = (String, Role);

const LABEL: usize = 8;

struct Plot<'a> {
    chart: &'a Chart,
    columns: Vec<Option<f64>>,
    mark: Option<usize>,
    top: f64,
    rows: usize,
    glyphs: &'a Glyphs,
}

/// The chart as lines of pieces, `rows` of them and one for the times below.
pub fn lines(
    chart: &Chart,
    mark: Option<Time>,
    columns: usize,
    rows: usize,
    zone: &TimeZone,
    glyphs: &Glyphs,
) -> Vec<Vec<Piece>> {
    let (Some((from, _)), Some((to, _))) = (chart.points.first(), chart.points.last()) else {
        return Vec::new();
    };
    let width = columns.saturating_sub(LABEL + 1);
    if width == 0 || rows == 0 || to <= from {
        return Vec::new();
    }
    let place = |at: Time| {
        let share = (at - *from).as_millis() as f64 / (*to - *from).as_millis() as f64;
        ((share * (width - 1) as f64).round() as usize).min(width - 1)
    };
    let highest = highest(chart, width, place);
    let peak = highest.iter().flatten().copied().fold(chart.baseline.unwrap_or(0.0), f64::max);
    let mark = mark.filter(|at| from <= at && at <= to).map(place);
    let plot = Plot { chart, columns: highest, mark, top: if peak > 0.0 { peak } else { 1.0 }, rows, glyphs };
    let mut lines: Vec<_> = (0..rows).map(|row| plot.row(rows - 1 - row)).collect();
    lines.push(times(*from, *to, width, zone));
    lines
}

/// The highest value of each column. Where points are further apart than columns, a value holds until the next;
/// a stretch with nothing measured stays empty.
fn highest(chart: &Chart, width: usize, place: impl Fn(Time) -> usize) -> Vec<Option<f64>> {
    let mut columns = vec![None::<f64>; width];
    let usual = usual_gap(chart);
    for pair in chart.points.windows(2) {
        let ((at, value), (next_at, _)) = (pair[0], pair[1]);
        let until = if next_at - at <= usual { place(next_at) } else { place(at) + 1 };
        for column in &mut columns[place(at)..until.max(place(at) + 1).min(width)] {
            *column = Some(column.map_or(value, |known| known.max(value)));
        }
    }
    if let Some((at, value)) = chart.points.last() {
        let column = &mut columns[place(*at)];
        *column = Some(column.map_or(*value, |known| known.max(*value)));
    }
    columns
}

/// A little more than the distance at which points usually follow each other.
fn usual_gap(chart: &Chart) -> Span {
    let mut gaps: Vec<_> = chart.points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).map_or(Span::ZERO, |median| Span::millis(median.as_millis() * 5 / 2))
}

impl Plot<'_> {
    fn row(&self, row: usize) -> Vec<Piece> {
        let mut pieces = vec![self.label(row)];
        for (column, value) in self.columns.iter().enumerate() {
            let piece = self.cell(row, column, *value);
            match pieces.last_mut() {
                Some((text, role)) if *role == piece.1 => text.push_str(&piece.0),
                _ => pieces.push(piece),
            }
        }
        pieces
    }

    fn label(&self, row: usize) -> Piece {
        let value = match row {
            row if row + 1 == self.rows => Some(self.top),
            0 => Some(0.0),
            row if Some(row) == self.baseline_row() => self.chart.baseline,
            _ => None,
        };
        let said = value.map_or_else(String::new, |value| self.chart.unit.say(value));
        (format!("{said:>LABEL$} "), Role::Dim)
    }

    fn baseline_row(&self) -> Option<usize> {
        let baseline = self.chart.baseline?;
        Some(((baseline / self.top) * self.rows as f64) as usize).filter(|row| *row < self.rows)
    }

    fn cell(&self, row: usize, column: usize, value: Option<f64>) -> Piece {
        let eighths = value.map_or(0.0, |value| value / self.top * (self.rows * 8) as f64);
        let filled = (eighths - (row * 8) as f64).round().clamp(0.0, 8.0) as usize;
        if filled > 0 {
            let is_high = value.zip(self.chart.limit).is_some_and(|(value, limit)| value > limit);
            let role = if is_high { Role::ChartMark } else { Role::Chart };
            return (self.glyphs.spark[filled - 1].to_owned(), role);
        }
        if self.mark == Some(column) {
            return (self.glyphs.upright.to_owned(), Role::ChartMark);
        }
        if self.baseline_row() == Some(row) {
            return (self.glyphs.rule.to_owned(), Role::ChartBaseline);
        }
        (" ".to_owned(), Role::Text)
    }
}

fn times(from: Time, to: Time, width: usize, zone: &TimeZone) -> Vec<Piece> {
    let (from, to) = (from.hour_minute(zone), to.hour_minute(zone));
    let gap = width.saturating_sub(from.len() + to.len());
    vec![(format!("{:LABEL$} {from}{}{to}", "", " ".repeat(gap)), Role::Dim)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SeriesName;
    use crate::domain::catalog::Unit;
    use crate::tui::glyphs::ASCII;

    fn chart(points: &[(i64, f64)]) -> Chart {
        let points =
            points.iter().map(|(minute, value)| (Time::from_millis(minute * 60_000), *value)).collect();
        Chart {
            series: SeriesName::new("a/b"),
            unit: Unit::Count,
            points,
            baseline: Some(1.0),
            limit: Some(3.0),
        }
    }

    fn drawn(chart: &Chart) -> Vec<String> {
        let lines = lines(chart, None, 29, 4, &TimeZone::UTC, &ASCII);
        lines.iter().map(|line| line.iter().map(|(text, _)| text.as_str()).collect()).collect()
    }

    #[test]
    fn a_value_holds_until_the_next_and_a_gap_stays_a_gap() {
        let steady: Vec<_> = (0..10).map(|minute| (minute, 4.0)).collect();
        assert_eq!(drawn(&chart(&steady))[0], format!("{:>8} {}", "4", "#".repeat(20)));
        let torn: Vec<_> = steady.iter().filter(|(minute, _)| !(3..7).contains(minute)).copied().collect();
        assert!(drawn(&chart(&torn))[0].contains("# "));
    }

    #[test]
    fn nothing_to_draw_draws_nothing() {
        assert!(drawn(&chart(&[])).is_empty() && drawn(&chart(&[(0, 1.0)])).is_empty());
    }
}
