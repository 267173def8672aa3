//! An incident in words, a line at a time; made safe for a terminal here, since the journal keeps what was typed.

use crate::domain::event::{EntryKind, Evidence, UpdateContent, Verdict, When};
use crate::domain::incident::{Entry, Status, Update};
use crate::domain::text::clean;
use crate::domain::{Incident, Room, Time};
use jiff::tz::TimeZone;
use std::fmt::Write as _;

pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Resolved => "resolved",
        Status::Closed => "closed",
        Status::Merged(_) => "merged",
    }
}

pub(super) fn list(room: &Room, now: Time) -> String {
    let mut incidents: Vec<_> = room.incidents.values().collect();
    incidents.sort_by_key(|incident| (incident.status != Status::Open, std::cmp::Reverse(incident.id)));
    if incidents.is_empty() {
        return "no incident was ever declared here\n".to_owned();
    }
    incidents.iter().fold(String::new(), |text, incident| text + &headline(incident, now) + "\n")
}

/// `INC-7 SEV-2 open for 12m: Checkout fails (dana has command)`.
pub(super) fn headline(incident: &Incident, now: Time) -> String {
    let Incident { id, severity, status: is, .. } = incident;
    let since = match is {
        Status::Open => format!(" for {}", incident.declared_at.age(now)),
        Status::Resolved => after(incident, incident.resolved_at),
        Status::Closed => String::new(),
        Status::Merged(into) => format!(" into {into}"),
    };
    let drill = if incident.drill.is_some() { " DRILL" } else { "" };
    format!(
        "{id}{drill} {severity} {}{since}: {} ({})",
        status(*is),
        clean(&incident.title),
        command(incident)
    )
}

pub(super) fn whole(incident: &Incident, now: Time) -> String {
    let mut text = headline(incident, now) + "\n";
    let mut say = |what: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(text, "{what}: {value}");
        }
    };
    say("declared", format!("{} by {}", moment(incident.declared_at), incident.declared_by));
    say("drill of", incident.drill.as_deref().map_or_else(String::new, clean));
    say("services", joined(&incident.services));
    say("impact", clean(&incident.impact));
    for (role, people) in &incident.roles {
        say(role.title(), joined(people));
    }
    say("resolved", incident.resolved_at.map_or_else(String::new, moment));
    say("closed", incident.closed_at.map_or_else(String::new, moment));
    for update in incident.updates.values() {
        say(&format!("{} update", update.content.audience.word()), update_said(update));
    }
    for entry in in_order(incident) {
        let _ = writeln!(text, "{}", line(entry));
    }
    text
}

/// `E3 14:10-14:25 Fact: the text  @owner #label (struck by sam)`.
pub(in crate::cli) fn line(entry: &Entry) -> String {
    let content = &entry.content;
    let mut text = format!("{} {} {}", entry.id, when(content.happened), content.entry_kind);
    if content.entry_kind == EntryKind::Hypothesis && entry.verdict != Verdict::Open {
        let _ = write!(text, " ({})", entry.verdict);
    }
    let _ = write!(text, ": {}", clean(&content.text));
    if let Some(owner) = &content.owner {
        let _ = write!(text, " @{}", clean(owner.as_str()));
    }
    for label in &content.labels {
        let _ = write!(text, " #{}", clean(label));
    }
    for evidence in &content.evidence {
        let _ = match evidence {
            Evidence::Link { url } => write!(text, " {}", clean(url)),
            other => write!(text, " [{}]", clean(&other.said())),
        };
    }
    if let Some(strike) = &entry.struck {
        let _ = write!(text, " (struck by {})", strike.by);
    }
    text
}

/// `14:50 UTC by dana: the condition; actions; needs (next 15:20 UTC)`.
fn update_said(update: &Update) -> String {
    let UpdateContent { happened, brief, next, .. } = &update.content;
    let parts = [&brief.condition, &brief.actions, &brief.needs].map(|part| clean(part));
    let said: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let next =
        next.map_or_else(String::new, |next| format!(" (next {} UTC)", next.hour_minute(&TimeZone::UTC)));
    format!("{} by {}: {}{next}", when(*happened), clean(update.by.as_str()), said.join("; "))
}

fn in_order(incident: &Incident) -> Vec<&Entry> {
    let mut entries: Vec<_> = incident.entries.values().collect();
    entries.sort_by_key(|entry| (entry.content.happened.from, entry.id));
    entries
}

fn command(incident: &Incident) -> String {
    let command = &incident.command;
    match (&command.holder, &command.offered_to) {
        (Some(holder), Some(to)) => format!("{holder} has command and offers it to {to}"),
        (Some(holder), None) => format!("{holder} has command"),
        (None, _) => "nobody has command".to_owned(),
    }
}

fn after(incident: &Incident, at: Option<Time>) -> String {
    at.map_or_else(String::new, |at| format!(" after {}", incident.declared_at.age(at)))
}

fn when(happened: When) -> String {
    let about = if happened.approximate { "~" } else { "" };
    let to = happened.to.map_or_else(String::new, |to| format!("-{}", to.hour_minute(&TimeZone::UTC)));
    format!(
        "{about}{} {}{to} UTC",
        happened.from.date(&TimeZone::UTC),
        happened.from.hour_minute(&TimeZone::UTC)
    )
}

fn moment(at: Time) -> String {
    format!("{} {} UTC", at.date(&TimeZone::UTC), at.clock(&TimeZone::UTC))
}

fn joined<'a, T: std::fmt::Display + 'a>(names: impl IntoIterator<Item = &'a T>) -> String {
    names.into_iter().map(|name| clean(&name.to_string())).collect::<Vec<_>>().join(", ")
}
