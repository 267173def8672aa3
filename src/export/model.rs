//! What the journal knows of an incident, as the pack needs it: typed, in order, and nothing added.

use super::around::{KnownRow, ServiceRow};
use super::evidence;
use super::series::{self, SeriesRow};
use crate::domain::event::{
    Bearing, EntryKind, Event, Evidence, Ground, ItemState, Moment, MomentValue, Record, RetroContent,
    RetroState, Severity, Support, Verdict, When,
};
use crate::domain::id::{EntryId, IncidentId, Person, RetroId, ServiceName};
use crate::domain::incident::{Entry, Incident, Line, Measured, Status, What, durations, timeline};
use crate::domain::time::{Day, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    pub incident: Summary,
    /// The journal this was told from, up to its last record.
    pub head: Option<Head>,
    pub moments: Vec<MomentRow>,
    pub durations: Vec<DurationRow>,
    pub timeline: Vec<TimelineRow>,
    /// Entries that were struck, and are left out.
    pub struck: usize,
    /// Signals that somebody froze as evidence, in the order they happened.
    pub signals: Vec<SignalRow>,
    /// Series that somebody froze as evidence, with where they stand.
    pub series: Vec<SeriesRow>,
    /// What the catalog says of the services it was about.
    pub services: Vec<ServiceRow>,
    /// What the signals said at the moments that count.
    pub known: Vec<KnownRow>,
    pub review: RetroState,
    pub rows: Vec<Row>,
    /// Everybody who did something or was given something, wherever the pack says so or not; nobody reads it there.
    #[serde(skip)]
    pub involved: BTreeSet<Person>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub id: String,
    pub title: String,
    pub severity: Severity,
    pub status: String,
    pub services: Vec<ServiceName>,
    /// What customers felt, as it was said in the incident.
    pub impact: String,
    pub declared_at: Time,
    pub date: Day,
    /// Everybody who acted or held a role, and as what.
    pub people: BTreeMap<Person, BTreeSet<String>>,
    /// Set where it was not real.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exercise: Option<Exercise>,
}

/// What was played instead of something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    pub is: ExerciseKind,
    pub of: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExerciseKind {
    Drill,
    Demo,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub seq: u64,
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MomentRow {
    pub moment: Moment,
    pub at: Option<Time>,
    pub said: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DurationRow {
    pub word: String,
    pub title: String,
    pub recorded: bool,
    pub said: String,
    /// The first and the last moment it may have lasted from and to, where it is recorded.
    pub from: Option<Time>,
    pub to: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineRow {
    pub from: Time,
    pub to: Option<Time>,
    /// The time for people, in UTC.
    pub time: String,
    pub entry: Option<String>,
    pub kind: String,
    pub text: String,
    pub by: Person,
    /// Whose it is, and what it is labelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// What it rests on, and what speaks for it.
    pub evidence: Vec<String>,
    /// What speaks against it.
    pub against: Vec<String>,
    /// Fact or hypothesis, and what became of it.
    pub notes: String,
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SignalRow {
    pub at: Time,
    pub title: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: RetroId,
    pub state: ItemState,
    pub content: RetroContent,
}

impl TimelineRow {
    /// The text, with whose it is and its labels where it does not say so.
    pub(super) fn event(&self) -> String {
        let owner = self.owner.iter().map(|owner| format!("@{owner}"));
        let marks = owner.chain(self.labels.iter().map(|label| format!("#{label}")));
        let unsaid = marks.filter(|mark| !self.text.contains(mark));
        std::iter::once(self.text.clone()).chain(unsaid).collect::<Vec<_>>().join(" ")
    }

    /// What speaks for it and against it, on one line.
    pub(super) fn grounds(&self) -> String {
        let against = self.against.iter().map(|said| format!("against: {said}"));
        self.evidence.iter().cloned().chain(against).collect::<Vec<_>>().join("; ")
    }
}

impl Model {
    pub fn of(incident: &Incident, head: Option<Head>) -> Self {
        let lines = timeline(incident);
        let date = Day::of(incident.when(Moment::ImpactStart).map_or(incident.declared_at, |when| when.from));
        let row = |line| timeline_row(incident, line, date);
        Self {
            incident: summary(incident, date),
            head,
            moments: moments(incident, date),
            durations: durations(incident).into_iter().map(|row| duration(row, incident)).collect(),
            timeline: lines.iter().filter(|line| belongs(line)).map(row).collect(),
            struck: incident.entries.values().filter(|entry| entry.struck.is_some()).count(),
            signals: signals(incident, &lines),
            series: series::frozen(incident, &lines),
            services: incident.all_services().iter().map(ServiceRow::unknown).collect(),
            known: KnownRow::unknown(incident, |when| said_when(when, date)),
            review: incident.retro.state(),
            rows: incident
                .retro
                .standing()
                .map(|item| Row { id: item.id, state: item.state, content: item.content.clone() })
                .collect(),
            involved: incident.with_merged().flat_map(|(_, incident)| involved(incident)).cloned().collect(),
        }
    }

    pub fn row(&self, id: RetroId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// What a statement rests on, in words.
    pub fn support(&self, support: &Support) -> Vec<String> {
        let said = Some(support.evidence.trim().to_owned()).filter(|said| !said.is_empty());
        said.into_iter().chain(support.grounds.iter().map(|ground| self.ground(ground))).collect()
    }

    fn ground(&self, ground: &Ground) -> String {
        match ground {
            Ground::Evidence { evidence } => evidence.said(),
            Ground::Entry { of, entry } => {
                let name = entry_name(*of, *entry);
                let row = self.timeline.iter().find(|row| row.entry.as_deref() == Some(&name));
                row.map_or(name.clone(), |row| format!("{name} {}", row.text))
            }
        }
    }
}

fn summary(incident: &Incident, date: Day) -> Summary {
    let status = match incident.status {
        Status::Open => "open".to_owned(),
        Status::Resolved => "resolved".to_owned(),
        Status::Closed => "closed".to_owned(),
        Status::Merged(into) => format!("merged into {into}"),
    };
    Summary {
        id: incident.id.to_string(),
        title: incident.title.clone(),
        severity: incident.severity,
        status,
        services: incident.all_services(),
        impact: incident.whole_impact(),
        declared_at: incident.declared_at,
        date,
        people: people(incident),
        exercise: incident.drill.clone().map(|of| Exercise { is: ExerciseKind::Drill, of }),
    }
}

fn people(incident: &Incident) -> BTreeMap<Person, BTreeSet<String>> {
    let mut people: BTreeMap<Person, BTreeSet<String>> = BTreeMap::new();
    let mut is = |person: &Person, role: Option<&str>| {
        people.entry(person.clone()).or_default().extend(role.map(str::to_owned));
    };
    for line in timeline(incident) {
        is(line.by(), None);
    }
    for (_, incident) in incident.with_merged() {
        for record in incident.history.values() {
            for (person, role) in roles(record) {
                is(person, Some(role));
            }
        }
    }
    people
}

/// Whoever acted in an incident, and whoever something in it is or was owned by, struck or not.
fn involved(incident: &Incident) -> BTreeSet<&Person> {
    let mut found = BTreeSet::new();
    for record in incident.history.values() {
        found.insert(&record.by);
        if let Event::TaskWritten { content, .. } = &record.event {
            found.extend(&content.owner);
        }
    }
    for entry in incident.entries.values() {
        found.insert(&entry.written_by);
        found.extend(&entry.content.owner);
        found.extend(entry.weights.iter().map(|weight| &weight.by));
        for revision in &entry.revisions {
            found.insert(&revision.replaced_by);
            found.extend(&revision.content.owner);
        }
    }
    for item in incident.retro.items.values() {
        found.insert(&item.written_by);
        let said = item.revisions.iter().map(|revision| &revision.content).chain([&item.content]);
        found.extend(said.filter_map(RetroContent::owner));
    }
    found
}

/// Who was what by a record. Whoever was only asked is named as well.
fn roles(record: &Record) -> Vec<(&Person, &'static str)> {
    match &record.event {
        Event::CommandTaken { relieved, .. } => {
            relieved.iter().chain([&record.by]).map(|person| (person, "IC")).collect()
        }
        Event::CommandAccepted { from, .. } | Event::HandoverAccepted { from, .. } => {
            vec![(from, "IC"), (&record.by, "IC")]
        }
        Event::CommandOffered { to, .. } | Event::HandoverOffered { to, .. } => {
            vec![(to, "was offered command")]
        }
        Event::NextCommanderNamed { next: Some(next), .. } => vec![(next, "named as next IC")],
        Event::RoleTaken { role, .. } => vec![(&record.by, role.title())],
        _ => Vec::new(),
    }
}

fn moments(incident: &Incident, date: Day) -> Vec<MomentRow> {
    let row = |moment: &Moment| {
        let (at, said) = match incident.moment(*moment) {
            MomentValue::Happened { when } => (Some(when.from), said_when(when, date)),
            MomentValue::Never => (None, "did not happen".to_owned()),
            MomentValue::Unknown => (None, super::NOT_CAPTURED.to_owned()),
        };
        MomentRow { moment: *moment, at, said }
    };
    Moment::ALL.iter().map(row).collect()
}

fn duration(
    (duration, measured): (&crate::domain::incident::Duration, Measured),
    incident: &Incident,
) -> DurationRow {
    let recorded = matches!(measured, Measured::Recorded(_));
    let end = |moment: Moment| incident.when(moment).filter(|_| recorded);
    DurationRow {
        word: duration.word.to_owned(),
        title: duration.title.to_owned(),
        recorded,
        said: measured.say(incident.status),
        from: end(duration.from).map(|when| when.from),
        to: end(duration.to).map(When::end),
    }
}

fn belongs(line: &Line<'_>) -> bool {
    match &line.what {
        What::Entry(entry) => entry.struck.is_none(),
        What::Announcement(announcement) => {
            announcement.announces.is_curated() || announcement.announces.is_work()
        }
    }
}

fn timeline_row(incident: &Incident, line: &Line<'_>, date: Day) -> TimelineRow {
    let base = TimelineRow {
        from: line.when.from,
        to: line.when.to,
        time: said_when(line.when, date),
        entry: None,
        kind: String::new(),
        text: line.text().to_owned(),
        by: line.by().clone(),
        owner: None,
        labels: Vec::new(),
        evidence: Vec::new(),
        against: Vec::new(),
        notes: String::new(),
        verdict: None,
    };
    match &line.what {
        What::Announcement(announcement) => TimelineRow {
            kind: announcement.announces.word().to_owned(),
            notes: "Recorded by the journal".to_owned(),
            ..base
        },
        What::Entry(entry) => {
            let own = entry.content.evidence.iter().map(Evidence::said);
            let leaning =
                |bearing| entry.leaning(bearing).map(|ground| ground_said(incident, line.origin, ground));
            TimelineRow {
                entry: Some(entry_name(line.origin, entry.id)),
                kind: entry.content.entry_kind.word().to_owned(),
                owner: entry.content.owner.clone(),
                labels: entry.content.labels.clone(),
                evidence: own.chain(leaning(Bearing::For)).collect(),
                against: leaning(Bearing::Against).collect(),
                notes: notes(entry),
                verdict: entry.is_hypothesis().then_some(entry.verdict),
                ..base
            }
        }
    }
}

pub(super) fn entry_name(of: Option<IncidentId>, entry: EntryId) -> String {
    of.map_or_else(|| entry.to_string(), |of| format!("{of}/{entry}"))
}

/// A ground in words; an entry with no incident named is of the same one as what it weighs.
fn ground_said(incident: &Incident, origin: Option<IncidentId>, ground: &Ground) -> String {
    match ground {
        Ground::Evidence { evidence } => evidence.said(),
        Ground::Entry { of, entry } => {
            let of = of.or(origin).filter(|of| *of != incident.id);
            let mut all = incident.with_merged();
            let found = all.find(|(origin, _)| *origin == of).and_then(|(_, it)| it.entries.get(entry));
            let name = entry_name(of, *entry);
            found.map_or(name.clone(), |entry| format!("{name} {}", entry.content.text))
        }
    }
}

fn notes(entry: &Entry) -> String {
    if entry.content.entry_kind != EntryKind::Hypothesis {
        return entry.content.entry_kind.title().to_owned();
    }
    let reason = entry.judgements.last().map_or("", |judgement| judgement.reason.trim());
    match reason {
        "" => format!("Hypothesis, {}", entry.verdict),
        reason => format!("Hypothesis, {}: {reason}", entry.verdict),
    }
}

fn signals(incident: &Incident, lines: &[Line<'_>]) -> Vec<SignalRow> {
    let found = evidence::all(incident, lines).into_iter().filter_map(|(_, evidence)| match evidence {
        Evidence::Signal { at, title, .. } => Some(SignalRow { at: *at, title: title.clone() }),
        _ => None,
    });
    found.collect::<BTreeSet<_>>().into_iter().collect()
}

/// `~14:25`, `14:10–14:25`, and with the day where it is another one.
fn said_when(when: When, date: Day) -> String {
    let said = |at: Time| {
        let clock = at.hour_minute(&TimeZone::UTC);
        if Day::of(at) == date { clock } else { format!("{} {clock}", Day::of(at)) }
    };
    let about = if when.approximate { "~" } else { "" };
    match when.to {
        Some(to) => format!("{about}{}–{}", said(when.from), said(to)),
        None => format!("{about}{}", said(when.from)),
    }
}
