//! What the configuration names and only a look at the thing itself can judge: a theme, a keymap, rules, a catalog.

use super::{Start, catalog, looks, open};
use crate::domain::Catalog;
use crate::sources::catalog::Current;

/// What is wrong with any of them, a line and its fix each.
pub(super) fn problems(start: &Start) -> Vec<String> {
    let mut problems = besides_catalog(start);
    let (catalog, wrong) = catalog::configured(start);
    problems.extend(wrong);
    problems.extend(unplaced(start, catalog));
    problems.extend(forges(start));
    problems
}

/// The same without the catalog, for whoever follows it and says by themselves what becomes of it.
pub(super) fn besides_catalog(start: &Start) -> Vec<String> {
    let mut problems = theme(start);
    problems.extend(keymap(start));
    problems.extend(rules(start));
    problems.extend(accounts(start));
    problems
}

fn theme(start: &Start) -> Vec<String> {
    let loaded = start.loaded();
    let Some(name) = &loaded.settings.ui.theme else { return Vec::new() };
    match looks::themes(start).load(name) {
        Ok((_, found)) => found.iter().map(ToString::to_string).collect(),
        Err(unknown) => {
            let what = format!("there is no theme {name:?}");
            vec![loaded.problem("ui.theme", what, unknown.fix).to_string()]
        }
    }
}

fn keymap(start: &Start) -> Vec<String> {
    let loaded = start.loaded();
    let Some(name) = &loaded.settings.ui.keymap else { return Vec::new() };
    match looks::keymap(start, name) {
        Some((_, found)) => found.iter().map(ToString::to_string).collect(),
        None => {
            let (what, known) =
                (format!("there is no keymap {name:?}"), looks::keymap_names(start).join(", "));
            vec![loaded.problem("ui.keymap", what, format!("there are {known}")).to_string()]
        }
    }
}

/// Rules and thresholds nobody knows, and values that are no thresholds.
fn rules(start: &Start) -> Vec<String> {
    let loaded = start.loaded();
    let place = start.paths.config_file.display();
    let is_number = |value: &toml::Value| value.is_float() || value.is_integer();
    let values =
        loaded.settings.rules.iter().flat_map(|(id, table)| table.iter().map(move |value| (id, value)));
    let wrong = values.filter(|(_, (_, value))| !is_number(value));
    let wrong =
        wrong.map(|(id, (name, value))| format!("{id}.{name} is a {}: write a number", value.type_str()));
    let unknown = open::policy(loaded).problems();
    wrong.chain(unknown).map(|what| format!("{place}: rules: {what}")).collect()
}

/// Accounts of GitHub and Bitbucket that are off.
fn forges(start: &Start) -> Vec<String> {
    let (place, clock) = (start.paths.config_file.display(), start.clock());
    let named = open::live::forges(start, &Current::default(), &clock);
    let off = named.into_iter().filter_map(|named| Some((named.name, named.forge.err()?)));
    off.map(|(name, why)| format!("{place}: {name} is off: {}\n  {}", why.what, why.fix)).collect()
}

#[cfg(feature = "aws")]
fn accounts(start: &Start) -> Vec<String> {
    super::aws::accounts(start).1
}

#[cfg(feature = "aws")]
fn unplaced(start: &Start, catalog: Catalog) -> Vec<String> {
    super::aws::unplaced(start, catalog)
}

#[cfg(not(feature = "aws"))]
fn unplaced(_: &Start, _: Catalog) -> Vec<String> {
    Vec::new()
}

/// A program built without AWS says that it does not ask it, rather than nothing.
#[cfg(not(feature = "aws"))]
fn accounts(start: &Start) -> Vec<String> {
    let place = start.paths.config_file.display();
    let name = |name: &String| format!("{place}: aws.{name}: this program was built without AWS");
    start.settings().aws.keys().map(name).collect()
}
