//! Themes and keymaps as this person has them: the shipped ones, and their own files over them.

use super::Start;
use crate::config::Terminal;
use crate::config::environment::Colors;
use crate::keymap::Keymap;
use crate::theme::{Depth, Theme, Themes};
use crate::tui::ui::Look;
use std::fs;
use std::path::Path;

/// What a session looks like and which keys it has, and all that is wrong with the files that say so.
pub fn of(start: &Start) -> (Look, Keymap, Vec<String>) {
    let mut problems = Vec::new();
    let look = look(start, &mut problems);
    let keymap = keymap(start, &mut problems);
    (look, keymap, problems)
}

pub fn depth(terminal: &Terminal) -> Depth {
    match terminal.colors {
        Colors::None => Depth::Mono,
        Colors::Sixteen => Depth::Sixteen,
        Colors::Indexed => Depth::TwoFiftySix,
        Colors::True => Depth::True,
    }
}

fn look(start: &Start, problems: &mut Vec<String>) -> Look {
    let settings = start.settings();
    let terminal = Terminal::of(&start.environment, settings.ui.color);
    let depth = depth(&terminal);
    let library = library(&start.paths.themes_dir);
    let load = |name: &str, problems: &mut Vec<String>| match library.load(name) {
        Ok((theme, wrong)) => {
            problems.extend(wrong.iter().map(ToString::to_string));
            theme.at(depth)
        }
        Err(unknown) => {
            problems.push(unknown.to_string());
            Theme::default().at(depth)
        }
    };
    let wanted = settings.ui.theme.as_deref().unwrap_or_default();
    let mut names: Vec<_> = library.names().into_iter().map(str::to_owned).collect();
    if !wanted.is_empty() && !names.iter().any(|name| name == wanted) {
        problems.push(library.load(wanted).err().map_or_else(String::new, |unknown| unknown.to_string()));
    }
    let themes = names.drain(..).map(|name| (name.clone(), load(&name, problems))).collect();
    Look::new(themes, wanted, settings.ui.ascii || !terminal.is_utf8)
}

/// The shipped themes and the person's own.
pub fn library(folder: &Path) -> Themes {
    let mut themes = Themes::default();
    for (name, file, text) in own_files(folder) {
        themes.add(&name, &file, &text);
    }
    themes
}

fn keymap(start: &Start, problems: &mut Vec<String>) -> Keymap {
    let Some(wanted) = start.settings().ui.keymap.as_deref() else { return Keymap::default() };
    if let Some((_, file, text)) = own_files(&start.paths.keymaps_dir).find(|(name, _, _)| name == wanted) {
        let (keymap, wrong) = Keymap::read(&file, &text);
        problems.extend(wrong.iter().map(ToString::to_string));
        return keymap;
    }
    Keymap::shipped(wanted).unwrap_or_else(|| {
        problems.push(format!("there is no keymap `{wanted}`; `sitroom keys --help` names them"));
        Keymap::default()
    })
}

/// Name, file and text of every TOML file in a folder; a folder that is not there has none.
fn own_files(folder: &Path) -> impl Iterator<Item = (String, String, String)> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths.into_iter().filter_map(|path| {
        let name = path.file_stem()?.to_str()?.to_owned();
        Some((name, path.display().to_string(), fs::read_to_string(&path).ok()?))
    })
}
