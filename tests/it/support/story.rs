//! A story about one person's session: a real engine, a real session, and a terminal that only remembers.
//!
//! Verbs are pressed by name. The clock of the runtime stands still while anything can go on, so letting a moment
//! pass is waiting until everybody waits: the session for a key, the engine for news, no thread computing.

use super::cupboard::Cupboard;
use super::terminal::Terminal;
use super::{keys, scene};
use jiff::tz::{TimeZone, offset};
use ratatui::layout::Size;
use sitroom::diagnosis::{self, Diagnosis, Policy};
use sitroom::domain::{Catalog, Clock, Person, Signal, SourceName, Span, Time};
use sitroom::engine::{Diagnose, Engine, Handle, Parts, Snapshot};
use sitroom::journal::MemoryJournal;
use sitroom::keymap::Keymap;
use sitroom::sources::scenario::ScenarioSource;
use sitroom::sources::story::{Due, Telling};
use sitroom::theme::{SHIPPED, Theme};
use sitroom::tui::carrier::{Arrival, Carrier};
use sitroom::tui::chores::Chores;
use sitroom::tui::drafts::restore;
use sitroom::tui::session::Session;
use sitroom::tui::ui::{Look, Ui, Zone};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Longer than a lone escape is waited for and than news is held back.
const MOMENT: Duration = Duration::from_millis(60);
/// Shorter than a lone escape is waited for.
const BLINK: Duration = Duration::from_millis(5);
/// Longer than the diagnosis lets things settle.
const NEWS: Duration = Duration::from_millis(400);

pub struct Story {
    room: Handle,
    clock: Clock,
    chores: Arc<dyn Chores>,
    size: Size,
    wire: Wire,
    session: JoinSet<io::Result<()>>,
    sat_down: Instant,
    terminal: Terminal,
    cupboard: Cupboard,
    sessions: usize,
    runtime: Runtime,
}

/// What a session and its terminal have between them.
#[derive(Clone)]
struct Wire {
    arrivals: mpsc::UnboundedSender<Arrival>,
    sent: Arc<Mutex<Vec<u8>>>,
    size: Arc<Mutex<Size>>,
}

struct End {
    arrivals: mpsc::UnboundedReceiver<Arrival>,
    wire: Wire,
}

impl Carrier for End {
    async fn next(&mut self) -> Arrival {
        self.arrivals.recv().await.unwrap_or(Arrival::Ended)
    }

    fn waiting(&mut self) -> Option<Arrival> {
        self.arrivals.try_recv().ok()
    }

    fn size(&self) -> Size {
        *self.wire.size.lock().unwrap()
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.wire.sent.lock().unwrap().extend(bytes);
        Ok(())
    }
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

impl Story {
    /// Somebody sits down before the first scenario just when it is told.
    pub fn at_the_end() -> Self {
        Self::begin(Arc::new(|snapshot: &Snapshot, at| {
            diagnosis::situation(
                &snapshot.signals,
                &snapshot.catalog,
                &Policy::default(),
                &snapshot.sources,
                at,
            )
        }))
    }

    /// The same, with another way to look back.
    pub fn begin(chores: Arc<dyn Chores>) -> Self {
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let (room, clock) = runtime.block_on(async { open() });
        let size = Size::new(80, 24);
        let mut story = Self {
            room,
            clock,
            chores,
            size,
            wire: wire(size).0,
            session: JoinSet::new(),
            sat_down: Instant::now(),
            terminal: Terminal::new(size),
            cupboard: Cupboard::default(),
            sessions: 0,
            runtime,
        };
        story.sit_down();
        story.pass(NEWS);
        story
    }

    /// Begins a session on the room, in a terminal of its own.
    pub fn sit_down(&mut self) {
        self.sit_down_as("dana");
    }

    /// The same for somebody else.
    pub fn sit_down_as(&mut self, person: &str) {
        let (wire, carrier) = wire(self.size);
        let themes = SHIPPED.map(|(name, _)| (name.to_owned(), Theme::shipped(name).unwrap()));
        let look = Look::new(Arc::new(themes), SHIPPED[0].0, false);
        let zone = Zone::new(TimeZone::fixed(offset(1)));
        let keymap = Arc::new(Keymap::default());
        let me = Person::new(person);
        let mut ui = Ui::new(me.clone(), look, keymap, zone, carrier.abilities(), self.size);
        let (room, engine) = (self.room.snapshot(), self.room.clone());
        let (clock, chores) = (self.clock.clone(), Arc::clone(&self.chores));
        self.sessions += 1;
        restore(&mut ui, &self.sessions.to_string(), self.cupboard.found(&me), |_| false);
        let drafts = Some(self.cupboard.of(&me));
        let session = Session { carrier, ui, room, engine, clock, chores, drafts, logs: None, stall: None };
        self.session = JoinSet::new();
        self.session.spawn_on(session.run(), self.runtime.handle());
        self.sat_down = self.runtime.block_on(async { Instant::now() });
        self.wire = wire;
        self.terminal = Terminal::new(self.size);
        self.pass(MOMENT);
    }

    /// The session is killed, as long after the last key as that, and somebody sits down again.
    pub fn killed_after(&mut self, pause: Duration) -> &mut Self {
        self.pass(pause);
        self.session = JoinSet::new();
        self.cupboard.stick(false);
        self.sit_down();
        self
    }

    /// From here on no draft reaches the disk any more before the kill.
    pub fn with_a_slow_disk(&mut self) -> &mut Self {
        self.cupboard.stick(true);
        self
    }

    /// Presses the key of a verb.
    #[track_caller]
    pub fn press(&mut self, verb: &str) -> &mut Self {
        for chord in keys::of(verb) {
            self.arrive(keys::sent(chord));
        }
        self.pass(MOMENT)
    }

    pub fn press_times(&mut self, times: usize, verb: &str) -> &mut Self {
        for _ in 0..times {
            self.press(verb);
        }
        self
    }

    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.arrive(c.to_string().into_bytes());
        }
        self.pass(MOMENT)
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(&keys::pasted(text))
    }

    /// Bytes that a slow line cuts into pieces.
    pub fn send_in_pieces(&mut self, pieces: &[&[u8]]) -> &mut Self {
        for piece in pieces {
            self.arrive(piece.to_vec());
            self.pass(BLINK);
        }
        self.pass(MOMENT)
    }

    /// Bytes as they come from a terminal.
    pub fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.arrive(bytes.to_vec());
        self.pass(MOMENT)
    }

    pub fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.size = Size::new(width, height);
        *self.wire.size.lock().unwrap() = self.size;
        self.terminal.resize(self.size);
        let _ = self.wire.arrivals.send(Arrival::Resized(self.size));
        self.pass(MOMENT)
    }

    /// Signals are pushed to the room, and everybody has had time to see them.
    pub fn tell(&mut self, signals: Vec<Signal>) -> &mut Self {
        self.runtime.block_on(self.room.report(signals)).unwrap();
        self.pass(NEWS)
    }

    pub fn now(&self) -> Time {
        let _its_time = self.runtime.enter();
        self.clock.now()
    }

    pub fn is_over(&self) -> bool {
        self.session.is_empty()
    }

    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        assert!(self.screen().contains(text), "`{text}` is not on the screen:\n{}", self.screen());
        self
    }

    #[track_caller]
    pub fn hides(&mut self, text: &str) -> &mut Self {
        assert!(!self.screen().contains(text), "`{text}` is on the screen:\n{}", self.screen());
        self
    }

    pub fn screen(&self) -> String {
        self.terminal.rows().join("\n")
    }

    /// What is below the header, whose clock goes on.
    pub fn body(&self) -> String {
        self.terminal.rows().split_off(2).join("\n")
    }

    /// The row that begins with the cursor, and where it stands.
    #[track_caller]
    pub fn cursor(&self) -> (usize, String) {
        let mut rows = self.terminal.rows().into_iter().enumerate();
        rows.find(|(_, row)| row.starts_with('▸')).unwrap_or_else(|| panic!("no cursor:\n{}", self.screen()))
    }

    /// Draws everything again; what only changed is drawn must have been the same.
    #[track_caller]
    pub fn is_drawn_whole(&mut self) -> &mut Self {
        if self.is_out_of_date() {
            return self;
        }
        let (shown, look) = (self.screen(), self.terminal.look());
        keys::of("app.redraw").into_iter().for_each(|chord| self.arrive(keys::sent(chord)));
        self.pass(BLINK);
        // Where a second has gone by in between, the two are pictures of different moments.
        if clocks(&shown) != clocks(&self.screen()) {
            return self;
        }
        let redrawn = self.terminal.look();
        let cells = look.cells.iter().zip(&redrawn.cells).enumerate();
        let width = usize::from(self.size.width);
        for (place, (shown_cell, wanted)) in cells {
            let (x, y) = (place % width, place / width);
            assert_eq!(shown_cell, wanted, "at {x},{y} of:\n{shown}\n\nredrawn:\n{}", self.screen());
        }
        assert_eq!(look.cursor, redrawn.cursor, "{shown}");
        self
    }

    /// Whether clocks and ages would be other ones by now than when the session last looked at the time.
    fn is_out_of_date(&self) -> bool {
        let _its_time = self.runtime.enter();
        let since_tick = Span::millis(i64::try_from(self.sat_down.elapsed().as_millis() % 1_000).unwrap());
        let second = |time: Time| time.millis() / 1_000;
        let now = self.clock.now();
        second(now - since_tick) != second(now + Span::millis(10)) || since_tick > Span::millis(900)
    }

    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    fn arrive(&self, bytes: Vec<u8>) {
        let _ = self.wire.arrivals.send(Arrival::Bytes(bytes));
    }

    fn pass(&mut self, time: Duration) -> &mut Self {
        self.runtime.block_on(async { sleep(time).await });
        let sent = std::mem::take(&mut *self.wire.sent.lock().unwrap());
        self.terminal.take(&sent);
        while let Some(ended) = self.session.try_join_next() {
            match ended {
                Ok(left) => left.unwrap(),
                Err(crashed) => std::panic::resume_unwind(crashed.into_panic()),
            }
        }
        self
    }
}

/// The time in the header and every countdown beside it: each has a second of its own that may go by.
fn clocks(screen: &str) -> Vec<&str> {
    let is_time = |word: &&str| word.len() >= 5 && word.chars().all(|c| c.is_ascii_digit() || c == ':');
    screen.split_whitespace().filter(|word| word.contains(':')).filter(is_time).collect()
}

fn wire(size: Size) -> (Wire, End) {
    let (sender, arrivals) = mpsc::unbounded_channel();
    let wire = Wire { arrivals: sender, sent: Arc::default(), size: Arc::new(Mutex::new(size)) };
    (wire.clone(), End { arrivals, wire })
}

/// The room of the scenario, whose time goes as the runtime's does.
fn open() -> (Handle, Clock) {
    let scenario = Arc::new(scene::scenario());
    let (began, from) = (Instant::now(), scenario.end());
    let clock = Clock::wall(move || from + Span::millis(i64::try_from(began.elapsed().as_millis()).unwrap()));
    let catalog: Catalog = scenario.catalog().clone();
    let name = scenario.room().to_owned();
    let diagnosed = catalog.clone();
    let source =
        Telling::new(SourceName::new("scenario"), Told(ScenarioSource::new(scenario)), clock.clone());
    let parts = Parts {
        sources: vec![Box::new(source)],
        catalog: Arc::new(catalog),
        diagnosis: Box::new(move || -> Box<dyn Diagnose> {
            Box::new(Diagnosis::new(diagnosed.clone(), Policy::default()))
        }),
        ..Parts::new(name, MemoryJournal::new(), clock.clone())
    };
    (Engine::start(parts), clock)
}
