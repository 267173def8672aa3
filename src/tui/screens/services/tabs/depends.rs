//! Whom a service stands on, as a tree, with what it does when that fails; and who stops with it, by distance.

use super::page::joined;
use super::{Page, Told};
use crate::domain::catalog::{Dependency, Failure};
use crate::domain::graph::{Node, Reached};
use crate::theme::Role;
use crate::tui::screens::situation::lines::Mark;
use std::collections::BTreeSet;

/// Lines of a tree; in a large catalog the rest is counted.
const MOST: usize = 60;

pub fn write(told: &Told<'_>, page: &mut Page) {
    let Some(node) = told.node else {
        return page.said("No dependency names it, and the catalog does not know it.", Role::Dim);
    };
    let graph = told.graph();
    if let Some(cycle) = graph.order().cycle(node) {
        let said = format!("In a cycle: {}", graph.names(cycle));
        page.said(&said, Role::Elevated);
    }
    for (from, to) in graph.order().against_tiers.iter().filter(|(from, to)| [*from, *to].contains(&node)) {
        let said = format!("{} stands on {}, which is of a later tier", graph.name(*from), graph.name(*to));
        page.said(&said, Role::Elevated);
    }
    page.said("It stands on", Role::Title);
    let mut tree = Tree { told, page, seen: BTreeSet::from([node]), left: 0 };
    tree.below(node, "");
    let left = tree.left;
    if left > 0 {
        page.said(&format!("and {left} more"), Role::Dim);
    }
    if graph.dependencies(node).is_empty() {
        page.said("nothing", Role::Dim);
    }
    let blast = graph.blast_radius(node);
    page.title(&format!("Stops with it  {}", blast.len()));
    for group in blast.chunk_by(|a, b| a.distance == b.distance) {
        let distance = group[0].distance;
        let name = if distance == 1 { "1 step".to_owned() } else { format!("{distance} steps") };
        page.named(&name, &names(told, group));
    }
    if blast.is_empty() {
        page.said("nothing", Role::Dim);
    }
}

/// Each with the sign of its level, so that the worst can be seen.
fn names(told: &Told<'_>, group: &[Reached]) -> String {
    let shown =
        group.iter().take(MOST).map(|it| format!("{} {}", sign(told, it.node).0, told.graph().name(it.node)));
    let more = group.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    joined(shown) + &more
}

struct Tree<'a, 'b> {
    told: &'a Told<'b>,
    page: &'a mut Page,
    seen: BTreeSet<Node>,
    /// Lines there was no room for.
    left: usize,
}

impl Tree<'_, '_> {
    fn below(&mut self, node: Node, indent: &str) {
        let graph = self.told.graph();
        let needs = graph.dependencies(node);
        for (place, need) in needs.iter().enumerate() {
            if self.seen.len() > MOST {
                self.left += 1;
                continue;
            }
            let is_last = place + 1 == needs.len();
            let is_new = self.seen.insert(*need);
            let wires = self.told.glyphs.wires;
            let branch = if is_last { wires[3] } else { wires[7] };
            let (sign, role) = sign(self.told, *need);
            let mut line = vec![
                (format!("{indent}{branch}{} ", wires[10]), Role::Border),
                (sign.to_owned(), role),
                (format!(" {}", graph.name(*need)), Role::Text),
            ];
            let own = self.told.service.filter(|_| self.told.node == Some(node));
            let said = own.and_then(|service| service.dependency(graph.name(*need).as_str())).map(behaviour);
            line.push((format!("  {}", place_of(self.told, *need)), Role::Dim));
            line.extend(said.filter(|said| !said.is_empty()).map(|said| (format!("  {said}"), Role::Dim)));
            if !is_new && !graph.dependencies(*need).is_empty() {
                line.push(("  as above".to_owned(), Role::Dim));
            }
            self.page.line(line);
            if is_new {
                let rail = if is_last { " " } else { self.told.glyphs.upright };
                self.below(*need, &format!("{indent}{rail}  "));
            }
        }
    }
}

fn place_of(told: &Told<'_>, node: Node) -> &'static str {
    let graph = told.graph();
    graph.tier(node).map_or_else(|| graph.kind(node).word(), |tier| tier.word())
}

fn sign(told: &Told<'_>, node: Node) -> (&'static str, Role) {
    let level = told.screen.level(node);
    level.map_or((told.glyphs.unknown, Role::Dim), |level| Mark::Level(level).drawn(told.glyphs))
}

/// What a service does when this one fails, in a few words.
fn behaviour(dependency: &Dependency) -> String {
    joined(dependency.failures.iter().map(in_short))
}

pub(super) fn in_short(failure: &Failure) -> String {
    let retry = failure.retry.as_ref().filter(|retry| retry.attempts > 0);
    let breaker = failure.breaker.as_ref();
    joined([
        failure.behaviour.map_or_else(String::new, |behaviour| behaviour.word().to_owned()),
        failure.timeout.map_or_else(String::new, |timeout| format!("within {timeout}")),
        retry.map_or_else(String::new, |retry| format!("{} attempts", retry.attempts)),
        breaker.map_or_else(String::new, |breaker| format!("breaker after {}", breaker.opens_after)),
    ])
}
