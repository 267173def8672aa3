//! The plan in words, a statement a line under a heading each.

use crate::diagnosis::plan::{MetricState, PlanState, Reading, Verdict, said_length};
use crate::domain::Span;
use crate::domain::catalog::Plan;
use crate::domain::catalog::plan::{Phase, Share};
use jiff::tz::TimeZone;

pub(super) fn written(room: &str, source: &str, plan: &Plan, state: &PlanState) -> String {
    let mut page = String::new();
    let mut line = |text: String| {
        page.push_str(&text);
        page.push('\n');
    };
    let (day, clock) = (state.to.date(&TimeZone::UTC), state.to.clock(&TimeZone::UTC));
    line(format!("Room {room} ({source}) at {day} {clock} UTC"));
    let day = state.day.map_or_else(|| "not begun".to_owned(), |day| format!("day {day}"));
    let title = if plan.title.is_empty() { "The plan" } else { &plan.title };
    line(format!("{title}: {day} of {}", state.days));
    line(failures(plan, state));
    let mut section = |heading: &str, lines: Vec<String>| {
        line(String::new());
        line(heading.to_owned());
        if lines.is_empty() {
            line("  none".to_owned());
        }
        lines.into_iter().for_each(|said| line(format!("  {said}")));
    };
    section("Failure vectors", vectors(plan, state));
    section(
        "Phases",
        plan.phases.iter().enumerate().flat_map(|(place, it)| phase(place, it, state)).collect(),
    );
    section("Risks", risks(plan, state));
    section(
        "To be kept",
        plan.compliance.iter().map(|kept| format!("{}: {}", kept.name, kept.text)).collect(),
    );
    section(
        "Deploy order",
        state
            .deploy_order
            .iter()
            .map(|stage| stage.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
            .collect(),
    );
    page
}

/// `Deployments failed: 70 % (32 of 46 in 30d), 70 % said`.
fn failures(plan: &Plan, state: &PlanState) -> String {
    let failures = &state.failures;
    let rate = failures.rate.map_or_else(|| "none was seen".to_owned(), |rate| format!("{rate:.0} %"));
    let of = format!("{} of {} in {}", failures.failed, failures.deployments, plan.window.0);
    format!("Deployments failed: {rate} ({of}){}", said(plan.failure_rate))
}

fn said(share: Option<Share>) -> String {
    share.map_or_else(String::new, |share| format!(", {share} said"))
}

fn vectors(plan: &Plan, state: &PlanState) -> Vec<String> {
    let percent =
        |share: Option<f64>| share.map_or_else(|| "not measured".to_owned(), |share| format!("{share:.0} %"));
    let pairs = plan.vectors.iter().zip(&state.vectors);
    let mut lines: Vec<_> = pairs
        .map(|(vector, measured)| {
            format!(
                "{}: {} of failures ({}){}; {} of recovery time ({}){}",
                vector.title(),
                percent(measured.share),
                measured.failures,
                said(vector.failures),
                percent(measured.recovery_share),
                said_length(Span::minutes(measured.recovery_minutes)),
                said(vector.recovery),
            )
        })
        .collect();
    if state.failures.unrecognised > 0 {
        let unrecognised = state.failures.unrecognised;
        let failures = if unrecognised == 1 { "failure" } else { "failures" };
        lines.push(format!("of no vector: {unrecognised} {failures}"));
    }
    lines
}

fn phase(place: usize, phase: &Phase, state: &PlanState) -> Vec<String> {
    let progress = phase.progress().map_or_else(String::new, |progress| format!(", {progress} of its tasks"));
    let today = if state.day.is_some_and(|day| phase.days.contains(day)) { " (today)" } else { "" };
    let mut lines = vec![format!("days {}{today}: {}{progress}", phase.days, phase.name)];
    for task in &phase.tasks {
        let owner = if task.owner.is_empty() { "nobody" } else { &task.owner };
        lines.push(format!("  task   {}: {} ({owner})", task.title, task.progress));
    }
    let metrics = state.metrics.iter().filter(|metric| metric.phase == place);
    lines.extend(metrics.map(|it| format!("  metric {}", metric(it))));
    lines
}

/// `Nine in ten succeed: not met, 31 %, to be > 90 %, was 30 %`.
fn metric(metric: &MetricState) -> String {
    let was = match metric.verdict {
        Verdict::Met | Verdict::NotMet => metric.baseline.map(|was: Reading| format!(" (was {})", was.say())),
        Verdict::NotMeasured | Verdict::ForPeople => None,
    };
    format!("{}: {}, {}{}", metric.name, metric.verdict.word(), metric.why, was.unwrap_or_default())
}

fn risks(plan: &Plan, state: &PlanState) -> Vec<String> {
    let pairs = plan.risks.iter().zip(&state.risks);
    pairs
        .map(|(risk, state)| {
            let verdict = match state.verdict {
                Verdict::Met => "has come true",
                Verdict::NotMet => "watched",
                Verdict::NotMeasured => "not measured yet",
                Verdict::ForPeople => "for people",
            };
            let against = match risk.mitigation.as_str() {
                "" => String::new(),
                mitigation => format!("; against it: {mitigation}"),
            };
            format!("{}: {verdict}, {}{against}", risk.name, state.why)
        })
        .collect()
}
