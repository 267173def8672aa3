//! A series drawn over time: columns as high as the values, the usual as a line behind them, a moment marked.

use crate::diagnosis::Chart;
use crate::domain::Time;
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
    let mut highest = vec![None::<f64>; width];
    for (at, value) in &chart.points {
        let cell = &mut highest[place(*at)];
        *cell = Some(cell.map_or(*value, |known| known.max(*value)));
    }
    let peak = highest.iter().flatten().copied().fold(chart.baseline.unwrap_or(0.0), f64::max);
    let mark = mark.filter(|at| from <= at && at <= to).map(place);
    let plot = Plot { chart, columns: highest, mark, top: if peak > 0.0 { peak } else { 1.0 }, rows, glyphs };
    let mut lines: Vec<_> = (0..rows).map(|row| plot.row(rows - 1 - row)).collect();
    lines.push(times(*from, *to, width, zone));
    lines
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
