//! What a rule sees: everything observed up to a moment, and what several rules derive from it alike.

use super::anomaly::{self, Elevation};
use super::history::{History, Seen};
use super::policy::Policy;
use super::rule::Rule;
use super::rules::rollback_trigger::{self, Demand};
use super::situation::{Level, ServiceState};
use super::suspects::{self, Scored};
use super::topology::Topology;
use super::watches::{ModeState, Watches};
use crate::domain::catalog::Criticality;
use crate::domain::signal::{Alarm, AlarmState, Health};
use crate::domain::{Catalog, Service, ServiceName, SourceStatus, Time};
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashSet;

pub struct View<'a> {
    pub(super) history: &'a History,
    pub(super) catalog: &'a Catalog,
    pub(super) policy: &'a Policy,
    pub(super) topology: &'a Topology,
    pub(super) watches: &'a Watches,
    pub(super) sources: &'a [SourceStatus],
    pub(super) now: Time,
    elevations: OnceCell<Vec<Elevation<'a>>>,
    suspects: OnceCell<Vec<Scored>>,
    demands: OnceCell<Vec<Demand>>,
    modes: OnceCell<Vec<ModeState>>,
}

impl<'a> View<'a> {
    pub(super) fn new(
        history: &'a History,
        catalog: &'a Catalog,
        policy: &'a Policy,
        (topology, watches): (&'a Topology, &'a Watches),
        sources: &'a [SourceStatus],
        now: Time,
    ) -> Self {
        let (elevations, suspects) = (OnceCell::new(), OnceCell::new());
        let (demands, modes) = (OnceCell::new(), OnceCell::new());
        Self {
            history,
            catalog,
            policy,
            topology,
            watches,
            sources,
            now,
            elevations,
            suspects,
            demands,
            modes,
        }
    }

    /// The same without looking at the sources, at another moment.
    pub(super) fn at(&self, now: Time) -> Self {
        Self::new(self.history, self.catalog, self.policy, (self.topology, self.watches), &[], now)
    }

    /// A threshold as the team has set it, or its default.
    pub(super) fn limit(&self, rule: &Rule, name: &str) -> f64 {
        let threshold = rule.thresholds.iter().find(|threshold| threshold.name == name);
        let default = threshold.expect("a rule asks only for the thresholds it declares").default;
        self.policy.get(rule.id, name).unwrap_or(default)
    }

    /// Series above their baselines now, worst first.
    pub(super) fn elevations(&self) -> &[Elevation<'a>] {
        self.elevations.get_or_init(|| anomaly::elevations(self))
    }

    /// Recent changes by how much speaks for their being the cause; empty when nothing is wrong.
    pub(super) fn suspects(&self) -> &[Scored] {
        self.suspects.get_or_init(|| suspects::scored(self))
    }

    /// Deploys that have met a rollback trigger of their service.
    pub(super) fn demands(&self) -> &[Demand] {
        self.demands.get_or_init(|| rollback_trigger::demands(self))
    }

    /// The degradation modes services are in.
    pub(super) fn modes(&self) -> &[ModeState] {
        self.modes.get_or_init(|| self.watches.modes(self))
    }

    /// Each alarm known so far as it stands, with everything it did.
    pub(super) fn alarms(&self) -> impl Iterator<Item = (&'a Seen<Alarm>, &'a [Seen<Alarm>])> {
        let now = self.now;
        self.history.alarms.values().filter_map(move |timeline| {
            let past = timeline.until(now);
            past.last().map(|latest| (latest, past))
        })
    }

    /// Those that are still there to watch something.
    pub(super) fn standing_alarms(&self) -> impl Iterator<Item = &'a Seen<Alarm>> {
        self.alarms().map(|(latest, _)| latest).filter(|latest| latest.body.state != AlarmState::Gone)
    }

    pub(super) fn ringing(&self) -> impl Iterator<Item = (&'a Seen<Alarm>, &'a [Seen<Alarm>])> {
        self.alarms().filter(|(latest, _)| latest.body.state == AlarmState::Alarm)
    }

    /// Each health check with its results so far.
    pub(super) fn checks(&self) -> impl Iterator<Item = &'a [Seen<Health>]> {
        let now = self.now;
        self.history.checks.values().map(move |timeline| timeline.until(now)).filter(|past| !past.is_empty())
    }

    /// The health checks of one service with their results so far.
    pub(super) fn checks_of(&self, service: &str) -> impl Iterator<Item = &'a [Seen<Health>]> {
        let (now, name) = (self.now, service.to_owned());
        let from = self.history.checks.range((name.clone(), String::new())..);
        let own = from.take_while(move |((service, _), _)| *service == name);
        own.map(move |(_, timeline)| timeline.until(now)).filter(|past| !past.is_empty())
    }

    pub(super) fn is_critical(&self, service: &str) -> bool {
        self.catalog.service(service).is_some_and(is_critical)
    }

    /// How much a service weighs among equals, heavier first: how critical it is, and then how many stop with it.
    pub(super) fn weight(&self, service: Option<&ServiceName>) -> (Criticality, Reverse<usize>) {
        let known = service.and_then(|name| self.catalog.service(name.as_str()));
        let criticality = known.map(|service| service.criticality).unwrap_or_default();
        (criticality, Reverse(service.map_or(0, |service| self.topology.blast_radius(service))))
    }

    /// Of which services of the catalog that are critical nothing is known, and how many critical ones there are.
    pub(super) fn unknown_critical<'s>(&self, services: &'s [ServiceState]) -> (Vec<&'s ServiceName>, usize) {
        let critical = self.catalog.services.iter().filter(|service| is_critical(service));
        let critical: HashSet<_> = critical.map(|service| &service.name).collect();
        let unknown = services.iter().filter(|it| it.level == Level::Unknown && critical.contains(&it.name));
        (unknown.map(|service| &service.name).collect(), critical.len())
    }

    /// What people feel when a service fails, in the team's words, or in those of whoever stands on it.
    pub(super) fn consequence(&self, service: &ServiceName) -> String {
        let own = self.catalog.service(service.as_str()).map(|service| service.consequence.as_str());
        let callers = self.catalog.services.iter().filter(|caller| caller.needs_services().contains(service));
        own.into_iter()
            .chain(callers.map(|caller| caller.consequence.as_str()))
            .find(|text| !text.is_empty())
            .map_or_else(|| format!("Users of {service} feel it now."), str::to_owned)
    }

    /// The team's name for a group of repositories, and whether it is critical: whoever owns the services in them.
    pub(super) fn group_of(&self, repository: &str) -> (String, bool) {
        let owning: Vec<_> = self
            .catalog
            .services
            .iter()
            .filter(|service| service.repositories.iter().any(|name| name == repository))
            .collect();
        let name = owning.first().map_or(repository, |service| {
            if service.owner.is_empty() { service.name.as_str() } else { service.owner.as_str() }
        });
        (name.to_owned(), owning.iter().any(|service| self.is_critical(service.name.as_str())))
    }
}

fn is_critical(service: &Service) -> bool {
    matches!(service.criticality, Criticality::Critical | Criticality::High)
}

/// When a state began to ring, given everything an alarm did: the first of the last unbroken run of alarms.
pub(super) fn rang_at(past: &[Seen<Alarm>]) -> Option<&Seen<Alarm>> {
    let run = past.iter().rev().take_while(|seen| seen.body.state == AlarmState::Alarm);
    run.last()
}

/// The moments an alarm went off, oldest first; one that is only told anew has not. Whoever tells a change without knowing
/// what was before says so with "no data"; what they told last is what was.
pub(super) fn went_off(past: &[Seen<Alarm>]) -> impl Iterator<Item = &Seen<Alarm>> {
    let before = std::iter::once(None).chain(past.iter().map(Some));
    past.iter().zip(before).filter_map(|(seen, before)| {
        let told = |before: &&Seen<Alarm>| before.body.was.is_some();
        let was = match (seen.body.was, before.filter(told)) {
            (Some(AlarmState::NoData), Some(before)) => Some(before.body.state),
            (was, _) => was.or_else(|| before.map(|before| before.body.state)),
        };
        let is_new = seen.body.state == AlarmState::Alarm && was.is_some_and(|was| was != AlarmState::Alarm);
        (is_new && seen.body.since.is_none()).then_some(seen)
    })
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("now", &self.now).finish_non_exhaustive()
    }
}
