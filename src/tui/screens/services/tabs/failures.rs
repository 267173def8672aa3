//! How a service fails: with what it stands on, by running out of something, and what keeps that from spreading.

use super::depends::in_short;
use super::page::joined;
use super::{Page, Told};
use crate::domain::catalog::{Cascade, Dependency, Exhaustion, Failure, RateLimits, Watch};
use crate::theme::Role;

pub fn write(told: &Told<'_>, page: &mut Page) {
    let service = told.service;
    let dependencies = service.map(|service| service.dependencies.as_slice()).unwrap_or_default();
    let exhaustions = service.map(|service| service.exhaustions.as_slice()).unwrap_or_default();
    let cascade = service.and_then(|service| service.cascade.as_ref());
    dependencies.iter().for_each(|it| dependency(it, page));
    exhaustions.iter().for_each(|it| exhaustion(it, page));
    if let Some(it) = cascade {
        self::cascade(it, page);
    }
    if dependencies.is_empty() && exhaustions.is_empty() && cascade.is_none() {
        page.said(
            "How it fails is not written down: [[service.dependency]] and [[service.exhaustion]] do that.",
            Role::Dim,
        );
    }
}

fn dependency(dependency: &Dependency, page: &mut Page) {
    for it in &dependency.failures {
        page.title(&format!("{}: {}", dependency.name, it.scenario));
        failure(it, page);
    }
}

fn failure(it: &Failure, page: &mut Page) {
    page.named("chosen", &in_short(it));
    page.each("does", &it.does);
    page.named("instead", &it.fallback);
    page.each("callers see", &it.callers);
    page.each("why", &it.why);
    for trade in &it.trade_offs {
        page.named("accepted", &joined([trade.what.clone(), trade.decision.clone()]));
    }
    page.named("harmless by", &it.idempotency);
    page.each("built", &it.implementation);
    watch(&it.watch, page);
}

fn exhaustion(it: &Exhaustion, page: &mut Page) {
    page.title(&format!("Runs out of {}", it.resource));
    page.named("when", &joined([it.threshold.clone(), it.scenario.clone()]));
    page.named("chosen", it.behaviour.map_or("", |behaviour| behaviour.word()));
    page.each("does", &it.does);
    page.named("turned away", &it.rejection);
    page.named("upstream", &it.back_pressure);
    page.named("comes back", &it.recovery);
    page.each("why", &it.why);
    watch(&it.watch, page);
}

/// What to look at meanwhile.
pub(super) fn watch(watch: &Watch, page: &mut Page) {
    page.named("watch", &joined(watch.metrics.iter().map(|it| it.name.clone())));
    page.named("logs say", &joined(watch.logs.iter().map(|it| it.says.clone())));
    for it in &watch.alerts {
        page.named("rings when", &format!("{} ({})", it.when, it.tier.word()));
    }
}

fn cascade(it: &Cascade, page: &mut Page) {
    page.title("So that it does not spread");
    if let Some(timeout) = &it.request_timeout {
        page.named(
            "a request",
            &joined([format!("at most {}", timeout.timeout.exact()), timeout.how.clone()]),
        );
    }
    if let Some(limits) = &it.rate_limits {
        page.named("limits", &rates(limits));
    }
    for bulkhead in &it.bulkheads {
        page.named("kept apart", &bulkhead.isolates);
    }
    if let Some(pressure) = &it.back_pressure {
        page.each("tells callers", &pressure.to_callers);
        page.each("when told", &pressure.from_dependencies);
    }
}

pub(super) fn rates(limits: &RateLimits) -> String {
    joined([
        limits.global.map_or_else(String::new, |rate| format!("{rate}/s in all")),
        limits.per_client.map_or_else(String::new, |rate| format!("{rate}/s a client")),
        limits.burst.clone(),
    ])
}
