//! Whether a service's entry says what a service of its criticality needs to be run, with each gap named.
//!
//! One table of needs, each with the least criticality that has it. What is asked for is an answer, not a length:
//! a dependency without a chosen behaviour is a gap, one with a short answer is not.

use super::dependency::Dependency;
use super::health::{CheckKind, HealthCheck};
use super::rollback::Rollback;
use super::service::{Criticality, Service};
use crate::domain::id::ServiceName;

/// One thing that a service of this criticality needs and does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The need by its name in the table, `rollback-trigger`.
    pub need: &'static str,
    /// `critical service without a rollback trigger`.
    pub text: String,
    /// `a rollback trigger`.
    pub missing: String,
    /// The key that closes it, `rollback.triggers`.
    pub key: &'static str,
}

/// How much of what is needed is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    pub met: usize,
    pub needed: usize,
}

impl Score {
    /// Rounded down, so that a hundred means everything.
    pub const fn percent(self) -> usize {
        match (self.met * 100).checked_div(self.needed) {
            Some(percent) => percent,
            None => 100,
        }
    }
}

/// What is needed, from which criticality on, and what is missing of it.
struct Need {
    name: &'static str,
    key: &'static str,
    from: Criticality,
    missing: fn(&Service) -> Option<String>,
}

const NEEDS: &[Need] = &[
    need("owner", "owner", Criticality::Low, |it| unless(!it.owner.is_empty(), "an owner")),
    need("repositories", "repositories", Criticality::Low, |it| {
        unless(!it.repositories.is_empty(), "a repository")
    }),
    need("consequence", "consequence", Criticality::Normal, |it| {
        unless(!it.consequence.is_empty(), "a word on what people feel when it fails")
    }),
    need("health-check", "health_check", Criticality::Normal, |it| {
        unless(!it.health_checks.is_empty(), "a health check")
    }),
    need("metric", "metric", Criticality::Normal, |it| unless(!it.metrics.is_empty(), "a metric")),
    need("rollback-steps", "rollback.steps", Criticality::Normal, |it| {
        unless(it.rollback.as_ref().is_some_and(|rollback| !rollback.steps.is_empty()), "rollback steps")
    }),
    need("rollback-trigger", "rollback.triggers", Criticality::High, |it| {
        let said = |rollback: &Rollback| !rollback.triggers.is_empty();
        unless(it.rollback.as_ref().is_some_and(said), "a rollback trigger")
    }),
    need("health-limits", "health_check.timeout", Criticality::High, health_limits),
    need("slo", "slo", Criticality::High, |it| unless(!it.slos.is_empty(), "a service level objective")),
    need("alert", "alert", Criticality::High, |it| {
        unless(!it.alerts.is_empty() || !it.alarms_wanted.is_empty(), "an alert")
    }),
    need("dependency-failure", "dependency.failure", Criticality::High, undecided_dependencies),
    need("deployment-steps", "deployment.step", Criticality::High, |it| {
        unless(it.deployment.as_ref().is_some_and(|it| !it.steps.is_empty()), "deployment steps")
    }),
    need("dashboard", "dashboard", Criticality::High, |it| unless(!it.dashboards.is_empty(), "a dashboard")),
    need("liveness", "health_check", Criticality::Critical, |it| lacks_check(it, CheckKind::Liveness)),
    need("readiness", "health_check", Criticality::Critical, |it| lacks_check(it, CheckKind::Readiness)),
    need("degradation", "degradation", Criticality::Critical, |it| {
        unless(!it.degradations.is_empty(), "a degradation mode")
    }),
    need("exhaustion", "exhaustion", Criticality::Critical, |it| {
        unless(!it.exhaustions.is_empty(), "a word on what happens when something runs out")
    }),
    need("request-timeout", "cascade.request_timeout", Criticality::Critical, |it| {
        unless(it.cascade.as_ref().is_some_and(|it| it.request_timeout.is_some()), "a request timeout")
    }),
    need("rollback-target", "rollback.target", Criticality::Critical, |it| {
        unless(it.rollback.as_ref().is_some_and(|it| it.target.is_some()), "a target time for its rollback")
    }),
    need("validation", "deployment.validation", Criticality::Critical, |it| {
        let checked = it.deployment.as_ref().is_some_and(|it| !it.validation.is_empty());
        unless(checked, "checks before a deployment")
    }),
    need("scaling", "capacity.scaling", Criticality::Critical, |it| {
        let scales = it.capacity.as_ref().is_some_and(|it| it.scaling.is_some());
        unless(scales, "a word on how it scales")
    }),
    need("capacity-test", "capacity.test", Criticality::Critical, |it| {
        unless(it.capacity.as_ref().is_some_and(|it| !it.tests.is_empty()), "a capacity test")
    }),
    need("alert-tier", "alerting.tier", Criticality::Critical, |it| {
        let tiers = it.alerting.as_ref().is_some_and(|it| !it.tiers.is_empty());
        unless(tiers, "a word on how soon its alerts are answered")
    }),
    need("document", "document", Criticality::Critical, |it| unless(!it.documents.is_empty(), "a document")),
];

/// What is missing, in the order of how basic it is.
pub fn gaps(service: &Service) -> Vec<Gap> {
    let gap = |need: &Need| {
        let missing = (need.missing)(service)?;
        let text = format!("{} service without {missing}", service.criticality.word());
        Some(Gap { need: need.name, text, missing, key: need.key })
    };
    needed(service).filter_map(gap).collect()
}

/// Every need of its criticality counts the same.
pub fn score(service: &Service) -> Score {
    let met = needed(service).filter(|need| (need.missing)(service).is_none()).count();
    Score { met, needed: needed(service).count() }
}

const fn need(
    name: &'static str,
    key: &'static str,
    from: Criticality,
    missing: fn(&Service) -> Option<String>,
) -> Need {
    Need { name, key, from, missing }
}

/// Criticalities are ordered with the most critical first.
fn needed(service: &Service) -> impl Iterator<Item = &'static Need> {
    let criticality = service.criticality;
    NEEDS.iter().filter(move |need| criticality <= need.from)
}

fn unless(is_there: bool, missing: &str) -> Option<String> {
    (!is_there).then(|| missing.to_owned())
}

/// Having no check at all is a gap of its own.
fn health_limits(service: &Service) -> Option<String> {
    let is_bounded = |check: &HealthCheck| {
        check.kind == CheckKind::Startup || (check.timeout.is_some() && check.threshold.is_some())
    };
    unless(service.health_checks.iter().all(is_bounded), "a timeout and a threshold on each health check")
}

fn lacks_check(service: &Service, kind: CheckKind) -> Option<String> {
    let is_there = service.health_checks.iter().any(|check| check.kind == kind);
    unless(is_there, &format!("a {} check", kind.word()))
}

fn undecided_dependencies(service: &Service) -> Option<String> {
    let is_decided = |dependency: &Dependency| dependency.failures.iter().any(|it| it.behaviour.is_some());
    let undecided = |name: &&str| !service.dependency(name).is_some_and(is_decided);
    let names: Vec<_> = service.needs().into_iter().map(ServiceName::as_str).filter(undecided).collect();
    let (first, rest) = names.split_first()?;
    Some(match rest.len() {
        0 => format!("a behaviour for when {first} fails"),
        more => format!("a behaviour for when {first} fails, and {more} more"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(text: &str) -> Service {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_more_critical_a_service_the_more_it_needs() {
        let needed = |criticality: &str| {
            score(&service(&format!("name = 'api'\ncriticality = '{criticality}'"))).needed
        };
        assert!(needed("low") < needed("normal") && needed("normal") < needed("high"));
        assert!(needed("high") < needed("critical") && needed("critical") == NEEDS.len());
    }

    #[test]
    fn a_gap_is_named_and_closing_it_raises_the_score() {
        let bare = service("name = 'api'\ncriticality = 'critical'");
        let texts: Vec<_> = gaps(&bare).into_iter().map(|gap| gap.text).collect();
        assert!(texts.contains(&"critical service without a rollback trigger".to_owned()), "{texts:?}");
        let better =
            service("name = 'api'\ncriticality = 'critical'\n[rollback]\ntriggers = ['error rate > 5 %']");
        assert_eq!(score(&better).met, score(&bare).met + 1);
        assert_eq!(gaps(&bare).len() + score(&bare).met, score(&bare).needed);
    }

    #[test]
    fn a_dependency_is_a_gap_until_it_is_decided_what_happens_when_it_fails() {
        let text = "name = 'api'\ncriticality = 'high'\ndepends_on = ['ledger']\n[[dependency]]\nname = 'redis'\n\
                    kind = 'cache'\n[[dependency.failure]]\nscenario = 'it is gone'\nbehaviour = 'degrade'\n";
        let texts: Vec<_> = gaps(&service(text)).into_iter().map(|gap| gap.text).collect();
        assert!(texts.contains(&"high service without a behaviour for when ledger fails".to_owned()));
        assert!(!texts.iter().any(|text| text.contains("redis")), "{texts:?}");
    }

    #[test]
    fn nothing_needed_and_nothing_missing_is_everything() {
        assert_eq!(Score { met: 0, needed: 0 }.percent(), 100);
        assert_eq!(Score { met: 23, needed: 24 }.percent(), 95);
    }
}
