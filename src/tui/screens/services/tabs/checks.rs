//! How a service is asked whether it is well, and what it answered last.

use super::failures::trade_offs;
use super::page::joined;
use super::{Page, Told};
use crate::domain::catalog::HealthCheck;
use crate::domain::signal::Body;
use crate::domain::{Signal, SignalRef};
use crate::theme::Role;

pub fn write(told: &Told<'_>, page: &mut Page) {
    let answers = answers(told);
    let declared = told.service.map(|service| service.health_checks.as_slice()).unwrap_or_default();
    answered(told, &answers, page);
    for check in declared {
        page.title(&titled(check));
        one(check, page);
    }
    if declared.is_empty() {
        page.blank();
        page.said("The catalog declares no health check: [[service.health_check]] does that.", Role::Dim);
    }
}

/// The last answer of each check.
fn answers(told: &Told<'_>) -> Vec<Signal> {
    let signals = told.screen.recent.iter().filter_map(|key| told.world.snapshot.signals.get(*key));
    let mut last: Vec<Signal> = Vec::new();
    for signal in signals.map(SignalRef::to_signal) {
        let is_new = |known: &Signal| match (&known.body, &signal.body) {
            (Body::Health(known), Body::Health(it)) => known.check != it.check,
            _ => true,
        };
        if matches!(signal.body, Body::Health(_)) && last.iter().all(is_new) {
            last.push(signal);
        }
    }
    last
}

fn answered(told: &Told<'_>, answers: &[Signal], page: &mut Page) {
    if answers.is_empty() {
        page.said("No check has answered lately.", Role::Dim);
    }
    for answer in answers {
        let Body::Health(health) = &answer.body else { continue };
        let (sign, role) = if health.healthy {
            (told.glyphs.normal, Role::Ok)
        } else {
            (told.glyphs.critical, Role::Critical)
        };
        let took = health.latency_ms.map_or_else(String::new, |ms| format!(" in {ms} ms"));
        let word = if health.healthy { "healthy" } else { "failing" };
        page.line(vec![
            (format!("{sign} {}", health.check), role),
            (format!("  {word}{took}"), Role::Text),
            (format!("  {} ago", answer.at.age(told.world.now)), Role::Dim),
        ]);
        if !health.healthy {
            page.said(&answer.title, Role::Dim);
        }
    }
}

/// Which answers are good, where that was said.
fn good(check: &HealthCheck) -> String {
    let status: Vec<_> = check.status.iter().map(ToString::to_string).collect();
    let expect = check.expect.as_ref().map_or_else(String::new, |expect| format!("with {expect:?} in it"));
    joined([status.join(" or "), expect])
}

fn titled(check: &HealthCheck) -> String {
    joined([check.kind.word().to_owned(), check.name.clone(), check.endpoint.clone()])
}

fn one(check: &HealthCheck, page: &mut Page) {
    page.named_as("asked at", check.url.as_deref().unwrap_or_default(), Role::Link);
    page.named("is for", &check.purpose);
    page.named("good is", &good(check));
    page.named(
        "asked",
        &joined([
            check.interval.map_or_else(String::new, |it| format!("every {}", it.exact())),
            check.timeout.map_or_else(String::new, |it| format!("at most {}", it.exact())),
            check.threshold.map_or_else(String::new, |it| format!("failed after {it} in a row")),
            check.period.map_or_else(String::new, |it| format!("{} to start", it.exact())),
        ]),
    );
    for it in &check.checks {
        let within = it.timeout.map_or_else(String::new, |timeout| format!("within {}", timeout.exact()));
        page.named("looks at", &joined([it.what.clone(), it.how.clone(), within]));
        page.each("", &it.why);
    }
    for it in &check.start {
        page.named("starts with", &joined([it.what.clone(), it.takes.exact()]));
    }
    page.named("failure means", &check.failure_means);
    page.each("why", &check.why);
    trade_offs(&check.trade_offs, page);
}
