//! All that somebody froze as evidence, and what each stands beside: one walk for whatever is told of it.

use super::model::entry_name;
use crate::domain::event::{Evidence, Ground};
use crate::domain::id::IncidentId;
use crate::domain::incident::{Entry, Incident, Line, What};

/// Of the declaration, of entries with what speaks for and against them, and of the retro; what a finding rests on
/// is there after it.
pub(super) fn all<'a>(incident: &'a Incident, lines: &[Line<'a>]) -> Vec<(String, &'a Evidence)> {
    let mut found = Vec::new();
    put(&mut found, "the declaration", &incident.evidence);
    for (of, entry) in lines.iter().filter_map(standing) {
        let weighed = entry.weights.iter().map(|weight| &weight.ground).filter_map(frozen);
        put(&mut found, &entry_name(of, entry.id), entry.content.evidence.iter().chain(weighed));
    }
    for item in incident.retro.standing() {
        let grounds = item.content.support().into_iter().flat_map(|support| &support.grounds);
        put(&mut found, &item.id.to_string(), grounds.filter_map(frozen));
    }
    found
}

/// The entry of a line and whose it is, unless it was struck.
fn standing<'a>(line: &Line<'a>) -> Option<(Option<IncidentId>, &'a Entry)> {
    match line.what {
        What::Entry(entry) if entry.struck.is_none() => Some((line.origin, entry)),
        _ => None,
    }
}

const fn frozen(ground: &Ground) -> Option<&Evidence> {
    match ground {
        Ground::Evidence { evidence } => Some(evidence),
        Ground::Entry { .. } => None,
    }
}

fn put<'a>(
    found: &mut Vec<(String, &'a Evidence)>,
    beside: &str,
    all: impl IntoIterator<Item = &'a Evidence>,
) {
    for evidence in all {
        found.push((beside.to_owned(), evidence));
        if let Evidence::Finding { evidence, .. } = evidence {
            put(found, beside, evidence.iter().collect::<Vec<_>>());
        }
    }
}
