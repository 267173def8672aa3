//! What the signals say of an incident right now: live checks of its exit criteria, and key moments they propose.
//!
//! Read at most once for each second and each change of the journal, and only while somebody looks: drawing reads no
//! signals.

use crate::domain::event::{CriterionState, Moment};
use crate::domain::incident::{CheckState, Proposal, check, proposals};
use crate::domain::{CriterionId, Incident, IncidentId, Seq};
use crate::tui::ui::World;
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Live {
    /// What it was read from: the incident, the journal, the second.
    of: Option<(IncidentId, Seq, i64)>,
    checks: BTreeMap<CriterionId, CheckState>,
    proposals: Vec<Proposal>,
}

impl Live {
    pub fn read(&mut self, incident: &Incident, world: World<'_>) {
        let of = (incident.id, world.snapshot.seq, world.now.millis().div_euclid(1_000));
        if self.of == Some(of) {
            return;
        }
        self.of = Some(of);
        let signals = &world.snapshot.signals;
        let open = incident.criteria.values().filter(|it| it.state == CriterionState::Open);
        let bound = open.filter_map(|it| Some((it.id, it.content.check.as_ref()?)));
        self.checks = bound.map(|(id, live)| (id, check(live, signals, world.now))).collect();
        self.proposals = proposals(incident, signals, world.now);
    }

    pub fn check(&self, criterion: CriterionId) -> Option<&CheckState> {
        self.checks.get(&criterion)
    }

    pub fn proposals(&self) -> &[Proposal] {
        &self.proposals
    }

    pub fn proposal(&self, moment: Moment) -> Option<&Proposal> {
        self.proposals.iter().find(|proposal| proposal.moment == moment)
    }
}
