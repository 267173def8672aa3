//! An incident as JSON: `sitroom/incident/1` and `sitroom/incidents/1`, described in `docs/JSON.md`.

mod work;

pub(super) use work::Moments;
pub(in crate::cli) use work::{checklist_json, criterion_json};

use crate::domain::event::{EntryKind, Evidence, Ground, Packet, Severity, UpdateContent, When};
use crate::domain::incident::{self, Entry, Strike, Weight, metrics};
use crate::domain::{Fingerprint, Incident, Person, Room, ServiceName, Span, Time};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct List<'a> {
    schema: &'static str,
    seq: u64,
    incidents: Vec<Head<'a>>,
    metrics: Vec<Metric>,
}

/// How long something takes here, over the incidents that recorded it.
#[derive(Serialize)]
struct Metric {
    metric: &'static str,
    recorded: usize,
    of: usize,
    median_seconds: Option<i64>,
    p90_seconds: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct Whole<'a> {
    schema: &'static str,
    /// The last record of the journal this reflects.
    seq: u64,
    #[serde(flatten)]
    head: Head<'a>,
    roles: BTreeMap<&'static str, Vec<&'a Person>>,
    evidence: &'a [Evidence],
    entries: Vec<Line<'a>>,
    updates: Vec<Update<'a>>,
    merged: Vec<Merged<'a>>,
    #[serde(flatten)]
    work: work::Work<'a>,
}

/// An incident that was merged into this one, with what was written in it and what is to be done.
#[derive(Serialize)]
struct Merged<'a> {
    id: String,
    title: &'a str,
    entries: Vec<Line<'a>>,
    #[serde(flatten)]
    to_do: work::ToDo<'a>,
}

/// A status update.
#[derive(Serialize)]
struct Update<'a> {
    written_at: Time,
    by: &'a Person,
    #[serde(flatten)]
    content: &'a UpdateContent,
}

#[derive(Serialize)]
struct Head<'a> {
    id: String,
    title: &'a str,
    severity: u8,
    status: &'static str,
    services: &'a [ServiceName],
    impact: &'a str,
    declared_at: Time,
    declared_by: &'a Person,
    command: Command<'a>,
    resolved_at: Option<Time>,
    closed_at: Option<Time>,
    /// What was replayed, where this was practice.
    drill: Option<&'a str>,
}

#[derive(Serialize)]
struct Command<'a> {
    holder: Option<&'a Person>,
    offered_to: Option<&'a Person>,
    /// What goes with the offer.
    offered_packet: Option<&'a Packet>,
    /// What the holder read when accepting.
    accepted_packet: Option<&'a Packet>,
    next: Option<&'a Person>,
    first_taken_at: Option<Time>,
}

/// One entry of a timeline, in an incident or alone.
#[derive(Serialize)]
pub(in crate::cli) struct Line<'a> {
    id: String,
    kind: &'static str,
    happened: Happened,
    text: &'a str,
    owner: Option<&'a Person>,
    labels: &'a [String],
    evidence: &'a [Evidence],
    written_at: Time,
    written_by: &'a Person,
    /// The key they came with, when they came over SSH.
    key: Option<&'a Fingerprint>,
    /// Of a hypothesis.
    verdict: Option<&'static str>,
    weights: Vec<Weighed<'a>>,
    pinned: bool,
    revisions: usize,
    struck: Option<Struck<'a>>,
}

/// What speaks for or against a hypothesis.
#[derive(Serialize)]
struct Weighed<'a> {
    bearing: &'static str,
    ground: &'a Ground,
    by: &'a Person,
    at: Time,
}

#[derive(Serialize)]
struct Happened {
    from: Time,
    to: Option<Time>,
    approximate: bool,
}

#[derive(Serialize)]
struct Struck<'a> {
    at: Time,
    by: &'a Person,
    reason: &'a str,
}

impl Happened {
    fn of(When { from, to, approximate }: When) -> Self {
        Self { from, to, approximate }
    }
}

pub(super) fn list(room: &Room) -> List<'_> {
    let incidents = room.incidents.values().map(|incident| head(incident)).collect();
    List { schema: "sitroom/incidents/1", seq: room.seq.0, incidents, metrics: measured(room) }
}

fn measured(room: &Room) -> Vec<Metric> {
    let metric = |it: incident::Metric| Metric {
        metric: it.duration.word,
        recorded: it.recorded.len(),
        of: it.of,
        median_seconds: it.median().map(Span::as_seconds),
        p90_seconds: it.p90().map(Span::as_seconds),
    };
    metrics(room).into_iter().map(metric).collect()
}

pub(super) fn whole<'a>(room: &Room, incident: &'a Incident, now: Time) -> Whole<'a> {
    let roles = incident.roles.iter().map(|(role, people)| (role.word(), people.iter().collect()));
    Whole {
        schema: "sitroom/incident/1",
        seq: room.seq.0,
        head: head(incident),
        roles: roles.collect(),
        evidence: &incident.evidence,
        entries: incident.entries.values().map(line).collect(),
        merged: incident.merged_tree().map(|origin| merged(origin, now)).collect(),
        work: work::work(incident, now),
        updates: incident.updates.values().map(update).collect(),
    }
}

fn update(update: &incident::Update) -> Update<'_> {
    Update { written_at: update.written_at, by: &update.by, content: &update.content }
}

pub(in crate::cli) fn line(entry: &Entry) -> Line<'_> {
    let content = &entry.content;
    Line {
        id: entry.id.to_string(),
        kind: content.entry_kind.word(),
        happened: Happened::of(content.happened),
        text: &content.text,
        owner: content.owner.as_ref(),
        labels: &content.labels,
        evidence: &content.evidence,
        written_at: entry.written_at,
        written_by: &entry.written_by,
        key: entry.key.as_ref(),
        verdict: (content.entry_kind == EntryKind::Hypothesis).then(|| entry.verdict.word()),
        weights: entry.weights.iter().map(weighed).collect(),
        pinned: entry.pinned,
        revisions: entry.revisions.len(),
        struck: entry.struck.as_ref().map(|Strike { at, by, reason }| Struck { at: *at, by, reason }),
    }
}

fn weighed(weight: &Weight) -> Weighed<'_> {
    Weighed { bearing: weight.bearing.word(), ground: &weight.ground, by: &weight.by, at: weight.at }
}

fn merged(origin: &Incident, now: Time) -> Merged<'_> {
    let entries = origin.entries.values().map(line).collect();
    Merged { id: origin.id.to_string(), title: &origin.title, entries, to_do: work::to_do(origin, now) }
}

fn head(incident: &Incident) -> Head<'_> {
    let command = &incident.command;
    Head {
        id: incident.id.to_string(),
        title: &incident.title,
        severity: number(incident.severity),
        status: super::text::status(incident.status),
        services: &incident.services,
        impact: &incident.impact,
        declared_at: incident.declared_at,
        declared_by: &incident.declared_by,
        command: Command {
            holder: command.holder.as_ref(),
            offered_to: command.offered_to.as_ref(),
            offered_packet: command.offered_packet.as_deref(),
            accepted_packet: command.accepted_packet.as_deref(),
            next: command.next.as_ref(),
            first_taken_at: command.first_taken_at,
        },
        resolved_at: incident.resolved_at,
        closed_at: incident.closed_at,
        drill: incident.drill.as_deref(),
    }
}

pub(in crate::cli) fn number(severity: Severity) -> u8 {
    match severity {
        Severity::Sev1 => 1,
        Severity::Sev2 => 2,
        Severity::Sev3 => 3,
        Severity::Sev4 => 4,
        Severity::Sev5 => 5,
    }
}
