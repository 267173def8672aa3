//! An entry in detail: when it happened and when it was written, its evidence, and what it said before.

use super::{Line, frozen, named, paragraph};
use crate::domain::event::{Content, EntryKind, Ground};
use crate::domain::incident::{Entry, Judgement, Weight};
use crate::domain::{EntryId, IncidentId};
use crate::theme::Role;
use crate::tui::screens::incident::item::{kind_role, verdict_role, when};
use crate::tui::ui::{Ui, World};
use jiff::tz::TimeZone;

pub fn find<'a>(incident: IncidentId, entry: EntryId, world: World<'a>) -> Option<&'a Entry> {
    world.snapshot.room.incident(incident)?.entries.get(&entry)
}

pub fn lines(incident: IncidentId, id: EntryId, ui: &Ui, world: World<'_>, columns: usize) -> Vec<Line> {
    let Some(entry) = find(incident, id, world) else {
        return paragraph("This entry is not in the timeline.", Role::Dim, columns);
    };
    let content = &entry.content;
    let mut lines = paragraph(&content.text, Role::Strong, columns);
    lines.push(Line::new());
    let mut fact = |name: &str, said: String, role| {
        if !said.is_empty() {
            lines.extend(named(name, &said, role, columns));
        }
    };
    fact("entry", format!("{id} of {incident}"), Role::Text);
    fact("kind", content.entry_kind.title().to_owned(), kind_role(content.entry_kind));
    if content.entry_kind == EntryKind::Hypothesis {
        fact("state", entry.verdict.word().to_owned(), verdict_role(entry.verdict));
    }
    fact("happened", moment(content, ui), Role::Text);
    fact("written", format!("{} by {}", entry.written_at, entry.written_by), Role::Text);
    if let Some(key) = &entry.key {
        fact("by key", key.to_string(), Role::Dim);
    }
    fact("owner", content.owner.as_ref().map_or_else(String::new, ToString::to_string), Role::Text);
    fact("labels", content.labels.join(", "), Role::Text);
    if entry.pinned {
        fact("pinned", "yes".to_owned(), Role::Text);
    }
    if let Some(strike) = &entry.struck {
        fact("struck", format!("{} by {} {}", strike.at, strike.by, strike.reason), Role::Stale);
    }
    lines.extend(judgements(entry, columns));
    lines.extend(weights(incident, entry, world, columns));
    lines.extend(evidence(content, &ui.zone.shown(), columns));
    lines.extend(revisions(entry, ui, columns));
    lines
}

/// One line for the clipboard.
pub fn one_line(entry: &Entry) -> String {
    let content = &entry.content;
    let at = when(content.happened, &TimeZone::UTC);
    let date = content.happened.from.date(&TimeZone::UTC);
    format!("{date} {at} UTC  {}  {}: {}", content.entry_kind.title(), entry.written_by, content.text)
}

fn moment(content: &Content, ui: &Ui) -> String {
    let happened = content.happened;
    let local = when(happened, &ui.zone.local);
    let to = happened.to.map_or_else(String::new, |to| format!(" to {to}"));
    let about = if happened.approximate { "about " } else { "" };
    format!("{about}{}{to}, local {local}", happened.from)
}

fn evidence(content: &Content, zone: &TimeZone, columns: usize) -> Vec<Line> {
    if content.evidence.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new()];
    lines.extend(paragraph("Evidence, as it was then", Role::Title, columns));
    lines.extend(content.evidence.iter().flat_map(|found| frozen::lines(found, zone, columns)));
    lines
}

/// What speaks for and against it.
fn weights(incident: IncidentId, entry: &Entry, world: World<'_>, columns: usize) -> Vec<Line> {
    let said = |weight: &Weight| {
        let ground = match &weight.ground {
            Ground::Entry { of, entry: id } => {
                let text = find(of.unwrap_or(incident), *id, world).map_or("", |it| it.content.text.as_str());
                format!("{id} {text}")
            }
            Ground::Evidence { evidence } => evidence.said(),
        };
        format!("{ground} ({}, {})", weight.by, weight.at)
    };
    let one = |weight: &Weight| named(weight.bearing.word(), &said(weight), Role::Text, columns);
    entry.weights.iter().flat_map(one).collect()
}

fn judgements(entry: &Entry, columns: usize) -> Vec<Line> {
    let said = |it: &Judgement| format!("{} {} by {}: {}", it.at, it.verdict, it.by, it.reason);
    entry.judgements.iter().flat_map(|it| named("judged", &said(it), Role::Text, columns)).collect()
}

fn revisions(entry: &Entry, ui: &Ui, columns: usize) -> Vec<Line> {
    if entry.revisions.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new()];
    lines.extend(paragraph("What it said before", Role::Title, columns));
    for revision in entry.revisions.iter().rev() {
        let was = &revision.content;
        let said = format!(
            "until {} ({}): {}, {} {}",
            revision.replaced_at,
            revision.replaced_by,
            was.entry_kind.word(),
            when(was.happened, &ui.zone.shown()),
            was.text
        );
        lines.extend(paragraph(&said, Role::Text, columns));
    }
    lines
}
