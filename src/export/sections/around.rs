//! The parts that come from around an incident: its services, what was known when, and the series that were frozen.

use super::{or_gap, table};
use crate::domain::id::ServiceName;
use crate::export::around::{Known, SuspectRow};
use crate::export::model::Model;
use crate::export::series::SeriesRow;
use crate::export::{NOT_CAPTURED, Part, Shape};

pub(super) fn services(model: &Model) -> Part {
    let row = |row: &crate::export::ServiceRow| {
        let name = row.name.to_string();
        let Some(it) = &row.described else {
            return std::iter::once(name).chain(std::iter::repeat_n(NOT_CAPTURED.to_owned(), 5)).collect();
        };
        vec![
            name,
            it.tier.clone(),
            it.criticality.clone(),
            or_gap(&it.owner),
            listed(&it.needed_by),
            or_gap(&it.consequence),
        ]
    };
    let columns = ["Service", "Tier", "Criticality", "Owner", "Needed by", "What people feel"];
    table("Services", &columns, model.services.iter().map(row).collect())
}

/// What the same rules say of each moment again; every row names how much it was worked out from.
pub(super) fn known(model: &Model) -> Part {
    let row = |row: &crate::export::KnownRow| {
        let said = row.known.as_ref();
        let gap = || NOT_CAPTURED.to_owned();
        vec![
            format!("{} {}", row.moment.title(), row.time),
            said.map_or_else(gap, |known| format!("{}: {}", known.level, known.sentence)),
            said.map_or_else(gap, findings),
            said.map_or_else(gap, |known| known.suspect.as_ref().map_or_else(|| "none".to_owned(), suspect)),
            said.map_or_else(gap, |known| format!("{} signals of 72 h", known.signals)),
        ]
    };
    let columns = ["Moment", "State", "Findings", "First suspect", "Worked out from"];
    table("What was known at the time", &columns, model.known.iter().map(row).collect())
}

pub(super) fn plots(model: &Model) -> Part {
    let row = |row: &SeriesRow| {
        let SeriesRow { query, source, read_at, beside, points, .. } = row;
        let said = format!("{} values from {source}, beside {beside}, read {read_at}", points.len());
        vec![query.clone(), said]
    };
    let rows = model.series.iter().map(row).collect();
    Part { title: "Series", shape: Shape::Plots, columns: vec!["Series", "Where from"], rows }
}

fn findings(known: &Known) -> String {
    let told: Vec<_> = known.findings.iter().map(|it| format!("{} ({})", it.text, it.rule)).collect();
    match known.found.saturating_sub(told.len()) {
        _ if told.is_empty() => "none".to_owned(),
        0 => told.join("; "),
        more => format!("{}; and {more} more", told.join("; ")),
    }
}

fn suspect(suspect: &SuspectRow) -> String {
    let SuspectRow { text, score, reasons } = suspect;
    format!("{text}, score {score}: {}", reasons.join(", "))
}

fn listed(names: &[ServiceName]) -> String {
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    if names.is_empty() { "nothing in the catalog".to_owned() } else { names.join(", ") }
}
