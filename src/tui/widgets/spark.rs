//! A series in one line: the last hour, what is above the usual standing out.

use crate::diagnosis::Spark;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use ratatui::layout::Rect;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, spark: &Spark) {
    let columns = usize::from(area.width);
    let buckets = buckets(&spark.values, columns);
    let top = buckets.iter().copied().fold(spark.baseline, f64::max);
    let bottom = buckets.iter().copied().fold(spark.baseline, f64::min);
    let from = area.right() - u16::try_from(buckets.len()).unwrap_or(area.width);
    for (x, value) in (from..).zip(buckets) {
        let height = if top > bottom { (value - bottom) / (top - bottom) } else { 0.0 };
        let step = (height * 7.0).round().clamp(0.0, 7.0) as usize;
        let role = if is_above(value, spark.baseline) { Role::ChartMark } else { Role::Chart };
        canvas.put(x, area.y, 1, canvas.glyphs.spark[step], role);
    }
}

/// Noise around the usual is usual.
fn is_above(value: f64, baseline: f64) -> bool {
    value > baseline * 1.25 && value - baseline > f64::EPSILON
}

/// The highest value of each of as many stretches as there are columns.
fn buckets(values: &[f64], columns: usize) -> Vec<f64> {
    if values.is_empty() || columns == 0 {
        return Vec::new();
    }
    let size = values.len().div_ceil(columns);
    values.rchunks(size).rev().map(|chunk| chunk.iter().copied().fold(f64::MIN, f64::max)).collect()
}
