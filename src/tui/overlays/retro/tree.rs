//! The lines of a section: a heading for each kind, its rows, the whys as a tree below what they ask about, and last
//! what was struck and can come back.

use super::{At, Line};
use crate::domain::incident::RetroItem;
use crate::domain::retro::{Kind, Section, depth};
use crate::domain::{Incident, RetroId};
use std::collections::BTreeSet;

pub(super) fn lines<'a>(section: &Section, incident: &'a Incident) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut shown = BTreeSet::new();
    for kind in section.kinds {
        lines.push(Line { at: At::Kind(kind.word), item: None, depth: 0 });
        for item in kind.rows(incident) {
            if shown.insert(item.id) {
                lines.push(line(item, depth(incident, item)));
            }
            if kind.word == "factor" {
                whys(&mut lines, &mut shown, incident, item.id);
            }
        }
        lines.extend(struck(kind, incident).map(|item| line(item, 0)));
    }
    lines
}

fn line(item: &RetroItem, depth: usize) -> Line<'_> {
    Line { at: At::Row(item.id), item: Some(item), depth }
}

/// Every why below a factor, each right below what it asks about.
fn whys<'a>(
    lines: &mut Vec<Line<'a>>,
    shown: &mut BTreeSet<RetroId>,
    incident: &'a Incident,
    factor: RetroId,
) {
    let under = |of: RetroId, depth: usize| {
        let mut found: Vec<_> = incident.retro.whys(Some(of)).map(|item| (item, depth)).collect();
        found.reverse();
        found
    };
    let mut waiting = under(factor, 1);
    while let Some((item, depth)) = waiting.pop() {
        if shown.insert(item.id) {
            lines.push(line(item, depth));
            waiting.extend(under(item.id, depth + 1));
        }
    }
}

fn struck<'a>(kind: &'static Kind, incident: &'a Incident) -> impl Iterator<Item = &'a RetroItem> {
    let is_struck =
        move |item: &&RetroItem| item.struck.is_some() && Kind::of(&item.content).word == kind.word;
    incident.retro.items.values().filter(is_struck)
}
