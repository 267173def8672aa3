//! What the panel says of people: who is here and what they do, and what is wrong with the command.

use super::item::{Line, Pen, wrapped};
use crate::domain::incident::{Warning, command_warnings};
use crate::theme::Role;
use crate::tui::presence::{Here, here};
use crate::tui::ui::World;

/// More than these share the last line.
const MOST: usize = 6;

/// Everybody with their part, their screen, and whether they type.
pub fn present(pen: &Pen<'_>, world: World<'_>) -> Vec<Line> {
    let here = here(world.snapshot, pen.incident);
    if here.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        Line::new(),
        vec![("HERE".to_owned(), Role::Title), (format!("  {}", here.len()), Role::Strong)],
    ];
    let widest = here.iter().map(|it| it.person.as_str().chars().count()).max().unwrap_or(0);
    lines.extend(here.iter().take(MOST).map(|it| one(it, widest)));
    if here.len() > MOST {
        lines.push(vec![(format!("and {} more", here.len() - MOST), Role::Dim)]);
    }
    lines
}

fn one(here: &Here, widest: usize) -> Line {
    let name = format!("{:widest$}  ", here.person.as_str());
    let part = if here.part.is_empty() { String::new() } else { format!("{}  ", here.part) };
    let role = if here.is_typing() { Role::Accent } else { Role::Dim };
    vec![(name, Role::Text), (part, Role::Strong), (here.what.join("; "), role)]
}

/// The same in a few words: names, and an ellipsis behind who types.
pub fn present_short(pen: &Pen<'_>, world: World<'_>) -> Line {
    let here = here(world.snapshot, pen.incident);
    let others: Vec<_> = here
        .iter()
        .map(|it| {
            let typing = if it.is_typing() { pen.glyphs.ellipsis } else { "" };
            format!("{}{typing}", it.person)
        })
        .collect();
    match others.len() {
        0 => Line::new(),
        _ => vec![("here ".to_owned(), Role::Dim), (format!("{}  ", others.join(", ")), Role::Text)],
    }
}

/// What to warn of; that nobody has command is said where the commander would stand.
pub fn warnings(pen: &Pen<'_>, world: World<'_>, columns: usize) -> Vec<Line> {
    let warnings = command_warnings(pen.incident, world.snapshot.clocks.reports);
    let worth = warnings.iter().filter(|it| !matches!(it, Warning::NobodyCommands(_)));
    worth.flat_map(|it| wrapped(&format!("{} {it}", pen.glyphs.elevated), Role::Elevated, columns)).collect()
}

/// The same where there is hardly room.
pub fn warnings_short(pen: &Pen<'_>, world: World<'_>) -> Line {
    let warnings = command_warnings(pen.incident, world.snapshot.clocks.reports);
    let said = warnings.iter().filter_map(|it| match it {
        Warning::NobodyCommands(_) => None,
        Warning::CommanderHandsOn { role, .. } => Some(format!("{} IC is {role} too", pen.glyphs.elevated)),
        Warning::TooManyReports { reports, .. } => {
            Some(format!("{} {reports} report to the IC", pen.glyphs.elevated))
        }
    });
    said.map(|said| (format!("  {said}"), Role::Elevated)).collect()
}
