//! A signal in detail: its facts, its link, and what its source sent.

use super::{Line, named, paragraph};
use crate::domain::SignalKey;
use crate::theme::Role;
use crate::tui::ui::{Ui, World};

pub fn lines(key: SignalKey, ui: &Ui, world: World<'_>, columns: usize) -> Vec<Line> {
    let Some(signal) = world.snapshot.signals.get(key) else {
        return paragraph("This signal is older than what is kept.", Role::Dim, columns);
    };
    let at = signal.at();
    let zone = &ui.zone.local;
    let mut lines = paragraph(signal.title(), Role::Strong, columns);
    lines.push(Line::new());
    let facts = [
        ("when", format!("{at}, local {} {}", at.date(zone), at.clock(zone))),
        ("age", at.age(world.now).to_string()),
        ("kind", signal.kind().to_string()),
        ("source", signal.source().to_owned()),
        ("service", signal.service().to_owned()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        lines.extend(named(name, value, Role::Text, columns));
    }
    if let Some(link) = signal.link() {
        lines.extend(named("link", link, Role::Link, columns));
    }
    lines.extend(named("id", &signal.id().to_string(), Role::Dim, columns));
    if let Some(raw) = signal.raw() {
        lines.push(Line::new());
        lines.extend(paragraph("Payload", Role::Title, columns));
        lines.extend(paragraph(&pretty(raw), Role::Text, columns));
    }
    lines
}

/// JSON is laid out for reading; anything else is shown as it came.
pub fn pretty(raw: &str) -> String {
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(raw);
    parsed.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| raw.to_owned())
}
