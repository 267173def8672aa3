//! A service at a glance: how it is, what it is, and what depends on its being well.

use super::page::joined;
use super::{Page, Told, triggers};
use crate::diagnosis::{Level, Standing};
use crate::domain::Service;
use crate::domain::catalog::completeness::{gaps, score};
use crate::domain::graph::{Node, Reached};
use crate::theme::Role;
use crate::tui::overlays::detail::Line;
use crate::tui::screens::services::detail::{trouble, trouble_role};
use crate::tui::screens::situation::lines::Mark;

/// Names told of a list; the rest are counted.
const NAMED: usize = 6;

pub fn write(told: &Told<'_>, page: &mut Page) {
    page.line(state(told));
    modes(told, page);
    met(told, page);
    way(told, page);
    if let Some(service) = told.service {
        page.said(&service.description, Role::Text);
        page.named("when it fails", &service.consequence);
        let because = if service.critical_because.is_empty() {
            String::new()
        } else {
            format!(": {}", service.critical_because)
        };
        page.named("tier", &format!("{}, {}{because}", service.tier.word(), service.criticality.word()));
        page.named_as("owner", or_not_said(&service.owner), said_role(&service.owner));
    } else {
        page.named_as("tier", "not in the catalog: nothing more is known of it", Role::Dim);
    }
    neighbourhood(told, page);
    let Some(service) = told.service else { return };
    for slo in &service.slos {
        page.named("promises", &format!("{} {} % over {}", slo.name, slo.objective, slo.window));
    }
    page.named("runs on", &service.runs_on);
    page.named("code", &joined(service.repositories.iter().chain(&service.paths).cloned()));
    for dashboard in service.dashboards.iter().filter(|dashboard| !dashboard.link.is_empty()) {
        page.named_as("dashboard", &dashboard.link, Role::Link);
    }
    for document in &service.documents {
        page.named("written", &joined([document.title.clone(), document.link.clone()]));
    }
    left_open(service, page);
}

/// How much it serves just now.
fn modes(told: &Told<'_>, page: &mut Page) {
    for mode in told.modes() {
        let name = format!("{} ({}), for {}", mode.name, mode.mode.word(), mode.since.age(told.world.now));
        page.named_as("mode", &name, Role::Strong);
        page.named_as("works", &mode.works.join("; "), Role::Ok);
        page.named_as("does not", &mode.fails.join("; "), Role::Elevated);
        page.named("comes back", &mode.recovery);
    }
}

/// The triggers that are met; the page on deployment has all of them.
fn met(told: &Told<'_>, page: &mut Page) {
    for trigger in triggers::of(told).filter(|it| matches!(it.standing, Standing::Met { .. })) {
        let (word, role) = triggers::standing(trigger);
        page.named_as(word, &format!("{}: {}", trigger.trigger, trigger.says), role);
    }
}

/// What a service of its criticality needs and its entry does not say, each with the key that says it.
fn left_open(service: &Service, page: &mut Page) {
    let (score, gaps) = (score(service), gaps(service));
    if gaps.is_empty() {
        return page.named("written down", &format!("all {} of what it needs", score.needed));
    }
    page.title(&format!("Written down  {} %, {} of {}", score.percent(), score.met, score.needed));
    page.said(&format!("A {} service needs besides:", service.criticality.word()), Role::Dim);
    for gap in gaps {
        page.said_with(&gap.missing, gap.key);
    }
}

fn state(told: &Told<'_>) -> Line {
    let Some(state) = told.state.filter(|state| state.level > Level::Unknown) else {
        return vec![(format!("{} not observed", told.glyphs.unknown), Role::Dim)];
    };
    let (sign, role) = Mark::Level(state.level).drawn(told.glyphs);
    let mut line = vec![(format!("{sign} {}", state.level), role), (format!("  {}", state.text), Role::Text)];
    line.extend(state.version.iter().map(|version| (format!("  {version}"), Role::Text)));
    line.extend(state.since.map(|since| {
        let since = since.age(told.world.now);
        (format!("  for {since}"), Role::Dim)
    }));
    line
}

/// Through whom trouble reaches it.
fn way(told: &Told<'_>, page: &mut Page) {
    let Some(node) = told.node else { return };
    let path = trouble(told.screen, node);
    let Some(last) = path.last().filter(|_| path.len() > 1) else { return };
    let level = told.screen.level(*last).unwrap_or_default();
    let arrow = format!(" {} ", told.glyphs.arrow);
    let names: Vec<_> = path.iter().map(|node| told.graph().name(*node).as_str()).collect();
    let role = trouble_role(told.screen, &path);
    page.named_as("stands on", &format!("{}, which is {level}", names.join(&arrow)), role);
}

fn neighbourhood(told: &Told<'_>, page: &mut Page) {
    let Some(node) = told.node else { return };
    let graph = told.graph();
    page.named("stops with it", &few(told, &graph.blast_radius(node), "nothing"));
    page.named("it needs", &few(told, &graph.stands_on(node), "nothing"));
    if let Some(cycle) = graph.order().cycle(node) {
        page.named_as("in a cycle", &graph.names(cycle), Role::Elevated);
    }
}

/// `3: a, b, c`, by distance.
fn few(told: &Told<'_>, found: &[Reached], nothing: &str) -> String {
    if found.is_empty() {
        return nothing.to_owned();
    }
    let near: Vec<Node> = found.iter().take(NAMED).map(|it| it.node).collect();
    let more = found.len() - near.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}: {}{more}", found.len(), told.graph().names(&near))
}

fn or_not_said(said: &str) -> &str {
    if said.is_empty() { "nobody is named" } else { said }
}

fn said_role(said: &str) -> Role {
    if said.is_empty() { Role::Elevated } else { Role::Text }
}
