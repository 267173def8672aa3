//! Opening the cockpit, in the order that shows something first: the terminal, a first frame, then the
//! configuration, the room, and the session on it.
//!
//! A driver. The session runs on this thread, the engine on a thread of its own, so that neither waits for the
//! other.

use super::room::{self, Opened, Telling};
use super::{Failure, Start};
use crate::config::{Colors, Environment, Loaded, Settings, Terminal};
use crate::domain::{Clock, Person};
use crate::engine::{Handle, Snapshot};
use crate::keymap::Keymap;
use crate::theme::{Depth, Theme, Themes};
use crate::tui::ansi::Encoder;
use crate::tui::carrier::{Abilities, Carrier as _, Multiplexer};
use crate::tui::frame::Frame;
use crate::tui::local::{self, LocalTerminal, Modes};
use crate::tui::session::Session;
use crate::tui::ui::{Look, Ui, World, Zone};
use crate::tui::view::view;
use ratatui::layout::Size;
use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use tokio::runtime::Builder;

/// Opens the cockpit on a story, or on the room that is configured, and stays until the person leaves.
pub fn run(start: &Start, story: Option<Telling>) -> Result<(), Failure> {
    let size = local::size().ok_or_else(no_terminal)?;
    let modes = Modes::take().map_err(|error| unusable(&error))?;
    first_frame(start, size).map_err(|error| unusable(&error))?;
    let (paths, loaded) = start.load()?;
    let (engine, opened) = Engine::open(start, &paths, &loaded, story)?;
    let ui = ui(start, &paths, &loaded, size);
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| unusable(&error))?;
    let ended = runtime.block_on(async {
        let editor = start.environment.editor().map(str::to_owned);
        let carrier = LocalTerminal::new(modes, editor, multiplexer(&start.environment))?;
        let ui = Ui { abilities: carrier.abilities(), ..ui };
        let room = opened.handle.snapshot();
        Session { carrier, ui, room, clock: opened.clock.clone(), keep_theme: Box::new(|_| {}) }.run().await
    });
    engine.stop(&opened.handle);
    ended.map_err(|error| unusable(&error))
}

/// The header and the frame of the screen, before anything is read from anywhere.
fn first_frame(start: &Start, size: Size) -> io::Result<()> {
    let look = Look::only(Theme::default().at(depth(&start.environment, &Settings::default())), false);
    let ui = Ui::new(Person::new(""), look, Arc::default(), Zone::utc(), Abilities::default(), size);
    let snapshot = Snapshot::empty("sitroom", start.clock.now());
    let mut frame = Frame::new(size);
    view(&ui, World { snapshot: &snapshot, now: start.clock.now() }, &mut frame);
    local::write_all(Encoder::new(size).encode(&mut frame))
}

/// The thread the engine lives on.
struct Engine(std::thread::JoinHandle<()>);

impl Engine {
    #[expect(clippy::disallowed_methods, reason = "the engine has a thread of its own, joined when the session ends")]
    fn open(
        start: &Start,
        paths: &crate::config::Paths,
        loaded: &Loaded,
        story: Option<Telling>,
    ) -> Result<(Self, Opened), Failure> {
        let (told, opened) = mpsc::channel();
        let (clock, paths, loaded) = (start.clock.clone(), paths.clone(), loaded.clone());
        let thread = std::thread::spawn(move || live(&told, &clock, &paths, &loaded, story));
        let gone = || Failure::could_not("the room could not be opened", "see the log");
        opened.recv().unwrap_or_else(|_| Err(gone())).map(|opened| (Self(thread), opened))
    }

    fn stop(self, handle: &Handle) {
        if let Ok(runtime) = Builder::new_current_thread().enable_time().build() {
            runtime.block_on(handle.stop());
        }
        let _ = self.0.join();
    }
}

/// Opens the room and keeps its tasks going until it is closed.
fn live(
    told: &mpsc::Sender<Result<Opened, Failure>>,
    clock: &Clock,
    paths: &crate::config::Paths,
    loaded: &Loaded,
    story: Option<Telling>,
) {
    let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
    let mut closing = None;
    runtime.block_on(async {
        let opened = room::open(clock, paths, loaded, story).await;
        if let Ok(opened) = &opened {
            closing = Some(opened.handle.snapshot());
        }
        let _ = told.send(opened);
        if let Some(mut room) = closing.take() {
            while room.changed().await.is_ok() {}
        }
    });
    runtime.shutdown_background();
}

fn ui(start: &Start, paths: &crate::config::Paths, loaded: &Loaded, size: Size) -> Ui {
    let settings = &loaded.settings;
    let look = look(start, paths, settings);
    let keymap = room::keymap(paths, settings.ui.keymap.as_deref());
    let zone = Zone::new(start.environment.time_zone(&settings.ui.time_zone));
    let me = settings.me.clone().unwrap_or_else(|| Person::new("somebody"));
    Ui::new(me, look, Arc::new(keymap), zone, Abilities::default(), size)
}
