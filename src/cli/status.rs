//! `sitroom status`: the situation of a room or a scenario at a moment, printed. The exit code is the answer.

mod plain;

use super::incident::json::number;
use super::moment::Moment;
use super::story::Story;
use super::wait::wait;
use super::{Exit, Failure, Out, Run, Start, catalog, looks, open, room};
use crate::diagnosis::{Level, Situation, situation};
use crate::domain::incident::Status as IncidentStatus;
use crate::domain::{Catalog, Health, Person, SignalLog, SourceName, SourceStatus, Time};
use crate::store::Store;
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;

/// The situation, printed; exit 0 when it is normal, 1 when it is elevated or worse
#[derive(Debug, Args)]
pub(super) struct Status {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// Plain text without colours, for screen readers and pipes
    #[arg(long, conflicts_with = "json")]
    plain: bool,
    /// A built-in scenario, or a file, instead of the room
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// The moment: +20m after a scenario's start, -10m before its end (or before now), 14:17 in UTC, or RFC 3339
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<Moment>,
}

/// What there is to look at.
struct View {
    room: String,
    source: String,
    signals: SignalLog,
    catalog: Catalog,
    sources: Vec<SourceStatus>,
    at: Time,
    incident: Option<Front>,
}

/// The open incident in front.
#[derive(Serialize)]
struct Front {
    id: String,
    title: String,
    severity: u8,
    declared_at: Time,
    /// Who has command.
    holder: Option<Person>,
    /// How many others are open.
    others: usize,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    room: &'a str,
    source: &'a str,
    incident: Option<&'a Front>,
    #[serde(flatten)]
    situation: &'a Situation,
}

impl Run for Status {
    fn run(&self, start: &Start, out: &mut Out) -> Result<Exit, Failure> {
        start.check_flags()?;
        let view = self.view(start)?;
        let policy = open::policy(start.loaded());
        let situation = situation(&view.signals, &view.catalog, &policy, &view.sources, view.at);
        if self.json {
            let View { room, source, incident, .. } = &view;
            let incident = incident.as_ref();
            let schema = "sitroom/situation/1";
            out.json(&Document { schema, room, source, incident, situation: &situation })?;
        } else {
            let depth = looks::printed_depth(start, out.is_terminal() && !self.plain);
            let style = looks::theme(start).at(depth);
            let paint = (out.is_terminal() && !self.plain).then_some(&style);
            out.text(plain::written(&view, &situation, paint))?;
        }
        let is_calm = situation.state.level == Level::Normal && !view.is_blind_and_open();
        Ok(if is_calm { Exit::Done } else { Exit::No })
    }
}

impl Status {
    fn view(&self, start: &Start) -> Result<View, Failure> {
        let asked = self.scenario.as_deref().map(Story::named).transpose()?;
        match asked.map_or_else(|| Story::configured(start), |asked| Ok(Some(asked)))? {
            Some(story) => self.story(&story),
            None => self.kept(start),
        }
    }

    /// Without a moment, a scenario's end.
    fn story(&self, story: &Story) -> Result<View, Failure> {
        let scenario = story.read()?;
        let (start, end) = (scenario.start(), scenario.end());
        let at = self.at.map_or(end, |moment| moment.between(start, end));
        let source = SourceName::new("scenario");
        Ok(View {
            room: scenario.room().to_owned(),
            source: format!("scenario {}", scenario.name()),
            signals: scenario.signals_until(at).collect(),
            catalog: scenario.catalog().clone(),
            sources: vec![live(source, at)],
            at,
            incident: None,
        })
    }

    /// What the room has kept. Nothing is made, and where nothing is kept nothing can be said, but for an incident that
    /// is open.
    fn kept(&self, start: &Start) -> Result<View, Failure> {
        let path = start.paths.store_file();
        let nothing = || {
            let what = match &start.settings().room {
                Some(room) => format!("no signals were kept in {room} yet"),
                None => format!(
                    "nothing is configured in {}, and no signals were kept",
                    start.paths.config_file.display()
                ),
            };
            Failure::usage(
                what,
                "see one at work: sitroom status --scenario checkout-deploy\nbegin: sitroom config init, \
                 or push a signal: sitroom emit deploy --service S --version V",
            )
        };
        let incident = self.in_front(start)?;
        let signals = if path.exists() { wait(all_kept(&path))? } else { SignalLog::new() };
        if signals.is_empty() && incident.is_none() {
            return Err(nothing());
        }
        let (catalog, problems) = catalog::configured(start);
        for problem in problems {
            Failure::usage(problem, "").report();
        }
        let now = start.clock().now();
        let at = self.at.map_or(now, |moment| moment.between(now, now));
        Ok(View {
            room: start.settings().room.clone().unwrap_or_else(|| "local".to_owned()),
            source: "store".to_owned(),
            sources: seen(&signals, at),
            signals,
            catalog,
            at,
            incident,
        })
    }
}

impl View {
    /// Nothing was observed that could say how it is, and people have said that something is wrong.
    fn is_blind_and_open(&self) -> bool {
        self.signals.is_empty() && self.incident.is_some()
    }
}

impl Status {
    /// Which incident is open is known of the present only.
    fn in_front(&self, start: &Start) -> Result<Option<Front>, Failure> {
        if self.at.is_some() {
            return Ok(None);
        }
        let room = wait(room::look(start))?;
        let open = room.incidents.values().filter(|incident| incident.status == IncidentStatus::Open).count();
        Ok(room.in_front().map(|incident| Front {
            id: incident.id.to_string(),
            title: incident.title.clone(),
            severity: number(incident.severity),
            declared_at: incident.declared_at,
            holder: incident.command.holder.clone(),
            others: open.saturating_sub(1),
        }))
    }
}

pub(super) async fn all_kept(path: &std::path::Path) -> Result<SignalLog, Failure> {
    let store = Store::open(path).await?;
    let mut loading = store.load().await?;
    let mut signals = SignalLog::new();
    while let Some(chunks) = loading.next().await? {
        for chunk in chunks {
            signals.adopt(chunk);
        }
    }
    store.close().await;
    Ok(signals)
}

/// Each source as old as the last that came from it.
fn seen(signals: &SignalLog, at: Time) -> Vec<SourceStatus> {
    let mut last: BTreeMap<String, Time> = BTreeMap::new();
    for signal in signals.range(Time::MIN, at) {
        last.insert(signal.source().to_owned(), signal.at());
    }
    last.into_iter().map(|(name, at)| live(SourceName::new(name), at)).collect()
}

fn live(name: SourceName, last_good: Time) -> SourceStatus {
    SourceStatus { last_good: Some(last_good), ..SourceStatus::new(name, Health::Live, "") }
}
