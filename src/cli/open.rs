//! A room made of its parts: a story with everything in memory, or the room that is configured, with its files.

pub(super) mod files;
pub(super) mod live;
mod past;
mod questions;

use super::room::check_place;
use super::{Failure, Start, Story as Named, Tale, Telling as Asked, catalog, clocks, named};
use crate::config::{Loaded, Origin, Settings};
use crate::diagnosis::{Diagnosis, Policy};
use crate::domain::{Catalog, Clock, Person, Record, Seq, Signal, SourceName, Time};
use crate::engine::{Attendance, Engine, Handle, Parts, SignalKeeper, Story};
use crate::journal::{Draft, Journal as _, MemoryJournal, SqliteJournal, Unwritable};
use crate::sources::scenario::{Scenario, ScenarioSource};
use crate::sources::story::{Due, Telling};
use crate::store::Store;
use crate::tui::asking::AskLogs;
use live::Live;
use questions::Questions;
use std::path::PathBuf;
use std::sync::Arc;

/// A room that is open.
#[derive(Clone, Debug)]
pub struct Opened {
    pub handle: Handle,
    /// The room's own clock, which a story turns at its own pace.
    pub clock: Clock,
    pub policy: Policy,
    /// When it was opened, by the room's own clock.
    pub began: Time,
    /// This process's own session, as others see it.
    pub session: String,
    /// Where the room keeps what is not the truth of people; to be closed after the engine.
    pub store: Option<Store>,
    /// The file of the journal, where it is in one.
    pub journal: Option<PathBuf>,
    /// The logs of its sources, to be asked.
    pub logs: Option<Arc<dyn AskLogs>>,
}

enum Wanted {
    Story(Asked),
    Room(String),
}

/// Opens what is asked for, else what is configured, else the room of the usual place where there is one, and only where
/// there is nothing at all the built-in scenario. Must be called within the runtime that is to carry the room.
pub async fn open(wall: &Clock, start: &Start, asked: Option<Asked>) -> Result<Opened, Failure> {
    match wanted(start, asked)? {
        Wanted::Story(asked) => story(wall, start, &asked).await,
        Wanted::Room(name) => Ok(room(wall, start, &name, AT_A_SCREEN).await),
    }
}

/// The same where nobody sits: a process without a screen is nobody who is here.
#[cfg(feature = "ssh")]
///
/// The built-in scenario is for whoever looks around: what others wrote into it in earnest would be lost.
pub async fn open_unattended(wall: &Clock, start: &Start) -> Result<Opened, Failure> {
    match configured(start)? {
        Some(Wanted::Story(asked)) => story(wall, start, &asked).await,
        Some(Wanted::Room(name)) => Ok(room(wall, start, &name, "").await),
        None => Err(Failure::usage(
            "there is no room to serve",
            format!("name it: room = \"payments\" in {}", start.paths.config_file.display()),
        )),
    }
}

/// What somebody looks at until their session says so itself.
const AT_A_SCREEN: &str = "cockpit";

fn wanted(start: &Start, asked: Option<Asked>) -> Result<Wanted, Failure> {
    match asked {
        Some(asked) => Ok(Wanted::Story(asked)),
        None => Ok(configured(start)?.unwrap_or_else(|| Wanted::Story(telling(Named::first(), None)))),
    }
}

/// The room or the scenario that somebody has set up here.
fn configured(start: &Start) -> Result<Option<Wanted>, Failure> {
    let Settings { room, scenario, .. } = start.settings();
    if let Some(story) = Named::configured(start)? {
        let is_set = start.loaded().origin("scenario.speed") != Origin::Default;
        return Ok(Some(Wanted::Story(telling(story, is_set.then(|| scenario.speed.times())))));
    }
    if let Some(name) = room {
        return Ok(Some(Wanted::Room(name.clone())));
    }
    // A file that is broken may have named a room, or another place for its journal: a story in its stead would hide it.
    check_place(start)?;
    Ok(is_somebodys(start).then(|| Wanted::Room(UNNAMED.to_owned())))
}

/// What a room is called that nobody gave a name.
pub(super) const UNNAMED: &str = "local";

/// Whether somebody works here: they have written into the journal, or a configuration.
fn is_somebodys(start: &Start) -> bool {
    let loaded = start.loaded();
    loaded.is_written() || start.paths.journal_file(&loaded.settings).exists()
}

fn telling(story: Named, speed: Option<f64>) -> Asked {
    Asked { tale: Tale::Scenario(story), speed, drill: None }
}

async fn story(wall: &Clock, start: &Start, asked: &Asked) -> Result<Opened, Failure> {
    let scenario = match &asked.tale {
        Tale::Scenario(story) => story.read()?,
        Tale::Past(incident) => past::scenario(start, *incident).await?,
    };
    let scenario = Arc::new(scenario);
    let speed = asked.speed.unwrap_or(scenario.speed());
    let clock = wall.telling(scenario.start(), scenario.end(), speed);
    let told = Told(ScenarioSource::new(Arc::clone(&scenario)));
    let policy = policy(start.loaded());
    let parts = Parts {
        sources: vec![Box::new(Telling::new(SourceName::new("scenario"), told, clock.clone()))],
        catalog: Arc::new(scenario.catalog().clone()),
        diagnosis: diagnosis(scenario.catalog().clone(), policy.clone()),
        story: Some(Story { title: scenario.title().to_owned(), speed: said(speed) }),
        drill: asked.drill.is_some().then(|| scenario.name().into()),
        notices: notices(start, named::problems),
        clocks: clocks::policy(&start.settings().policy),
        policy: policy.clone(),
        ..Parts::new(scenario.room(), (), clock.clone())
    };
    let handle = match &asked.drill {
        Some(journal) => Engine::start(parts.with(SqliteJournal::open(journal).await?)),
        None => Engine::start(parts.with(told_before(&scenario).await?)),
    };
    let journal = asked.drill.clone();
    let (began, session) = (scenario.start(), session(wall));
    let logs = Questions::of(&scenario, &clock);
    Ok(Opened { handle, clock, policy, began, session, store: None, journal, logs })
}

/// The journal of a story's room as it is when the story begins.
async fn told_before(scenario: &Scenario) -> Result<MemoryJournal, Failure> {
    let journal = MemoryJournal::new();
    let draft = |record: &Record| {
        let Record { at, by, key, event, .. } = record.clone();
        Draft { at, by, key, event }
    };
    let told = journal.append(Seq::default(), scenario.past().iter().map(draft).collect()).await;
    told.map(|_| journal).map_err(|error| Failure::unable(error.to_string(), "please report this as a bug"))
}

async fn room(wall: &Clock, start: &Start, name: &str, what: &str) -> Opened {
    let (journal, kept) = tokio::join!(files::journal(start), files::store(start));
    let notices = [
        journal.as_ref().err().map(Unwritable::notice),
        kept.as_ref().err().map(|error| format!("signals are not kept: {error}; {}", error.fix())),
        kept.as_ref().ok().and_then(|(store, _)| store.notice().map(str::to_owned)),
    ];
    let (store, keeper, mut off) = match kept {
        Ok((store, keeper)) => (Some(store), Some(Arc::new(keeper) as Arc<dyn SignalKeeper>), Vec::new()),
        Err(error) => (None, None, vec![files::closed_inbox(&error)]),
    };
    let session = session(wall);
    let policy = policy(start.loaded());
    let (catalog, renewals) = catalog::followed(start, &policy);
    let Live { sources, off: mistaken, logs } = live::sources(start, &catalog, wall);
    off.extend(mistaken);
    let proof = journal.is_ok().then(|| files::proof(start));
    let ground = Parts {
        proof,
        keeper,
        sources,
        off,
        attendance: store.clone().map(|store| attendance(store, start, &session, what)),
        catalog: catalog.get(),
        renewals,
        diagnosis: diagnosis((*catalog.get()).clone(), policy.clone()),
        notices: notices.into_iter().flatten().chain(self::notices(start, named::besides_catalog)).collect(),
        keep_for: start.settings().store.retention,
        clocks: clocks::policy(&start.settings().policy),
        policy: policy.clone(),
        seed: u64::from(std::process::id()),
        ..Parts::new(name, (), wall.clone())
    };
    let handle = match journal {
        Ok(journal) => Engine::start(ground.with(journal)),
        Err(unwritable) => Engine::start(ground.with(unwritable)),
    };
    let journal = Some(start.paths.journal_file(start.settings()));
    Opened { handle, clock: wall.clone(), policy, began: wall.now(), session, store, journal, logs }
}

/// Another for every session there ever is, and the process it is in first.
fn session(clock: &Clock) -> String {
    format!("{}-{}", std::process::id(), clock.now().millis())
}

fn attendance(store: Store, start: &Start, session: &str, what: &str) -> Attendance {
    Attendance {
        store,
        session: session.to_owned(),
        person: start.settings().me.clone().unwrap_or_else(|| Person::new("somebody")),
        what: what.to_owned(),
    }
}

/// What the configuration says about the rules; only numbers are thresholds.
pub fn policy(loaded: &Loaded) -> Policy {
    let number = |value: &toml::Value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
    let thresholds = |table: &toml::Table| {
        table.iter().filter_map(|(name, value)| Some((name.clone(), number(value)?))).collect()
    };
    Policy {
        rules: loaded.settings.rules.iter().map(|(rule, table)| (rule.clone(), thresholds(table))).collect(),
    }
}

type Diagnose = Box<dyn crate::engine::Diagnose>;

fn diagnosis(catalog: Catalog, policy: Policy) -> Box<dyn Fn() -> Diagnose + Send> {
    Box::new(move || Box::new(Diagnosis::new(catalog.clone(), policy.clone())))
}

fn notices(start: &Start, named: fn(&Start) -> Vec<String>) -> Vec<String> {
    let of_file = start.loaded().problems.iter().map(ToString::to_string);
    of_file.chain(named(start)).map(|problem| problem.replace("\n  ", "; ")).collect()
}

fn said(speed: f64) -> String {
    if (speed - 1.0).abs() < f64::EPSILON { String::new() } else { format!("{speed}\u{d7}") }
}

struct Told(ScenarioSource);

impl Due for Told {
    fn due(&mut self, now: Time) -> Vec<Signal> {
        self.0.due(now)
    }

    fn next_at(&self) -> Option<Time> {
        self.0.next_at()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Global;
    use std::fs;

    /// What opens in a home where these files are.
    fn opens(files: &[(&str, &str)]) -> Result<&'static str, Failure> {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = home.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let global = Global { home: Some(home.path().to_owned()), ..Global::default() };
        let start = Start::new(global, [("USER", "dana")].into_iter().collect()).unwrap();
        wanted(&start, None).map(|wanted| match wanted {
            Wanted::Story(_) => "story",
            Wanted::Room(name) if name == UNNAMED => "unnamed room",
            Wanted::Room(_) => "room",
        })
    }

    #[test]
    fn a_story_stands_in_nobodys_place() {
        assert_eq!(opens(&[]), Ok("story"));
        assert_eq!(opens(&[("config/config.toml", "# room = \"x\"\n")]), Ok("story"));
        assert_eq!(opens(&[("data/journal.sqlite", "")]), Ok("unnamed room"));
        assert_eq!(opens(&[("config/config.toml", "me = \"dana\"\n")]), Ok("unnamed room"));
        assert_eq!(opens(&[("config/config.toml", "room = \"r\"\n")]), Ok("room"));
        let refused = opens(&[("config/config.toml", "me = \"dana\"\nroom = \"r\n")]).unwrap_err();
        assert_eq!((refused.code, refused.what.contains("config.toml:2")), (crate::cli::Exit::Usage, true));
    }
}
