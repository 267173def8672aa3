//! How a service fails: with what it stands on, by running out of something, and what keeps that from spreading.

use super::page::{about, joined};
use super::{Page, Told};
use crate::domain::catalog::{
    Breaker, Cascade, Dependency, Exhaustion, Failure, RateLimits, Retry, TradeOff, Watch,
};
use crate::domain::time::Span;
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
    for (n, it) in dependency.failures.iter().enumerate() {
        page.title(&format!("{}: {}", dependency.name, it.scenario));
        page.named("is for", if n == 0 { &dependency.purpose } else { "" });
        failure(it, page);
    }
}

fn failure(it: &Failure, page: &mut Page) {
    let behaviour = it.behaviour.map_or_else(String::new, |behaviour| behaviour.word().to_owned());
    page.named("chosen", &joined([behaviour, within(it)]));
    let others = it.options.iter().filter(|option| Some(**option) != it.behaviour);
    page.named("and not", &joined(others.map(|option| option.word().to_owned())));
    page.each("does", &it.does);
    if let Some(it) = &it.retry {
        retry(it, page);
    }
    if let Some(it) = &it.breaker {
        breaker(it, page);
    }
    page.named("instead", &it.fallback);
    page.each("callers see", &it.callers);
    page.each("why", &it.why);
    trade_offs(&it.trade_offs, page);
    page.named("harmless by", &it.idempotency);
    page.each("built", &it.implementation);
    watch(&it.watch, page);
}

/// How long one attempt and all of them may take.
fn within(it: &Failure) -> String {
    joined([
        it.timeout.map_or_else(String::new, |timeout| format!("within {}", timeout.exact())),
        it.total_timeout.map_or_else(String::new, |total| format!("{} in all", total.exact())),
    ])
}

fn retry(it: &Retry, page: &mut Page) {
    let attempts = match it.attempts {
        0 => "never again".to_owned(),
        1 => "1 attempt".to_owned(),
        many => format!("{many} attempts"),
    };
    let waits: Vec<_> = it.waits.iter().copied().map(Span::exact).collect();
    let waits = if waits.is_empty() { String::new() } else { format!("waiting {}", waits.join(", ")) };
    let backoff = it.backoff.map_or_else(String::new, |backoff| backoff.word().to_owned());
    page.named("tries", &joined([attempts, backoff, waits]));
    page.named("", &it.note);
}

fn breaker(it: &Breaker, page: &mut Page) {
    let again =
        it.half_open_after.map_or_else(String::new, |span| format!("tried again after {}", span.exact()));
    page.named("breaker", &joined([format!("opens after {}", it.opens_after), again]));
    page.besides("counts", &it.counts);
}

/// What was weighed and accepted.
pub(super) fn trade_offs(all: &[TradeOff], page: &mut Page) {
    for it in all {
        page.named("accepted", &it.what);
        page.besides("rather than", &it.alternative);
        page.besides("because", &it.decision);
        page.besides("so that", &it.result);
    }
}

fn exhaustion(it: &Exhaustion, page: &mut Page) {
    page.title(&format!("Runs out of {}", it.resource));
    page.named("when", &joined([it.threshold.clone(), it.scenario.clone()]));
    page.named("found out", &it.detection);
    page.named("chosen", it.behaviour.map_or("", |behaviour| behaviour.word()));
    let others = it.options.iter().filter(|option| Some(**option) != it.behaviour);
    page.named("and not", &joined(others.map(|option| option.word().to_owned())));
    page.each("does", &it.does);
    page.named("turned away", &it.rejection);
    page.named("upstream", &it.back_pressure);
    page.named("comes back", &it.recovery);
    page.each("why", &it.why);
    watch(&it.watch, page);
}

/// What to look at meanwhile.
pub(super) fn watch(watch: &Watch, page: &mut Page) {
    page.named("watch", &joined(watch.metrics.iter().map(|it| about(&it.name, &it.note))));
    page.named("logs say", &joined(watch.logs.iter().map(|it| about(&it.says, &it.note))));
    for it in &watch.alerts {
        page.named("rings when", &about(&format!("{} ({})", it.when, it.tier.word()), &it.note));
    }
}

fn cascade(it: &Cascade, page: &mut Page) {
    page.title("So that it does not spread");
    if let Some(timeout) = &it.request_timeout {
        page.named(
            "a request",
            &joined([format!("at most {}", timeout.timeout.exact()), timeout.how.clone()]),
        );
        page.each("", &timeout.why);
    }
    if let Some(limits) = &it.rate_limits {
        page.named("limits", &rates(limits));
        page.each("", &limits.why);
    }
    for bulkhead in &it.bulkheads {
        page.named("kept apart", &bulkhead.isolates);
        page.each("", &bulkhead.why);
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
