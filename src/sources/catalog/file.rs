//! One file of a catalog read by itself: its blocks with their lines, and what is wrong with them.

use crate::domain::Service;
use crate::domain::catalog::{Plan, Readiness, Template};
use crate::domain::problem::Problem;
use crate::sources::written::{Block, Mistake, Problems, blocks, part, table, whole};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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

/// By a service and something it says: the line that says it; that of its name under nothing.
pub(super) type Said = HashMap<(String, String), usize>;

/// A file that has been read.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// What problems call it.
    pub(super) name: String,
    pub(super) services: Vec<Placed<Service>>,
    /// Where services say what is judged by more than their own file.
    pub(super) said: Said,
    pub(super) checklists: Vec<Placed<Template>>,
    pub(super) readiness: Option<Placed<Readiness>>,
    /// The line of each block of each part of `readiness`.
    pub(super) parts: Parts,
    pub(super) plan: Option<Placed<Plan>>,
    pub(super) problems: Vec<Problem>,
}

/// What of a service is judged when all files are known.
const JUDGED: [&[&str]; 5] = [
    &["depends_on"],
    &["dependency", "name"],
    &["rollback", "triggers"],
    &["degradation", "trigger"],
    &["health_check", "url"],
];

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
                let said = said(&root, &problems);
                let services = services_of(root, &mut problems);
                Self { services: placed(services, &problems), said, ..Self::default() }
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
        let said = said(root, problems);
        let services = blocks(root, "service", problems);
        let checklists = blocks(root, "checklist", problems);
        let below = root.get("readiness").and_then(|value| value.get_ref().as_table());
        let parts = below.map(|table| parts(table, problems)).unwrap_or_default();
        let readiness = part(root, "readiness", problems);
        let plan = part(root, "plan", problems);
        Self {
            name: problems.file().to_owned(),
            services: placed(services, problems),
            said,
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

/// Where each service of a file, be it one of several or all of it, says what is judged later.
fn said(root: &DeTable<'_>, problems: &Problems<'_>) -> Said {
    let listed = root.get("service").and_then(|value| value.get_ref().as_array());
    let listed = listed.into_iter().flatten().filter_map(|value| value.get_ref().as_table());
    let alone = (!root.contains_key("service")).then_some(root);
    let mut said = Said::new();
    for service in listed.chain(alone) {
        let Some(called) = service.get("name") else { continue };
        let Some(name) = called.get_ref().as_str() else { continue };
        let mut keep = |text: &str, offset| {
            said.entry((name.to_owned(), text.to_owned())).or_insert_with(|| problems.line_of(offset));
        };
        keep("", called.span().start);
        for path in JUDGED {
            if let Some(value) = service.get(path[0]) {
                texts(value, &path[1..], &mut keep);
            }
        }
    }
    said
}

/// Every text at the end of a path, through lists wherever there are any.
fn texts(value: &Spanned<DeValue<'_>>, path: &[&str], keep: &mut impl FnMut(&str, usize)) {
    match (value.get_ref(), path) {
        (DeValue::Array(array), _) => array.iter().for_each(|value| texts(value, path, keep)),
        (DeValue::String(text), []) => keep(text, value.span().start),
        (DeValue::Table(table), [key, rest @ ..]) => {
            if let Some(value) = table.get(*key) {
                texts(value, rest, keep);
            }
        }
        _ => {}
    }
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
