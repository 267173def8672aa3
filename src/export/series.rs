//! Series that somebody froze as evidence: the points as they were read, from where, and beside which statement.

use super::model::{entry_name, evidence, standing};
use crate::domain::event::{Evidence, Ground};
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
    let mut found = Vec::new();
    collect(&mut found, "the declaration", &incident.evidence);
    for (of, entry) in lines.iter().filter_map(standing) {
        let beside = entry_name(of, entry.id);
        evidence(entry).for_each(|evidence| add(&mut found, &beside, evidence));
    }
    for item in incident.retro.standing() {
        let grounds = item.content.support().map_or(&[][..], |support| &support.grounds);
        for ground in grounds {
            if let Ground::Evidence { evidence } = ground {
                add(&mut found, &item.id.to_string(), evidence);
            }
        }
    }
    found
}

fn collect(found: &mut Vec<SeriesRow>, beside: &str, all: &[Evidence]) {
    all.iter().for_each(|evidence| add(found, beside, evidence));
}

fn add(found: &mut Vec<SeriesRow>, beside: &str, evidence: &Evidence) {
    match evidence {
        Evidence::Series { reading, points, unit } => {
            let row = SeriesRow {
                query: reading.query.clone(),
                unit: unit.clone(),
                source: reading.source.to_string(),
                read_at: reading.read_at,
                beside: beside.to_owned(),
                points: points.iter().map(|point| (point.at, point.value.clone())).collect(),
            };
            let is_known = |known: &SeriesRow| known.query == row.query && known.points == row.points;
            if !found.iter().any(is_known) {
                found.push(row);
            }
        }
        Evidence::Finding { evidence, .. } => collect(found, beside, evidence),
        _ => {}
    }
}
