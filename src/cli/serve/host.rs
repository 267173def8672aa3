//! What each visitor of a served room is given: a screen in their own colours, zone and keys, or a command in their name.

use super::remote;
use crate::cli::cockpit::{LOOKED, drafts};
use crate::cli::export::Desk;
use crate::cli::open::Opened;
use crate::cli::{Start, looks};
use crate::config::Environment;
use crate::domain::rights::Right;
use crate::engine::Attendance;
use crate::ssh::people::Seat;
use crate::ssh::{Errand, Host, People, Reply, Screen, Terminal, Visitor, words};
use crate::tui::follow::Gallery;
use crate::tui::keeping::KeepDrafts;
use crate::tui::ui::{Ui, Zone};
use crate::tui::wall::Wall;
use jiff::tz::TimeZone;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Of the server's own environment only what says where things are; the rest is its terminal's, not the visitor's.
const KEPT: [&str; 3] = ["HOME", "SITROOM_HOME", "SITROOM_CONFIG"];

pub(super) struct RoomHost {
    start: Start,
    opened: Opened,
    people: Arc<People>,
    gallery: Gallery,
    visits: AtomicU64,
    program: PathBuf,
}

impl RoomHost {
    pub(super) fn new(start: Start, opened: Opened, people: Arc<People>) -> Self {
        let (gallery, visits) = (Gallery::default(), AtomicU64::new(0));
        Self { start, opened, people, gallery, visits, program: itself() }
    }

    /// A room that is served read only is looked at by everybody.
    fn right(&self, visitor: &Visitor) -> Right {
        if self.start.settings().read_only { Right::Observe } else { visitor.right }
    }

    /// What the visitor would start from, were they at the server's own terminal.
    fn start_of(&self, visitor: &Visitor, terminal: &Terminal) -> Start {
        let mut global = self.start.global.clone();
        global.me = Some(visitor.person.to_string());
        let environment = environment(&self.start.environment, &terminal.environment);
        Start::new(global, environment).unwrap_or_else(|_| self.start.clone())
    }

    fn attendance(&self, visitor: &Visitor) -> Option<Attendance> {
        let visit = self.visits.fetch_add(1, Ordering::Relaxed);
        let store = self.opened.store.clone()?;
        let session = format!("{}-ssh-{visit}-{}", std::process::id(), self.opened.clock.now().millis());
        Some(Attendance { store, session, person: visitor.person.clone(), what: "over SSH".to_owned() })
    }

    /// A story lives in this process alone: a command of its own would find another room.
    fn is_story(&self) -> bool {
        self.opened.handle.snapshot().borrow().story.is_some()
    }
}

impl Host for RoomHost {
    async fn screen(&self, visitor: &Visitor, terminal: &Terminal) -> Screen {
        let start = self.start_of(visitor, terminal);
        let Opened { handle, clock, policy, store, journal, logs, .. } = self.opened.clone();
        let (look, keymap) = looks::of(&start);
        // The zone of the server's own machine is nothing to whoever looks at it from another.
        let zone = Zone::new(if terminal.says("TZ") { start.zone() } else { TimeZone::UTC });
        let me = visitor.person.clone();
        let mut ui = Ui::new(me.clone(), look, Arc::new(keymap), zone, terminal.abilities, terminal.size);
        ui.right = self.right(visitor);
        if let Some(listed) = self.people.last().listed(&visitor.person) {
            ui.role = listed.role;
            ui.wall = (listed.seat == Seat::Wall).then(Wall::default);
        }
        let attendance = self.attendance(visitor);
        let session = attendance.as_ref().map(|attendance| attendance.session.as_str());
        drafts::give_back(&mut ui, store.as_ref(), &clock, session).await;
        // Where packs go is the server's to say, and so is how they look.
        let desk = Desk::on_the_host(&self.start, policy, journal);
        let keeper = store.map(|store| drafts::Keeper { store, person: me });
        let drafts = keeper.map(|keeper| Arc::new(keeper) as Arc<dyn KeepDrafts>);
        let stall = Some(self.gallery.enter(visitor.person.clone()));
        Screen { ui, engine: handle, clock, chores: Arc::new(desk), attendance, drafts, logs, stall }
    }

    fn farewell(&self) -> &'static str {
        if self.is_story() {
            "The room is closing; it played a scenario, and nothing of it is kept"
        } else {
            "The room is closing; what was shown as saved is saved"
        }
    }

    async fn left(&self, visitor: &Visitor) {
        if let Some(store) = &self.opened.store {
            // Not knowing when somebody last looked costs them one catching up; it stops nobody.
            let _ = store.keep_draft(&visitor.person, LOOKED, &self.opened.clock.now().to_string()).await;
        }
    }

    fn errand(&self, visitor: &Visitor, line: &str) -> Result<Errand, Reply> {
        if self.is_story() {
            return Err(refused(
                3,
                "this room plays a scenario, and keeps nothing a command could find",
                "ssh -t",
            ));
        }
        let words = words::split(line).map_err(|what| refused(2, what, "close it, or leave it out"))?;
        let words = remote::with_its_line(words);
        let besides = remote::check(&words, self.right(visitor))?;
        let mut arguments = self.places();
        arguments.extend(["--as".into(), visitor.person.as_str().into()]);
        arguments.extend(["--by-key".into(), visitor.key.as_str().into()]);
        arguments.extend(words.into_iter().map(OsString::from));
        arguments.extend(besides.iter().map(OsString::from));
        Ok(Errand { program: self.program.clone(), arguments })
    }
}

impl RoomHost {
    fn places(&self) -> Vec<OsString> {
        let global = &self.start.global;
        let home = global.home.iter().flat_map(|home| [OsString::from("--home"), home.into()]);
        let config = global.config.iter().flat_map(|config| [OsString::from("--config"), config.into()]);
        home.chain(config).collect()
    }
}

/// The program that runs, which another version may have replaced on the disk: a command is then still of this one.
fn itself() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { running } else { std::env::current_exe().unwrap_or_else(|_| "sitroom".into()) }
}

/// Without a word about its encoding a terminal is taken to be of this century.
fn environment(server: &Environment, terminal: &[(String, String)]) -> Environment {
    let kept = KEPT.iter().filter_map(|name| Some(((*name).to_owned(), server.get(name)?.to_owned())));
    let says_encoding = terminal.iter().any(|(name, _)| name == "LANG" || name.starts_with("LC_"));
    let encoding = (!says_encoding).then(|| ("LANG".to_owned(), "C.UTF-8".to_owned()));
    kept.chain(encoding).chain(terminal.iter().cloned()).collect()
}

pub(super) fn refused(code: u32, what: &str, fix: &str) -> Reply {
    Reply { code, err: format!("sitroom: {what}\n  {fix}\n"), ..Reply::default() }
}
