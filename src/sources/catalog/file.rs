//! One file of a catalog read by itself: its blocks with their lines, and what is wrong with them.

use crate::domain::Service;
use crate::domain::catalog::{Plan, Readiness, Template};
use crate::domain::problem::Problem;
use crate::sources::written::{Block, Mistake, Problems, blocks, part, table, whole};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// What a file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `[[service]]`, `[[checklist]]`, `[readiness]` and `[plan]`.
    Whole,
    /// One service, or `[[service]]` for each of several.
    Services,
    /// `[[checklist]]`.
    Checklists,
    /// What `[readiness]` holds, without the heading.
    Readiness,
    /// What `[plan]` holds, without the heading.
    Plan,
}

/// What stands in a file, and on which line.
#[derive(Debug)]
pub(super) struct Placed<T> {
    pub(super) line: usize,
    pub(super) content: T,
}

pub(super) type Parts = BTreeMap<(String, usize), usize>;

/// A file that has been read.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// What problems call it.
    pub(super) name: String,
    pub(super) services: Vec<Placed<Service>>,
    pub(super) checklists: Vec<Placed<Template>>,
    pub(super) readiness: Option<Placed<Readiness>>,
    /// The line of each block of each part of `readiness`.
    pub(super) parts: Parts,
    pub(super) plan: Option<Placed<Plan>>,
    pub(super) problems: Vec<Problem>,
}

const PARTS: [&str; 4] = ["service", "checklist", "readiness", "plan"];

impl Written {
    pub(super) fn read(name: &str, text: &str, kind: Kind) -> Self {
        let mut problems = Problems::new(name, text);
        let mut root = table(text, &mut problems);
        let read = match kind {
            Kind::Whole => {
                let all = Self::take(&mut root, &mut problems);
                nothing_else(&root, &PARTS, &mut problems);
                all
            }
            Kind::Services => {
                let services = services_of(root, &mut problems);
                Self { services: placed(services, &problems), ..Self::default() }
            }
            Kind::Checklists => {
                let checklists = blocks(&mut root, "checklist", &mut problems);
                nothing_else(&root, &["checklist"], &mut problems);
                Self { checklists: placed(checklists, &problems), ..Self::default() }
            }
            Kind::Readiness => {
                let parts = parts(&root, &problems);
                Self { readiness: all_of(root, &mut problems), parts, ..Self::default() }
            }
            Kind::Plan => Self { plan: all_of(root, &mut problems), ..Self::default() },
        };
        Self { name: name.to_owned(), problems: problems.into_found(), ..read }
    }

    /// Takes what belongs to a catalog out of a file; its problems stay with whoever collects them.
    pub(super) fn take(root: &mut DeTable<'_>, problems: &mut Problems<'_>) -> Self {
        let services = blocks(root, "service", problems);
        let checklists = blocks(root, "checklist", problems);
        let below = root.get("readiness").and_then(|value| value.get_ref().as_table());
        let parts = below.map(|table| parts(table, problems)).unwrap_or_default();
        let readiness = part(root, "readiness", problems);
        let plan = part(root, "plan", problems);
        Self {
            name: problems.file().to_owned(),
            services: placed(services, problems),
            checklists: placed(checklists, problems),
            readiness: readiness.map(|block| place(block, problems)),
            parts,
            plan: plan.map(|block| place(block, problems)),
            problems: Vec::new(),
        }
    }
}

/// Where each block of each part of a table begins.
fn parts(table: &DeTable<'_>, problems: &Problems<'_>) -> Parts {
    let blocks = table.iter().flat_map(|(name, part)| {
        let blocks = part.get_ref().as_array().into_iter().flatten().enumerate();
        blocks.map(move |(n, block)| ((name.get_ref().to_string(), n), problems.line_of(block.span().start)))
    });
    blocks.collect()
}

/// A file with a `[[service]]` holds nothing else; any other is one service, of which half a file says nothing.
pub(super) fn services_of(mut root: DeTable<'_>, problems: &mut Problems<'_>) -> Vec<Block<Service>> {
    if !root.contains_key("service") {
        if root.is_empty() || problems.any() {
            return Vec::new();
        }
        return whole(root, problems).into_iter().collect();
    }
    let services = blocks(&mut root, "service", problems);
    nothing_else(&root, &["service"], problems);
    services
}

fn nothing_else(root: &DeTable<'_>, known: &[&str], problems: &mut Problems<'_>) {
    for (key, _) in root {
        let mistake = Mistake::unknown("a part of a catalog", key.get_ref(), known);
        problems.at(key.span().start, mistake);
    }
}

fn all_of<T: DeserializeOwned>(root: DeTable<'_>, problems: &mut Problems<'_>) -> Option<Placed<T>> {
    whole(root, problems).map(|block| place(block, problems))
}

fn placed<T>(blocks: Vec<Block<T>>, problems: &Problems<'_>) -> Vec<Placed<T>> {
    blocks.into_iter().map(|block| place(block, problems)).collect()
}

fn place<T>(block: Block<T>, problems: &Problems<'_>) -> Placed<T> {
    Placed { line: problems.line_of(block.offset), content: block.content }
}
