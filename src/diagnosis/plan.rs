//! The plan measured: how deployments really fail, by which vector, how long recovering takes, and how far each goal
//! is from what it is to come to.
//!
//! What is entered in the plan is never used as a measurement; both stand side by side. Everything is counted from
//! deployments and builds that were observed, and from incidents that the journal has. Nothing is measured where no
//! plan is.

pub(super) mod attempt;
mod episode;
mod goal;
mod record;
mod state;
mod vector;

pub use state::{
    FailureSeen, Failures, MetricState, PlanState, Reading, RiskState, VectorState, Verdict, said_length,
};

use super::memory::floor;
use super::view::View;
use crate::domain::catalog::plan::Plan;
use crate::domain::graph::Graph;
use crate::domain::{Catalog, Kind, Room, Seq, ServiceName, Span, Time};
use record::Known;
use std::sync::Arc;

/// Nobody plans by the second: what was measured holds for so long, unless something happens.
const STEP: Span = Span::minutes(5);

/// What happens to deployments.
const LOOKS_AT: [Kind; 5] = [Kind::Deploy, Kind::Alarm, Kind::Run, Kind::Config, Kind::Scaling];

/// The last answer; only a way to be fast.
#[derive(Debug, Default)]
pub(super) struct Memory {
    kept: Option<(Time, Seq, Arc<PlanState>)>,
}

impl Memory {
    /// Drops the answer if a signal of this moment may change it.
    pub fn forget(&mut self, at: Time) {
        if self.kept.as_ref().is_some_and(|(moment, ..)| at <= *moment) {
            self.kept = None;
        }
    }

    /// Drops the answer.
    pub fn clear(&mut self) {
        self.kept = None;
    }

    pub fn state(&mut self, view: &View<'_>, room: &Room) -> Option<Arc<PlanState>> {
        if view.catalog.plan.is_empty() {
            return None;
        }
        let stepped = floor(view.now, STEP);
        let happened = view.history.latest(&LOOKS_AT, view.now).max(episode::last_told(room, view.now));
        let moment = happened.map_or(stepped, |at| at.max(stepped));
        if let Some((at, seq, state)) = &self.kept
            && (*at, *seq) == (moment, room.seq)
        {
            return Some(Arc::clone(state));
        }
        let state = Arc::new(measured(&view.at(moment), room));
        self.kept = Some((moment, room.seq, Arc::clone(&state)));
        Some(state)
    }
}

fn measured(view: &View<'_>, room: &Room) -> PlanState {
    let plan: &Plan = &view.catalog.plan;
    let known = Known::of(view, room);
    let (from, to) = (view.now - plan.window.0, view.now);
    PlanState {
        day: plan.day(view.now),
        days: plan.length(),
        from,
        to,
        failures: vector::failures(&known, from, to),
        vectors: vector::vectors(&known, from, to),
        metrics: goal::metrics(&known),
        risks: goal::risks(&known),
        deploy_order: deploy_order(view.catalog),
    }
}

fn deploy_order(catalog: &Catalog) -> Vec<Vec<ServiceName>> {
    let graph = Graph::of(catalog);
    let names = |nodes: Vec<_>| nodes.into_iter().map(|node| graph.name(node).clone()).collect();
    graph.order().stages.iter().map(|stage| names(stage.nodes())).collect()
}

#[cfg(test)]
mod tests;
