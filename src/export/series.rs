//! Series that somebody froze as evidence: the points as they were read, from where, and beside which statement.

use super::evidence;
use crate::domain::event::Evidence;
use crate::domain::incident::{Incident, Line};
use crate::domain::time::Time;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesRow {
    /// What was asked, `payment-api/5xx`.
    pub query: String,
    pub unit: String,
    pub source: String,
    pub read_at: Time,
    /// The statement it stands beside: an entry, a row of the retro, or the declaration.
    pub beside: String,
    /// Oldest first, the values as they were shown.
    pub points: Vec<(Time, String)>,
}

/// Each once, in the order of what it stands beside.
pub(super) fn frozen(incident: &Incident, lines: &[Line<'_>]) -> Vec<SeriesRow> {
    let mut found: Vec<SeriesRow> = Vec::new();
    for (beside, evidence) in evidence::all(incident, lines) {
        let Evidence::Series { reading, points, unit } = evidence else { continue };
        let row = SeriesRow {
            query: reading.query.clone(),
            unit: unit.clone(),
            source: reading.source.to_string(),
            read_at: reading.read_at,
            beside,
            points: points.iter().map(|point| (point.at, point.value.clone())).collect(),
        };
        if !found.iter().any(|known| known.query == row.query && known.points == row.points) {
            found.push(row);
        }
    }
    found
}
