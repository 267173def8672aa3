//! `sitroom themes`: every theme by name, and what it looks like where somebody looks.

use super::paint::painted;
use super::{Exit, Failure, Out, Run, Start, looks};
use crate::theme::{Depth, Role, Theme};
use clap::Args;

/// The themes there are, with a sample of each
#[derive(Debug, Args)]
pub(super) struct Themes;

const SAMPLE: [(Role, &str); 7] = [
    (Role::Text, "text"),
    (Role::Dim, "12m"),
    (Role::Strong, "strong"),
    (Role::Accent, "accent"),
    (Role::Selection, "▸ chosen"),
    (Role::Key, "enter"),
    (Role::Title, "TITLE"),
];

impl Run for Themes {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        let themes = looks::themes(start);
        let names = themes.names();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let depth = looks::printed_depth(start, out.is_terminal());
        let mut exit = Exit::Done;
        for name in names {
            let Ok((theme, problems)) = themes.load(name) else { continue };
            if out.is_terminal() {
                out.line(format_args!("{name:width$}  {}", sample(&theme, depth)))?;
            } else {
                out.line(name)?;
            }
            for problem in &problems {
                exit = Failure::usage(problem.to_string(), "").report();
            }
        }
        Ok(exit)
    }
}

fn sample(theme: &Theme, depth: Depth) -> String {
    let theme = theme.at(depth);
    SAMPLE.map(|(role, text)| painted(theme.style(role), text)).join(" ")
}
