//! What nobody said, as questions that somebody has yet to answer.

use super::gate::Gate;
use super::model::Model;
use crate::domain::event::Verdict;

/// Every gap once: moments, hypotheses, and what the gate finds missing.
pub fn questions(model: &Model, gate: &Gate) -> Vec<String> {
    let moments = model.moments.iter().filter(|row| row.at.is_none() && row.said == super::NOT_CAPTURED);
    let moments = moments.map(|row| format!("When was “{}”, or did it not happen?", row.moment.title()));
    let open = model.timeline.iter().filter(|row| row.verdict == Some(Verdict::Open));
    let open = open.map(|row| format!("Is it so? {}", row.text));
    let gaps = gate
        .dimensions
        .iter()
        .flat_map(|dimension| dimension.missing().map(|missing| format!("{}: {missing}", dimension.title)));
    moments.chain(open).chain(gaps).collect()
}
