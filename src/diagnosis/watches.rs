//! The triggers of the catalog, made ready to be watched, and how each of them stands.
//!
//! A trigger is read and its metrics are looked up once, when the diagnosis is made; what stands in the way, an
//! unknown metric or a word nobody understands, is kept as the reason why nothing is known of it. Nothing is met
//! before measurements say so: a gap, a late value or silence is never counted as time in which it held.

mod broken;
mod deploys;
mod measured;
mod standing;

pub(super) use deploys::Watched;
pub use standing::{ConditionState, MeasuredState, ModeState, Standing, TriggerState, Watch};

use super::view::View;
use crate::domain::catalog::{Degradation, Mode, Rollback, Unit};
use crate::domain::phrase::Compare;
use crate::domain::trigger::resolve::{self, Target};
use crate::domain::trigger::{self, Condition, Limit, Scope, Window};
use crate::domain::{Catalog, SeriesName, Service, ServiceName, Span, Time};
use standing::Verdict;

#[derive(Clone, Debug, Default)]
pub(super) struct Watches {
    pub rollbacks: Vec<Rolling>,
    modes: Vec<Degrading>,
}

/// A service with what it would be rolled back for.
#[derive(Clone, Debug)]
pub(super) struct Rolling {
    pub service: ServiceName,
    /// For how long after a deploy, where the team says so.
    within: Option<Span>,
    pub triggers: Vec<Tree>,
}

#[derive(Clone, Debug)]
struct Degrading {
    service: ServiceName,
    mode: Mode,
    about: Degradation,
    tree: Tree,
}

/// A trigger with what its conditions look at.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// As the team wrote it.
    pub text: String,
    root: Result<Node, String>,
}

#[derive(Clone, Debug)]
enum Node {
    Leaf(Leaf),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// One condition.
#[derive(Clone, Debug)]
struct Leaf {
    text: String,
    looks: Result<Looks, String>,
}

#[derive(Clone, Debug)]
enum Looks {
    At { series: SeriesName, unit: Unit, compare: Compare, limit: Bound, window: Window },
    For { service: ServiceName, target: Target, scope: Scope, held: Span },
}

#[derive(Clone, Copy, Debug)]
enum Bound {
    Fixed(f64),
    TimesBaseline(f64),
}

impl Watches {
    pub fn of(catalog: &Catalog) -> Self {
        let rolling = |service: &Service| rolling(catalog, service, service.rollback.as_ref()?);
        let degrading = |service| degrading(catalog, service);
        Self {
            rollbacks: catalog.services.iter().filter_map(rolling).collect(),
            modes: catalog.services.iter().flat_map(degrading).collect(),
        }
    }

    /// How every rollback trigger stands: what is met first, then what comes next to it.
    pub fn triggers(&self, view: &View<'_>) -> Vec<TriggerState> {
        let mut states: Vec<_> = self.rollbacks.iter().flat_map(|rolling| rolling.states(view)).collect();
        states.sort_by_key(|state| (state.rank(), state.service.clone()));
        states
    }

    /// The modes services are in, the worst first.
    pub fn modes(&self, view: &View<'_>) -> Vec<ModeState> {
        let now = |degrading: &Degrading| {
            let verdict = degrading.tree.verdict(view, None);
            let Standing::Met { since, .. } = verdict.standing else { return None };
            Some(ModeState::of(&degrading.service, degrading.mode, &degrading.about, since, &verdict))
        };
        let mut modes: Vec<_> = self.modes.iter().filter_map(now).collect();
        modes.sort_by_key(|mode| (std::cmp::Reverse(mode.mode as u8), mode.since, mode.service.clone()));
        modes
    }
}

impl Rolling {
    fn states(&self, view: &View<'_>) -> Vec<TriggerState> {
        let watched = self.watched(view);
        let state = |tree: &Tree| {
            let verdict = tree.verdict(view, watched.as_ref().map(|watched| watched.from));
            let watched = watched.as_ref().filter(|watched| watched.counts(verdict.standing, view.now));
            TriggerState::of(&self.service, &tree.text, verdict, watched)
        };
        self.triggers.iter().map(state).collect()
    }

    /// The trigger that what the last deploy brought has met and meets still, and when it was met.
    pub fn met(&self, view: &View<'_>) -> Option<(&str, Time)> {
        let watched = self.watched(view)?;
        let met = self.triggers.iter().filter_map(|tree| {
            let standing = tree.verdict(view, Some(watched.from)).standing;
            match standing {
                Standing::Met { met_at, .. } if watched.brought(standing) => {
                    Some((tree.text.as_str(), met_at))
                }
                _ => None,
            }
        });
        met.min_by_key(|(_, met_at)| *met_at)
    }

    /// When a deploy is held to its triggers no more.
    pub fn until(&self, view: &View<'_>, deployed: Time) -> Time {
        deployed + deploys::within(view, self.within)
    }

    /// The deploy that would be rolled back now, if there is one.
    pub fn watched<'a>(&self, view: &View<'a>) -> Option<Watched<'a>> {
        deploys::watched(view, &self.service, self.within)
    }
}

impl Tree {
    /// `deployed` is since when something new runs.
    pub fn verdict(&self, view: &View<'_>, deployed: Option<Time>) -> Verdict {
        match &self.root {
            Ok(node) => node.verdict(view, deployed),
            Err(why) => Verdict::unknown(&self.text, why.clone()),
        }
    }

    fn of(catalog: &Catalog, service: &Service, text: &str) -> Self {
        let root = text
            .parse()
            .map(|trigger| Node::of(catalog, service, &trigger))
            .map_err(|fault: crate::domain::phrase::Fault| fault.to_string());
        Self { text: text.trim().to_owned(), root }
    }
}

impl Node {
    fn of(catalog: &Catalog, service: &Service, trigger: &trigger::Trigger) -> Self {
        let parts = |parts: &[trigger::Trigger]| {
            parts.iter().map(|part| Self::of(catalog, service, part)).collect::<Vec<_>>()
        };
        match trigger {
            trigger::Trigger::One(condition) => Self::Leaf(Leaf::of(catalog, service, condition)),
            trigger::Trigger::All(all) => Self::All(parts(all)),
            trigger::Trigger::Any(any) => Self::Any(parts(any)),
        }
    }

    fn verdict(&self, view: &View<'_>, deployed: Option<Time>) -> Verdict {
        match self {
            Self::Leaf(leaf) => leaf.verdict(view, deployed),
            Self::All(parts) => Verdict::all(parts.iter().map(|part| part.verdict(view, deployed))),
            Self::Any(parts) => Verdict::any(parts.iter().map(|part| part.verdict(view, deployed))),
        }
    }
}

impl Leaf {
    fn of(catalog: &Catalog, service: &Service, condition: &Condition) -> Self {
        let looks = match condition {
            Condition::Measured(measured) => {
                resolve::metric(catalog, service, measured).map(|found| Looks::At {
                    series: found.series(),
                    unit: found.metric.unit,
                    compare: measured.compare,
                    limit: match (found.limit, measured.limit) {
                        (_, Limit::Baseline(times)) => Bound::TimesBaseline(times),
                        (limit, Limit::Amount(amount)) => Bound::Fixed(limit.unwrap_or(amount.value)),
                    },
                    window: measured.window,
                })
            }
            Condition::Broken(broken) => resolve::target(catalog, service, broken).map(|target| Looks::For {
                service: service.name.clone(),
                target,
                scope: broken.scope,
                held: broken.held,
            }),
        };
        Self { text: condition.to_string(), looks }
    }

    fn verdict(&self, view: &View<'_>, deployed: Option<Time>) -> Verdict {
        match &self.looks {
            Ok(Looks::At { series, unit, compare, limit, window }) => {
                let asked =
                    measured::Asked { unit: *unit, compare: *compare, limit: *limit, window: *window };
                measured::verdict(view, &self.text, series, asked)
            }
            Ok(Looks::For { service, target, scope, held }) => {
                let deployed = (*scope == Scope::NewTasks).then_some(deployed);
                broken::verdict(view, &self.text, (service, target), deployed, *held)
            }
            Err(why) => Verdict::unknown(&self.text, why.clone()),
        }
    }
}

fn rolling(catalog: &Catalog, service: &Service, rollback: &Rollback) -> Option<Rolling> {
    if rollback.triggers.is_empty() {
        return None;
    }
    Some(Rolling {
        service: service.name.clone(),
        within: rollback.within,
        triggers: rollback.triggers.iter().map(|text| Tree::of(catalog, service, text)).collect(),
    })
}

fn degrading<'c>(catalog: &'c Catalog, service: &'c Service) -> impl Iterator<Item = Degrading> + 'c {
    let live = service.degradations.iter().filter(|degradation| !degradation.trigger.trim().is_empty());
    live.map(|degradation| Degrading {
        service: service.name.clone(),
        mode: degradation.mode,
        about: degradation.clone(),
        tree: Tree::of(catalog, service, &degradation.trigger),
    })
}

#[cfg(test)]
mod tests;
