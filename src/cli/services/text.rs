//! The services in words: a line each under its tier, then the order of deployment and what stands against it.

use super::Told;
use crate::diagnosis::roster::Listed;
use crate::diagnosis::{Level, Standing};
use crate::domain::catalog::completeness::{gaps, score};
use crate::domain::graph::{Graph, Reached};
use crate::domain::time::Time;
use jiff::tz::TimeZone;

pub(super) fn written(told: &Told<'_>) -> String {
    let at = told.situation.at;
    let mut lines = vec![format!(
        "Room {} ({}) at {} {} UTC",
        told.room,
        told.source,
        at.date(&TimeZone::UTC),
        at.clock(&TimeZone::UTC)
    )];
    let mut tier = None;
    for listed in &told.listed {
        let here = listed.tier().map_or("not in the catalog", |tier| tier.word());
        if tier != Some(here) {
            lines.extend([String::new(), capitalised(here)]);
            tier = Some(here);
        }
        lines.push(format!("  {}", line(told, listed, at)));
    }
    match (told.one, told.listed.first()) {
        (Some(_), Some(listed)) => one(told, listed, &mut lines),
        _ => order(told.graph, &mut lines),
    }
    lines.push(String::new());
    lines.join("\n")
}

fn line(told: &Told<'_>, listed: &Listed<'_>, at: Time) -> String {
    let mut parts = Vec::new();
    let own = || told.situation.triggers.iter().filter(|trigger| trigger.service == *listed.name);
    if own().any(|trigger| trigger.demands_rollback) {
        parts.push("ROLL BACK".to_owned());
    } else if own().any(|trigger| matches!(trigger.standing, Standing::Met { .. })) {
        parts.push("rollback trigger met".to_owned());
    }
    match listed.state {
        Some(state) if state.level <= Level::Normal => parts.push(state.text.clone()),
        Some(state) => parts.push(format!("{} {}", state.level, state.text)),
        None => parts.push("not observed".to_owned()),
    }
    parts.extend(listed.state.and_then(|state| state.version.clone()));
    parts.extend(listed.state.and_then(|state| state.since).map(|since| since.age(at).to_string()));
    let owner = listed.service.map(|service| service.owner.clone()).filter(|owner| !owner.is_empty());
    parts.extend(owner.map(|owner| format!("owner {owner}")));
    let stops = listed.node.map_or(0, |node| told.graph.blast_radius(node).len());
    if stops > 0 {
        parts.push(format!("{stops} stop with it"));
    }
    parts.extend(listed.service.map(|service| format!("{} % written down", score(service).percent())));
    format!("{}: {}", listed.name, parts.join(", "))
}

fn one(told: &Told<'_>, listed: &Listed<'_>, lines: &mut Vec<String>) {
    let (graph, situation) = (told.graph, told.situation);
    if let Some(service) = listed.service {
        let modes = situation.modes.iter().filter(|mode| mode.service == *listed.name);
        let modes = modes.map(|mode| {
            let since = mode.since.age(situation.at);
            format!("{} ({}), for {since}; {}: {}", mode.name, mode.mode.word(), mode.trigger, mode.says)
        });
        section(lines, "Serves less", &modes.collect::<Vec<_>>());
        let triggers = situation.triggers.iter().filter(|trigger| trigger.service == *listed.name);
        let triggers = triggers.map(|trigger| {
            let word = if trigger.demands_rollback { "ROLL BACK" } else { trigger.standing.word() };
            format!("{word}: {}: {}", trigger.trigger, trigger.says)
        });
        section(lines, "Rollback triggers", &triggers.collect::<Vec<_>>());
        let gaps = gaps(service).into_iter().map(|gap| format!("{}  ({})", gap.text, gap.key));
        section(lines, "Not written down", &gaps.collect::<Vec<_>>());
    }
    let Some(node) = listed.node else { return };
    section(lines, "Stops with it", &away(graph, &graph.blast_radius(node)));
    section(lines, "It stands on", &away(graph, &graph.stands_on(node)));
    if let Some(cycle) = graph.order().cycle(node) {
        section(lines, "It stands on itself, through", &[graph.names(cycle)]);
    }
}

fn order(graph: &Graph, lines: &mut Vec<String>) {
    section(lines, "Deploy order", &[graph.order_line("→")]);
    let order = graph.order();
    let cycles: Vec<_> = order.cycles.iter().map(|cycle| graph.names(cycle)).collect();
    section(lines, "Cycles: these stand on each other", &cycles);
    let against = order.against_tiers.iter().map(|(from, to)| {
        format!("{} depends on {}, which is of a later tier", graph.name(*from), graph.name(*to))
    });
    section(lines, "Against the tiers", &against.collect::<Vec<_>>());
    let outside = graph.nodes().filter(|node| graph.tier(*node).is_none());
    let outside = outside.map(|node| format!("{} ({})", graph.name(node), graph.kind(node).word()));
    section(lines, "Named in dependencies, not in the catalog", &outside.collect::<Vec<_>>());
}

/// An empty section says so, rather than being missed.
fn section(lines: &mut Vec<String>, heading: &str, said: &[String]) {
    lines.extend([String::new(), heading.to_owned()]);
    if said.iter().all(String::is_empty) {
        lines.push("  none".to_owned());
    }
    lines.extend(said.iter().filter(|line| !line.is_empty()).map(|line| format!("  {line}")));
}

fn away(graph: &Graph, found: &[Reached]) -> Vec<String> {
    let steps = |distance| if distance == 1 { "1 step".to_owned() } else { format!("{distance} steps") };
    found.iter().map(|it| format!("{}, {} away", graph.name(it.node), steps(it.distance))).collect()
}

fn capitalised(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}
