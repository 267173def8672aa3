//! What the terminal and its surroundings can do, as far as the environment tells.

use super::Check;
use crate::cli::Start;
use crate::config::environment::{Colors, Terminal};
use std::path::Path;

pub(super) fn checks(start: &Start, is_terminal: bool) -> Vec<Check> {
    let terminal = Terminal::of(&start.environment, start.settings().ui.color);
    vec![
        kind(start, terminal, is_terminal),
        colors(terminal),
        encoding(start, terminal),
        copying(terminal),
        editor(start),
    ]
}

fn kind(start: &Start, terminal: Terminal, is_terminal: bool) -> Check {
    let term = start.environment.get("TERM").unwrap_or("unknown");
    if terminal.is_dumb {
        let fix = "use another terminal for the cockpit; `sitroom status --plain` works here";
        return Check::warn("terminal", "TERM is dumb: nothing can be drawn", fix);
    }
    let seen = if is_terminal { "" } else { "; the output is not a terminal now" };
    let remote = if terminal.is_remote { ", over SSH" } else { "" };
    Check::ok("terminal", format!("{term}{remote}{seen}"))
}

fn colors(terminal: Terminal) -> Check {
    match terminal.colors {
        Colors::None => Check::ok("colours", "none: states are words and glyphs"),
        Colors::Sixteen => Check::ok("colours", "16"),
        Colors::Indexed => Check::ok("colours", "256"),
        Colors::True => Check::ok("colours", "all"),
    }
}

fn encoding(start: &Start, terminal: Terminal) -> Check {
    if terminal.is_utf8 || start.settings().ui.ascii {
        return Check::ok("encoding", if terminal.is_utf8 { "UTF-8" } else { "ASCII, as it is set" });
    }
    Check::warn("encoding", "the locale is not UTF-8", "set LANG to a UTF-8 locale, or give --ascii")
}

fn copying(terminal: Terminal) -> Check {
    if terminal.is_tmux {
        let fix = "in tmux: set -g set-clipboard on, and set -g allow-passthrough on";
        return Check::warn(
            "copying",
            "copied text passes through tmux (OSC 52), which may hold it back",
            fix,
        );
    }
    Check::ok("copying", "by OSC 52, if the terminal allows it")
}

fn editor(start: &Start) -> Check {
    let Some(editor) = start.environment.editor() else {
        return Check::warn(
            "editor",
            "neither VISUAL nor EDITOR is set",
            "set EDITOR, for text of many lines",
        );
    };
    let program = editor.split_whitespace().next().unwrap_or(editor);
    let folders = start.environment.get("PATH").unwrap_or_default().split(':');
    let is_there = program.contains('/') && Path::new(program).is_file()
        || folders.into_iter().any(|folder| Path::new(folder).join(program).is_file());
    if is_there {
        return Check::ok("editor", editor);
    }
    Check::warn("editor", format!("{program} is not to be found"), "set EDITOR to a program that is there")
}
