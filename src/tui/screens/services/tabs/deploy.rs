//! How a new version comes out, and how the one before comes back: rollback first, since that is what is looked for.

use super::page::joined;
use super::{Page, Told, triggers};
use crate::domain::catalog::{Deployment, Risk, Rollback};
use crate::theme::Role;

pub fn write(told: &Told<'_>, page: &mut Page) {
    let service = told.service;
    match service.and_then(|service| service.rollback.as_ref()) {
        Some(it) => rollback(told, it, page),
        None => page.said(
            "No rollback is written down: [service.rollback] has triggers, steps and a target.",
            Role::Elevated,
        ),
    }
    match service.and_then(|service| service.deployment.as_ref()) {
        Some(it) => deployment(it, page),
        None => {
            page.blank();
            page.said("How it is deployed is not written down: [service.deployment] does that.", Role::Dim);
        }
    }
    if let Some(it) = service.and_then(|service| service.risk.as_ref()) {
        risk(it, page);
    }
    turn(told, page);
}

fn rollback(told: &Told<'_>, it: &Rollback, page: &mut Page) {
    let target = it.target.map_or_else(String::new, |target| format!("  within {target}"));
    page.title(&format!("Roll back{target}"));
    if triggers::of(told).next().is_some() {
        triggers::write(told, page);
    } else {
        page.each("when", &it.triggers);
    }
    page.each("also when", &it.also_when);
    page.named(
        "watched for",
        &it.within.map_or_else(String::new, |within| format!("{within} after a deploy")),
    );
    page.steps(&it.steps);
    page.each("note", &it.notes);
    page.each("why in time", &it.why);
}

fn deployment(it: &Deployment, page: &mut Page) {
    let takes = it.takes().map_or_else(String::new, |takes| format!("  {takes} in all"));
    page.title(&format!("Deploy{takes}"));
    page.named("strategy", &joined([it.strategy.map_or("", |it| it.word()).to_owned(), it.approach.clone()]));
    page.each("why", &it.why);
    page.each("the version", &it.validation);
    page.each("the team", &it.readiness);
    for step in &it.steps {
        let name = if step.name.is_empty() { step.part.word() } else { &step.name };
        let takes = step.takes.map_or_else(String::new, |takes| format!("  {takes}"));
        page.said(&format!("{name}{takes}"), Role::Strong);
        page.steps(&step.deeds);
    }
}

fn risk(it: &Risk, page: &mut Page) {
    page.title(&format!("Risk  {}", it.level.map_or("not said", |level| level.word())));
    for factor in &it.factors {
        page.named(factor.kind.word(), &joined([factor.what.clone(), factor.extent.clone()]));
    }
    page.each("besides", &it.precautions);
}

/// After whom its turn is.
fn turn(told: &Told<'_>, page: &mut Page) {
    let Some(node) = told.node else { return };
    let graph = told.graph();
    page.title("Its turn among the others");
    let before: Vec<_> =
        graph.stands_on(node).into_iter().filter(|it| graph.tier(it.node).is_some()).collect();
    let before: Vec<_> = before.iter().map(|it| it.node).collect();
    let after = graph.callers(node);
    page.named("after", if before.is_empty() { "nobody".to_owned() } else { graph.names(&before) }.as_str());
    page.named("before", if after.is_empty() { "nobody".to_owned() } else { graph.names(&after) }.as_str());
    page.named("all", &graph.order_line(told.glyphs.arrow));
}
