//! A series to draw, either from what the diagnosis holds or straight from a log.

use super::anomaly::limit_of;
use super::history::History;
use super::policy::Policy;
use super::series::Series;
use super::situation::Chart;
use super::topology::Topology;
use super::view::View;
use super::watches::Watches;
use crate::domain::signal::Kind;
use crate::domain::{Catalog, SeriesName, SignalLog, Span, Time};

/// What a baseline needs to have seen before the end of the window.
const LEAD: Span = Span::hours(26);

/// Reads only the samples of one series, so a screen can ask for it when somebody looks.
pub fn chart(
    signals: &SignalLog,
    catalog: &Catalog,
    policy: &Policy,
    series: &SeriesName,
    from: Time,
    to: Time,
) -> Option<Chart> {
    let mut history = History::default();
    let samples = signals.range(from.min(to - LEAD), to).filter(|signal| signal.kind() == Kind::Sample);
    for signal in samples.filter(|signal| signal.body_json().contains(series.as_str())) {
        history.observe(signal, catalog);
    }
    let (topology, watches) = (Topology::default(), Watches::default());
    let view = View::new(&history, catalog, policy, (&topology, &watches), &[], to);
    chart_of(&view, history.series.get(series)?, from)
}

pub(super) fn chart_of(view: &View<'_>, series: &Series, from: Time) -> Option<Chart> {
    let points = series.between(from, view.now);
    if points.is_empty() {
        return None;
    }
    let baseline = series.baseline(view.now);
    Some(Chart {
        series: series.name.clone(),
        unit: series.unit,
        points: points.iter().map(|point| (point.key.at, point.value)).collect(),
        baseline: baseline.map(|baseline| baseline.center),
        limit: baseline.map(|baseline| limit_of(view, series, baseline)),
    })
}
