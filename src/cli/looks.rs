//! Themes and keymaps as this person has them: the shipped ones, and their own files over them.

use super::Start;
use crate::config::choice::Notify;
use crate::config::environment::Colors;
use crate::config::{Terminal, settings};
use crate::domain::problem::Problem;
use crate::keymap::{self, Keymap};
use crate::theme::{Depth, Theme, Themes};
use crate::tui::ring::Ring;
use crate::tui::screens::Screen;
use crate::tui::ui::{Look, Mouse, Ui};
use std::fs;
use std::path::{Path, PathBuf};

/// More than this is nobody's theme or keymap.
const MAX_FILE: u64 = 1 << 20;

/// What a session looks like and which keys it has; what is wrong with either is among the [problems](super::named).
pub(super) fn of(start: &Start) -> (Look, Keymap) {
    let ui = &start.settings().ui;
    let keymap = ui.keymap.as_deref().and_then(|name| keymap(start, name));
    (look(start), keymap.map(|(keymap, _)| keymap).unwrap_or_default())
}

/// How a session begins: on which screen, with whose mouse, and how it is told that something is due. A screen that
/// is not in this build is the first one.
pub(super) fn begin(ui: &mut Ui, settings: &settings::Ui) {
    let verb = format!("screen.{}", settings.screen.word());
    let screen = Screen::ALL.into_iter().find(|screen| screen.face().verb.name() == verb);
    ui.screen = screen.unwrap_or(ui.screen);
    ui.mouse = if settings.mouse { Mouse::Ours } else { Mouse::Theirs };
    ui.ring = match settings.notify {
        Notify::Off => Ring::Off,
        Notify::Bell => Ring::Bell,
        Notify::Osc9 => Ring::Osc9,
    };
}

/// Every theme there is to choose from.
pub(super) fn themes(start: &Start) -> Themes {
    let mut themes = Themes::default();
    for (name, file, text) in own_files(&start.paths.themes_dir) {
        themes.add(&name, &file.display().to_string(), &text);
    }
    themes
}

/// The theme that is configured, or the one to start with.
pub(super) fn theme(start: &Start) -> Theme {
    let named = start.settings().ui.theme.as_deref().and_then(|name| themes(start).load(name).ok());
    named.map_or_else(Theme::default, |(theme, _)| theme)
}

/// A keymap by name, one's own before a shipped one of that name, and what is wrong with it.
pub(super) fn keymap(start: &Start, name: &str) -> Option<(Keymap, Vec<Problem>)> {
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

pub(super) fn depth(terminal: &Terminal) -> Depth {
    match terminal.colors {
        Colors::None => Depth::Mono,
        Colors::Sixteen => Depth::Sixteen,
        Colors::Indexed => Depth::TwoFiftySix,
        Colors::True => Depth::True,
    }
}

/// How many colours a printed answer may have: none where nobody looks at it.
pub(super) fn printed_depth(start: &Start, is_terminal: bool) -> Depth {
    if is_terminal { depth(&terminal(start)) } else { Depth::Mono }
}

fn terminal(start: &Start) -> Terminal {
    Terminal::of(&start.environment, start.settings().ui.color)
}

fn look(start: &Start) -> Look {
    let ui = &start.settings().ui;
    let terminal = terminal(start);
    let library = themes(start);
    let names = library.names().into_iter().map(str::to_owned);
    let loaded = names.filter_map(|name| {
        let (theme, _) = library.load(&name).ok()?;
        Some((name, theme.at(depth(&terminal))))
    });
    let wanted = ui.theme.as_deref().unwrap_or_default();
    Look::new(loaded.collect(), wanted, ui.ascii || !terminal.is_utf8).at(depth(&terminal))
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
