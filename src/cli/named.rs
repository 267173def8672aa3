//! Themes, keymaps and rules as the configuration names them, a person's own files included.

use super::{Start, looks, open};
use crate::config::Terminal;
use crate::keymap::{self, Keymap};
use crate::theme::{Depth, Theme, Themes};
use std::fs;
use std::path::{Path, PathBuf};

/// More than this is nobody's theme or keymap.
const MAX_FILE: u64 = 1 << 20;

/// Every theme there is to choose from.
pub(super) fn themes(start: &Start) -> Themes {
    looks::library(&start.paths.themes_dir)
}

/// A keymap by name, one's own before a shipped one of that name, and what is wrong with it.
pub(super) fn keymap(start: &Start, name: &str) -> Option<(Keymap, Vec<keymap::Problem>)> {
    let own = own_files(&start.paths.keymaps_dir).into_iter().find(|(own, ..)| own == name);
    match own {
        Some((_, file, text)) => Some(Keymap::read(&file.display().to_string(), &text)),
        None => Keymap::shipped(name).map(|keymap| (keymap, Vec::new())),
    }
}

/// Every keymap's name, the shipped ones first.
pub(super) fn keymap_names(start: &Start) -> Vec<String> {
    let mut names: Vec<_> = keymap::SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let own = own_files(&start.paths.keymaps_dir).into_iter().map(|(name, ..)| name);
    names.extend(own.filter(|name| !keymap::SHIPPED.iter().any(|(shipped, _)| shipped == name)));
    names
}

/// What only a look at themes, keymaps and rules shows to be wrong, a line and its fix each.
pub(super) fn problems(start: &Start) -> Vec<String> {
    let loaded = start.loaded();
    let mut problems = Vec::new();
    if let Some(name) = &loaded.settings.ui.theme {
        match themes(start).load(name) {
            Ok((_, found)) => problems.extend(found.iter().map(ToString::to_string)),
            Err(unknown) => {
                let what = format!("there is no theme {name:?}");
                problems.push(loaded.problem("ui.theme", what, unknown.fix).to_string());
            }
        }
    }
    if let Some(name) = &loaded.settings.ui.keymap {
        match keymap(start, name) {
            Some((_, found)) => problems.extend(found.iter().map(ToString::to_string)),
            None => {
                let (what, fix) = (format!("there is no keymap {name:?}"), keymap_names(start).join(", "));
                problems.push(loaded.problem("ui.keymap", what, format!("there are {fix}")).to_string());
            }
        }
    }
    problems.extend(rules(start));
    problems
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

/// How many colours the answer may have: none where nobody looks at it.
pub(super) fn depth(start: &Start, is_terminal: bool) -> Depth {
    if !is_terminal {
        return Depth::Mono;
    }
    looks::depth(&Terminal::of(&start.environment, start.settings().ui.color))
}

/// The theme that is configured, or the one to start with.
pub(super) fn theme(start: &Start) -> Theme {
    let named = start.settings().ui.theme.as_deref().and_then(|name| themes(start).load(name).ok());
    named.map_or_else(Theme::default, |(theme, _)| theme)
}

/// Name, place and text of every TOML file of a folder, by name; what cannot be read is passed over.
fn own_files(folder: &Path) -> Vec<(String, PathBuf, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.filter_map(|entry| own_file(entry.ok()?.path())).collect();
    files.sort();
    files
}

fn own_file(path: PathBuf) -> Option<(String, PathBuf, String)> {
    let is_ours = path.extension().is_some_and(|extension| extension == "toml")
        && fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_FILE);
    let name = path.file_stem()?.to_str()?.to_owned();
    let text = is_ours.then(|| fs::read_to_string(&path).ok()).flatten()?;
    Some((name, path, text))
}
