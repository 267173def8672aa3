//! A hand-over packet in words, part by part, the same on a screen and in a shell.

use crate::domain::event::{Brief, OpenHypothesis, Owner, Packet, RunningTask, Timer};
use crate::domain::id::IncidentId;
use crate::domain::time::Time;
use jiff::tz::TimeZone;

/// What the packet says under one title; nothing is a thing to be told too, and has no lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub title: &'static str,
    pub lines: Vec<String>,
}

/// Condition, actions and needs.
pub fn tell_brief(brief: &Brief) -> Vec<Told> {
    let Brief { condition, actions, needs } = brief;
    let parts = [("Condition", condition), ("Actions", actions), ("Needs", needs)];
    parts.into_iter().map(|(title, said)| told(title, said.lines().map(str::to_owned))).collect()
}

/// Everything else that goes with command; what there may be many of comes last.
pub fn tell_packet(packet: &Packet, zone: &TimeZone) -> Vec<Told> {
    let next = packet.next_update.map(|at| format!("promised for {}", clock(at, zone)));
    vec![
        told("Running tasks", packet.tasks.iter().map(|task| running(task, zone))),
        told(
            "Clocks",
            packet.timers.iter().map(|Timer { nudge, due }| timer(&nudge.to_string(), *due, zone)),
        ),
        told("Exit criteria not met", packet.criteria.iter().cloned()),
        told("Last update", last_update(packet, zone)),
        told("Next update", next),
        told("Owners", packet.owners.iter().map(|Owner { role, person }| format!("{role}: {person}"))),
        told("Open hypotheses", packet.hypotheses.iter().map(hypothesis)),
    ]
}

fn told(title: &'static str, lines: impl IntoIterator<Item = String>) -> Told {
    Told { title, lines: lines.into_iter().filter(|line| !line.trim().is_empty()).collect() }
}

fn hypothesis(OpenHypothesis { of, entry, text }: &OpenHypothesis) -> String {
    format!("{}{entry} {text}", origin(*of))
}

fn running(RunningTask { of, task, content }: &RunningTask, zone: &TimeZone) -> String {
    let owner = content.owner.as_ref().map_or_else(String::new, |owner| format!(" ({owner})"));
    let due = content.due.map_or_else(String::new, |due| format!(", due {}", clock(due, zone)));
    let call_back =
        content.call_back.map_or_else(String::new, |at| format!(", call back {}", clock(at, zone)));
    format!("{}{task} {}{owner}{due}{call_back}", origin(*of), content.text)
}

fn timer(nudge: &str, due: Time, zone: &TimeZone) -> String {
    format!("{} {nudge}", clock(due, zone))
}

fn last_update(packet: &Packet, zone: &TimeZone) -> Option<String> {
    let update = packet.last_update.as_ref()?;
    let at = clock(update.happened.from, zone);
    Some(format!("{at} {}: {}", update.audience.word(), update.brief.condition))
}

fn origin(of: Option<IncidentId>) -> String {
    of.map_or_else(String::new, |of| format!("{of} "))
}

fn clock(at: Time, zone: &TimeZone) -> String {
    at.hour_minute(zone)
}
