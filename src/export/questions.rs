//! What nobody said, as questions that somebody has yet to answer.

use super::gate::Gate;
use super::model::Model;
use crate::domain::event::Verdict;

/// Every gap once: moments, surroundings, hypotheses, and what the gate finds missing.
pub fn questions(model: &Model, gate: &Gate) -> Vec<String> {
    let moments = model.moments.iter().filter(|row| row.at.is_none() && row.said == super::NOT_CAPTURED);
    let moments = moments.map(|row| format!("When was “{}”, or did it not happen?", row.moment.title()));
    let open = model.timeline.iter().filter(|row| row.verdict == Some(Verdict::Open));
    let open = open.map(|row| format!("Is it so? {}", row.text));
    let gaps = gate
        .dimensions
        .iter()
        .flat_map(|dimension| dimension.missing().map(|missing| format!("{}: {missing}", dimension.title)));
    moments.chain(around(model)).chain(open).chain(gaps).collect()
}

/// What neither the catalog nor the signals say.
fn around(model: &Model) -> impl Iterator<Item = String> {
    let none = model.services.is_empty().then(|| "Which services were affected?".to_owned());
    let services = model.services.iter().filter_map(|row| match &row.described {
        None => Some(format!("Whose is {}, and who needs it? The catalog does not know it.", row.name)),
        Some(it) if it.owner.trim().is_empty() => {
            Some(format!("Whose is {}? The catalog names nobody.", row.name))
        }
        Some(_) => None,
    });
    let unseen = model.known.iter().filter(|row| row.known.is_none());
    let unseen: Vec<_> = unseen.map(|row| format!("“{}”", row.moment.title())).collect();
    let unseen = (!unseen.is_empty())
        .then(|| format!("What could be known at {}? No signals of that time are kept.", unseen.join(", ")));
    none.into_iter().chain(services).chain(unseen)
}
