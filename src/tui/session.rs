//! The loop of one session: what arrives is drained, the session changes, and what changed is drawn.
//!
//! A driver, generic over what carries the session. There is no frame clock: it sleeps until there is input or
//! news. Input is drawn at once; news at most thirty times a second; the clock once a second.

use super::ansi::Encoder;
use super::carrier::{Arrival, Carrier};
use super::clipboard;
use super::frame::Frame;
use super::input::{Input, Parser};
use super::message::{Effect, Message};
use super::ui::{Ui, World};
use super::update::update;
use super::view::view;
use crate::domain::Clock;
use crate::engine::Snapshot;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

const NEWS_PAUSE: Duration = Duration::from_millis(33);
const SECOND: Duration = Duration::from_secs(1);
/// A terminal sends the rest of an escape sequence well within this.
const ESCAPE_PAUSE: Duration = Duration::from_millis(25);

pub struct Session<C> {
    pub carrier: C,
    pub ui: Ui,
    pub room: watch::Receiver<Arc<Snapshot>>,
    pub clock: Clock,
    /// Told when the person has chosen a theme to keep.
    pub keep_theme: Box<dyn Fn(&str) + Send>,
}

struct Running<C> {
    session: Session<C>,
    snapshot: Arc<Snapshot>,
    parser: Parser,
    encoder: Encoder,
    frame: Frame,
    last_news: Instant,
    next_second: Instant,
    escape_until: Option<Instant>,
    is_dirty: bool,
    is_over: bool,
}

impl<C: Carrier> Session<C> {
    /// Runs until the person leaves or the carrier ends.
    pub async fn run(self) -> io::Result<()> {
        let now = Instant::now();
        let size = self.carrier.size();
        let snapshot = Arc::clone(&self.room.borrow());
        let mut running = Running {
            snapshot,
            parser: Parser::default(),
            encoder: Encoder::new(size),
            frame: Frame::new(size),
            last_news: now,
            next_second: now + SECOND,
            escape_until: None,
            is_dirty: true,
            is_over: false,
            session: self,
        };
        running.change(Message::Resized(size)).await?;
        running.change(Message::News).await?;
        running.draw().await?;
        while !running.is_over {
            running.wait().await?;
            running.drain().await?;
            if running.is_dirty && !running.is_over {
                running.draw().await?;
            }
        }
        Ok(())
    }
}

impl<C: Carrier> Running<C> {
    async fn wait(&mut self) -> io::Result<()> {
        let news_at = self.last_news + NEWS_PAUSE;
        let has_work = self.session.ui.feed.has_work();
        let escape_until = self.escape_until;
        tokio::select! {
            biased;
            arrival = self.session.carrier.next() => self.arrived(arrival).await,
            () = sleep_until(escape_until.unwrap_or(self.next_second)), if escape_until.is_some() => self.settle_escape().await,
            () = sleep_until(self.next_second) => self.tick().await,
            true = news(&mut self.session.room, news_at) => self.news().await,
            () = tokio::task::yield_now(), if has_work => self.change(Message::Idle).await,
        }
    }

    /// Takes in everything that is waiting before anything is drawn.
    async fn drain(&mut self) -> io::Result<()> {
        while !self.is_over {
            match self.session.carrier.waiting() {
                Some(arrival) => self.arrived(arrival).await?,
                None => break,
            }
        }
        Ok(())
    }

    async fn arrived(&mut self, arrival: Arrival) -> io::Result<()> {
        match arrival {
            Arrival::Bytes(bytes) => {
                let mut found = Vec::new();
                self.parser.feed(&bytes, &mut found);
                self.escape_until = self.parser.is_unsettled().then(|| Instant::now() + ESCAPE_PAUSE);
                self.inputs(found).await
            }
            Arrival::Resized(size) => self.change(Message::Resized(size)).await,
            Arrival::Ended => {
                self.is_over = true;
                Ok(())
            }
        }
    }

    async fn settle_escape(&mut self) -> io::Result<()> {
        self.escape_until = None;
        let mut found = Vec::new();
        self.parser.settle(&mut found);
        self.inputs(found).await
    }

    async fn inputs(&mut self, found: Vec<Input>) -> io::Result<()> {
        for input in found {
            self.change(Message::Input(input)).await?;
        }
        Ok(())
    }

    async fn tick(&mut self) -> io::Result<()> {
        self.next_second = (self.next_second + SECOND).max(Instant::now());
        self.change(Message::Tick).await
    }

    async fn news(&mut self) -> io::Result<()> {
        self.last_news = Instant::now();
        self.snapshot = Arc::clone(&self.session.room.borrow_and_update());
        self.change(Message::News).await
    }

    async fn change(&mut self, message: Message) -> io::Result<()> {
        self.is_dirty = true;
        let world = World { snapshot: &self.snapshot, now: self.session.clock.now() };
        for effect in update(&mut self.session.ui, message, world) {
            self.perform(effect).await?;
        }
        Ok(())
    }

    async fn perform(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Quit => self.is_over = true,
            Effect::Redraw => {
                self.session.ui.size = self.session.carrier.size();
                self.encoder.forget(self.session.ui.size);
            }
            Effect::Copy { what, text } => self.copy(&what, &text).await?,
            Effect::Mouse(wanted) => {
                let bytes: &[u8] = if wanted { b"\x1b[?1000h\x1b[?1006h" } else { b"\x1b[?1006l\x1b[?1000l" };
                self.session.carrier.send(bytes).await?;
            }
            Effect::Suspend => {
                let outcome = self.session.carrier.suspend();
                self.back(outcome.map(|()| String::new()));
            }
            Effect::Edit(text) => {
                let outcome = self.session.carrier.edit(&text);
                self.back(outcome);
            }
            Effect::KeepTheme(name) => (self.session.keep_theme)(&name),
        }
        Ok(())
    }

    async fn copy(&mut self, what: &str, text: &str) -> io::Result<()> {
        match clipboard::copy(text, self.session.ui.abilities.multiplexer) {
            Ok(bytes) => {
                self.session.carrier.send(&bytes).await?;
                self.session.ui.say(format!("Copied {what} ({} characters)", text.chars().count()));
            }
            Err(too_long) => self.session.ui.complain(format!("Not copied: {too_long}")),
        }
        Ok(())
    }

    /// The person is back from somewhere else, and the terminal shows whatever was there.
    fn back(&mut self, outcome: io::Result<String>) {
        let outcome = outcome.map_err(|error| error.to_string());
        let world = World { snapshot: &self.snapshot, now: self.session.clock.now() };
        update(&mut self.session.ui, Message::Edited(outcome), world);
        self.session.ui.size = self.session.carrier.size();
        self.encoder.forget(self.session.ui.size);
    }

    async fn draw(&mut self) -> io::Result<()> {
        self.is_dirty = false;
        self.frame.clear(self.session.ui.size);
        let world = World { snapshot: &self.snapshot, now: self.session.clock.now() };
        self.session.ui.hits = view(&self.session.ui, world, &mut self.frame);
        let bytes = self.encoder.encode(&mut self.frame);
        if !bytes.is_empty() {
            self.session.carrier.send(bytes).await?;
            self.encoder.sent();
        }
        Ok(())
    }
}

/// Waits for the room to publish, but not before the pause is over; false when the room has closed.
async fn news(room: &mut watch::Receiver<Arc<Snapshot>>, not_before: Instant) -> bool {
    sleep_until(not_before).await;
    match room.changed().await {
        Ok(()) => {
            room.mark_changed();
            true
        }
        Err(_) => std::future::pending().await,
    }
}

