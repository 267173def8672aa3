//! The error budgets: what is left of each, how fast it burns, and what was agreed to do about it.
//!
//! One for every objective the team has in agreement, and one for every objective of a service that no agreement
//! mentions. What the policy demands is what the team wrote; whether it is demanded now is computed.

use super::burn::{Meter, allowed};
use super::rules::burn_rate;
use super::situation::Level;
use super::stats::rounded;
use super::view::View;
use crate::domain::catalog::{Demand, Objective, PolicyStep, Service, Slo};
use crate::domain::{SeriesName, ServiceName, Span};
use serde::Serialize;
use std::cmp::Ordering;

/// What is shown as the burn rate.
const BURNS_OVER: Span = Span::hours(1);

const USUAL_WINDOW: Span = Span::days(30);

/// How one objective stands at a moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Budget {
    /// The objective's own, or `service/slo`.
    pub id: String,
    pub title: String,
    pub service: Option<ServiceName>,
    pub series: Option<SeriesName>,
    /// What it is measured against: the agreed number, else what the service set itself.
    pub objective: Option<f64>,
    /// The number that was agreed to, where one was.
    pub agreed: Option<f64>,
    pub window: Span,
    /// How much of the window was measured; what was not counts as good.
    pub measured: Span,
    pub allowed_minutes: Option<f64>,
    /// Below zero once it is overdrawn.
    pub left_minutes: Option<f64>,
    pub left_percent: Option<f64>,
    /// Over the last hour, as a multiple of what the budget allows.
    pub burn_rate: Option<f64>,
    /// How grave that is by the windows of the burn-rate rule; nothing while it burns no faster than it may.
    pub burning: Option<Level>,
    pub demands: Option<Demanded>,
}

/// What the policy demands now, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Demanded {
    pub demand: Demand,
    pub text: String,
    pub because: String,
    /// How fast it burns and over how long, where that is why.
    #[serde(skip)]
    pub burns: Option<(f64, Span)>,
}

/// What is to be measured, before it is.
struct Asked<'a> {
    id: String,
    title: String,
    service: Option<&'a ServiceName>,
    metric: Option<&'a str>,
    above: Option<f64>,
    objective: Option<f64>,
    agreed: Option<f64>,
    window: Span,
    policy: &'a [PolicyStep],
}

/// What demands most first, then what is nearest to its end.
pub(super) fn budgets(view: &View<'_>) -> Vec<Budget> {
    let objectives = &view.catalog.readiness.objectives;
    let agreements = objectives.iter().map(|objective| Asked::of_agreement(objective, view));
    let own =
        view.catalog.services.iter().flat_map(|service| service.slos.iter().map(move |slo| (service, slo)));
    let own = own.filter(|(service, slo)| !objectives.iter().any(|it| mentions(it, service, slo)));
    let asked = agreements.chain(own.map(|(service, slo)| Asked::of_service(service, slo)));
    let mut budgets: Vec<_> = asked.map(|asked| measure(asked, view)).collect();
    budgets.sort_by(|a, b| pressing(b, a).then_with(|| nearest(a, b)));
    budgets
}

fn pressing(a: &Budget, b: &Budget) -> Ordering {
    let demand = |budget: &Budget| budget.demands.as_ref().map(|demanded| demanded.demand);
    demand(a).cmp(&demand(b))
}

/// What is not measured comes last.
fn nearest(a: &Budget, b: &Budget) -> Ordering {
    let left = |budget: &Budget| budget.left_percent.unwrap_or(f64::INFINITY);
    left(a).total_cmp(&left(b))
}

fn mentions(objective: &Objective, service: &Service, slo: &Slo) -> bool {
    objective.service.as_ref() == Some(&service.name) && objective.slo.as_deref() == Some(slo.name.as_str())
}

/// The number an objective of a service is held to: the agreed one, where there is an agreement on it.
pub(super) fn held_to(view: &View<'_>, service: &Service, slo: &Slo) -> f64 {
    let agreements = view.catalog.readiness.objectives.iter().filter(|it| mentions(it, service, slo));
    agreements.filter_map(|it| it.agreed).next().unwrap_or(slo.objective)
}

impl<'a> Asked<'a> {
    fn of_agreement(objective: &'a Objective, view: &View<'a>) -> Self {
        let service = objective.service.as_ref().and_then(|name| view.catalog.service(name.as_str()));
        let slo = service
            .and_then(|it| it.slos.iter().find(|slo| Some(slo.name.as_str()) == objective.slo.as_deref()));
        Self {
            id: objective.id.clone(),
            title: objective.title.clone(),
            service: objective.service.as_ref(),
            metric: objective.metric.as_deref().or(slo.map(|slo| slo.metric.as_str())),
            above: objective.above,
            objective: objective.agreed.or(slo.map(|slo| slo.objective)),
            agreed: objective.agreed,
            window: objective.window.or(slo.map(|slo| slo.window)).unwrap_or(USUAL_WINDOW),
            policy: &objective.policy,
        }
    }

    fn of_service(service: &'a Service, slo: &'a Slo) -> Self {
        Self {
            id: format!("{}/{}", service.name, slo.name),
            title: format!("{} {}", service.name, slo.name),
            service: Some(&service.name),
            metric: Some(&slo.metric),
            above: None,
            objective: Some(slo.objective),
            agreed: None,
            window: slo.window,
            policy: &[],
        }
    }
}

fn measure(asked: Asked<'_>, view: &View<'_>) -> Budget {
    let Asked { id, title, service, metric, above, objective, agreed, window, policy } = asked;
    let series = service.zip(metric).map(|(service, metric)| SeriesName::new(format!("{service}/{metric}")));
    let found = series.as_ref().and_then(|name| view.history.series.get(name));
    let meter = found.zip(objective).and_then(|(series, share)| Meter::of(series, above, share));
    let allowed = objective.and_then(|share| allowed(share, window));
    let spent =
        meter.as_ref().map(|meter| meter.spent(view.now, window)).filter(|it| it.measured > Span::ZERO);
    let left = allowed.zip(spent).map(|(allowed, spent)| (allowed - spent.minutes, allowed));
    let left_percent = left.map(|(left, allowed)| rounded(left / allowed * 100.0));
    let burns = |over| meter.as_ref().and_then(|meter| meter.rate(view.now, over)).map(rounded);
    let demands = demanded(policy, burns, left_percent);
    Budget {
        id,
        title,
        service: service.cloned(),
        series,
        objective,
        agreed,
        window,
        measured: spent.map_or(Span::ZERO, |spent| spent.measured),
        allowed_minutes: allowed.map(rounded),
        left_minutes: left.map(|(left, _)| rounded(left)),
        left_percent,
        burn_rate: burns(BURNS_OVER),
        burning: meter.as_ref().and_then(|meter| burn_rate::gravity(view, meter)),
        demands,
    }
}

/// The step that demands most of those that hold, the first of equals.
fn demanded(
    policy: &[PolicyStep],
    burns: impl Fn(Span) -> Option<f64>,
    left: Option<f64>,
) -> Option<Demanded> {
    let because = |step: &PolicyStep| match (step.burning, step.left) {
        (Some(limit), _) => {
            let rate = burns(step.over).filter(|rate| *rate >= limit)?;
            let over = step.over.exact();
            let said =
                format!("over {over} it burns {rate:.1}× as fast as allowed, and {limit}× is the limit");
            Some((said, Some((rate, step.over))))
        }
        (None, Some(limit)) => {
            let left = left.filter(|left| *left <= limit)?;
            Some((format!("{left:.0} % of it is left, and {limit} % is the limit"), None))
        }
        (None, None) => None,
    };
    let holding = policy.iter().rev().filter_map(|step| Some((step, because(step)?)));
    let (step, (because, burns)) = holding.max_by_key(|(step, _)| step.demands)?;
    Some(Demanded { demand: step.demands, text: step.text.clone(), because, burns })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::Story;

    const AGREED: &str = r#"
        [[objective]]
        id = "orders"
        title = "Orders go through"
        service = "api"
        slo = "availability"
        agreed = 99.5
        policy = [
            { left = 50, demands = "watch", text = "say so in the weekly" },
            { burning = 2.0, demands = "escalate", text = "tell the lead" },
            { left = 0, demands = "freeze", text = "only fixes go out" },
        ]

        [[objective]]
        id = "speed"
        title = "Orders are quick"
        service = "api"
        metric = "p95"
        above = 300.0
        agreed = 90.0
        window = "24h"

        [[objective]]
        id = "cron"
        title = "The nightly run"
    "#;

    fn found(story: Story) -> Vec<Budget> {
        story.agreeing(toml::from_str(AGREED).unwrap()).budgets()
    }

    fn of<'a>(budgets: &'a [Budget], id: &str) -> &'a Budget {
        budgets.iter().find(|budget| budget.id == id).unwrap()
    }

    #[test]
    fn what_is_left_is_what_the_window_allows_less_what_was_bad() {
        let budgets = found(Story::new().series("api/5xx", 0.1, 60, 10.0));
        let orders = of(&budgets, "orders");
        assert_eq!(orders.allowed_minutes, Some(216.0), "half a percent of thirty days");
        let spent = 216.0 - orders.left_minutes.unwrap();
        assert!((spent - (60.0 * 0.1 + 29.0 * 60.0 * 0.001)).abs() < 0.5, "{spent}");
        assert!((orders.burn_rate.unwrap() - 20.0).abs() < 0.5, "{:?}", orders.burn_rate);
        assert_eq!(orders.measured.as_minutes(), 30 * 60 - 1);
        assert_eq!((orders.objective, orders.agreed), (Some(99.5), Some(99.5)));
    }

    #[test]
    fn the_policy_demands_the_most_of_what_holds() {
        let demand = |percent| {
            let budgets = found(Story::new().series("api/5xx", 0.1, 60, percent));
            of(&budgets, "orders").demands.as_ref().map(|demanded| demanded.demand)
        };
        assert_eq!(demand(0.1), None);
        assert_eq!(demand(1.5), Some(Demand::Escalate));
        let budgets = found(Story::new().series("api/5xx", 100.0, 1_800, 30.0));
        assert_eq!(budgets[0].demands.as_ref().unwrap().text, "only fixes go out");
        assert_eq!(budgets[0].demands.as_ref().unwrap().burns, None, "it is what is left that demands it");
        assert!(budgets[0].left_percent.unwrap() < 0.0, "it is overdrawn, and says by how much");
    }

    #[test]
    fn a_series_that_is_no_percentage_is_read_by_its_limit() {
        let budgets = found(Story::new().series("api/p95", 200.0, 30, 400.0));
        let speed = of(&budgets, "speed");
        assert_eq!((speed.allowed_minutes, speed.left_minutes), (Some(144.0), Some(115.0)));
    }

    #[test]
    fn a_burn_is_as_grave_as_the_rule_finds_it_whatever_is_left_and_whoever_agreed() {
        let burning = |minutes, percent| {
            let story = Story::new().series("api/5xx", 0.1, minutes, percent);
            let rule = story.found(&burn_rate::RULE).first().map(|finding| finding.level);
            let budgets = found(story);
            let orders = of(&budgets, "orders");
            (orders.burning, orders.burning == rule, orders.left_percent > Some(50.0))
        };
        assert_eq!(burning(16, 1.8), (Some(Level::Elevated), true, true));
        assert_eq!(burning(60, 20.0), (Some(Level::Critical), true, true));
        assert_eq!(burning(16, 0.2), (None, true, true));
    }

    #[test]
    fn what_nobody_measures_has_no_numbers_and_comes_last() {
        let budgets = found(Story::new().series("api/5xx", 0.1, 60, 0.1));
        let cron = of(&budgets, "cron");
        assert_eq!((cron.left_percent, cron.burn_rate, cron.objective), (None, None, None));
        assert_eq!(budgets.len(), 3, "the service's own objective is in agreement and stands there once");
        assert!(budgets[0].left_percent.is_some());
    }
}
