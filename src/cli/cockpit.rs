//! Opening the cockpit, in the order that shows something first: the terminal, a first frame, then the
//! configuration, the room, and the session on it.
//!
//! A driver. The session runs on this thread, the engine on a thread of its own, so that neither waits for the
//! other.

pub(super) mod drafts;

use super::export::Desk;
use super::{Failure, Start, Telling, logging, looks, open};
use crate::config::choice::Color;
use crate::config::{Environment, Terminal};
use crate::domain::rights::Right;
use crate::domain::{Clock, Person, Time};
use crate::engine::Snapshot;
use crate::theme::Theme;
use crate::tui::ansi::Encoder;
use crate::tui::carrier::{Abilities, Carrier as _, Multiplexer};
use crate::tui::damage::Damage;
use crate::tui::frame::Frame;
use crate::tui::keeping::KeepDrafts;
use crate::tui::local::{self, LocalTerminal, Modes};
use crate::tui::session::Session;
use crate::tui::ui::{Look, Ui, World, Zone};
use crate::tui::view::view;
use crate::tui::wall::Wall;
use jiff::tz::TimeZone;
use open::Opened;
use ratatui::layout::Size;
use std::io;
use std::sync::{Arc, mpsc};
use tokio::runtime::{Builder, Runtime};

/// What a cockpit leaves behind: the room as it was seen last.
#[derive(Debug)]
pub struct Left {
    pub snapshot: Arc<Snapshot>,
    /// When it was opened and left, by the room's own clock.
    pub began: Time,
    pub ended: Time,
}

/// Opens the cockpit on the configured room, or on a story, and comes back when it is left.
pub fn run(start: &Start, story: Option<Telling>) -> Result<Left, Failure> {
    let size = local::size().ok_or_else(no_terminal)?;
    let clock = start.clock();
    let modes = Modes::take().map_err(|error| unusable(&error))?;
    first_frame(start, &clock, size).map_err(|error| unusable(&error))?;
    start.check_flags()?;
    let log = logging::start(&start.paths, start.settings(), &start.withheld);
    let room = Room::open(clock, start.clone(), story)?;
    let ended = session(start, modes, size, &room.opened, log.as_ref().err());
    let Opened { handle, clock, began, .. } = &room.opened;
    let left = Left { snapshot: handle.snapshot().borrow().clone(), began: *began, ended: clock.now() };
    room.close();
    ended.map(|()| left).map_err(|error| unusable(&error))
}

/// The header and the frame of the screen, before anything is read from anywhere.
fn first_frame(start: &Start, clock: &Clock, size: Size) -> io::Result<()> {
    let color = if start.global.no_color { Color::Never } else { Color::Auto };
    let terminal = Terminal::of(&start.environment, color);
    let theme = Theme::default().at(looks::depth(&terminal));
    let look = Look::only(theme, start.global.ascii || !terminal.is_utf8);
    let zone = Zone::new(TimeZone::UTC);
    let ui = Ui::new(Person::new(""), look, Arc::default(), zone, Abilities::default(), size);
    let now = clock.now();
    let snapshot = Snapshot::empty("sitroom", now);
    let mut frame = Frame::new(size);
    view(&ui, World { snapshot: &snapshot, situation: &snapshot.situation, now }, &mut frame, Damage::All);
    local::write_all(Encoder::new(size).encode(&frame, Damage::All))
}

fn session(
    start: &Start,
    modes: Modes,
    size: Size,
    opened: &Opened,
    unlogged: Option<&Failure>,
) -> io::Result<()> {
    let Opened { handle, clock, policy, store, journal, logs, .. } = opened.clone();
    reactor()?.block_on(async {
        let editor = start.environment.editor().map(str::to_owned);
        let carrier = LocalTerminal::new(modes, editor, multiplexer(&start.environment))?;
        let settings = start.settings();
        let me = settings.me.clone().unwrap_or_else(|| Person::new("somebody"));
        let (look, keymap) = looks::of(start);
        let zone = Zone::new(start.zone());
        let mut ui = Ui::new(me.clone(), look, Arc::new(keymap), zone, carrier.abilities(), size);
        drafts::give_back(&mut ui, store.as_ref(), &clock, Some(&opened.session)).await;
        if settings.me.is_none() {
            ui.say("You write as \"somebody\"; --as NAME, or me = \"NAME\" in config.toml, says who you are");
        }
        if handle.snapshot().borrow().story.is_some() && journal.is_none() {
            ui.say("A demo keeps nothing; `sitroom config init` begins a room of your own");
        }
        looks::begin(&mut ui, &settings.ui);
        if start.global.kiosk {
            ui.wall = Some(Wall::default());
        }
        if start.global.kiosk || settings.read_only {
            ui.right = Right::Observe;
        }
        if settings.read_only {
            ui.say("Read only: nothing can be changed from here");
        }
        if let Some(Failure { what, fix, .. }) = unlogged {
            ui.complain(format!("{what}; {fix}"));
        }
        let (room, engine) = (handle.snapshot(), handle);
        let chores = Arc::new(Desk::here(start, policy, journal));
        let keeper = store.clone().map(|store| drafts::Keeper { store, person: me.clone() });
        let drafts = keeper.map(|keeper| Arc::new(keeper) as Arc<dyn KeepDrafts>);
        let ended =
            Session { carrier, ui, room, engine, clock: clock.clone(), chores, drafts, logs, stall: None }
                .run()
                .await;
        if let Some(store) = store {
            // Not knowing when somebody last looked costs them one catching up; it stops nobody.
            let _ = store.keep_draft(&me, LOOKED, &clock.now().to_string()).await;
        }
        ended
    })
}

/// Where it is kept when a person last looked at this room.
pub(super) const LOOKED: &str = "looked";

/// An open room and the thread it lives on.
struct Room {
    opened: Opened,
    thread: std::thread::JoinHandle<()>,
}

impl Room {
    #[expect(
        clippy::disallowed_methods,
        reason = "the engine has a thread of its own, joined when the room closes"
    )]
    fn open(clock: Clock, start: Start, story: Option<Telling>) -> Result<Self, Failure> {
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || live(&tell, &clock, &start, story));
        let lost =
            || Err(Failure::unable("the room could not be opened", "the log says more; please report it"));
        let opened = told.recv().unwrap_or_else(|_| lost())?;
        Ok(Self { opened, thread })
    }

    fn close(self) {
        let Self { opened, thread } = self;
        if let Ok(runtime) = reactor() {
            runtime.block_on(opened.handle.stop());
        }
        drop(opened);
        let _ = thread.join();
    }
}

/// Opens the room and keeps its tasks going until it is closed.
fn live(tell: &mpsc::Sender<Result<Opened, Failure>>, clock: &Clock, start: &Start, story: Option<Telling>) {
    let Ok(runtime) = reactor() else { return };
    runtime.block_on(async {
        let opened = open::open(clock, start, story).await;
        let room = opened.as_ref().ok().map(|opened| (opened.handle.snapshot(), opened.store.clone()));
        let _ = tell.send(opened);
        let Some((mut snapshots, store)) = room else { return };
        while snapshots.changed().await.is_ok() {}
        if let Some(store) = store {
            store.close().await;
        }
    });
    runtime.shutdown_background();
}

fn reactor() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

fn multiplexer(environment: &Environment) -> Multiplexer {
    match environment.get("TMUX") {
        Some(_) => Multiplexer::Tmux,
        None if environment.get("TERM").is_some_and(|term| term.starts_with("screen")) => Multiplexer::Screen,
        None => Multiplexer::None,
    }
}

fn no_terminal() -> Failure {
    if local::is_there() {
        return Failure::usage(
            "this terminal says that it has no columns or no rows",
            "tell it its size, as in `stty rows 24 cols 80`; or see `sitroom status`",
        );
    }
    Failure::usage("the cockpit needs a terminal", "without one, `sitroom status` prints the situation")
}

fn unusable(error: &io::Error) -> Failure {
    Failure::unable(
        format!("the terminal cannot be used: {error}"),
        "try another terminal, or `sitroom status`",
    )
}
