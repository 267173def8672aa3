//! What a command looks at that only reads: a scenario, or what the room has kept, up to a moment.

use super::moment::Moment;
use super::story::Story;
use super::wait::wait;
use super::{Failure, Start, catalog, open, room};
use crate::diagnosis::{Situation, situation_in};
use crate::domain::{Catalog, Health, Room, SignalLog, SourceName, SourceStatus, Time};
use crate::store::{Heard, Store};
use clap::Args;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct Looking {
    /// A built-in scenario, or a file, instead of the room
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// The moment: +20m after a scenario's start, -10m before its end (or before now), 14:17 in UTC, or RFC 3339
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    pub(super) at: Option<Moment>,
}

/// What there is to look at.
pub(super) struct Seen {
    pub(super) room: String,
    pub(super) source: String,
    pub(super) signals: SignalLog,
    pub(super) catalog: Catalog,
    /// What the journal knows, where there is one to be asked.
    pub(super) journal: Arc<Room>,
    pub(super) sources: Vec<SourceStatus>,
    pub(super) at: Time,
    pub(super) origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Scenario,
    Room,
}

impl Looking {
    /// Without a moment, a scenario's end, or now. A room that has kept nothing yet is an empty one.
    pub(super) fn look(&self, start: &Start) -> Result<Seen, Failure> {
        let asked = self.scenario.as_deref().map(Story::named).transpose()?;
        match asked.map_or_else(|| Story::configured(start), |asked| Ok(Some(asked)))? {
            Some(story) => self.story(&story),
            None => self.kept(start),
        }
    }

    fn story(&self, story: &Story) -> Result<Seen, Failure> {
        let scenario = story.read()?;
        let (start, end) = (scenario.start(), scenario.end());
        let at = self.at.map_or(end, |moment| moment.between(start, end));
        let source = SourceName::new("scenario");
        Ok(Seen {
            room: scenario.room().to_owned(),
            source: format!("scenario {}", scenario.name()),
            signals: scenario.signals_until(at).collect(),
            catalog: scenario.catalog().clone(),
            journal: Arc::new(scenario.room_until(at)),
            sources: vec![live(source, at)],
            at,
            origin: Origin::Scenario,
        })
    }

    /// What the room has kept; nothing is made.
    fn kept(&self, start: &Start) -> Result<Seen, Failure> {
        let path = start.paths.store_file();
        let (signals, heard) = if path.exists() { wait(kept(&path))? } else { <_>::default() };
        let (catalog, problems) = catalog::configured(start);
        for problem in problems {
            Failure::usage(problem, "").report();
        }
        let now = start.clock().now();
        let at = self.at.map_or(now, |moment| moment.between(now, now));
        // Only a plan is measured by incidents, and a register by what was signed; the rest can be said without a journal.
        let is_told = !catalog.plan.is_empty() || !catalog.readiness.items.is_empty();
        let journal = if is_told { wait(room::look(start))? } else { Room::default() };
        Ok(Seen {
            journal: Arc::new(journal),
            room: start.settings().room.clone().unwrap_or_else(|| open::UNNAMED.to_owned()),
            source: "store".to_owned(),
            sources: seen(&signals, heard, at),
            signals,
            catalog,
            at,
            origin: Origin::Room,
        })
    }
}

impl Seen {
    /// Why the catalog has no such part, where one is written and cannot be read.
    pub(super) fn unread(&self, start: &Start, part: &str) -> Option<Failure> {
        if self.origin == Origin::Room { catalog::unread(start, part) } else { None }
    }

    /// What the diagnosis says of it, by the team's policy.
    pub(super) fn situation(&self, start: &Start) -> Situation {
        let policy = open::policy(start.loaded());
        situation_in(&self.journal, &self.signals, &self.catalog, &policy, &self.sources, self.at)
    }
}

pub(super) async fn all_kept(path: &Path) -> Result<SignalLog, Failure> {
    kept(path).await.map(|(signals, _)| signals)
}

async fn kept(path: &Path) -> Result<(SignalLog, Vec<Heard>), Failure> {
    let store = Store::look(path).await?;
    let heard = store.heard().await?;
    let mut loading = store.load().await?;
    let mut signals = SignalLog::new();
    while let Some(chunks) = loading.next().await? {
        for chunk in chunks {
            signals.adopt(chunk);
        }
    }
    store.close().await;
    if loading.unreadable() > 0 {
        let what = format!("{}: {} of its parts cannot be read", path.display(), loading.unreadable());
        // Said, and gone on: the rest is as good as ever.
        Failure::unable(
            what,
            "the signals they held are missing here; sources that can will tell them again",
        )
        .report();
    }
    Ok((signals, heard))
}

/// Each source as old as when it answered last, and stale when nobody has heard it for longer than it should take. One
/// that nobody asks is as old as the last that came from it.
fn seen(signals: &SignalLog, heard: Vec<Heard>, at: Time) -> Vec<SourceStatus> {
    let mut sources = BTreeMap::new();
    for signal in signals.range(Time::MIN, at) {
        sources.insert(signal.source().to_owned(), live(SourceName::new(signal.source()), signal.at()));
    }
    for Heard { source, at: last_good, fresh_until } in heard.into_iter().filter(|heard| heard.at <= at) {
        // An account tells by several sources, each with a name of its own behind that of the account.
        let account = source.as_str().split('/').next().unwrap_or_default().to_owned();
        sources.remove(&account);
        let status = match at < fresh_until {
            true => live(source, last_good),
            false if last_good == Heard::NEVER => SourceStatus::new(source, Health::Failing, UNANSWERED),
            false => {
                SourceStatus { health: Health::Stale, message: UNASKED.to_owned(), ..live(source, last_good) }
            }
        };
        sources.insert(status.name.as_str().to_owned(), status);
    }
    sources.into_values().collect()
}

/// What is kept was told to a room that is closed, or that is not told any more.
const UNASKED: &str = "nobody has heard it since; keep the room open, with `sitroom` or `sitroom serve`";

const UNANSWERED: &str = "it has never answered; the room says why, and so does `sitroom doctor`";

fn live(name: SourceName, last_good: Time) -> SourceStatus {
    SourceStatus { last_good: Some(last_good), ..SourceStatus::new(name, Health::Live, "") }
}
