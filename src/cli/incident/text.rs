//! An incident in words, a line at a time; made safe for a terminal here, since the journal keeps what was typed.

use crate::domain::event::{EntryKind, Evidence, Verdict, When};
use crate::domain::incident::{Entry, Status, What, name, timeline};
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
    say("services", joined(&incident.all_services()));
    say("impact", clean(&incident.whole_impact()));
    for (role, people) in &incident.roles {
        say(role.title(), joined(people));
    }
    say("resolved", incident.resolved_at.map_or_else(String::new, moment));
    say("closed", incident.closed_at.map_or_else(String::new, moment));
    for line in timeline(incident) {
        let said = match &line.what {
            What::Entry(entry) => self::line(entry),
            What::Announcement(it) => format!("{}: {}", when(it.when), clean(&it.text)),
        };
        let _ = writeln!(text, "{}", name(line.origin, said));
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

fn command(incident: &Incident) -> String {
    let command = &incident.command;
    match (&command.holder, &command.offered_to) {
        (Some(holder), Some(to)) => format!("{holder} has command and offers it to {to}"),
        (Some(holder), None) => format!("{holder} has command"),
        (None, _) => "nobody has command".to_owned(),
    }
}

fn after(incident: &Incident, at: Option<Time>) -> String {
    let Some(at) = at else { return String::new() };
    if at < incident.declared_at {
        return format!(" {}, before it was declared by this clock", moment(at));
    }
    format!(" after {}", incident.declared_at.age(at))
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
