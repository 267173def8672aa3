//! The command panel: how bad, for how long, who has command and which roles, and what is still only supposed.

use super::badge::{clock, severity_role};
use super::item::{Line, Pen, glyph, wrapped};
use super::work;
use super::{clocks, people};
use crate::domain::event::{EntryKind, Role as Duty};
use crate::domain::incident::{Entry, Status};
use crate::export::Gate;
use crate::theme::Role;
use crate::tui::text;
use crate::tui::ui::World;
use std::collections::BTreeSet;

/// The keys the panel names.
pub struct Keys {
    pub take: String,
    pub answer: String,
    pub gate: String,
}

/// Everything, for a column beside the timeline.
pub fn tall(pen: &Pen<'_>, world: World<'_>, keys: &Keys, columns: usize) -> Vec<Line> {
    let mut lines = vec![status(pen)];
    lines.extend(wrapped(&pen.incident.title, Role::Strong, columns));
    lines.extend(named("impact", &pen.incident.impact, columns));
    lines.extend(named("services", &services(pen), columns));
    lines.push(Line::new());
    lines.extend(command(pen, &keys.take));
    lines.extend(people::warnings(pen, world, columns));
    lines.extend(duties(pen).into_iter().flat_map(|(duty, people)| named(duty, &people, columns)));
    let unclaimed = unclaimed(pen);
    if !unclaimed.is_empty() {
        lines.extend(wrapped(&format!("unclaimed: {unclaimed}"), Role::Dim, columns));
    }
    lines.extend(clocks::lines(pen, world, &keys.answer, columns));
    lines.extend(hypotheses(pen, columns));
    lines.extend(work::lines(pen, columns));
    lines.extend(people::present(pen, world));
    lines
}

/// What the post-mortem would be worth if it were sent now.
pub fn gate(gate: &Gate, key: &str) -> Vec<Line> {
    let role = if gate.passed { Role::Ok } else { Role::Dim };
    let judging = match gate.language.len() {
        0 => String::new(),
        1 => ", 1 wording judges people".to_owned(),
        count => format!(", {count} wordings judge people"),
    };
    vec![
        Line::new(),
        vec![
            ("POST-MORTEM".to_owned(), Role::Title),
            (format!("  gate {}/{}", gate.total, gate.of), role),
            (judging, Role::Elevated),
            (format!("  {key}"), Role::Key),
        ],
    ]
}

fn hypotheses(pen: &Pen<'_>, columns: usize) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    let open = open_hypotheses(pen);
    lines
        .push(vec![("OPEN HYPOTHESES".to_owned(), Role::Title), (format!("  {}", open.len()), Role::Strong)]);
    if open.is_empty() {
        lines.push(vec![("None: h in the scribe line writes one.".to_owned(), Role::Dim)]);
    }
    lines.extend(open.into_iter().flat_map(|entry| hypothesis(pen, entry, columns)));
    lines
}

/// The same said shortly, for a few lines above the timeline.
pub fn short(pen: &Pen<'_>, world: World<'_>, keys: &Keys, columns: usize) -> Vec<Line> {
    let mut first = status(pen);
    let taken: usize = first.iter().map(|(said, _)| text::width(said)).sum();
    let title = text::fit(&pen.incident.title, columns.saturating_sub(taken + 2), pen.glyphs.ellipsis);
    first.push((format!("  {title}"), Role::Strong));
    let mut second = Line::new();
    for (n, line) in command(pen, &keys.take).into_iter().enumerate() {
        if n > 0 {
            second.push(("  ".to_owned(), Role::Dim));
        }
        second.extend(line);
    }
    second.extend(people::warnings_short(pen, world));
    let mut third: Line = work::urgent(pen).into_iter().collect();
    third.extend(people::present_short(pen, world));
    for (duty, people) in duties(pen) {
        third.push((format!("{duty} "), Role::Dim));
        third.push((format!("{people}  "), Role::Text));
    }
    let open = open_hypotheses(pen);
    if let Some(entry) = open.first() {
        third.push((
            format!("{} open {} ", open.len(), glyph(EntryKind::Hypothesis, pen.glyphs)),
            Role::Hypothesis,
        ));
        third.push((entry.content.text.clone(), Role::Text));
    }
    vec![first, second, third]
}

fn status(pen: &Pen<'_>) -> Line {
    let incident = pen.incident;
    let role = if incident.status == Status::Open { severity_role(incident.severity) } else { Role::Ok };
    let (word, since) = match incident.status {
        Status::Open => ("declared", incident.declared_at),
        Status::Resolved => ("resolved", incident.resolved_at.unwrap_or(incident.declared_at)),
        Status::Merged(_) => ("merged, declared", incident.declared_at),
        Status::Closed => ("closed", incident.closed_at.unwrap_or(incident.declared_at)),
    };
    let drill = incident.drill.as_ref().map(|_| (" DRILL ".to_owned(), Role::Demo));
    let mut line: Line = drill.into_iter().collect();
    if !line.is_empty() {
        line.push((" ".to_owned(), Role::Text));
    }
    line.extend([
        (incident.severity.to_string(), role),
        (format!("  {}  {word} ", incident.id), Role::Dim),
        (clock(since.age(pen.now)), Role::Strong),
        (" ago".to_owned(), Role::Dim),
    ]);
    line
}

/// Nobody having command is the one thing said loudly.
fn command(pen: &Pen<'_>, take_key: &str) -> Vec<Line> {
    let command = &pen.incident.command;
    let mut lines = match (&command.holder, pen.incident.status) {
        (Some(holder), _) => {
            let until = pen.incident.resolved_at.unwrap_or(pen.now);
            let since =
                command.since.map_or_else(String::new, |at| format!("  for {}", clock(at.age(until))));
            vec![vec![("IC ".to_owned(), Role::Dim), (holder.to_string(), Role::Strong), (since, Role::Dim)]]
        }
        (None, Status::Open) => {
            let since = command.since.unwrap_or(pen.incident.declared_at);
            let ago = clock(since.age(pen.now));
            let said = format!("{} NOBODY HAS COMMAND for {ago}", pen.glyphs.critical);
            let press = [("press ", Role::Dim), (take_key, Role::Key), (" to take it", Role::Dim)];
            let press = press.map(|(said, role)| (said.to_owned(), role));
            vec![vec![(said, Role::Critical)], press.into()]
        }
        (None, _) => vec![vec![("Nobody has command".to_owned(), Role::Dim)]],
    };
    if let Some(to) = &command.offered_to {
        lines.push(vec![("offered to ".to_owned(), Role::Dim), (to.to_string(), Role::Strong)]);
    }
    if let Some(next) = &command.next {
        lines.push(vec![("next IC ".to_owned(), Role::Dim), (next.to_string(), Role::Text)]);
    }
    lines
}

fn duties(pen: &Pen<'_>) -> Vec<(&'static str, String)> {
    let held = pen.incident.roles.iter().filter(|(_, people)| !people.is_empty());
    held.map(|(duty, people)| {
        (duty.title(), people.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    })
    .collect()
}

fn unclaimed(pen: &Pen<'_>) -> String {
    let is_free = |duty: &&Duty| {
        **duty != Duty::Observer && pen.incident.roles.get(duty).is_none_or(BTreeSet::is_empty)
    };
    Duty::ALL.iter().filter(is_free).map(|duty| duty.title()).collect::<Vec<_>>().join(", ")
}

fn services(pen: &Pen<'_>) -> String {
    let services = pen.incident.all_services();
    if services.is_empty() {
        return "unknown".to_owned();
    }
    services.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn open_hypotheses<'a>(pen: &Pen<'a>) -> Vec<&'a Entry> {
    pen.incident.with_merged().flat_map(|(_, incident)| incident.open_hypotheses()).collect()
}

fn hypothesis(pen: &Pen<'_>, entry: &Entry, columns: usize) -> Vec<Line> {
    let mut lines = wrapped(&entry.content.text, Role::Text, columns.saturating_sub(2));
    for (n, line) in lines.iter_mut().enumerate() {
        let lead = if n == 0 { glyph(EntryKind::Hypothesis, pen.glyphs) } else { " " };
        line.insert(0, (format!("{lead} "), Role::Hypothesis));
    }
    lines
}

fn named(name: &str, value: &str, columns: usize) -> Vec<Line> {
    if value.is_empty() {
        return Vec::new();
    }
    let lead = format!("{name} ");
    let mut lines = wrapped(&format!("{lead}{value}"), Role::Text, columns);
    if let Some((said, role)) = lines.first_mut().and_then(Vec::pop) {
        let value = said.strip_prefix(&lead).map(str::to_owned);
        lines[0] = match value {
            Some(value) => vec![(lead, Role::Dim), (value, role)],
            None => vec![(said, role)],
        };
    }
    lines
}
