//! Everything about one line of the plan, as it is explained and copied: what somebody wrote, and what was measured.

use crate::diagnosis::plan::{
    FailureSeen, MetricState, PlanState, Reading, RiskState, VectorState, said_length,
};
use crate::domain::Span;
use crate::domain::catalog::Plan;
use crate::domain::catalog::plan::{Obligation, Phase, Risk, Task, Vector};
use crate::tui::overlays::detail::Page;
use jiff::tz::TimeZone;

/// A phase names so many of its tasks.
const TASKS: usize = 100;

pub(super) fn vector(vector: &Vector, measured: &VectorState) -> Page {
    let said = |said: Option<crate::domain::catalog::plan::Share>| said.map(|said| said.to_string());
    let mut page = Page::new("Failure vector", vector.title());
    page.say("failures", &shares(measured.share, said(vector.failures), &measured.failures.to_string()));
    let length = said_length(Span::minutes(measured.recovery_minutes));
    page.say("recovery", &shares(measured.recovery_share, said(vector.recovery), &length));
    page.say("analysis", &vector.analysis);
    page.say("impact", &vector.impact);
    page.say("strategy", &vector.strategy);
    failures(&mut page, &measured.seen);
    page
}

pub(super) fn unrecognised(seen: &[FailureSeen], state: &PlanState) -> Page {
    let mut page = Page::new("Failures of no vector", "Failures that are of no vector of the plan");
    page.say("failures", &format!("{} of {}", state.failures.unrecognised, state.failures.failed));
    page.say(
        "fix",
        "name a cause with the deployment, label the incident, or say how a vector is recognised",
    );
    failures(&mut page, seen);
    page
}

/// `44 % measured (14), 40-50 % said`.
fn shares(measured: Option<f64>, said: Option<String>, count: &str) -> String {
    let measured = measured
        .map_or_else(|| "not measured".to_owned(), |share| format!("{share:.1} % ({count}) measured"));
    let said = said.map_or_else(|| "nobody said".to_owned(), |said| format!("{said} said"));
    format!("{measured}, {said}")
}

fn failures(page: &mut Page, seen: &[FailureSeen]) {
    for failure in seen {
        let at = format!("{} {}", failure.at.date(&TimeZone::UTC), failure.at.hour_minute(&TimeZone::UTC));
        let recovery = failure.recovery_minutes.map_or_else(
            || "recovery not measured".to_owned(),
            |minutes| format!("{} to recover", said_length(Span::minutes(minutes))),
        );
        let because = failure.recognised.as_ref().map_or_else(String::new, |why| format!("; {why}"));
        let FailureSeen { service, version, why, .. } = failure;
        page.say("failed", &format!("{at}  {service} {version}: {why}, {recovery}{because}"));
    }
}

pub(super) fn phase(phase: &Phase, metrics: &[&MetricState]) -> Page {
    let mut page = Page::new("Phase", &phase.name);
    page.say("days", &phase.days.to_string());
    page.say("objective", &phase.objective);
    for task in phase.tasks.iter().take(TASKS) {
        page.say("task", &format!("{} ({}, {})", task.title, owner(&task.owner), task.progress));
    }
    if phase.tasks.len() > TASKS {
        page.say("tasks", &format!("and {} more, below the phase on the screen", phase.tasks.len() - TASKS));
    }
    for metric in metrics {
        page.say("metric", &format!("{}: {} ({})", metric.name, metric.verdict.word(), metric.why));
    }
    page
}

pub(super) fn task(phase: &Phase, task: &Task) -> Page {
    let mut page = Page::new("Task", &task.title);
    page.say("phase", &phase.name);
    page.say("days", &task.days.unwrap_or(phase.days).to_string());
    page.say("owner", owner(&task.owner));
    page.say("progress", &format!("{}, as its owner wrote it into the plan", task.progress));
    page.say("detail", &task.detail);
    for link in &task.links {
        page.say("link", link);
    }
    page
}

fn owner(owner: &str) -> &str {
    if owner.is_empty() { "nobody" } else { owner }
}

pub(super) fn metric(metric: &MetricState, plan: &Plan) -> Page {
    let mut page = Page::new("Success metric", &metric.name);
    let say =
        |reading: Option<Reading>, nothing: &str| reading.map_or_else(|| nothing.to_owned(), Reading::say);
    if let Some(phase) = plan.phases.get(metric.phase) {
        page.say("phase", &phase.name);
        let entered = phase.metrics.iter().find(|entered| entered.name == metric.name);
        page.say("note", entered.map_or("", |entered| entered.note.as_str()));
        let measure = entered.and_then(|entered| entered.goal.as_ref()).map(|goal| &goal.measure);
        let about =
            measure.and_then(|it| Some(format!("{}, over {}", it.about()?, String::from(it.window()))));
        page.say("counts", &about.unwrap_or_default());
    }
    page.say("verdict", metric.verdict.word());
    page.say("why", &metric.why);
    if let Some(goal) = &metric.goal {
        page.say("goal", goal);
        page.say("target", &say(metric.target, "not known"));
        page.say("now", &say(metric.now, "not measured"));
        page.say("before", &say(metric.baseline, "not known; write it down as baseline where it is"));
    }
    page.draw(metric.trend.clone());
    page
}

pub(super) fn risk(risk: &Risk, state: &RiskState) -> Page {
    let mut page = Page::new("Risk", &risk.name);
    page.say("area", &risk.area);
    page.say("mitigation", &risk.mitigation);
    page.say("trigger", &risk.trigger);
    page.say("watched by", &risk.when.as_ref().map_or_else(String::new, ToString::to_string));
    page.say("now", &state.why);
    page.say("owner", &risk.owner);
    page
}

pub(super) fn kept(kept: &Obligation) -> Page {
    let mut page = Page::new("To be kept", &kept.name);
    page.say("what", &kept.text);
    for evidence in &kept.evidence {
        page.say("evidence", evidence);
    }
    page
}

pub(super) fn stage(place: usize, names: &[&str]) -> Page {
    let mut page = Page::new("Deploy order", &format!("Stage {}", place + 1));
    page.say("services", &names.join(", "));
    page.say(
        "why",
        "it follows from tiers and dependencies of the catalog; within a stage the order does not matter",
    );
    page
}
