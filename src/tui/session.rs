//! The loop of one session: what arrives is drained, the session changes, and what changed is drawn.
//!
//! A driver, generic over what carries the session. There is no frame clock: it sleeps until there is input or
//! news. Input is drawn at once; news at most thirty times a second; the clock once a second.

use super::ansi::Encoder;
use super::asking::AskLogs;
use super::asks::Ticket;
use super::carrier::{Arrival, Carrier};
use super::chores::{Chores, Order, Packed};
use super::clipboard;
use super::damage::Damage;
use super::follow::{News, Stall};
use super::frame::Frame;
use super::input::{Input, Parser};
use super::keeping::{KeepDrafts, Keeping};
use super::listening::Listening;
use super::message::{Effect, Message};
use super::presence;
use super::ring;
use super::ui::{Mouse, Travel, Ui, World};
use super::update::update;
use super::view::view;
use crate::diagnosis::Situation;
use crate::domain::{Clock, Intent, Record, Time};
use crate::engine::{Handle, Snapshot, SubmitError};
use ratatui::layout::Size;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

const NEWS_PAUSE: Duration = Duration::from_millis(33);
const SECOND: Duration = Duration::from_secs(1);
/// What was written before leaving is given this long to become durable.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Pieces of input taken in before what they did is drawn, however fast they come.
const PIECES: usize = 64;
/// A terminal sends the rest of an escape sequence well within this.
const ESCAPE_PAUSE: Duration = Duration::from_millis(25);

pub struct Session<C> {
    pub carrier: C,
    pub ui: Ui,
    pub room: watch::Receiver<Arc<Snapshot>>,
    pub engine: Handle,
    pub clock: Clock,
    /// Looks back and arranges packs; called on a thread where it may take its time.
    pub chores: Arc<dyn Chores>,
    /// Where what is half typed is kept; absent where nothing is.
    pub drafts: Option<Arc<dyn KeepDrafts>>,
    /// Where others may look on, and they at others; absent where this screen is the only one.
    pub stall: Option<Stall>,
    /// The logs of the room's sources; absent where a story is told.
    pub logs: Option<Arc<dyn AskLogs>>,
}

/// The answers of the engine, on their way.
type Answers = Pin<Box<dyn Future<Output = Vec<(Ticket, Result<Record, SubmitError>)>> + Send>>;

struct Running<C> {
    session: Session<C>,
    snapshot: Arc<Snapshot>,
    parser: Parser,
    encoder: Encoder,
    frame: Frame,
    /// The moment the picture shows; it moves with the second and with news, so that rows drawn apart agree.
    pictured_at: Time,
    last_news: Instant,
    next_second: Instant,
    escape_until: Option<Instant>,
    /// The computation that runs, and the moment wanted after it.
    looking: Option<(Time, JoinHandle<Situation>)>,
    wanted: Option<Time>,
    /// The pack that is being made, and the orders after it; bounded by the one window that gives them.
    packing: Option<(Order, JoinHandle<Result<Packed, String>>)>,
    to_pack: VecDeque<Order>,
    /// What the engine was asked, and what it is to be asked after that, in order; bounded by what a person may
    /// have waiting.
    asking: Option<Answers>,
    to_ask: Vec<(Ticket, Intent)>,
    keeping: Keeping,
    listening: Listening,
    is_over: bool,
}

impl<C: Carrier> Session<C> {
    /// Runs until the person leaves or the carrier ends.
    pub async fn run(mut self) -> io::Result<()> {
        self.ui.queries = self.logs.as_ref().map_or_else(Vec::new, |logs| logs.saved());
        if self.drafts.is_none() {
            self.ui.drafts.have_no_store();
        }
        let now = Instant::now();
        let size = self.carrier.size();
        let snapshot = Arc::clone(&self.room.borrow());
        let mut running = Running {
            snapshot,
            parser: Parser::default(),
            encoder: Encoder::new(size),
            frame: Frame::new(size),
            pictured_at: self.clock.now(),
            last_news: now,
            next_second: now + SECOND,
            escape_until: None,
            looking: None,
            wanted: None,
            packing: None,
            to_pack: VecDeque::new(),
            asking: None,
            to_ask: Vec::new(),
            keeping: Keeping::with(self.drafts.clone()),
            listening: Listening::to(self.logs.clone()),
            is_over: false,
            session: self,
        };
        let ended = running.go(size).await;
        // However it ended, a terminal that is gone included.
        running.last_words().await;
        ended
    }
}

impl<C: Carrier> Running<C> {
    async fn go(&mut self, size: Size) -> io::Result<()> {
        self.change(Message::Resized(size)).await?;
        self.change(Message::News).await?;
        self.draw().await?;
        if self.session.ui.mouse == Mouse::Ours {
            self.mouse(true).await?;
        }
        while !self.is_over {
            self.wait().await?;
            self.drain().await?;
            if !self.session.ui.damage.is_none() && !self.is_over {
                self.draw().await?;
            }
        }
        Ok(())
    }

    async fn wait(&mut self) -> io::Result<()> {
        let news_at = self.last_news + NEWS_PAUSE;
        let has_work = self.session.ui.feed.list().has_work();
        let escape_until = self.escape_until;
        tokio::select! {
            biased;
            () = sleep_until(escape_until.unwrap_or(self.next_second)), if escape_until.is_some() => self.settle_escape().await,
            () = sleep_until(self.next_second) => self.tick().await,
            true = news(&mut self.session.room, news_at) => self.news().await,
            outcomes = answered(&mut self.asking) => self.answered(outcomes).await,
            kept = self.keeping.next() => self.change(Message::DraftsKept(kept)).await,
            news = company(&mut self.session.stall) => self.change(Message::Company(news)).await,
            (generation, findings) = self.listening.next() => {
                self.change(Message::Found(generation, Box::new(findings))).await
            }
            (at, looked) = looked(&mut self.looking) => self.looked_back(at, looked).await,
            (order, outcome) = packed(&mut self.packing) => self.packed(order, outcome).await,
            // What has arrived is drained after every turn, so that input waits for none of the above, and a flood of
            // it keeps none of them waiting.
            arrival = self.session.carrier.next() => self.arrived(arrival).await,
            () = tokio::task::yield_now(), if has_work => self.change(Message::Idle).await,
        }
    }

    /// Takes in what is waiting before anything is drawn, but not a flood without end.
    async fn drain(&mut self) -> io::Result<()> {
        for _ in 0..PIECES {
            match self.session.carrier.waiting() {
                Some(arrival) if !self.is_over => self.arrived(arrival).await?,
                _ => break,
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
        // The rest of a sequence may have been there for as long as this session had no time for it.
        if let Some(arrival) = self.session.carrier.waiting() {
            return self.arrived(arrival).await;
        }
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
        self.pictured_at = self.session.clock.now();
        let onlookers = self.session.stall.as_mut().map(Stall::onlookers);
        if let Some(onlookers) = onlookers.filter(|now| *now != self.session.ui.company.onlookers) {
            self.change(Message::Company(News::Onlookers(onlookers))).await?;
        }
        self.change(Message::Tick).await
    }

    async fn news(&mut self) -> io::Result<()> {
        self.last_news = Instant::now();
        self.pictured_at = self.session.clock.now();
        self.snapshot = Arc::clone(&self.session.room.borrow_and_update());
        self.change(Message::News).await
    }

    async fn change(&mut self, message: Message) -> io::Result<()> {
        let travel = self.session.ui.travel.clone();
        let world = world(&self.snapshot, travel.as_ref(), self.session.clock.now());
        for effect in update(&mut self.session.ui, message, world) {
            self.perform(effect).await?;
        }
        self.ask();
        self.listening.look(self.session.ui.shows_logs());
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
            Effect::Mouse(wanted) => self.mouse(wanted).await?,
            Effect::Ring(said) => {
                let Ui { ring, abilities, .. } = &self.session.ui;
                let bytes = ring::bytes(*ring, &said, abilities.multiplexer);
                self.session.carrier.send(&bytes).await?;
            }
            Effect::Suspend => {
                let outcome = self.session.carrier.suspend();
                self.back(outcome.map(|()| String::new())).await?;
            }
            Effect::Edit(text) => {
                let outcome = self.session.carrier.edit(&text);
                self.back(outcome).await?;
            }
            Effect::Submit { ticket, intent } => {
                self.to_ask.push((ticket, *intent));
            }
            Effect::Follow(wish) => {
                let frame = &self.frame;
                if let Some(news) = self.session.stall.as_mut().and_then(|stall| stall.grant(wish, frame)) {
                    self.told(news);
                }
            }
            Effect::Query { generation, query, until } => self.listening.ask(generation, &query, until),
            Effect::StopQuery => self.listening.stop(),
            Effect::KeepDraft { slot, text } => self.keeping.change(slot, text),
            Effect::Pack(order) => {
                self.to_pack.push_back(order);
                self.pack();
            }
            Effect::LookBack(at) => {
                self.wanted = Some(at);
                self.look_back();
            }
        }
        Ok(())
    }

    /// An answer of the gallery's, which asks for nothing more.
    fn told(&mut self, news: News) {
        let travel = self.session.ui.travel.clone();
        let world = world(&self.snapshot, travel.as_ref(), self.session.clock.now());
        update(&mut self.session.ui, Message::Company(news), world);
    }

    /// At most one computation runs; the latest moment asked for meanwhile comes next.
    fn look_back(&mut self) {
        if self.looking.is_none()
            && let Some(at) = self.wanted.take()
        {
            let (snapshot, chores) = (Arc::clone(&self.snapshot), Arc::clone(&self.session.chores));
            let running = tokio::task::spawn_blocking(move || chores.look_back(&snapshot, at));
            self.looking = Some((at, running));
        }
    }

    /// One pack at a time, in the order they were asked for, each of the room as it is when its turn comes.
    fn pack(&mut self) {
        if self.packing.is_none()
            && let Some(order) = self.to_pack.pop_front()
        {
            let (snapshot, chores) = (Arc::clone(&self.snapshot), Arc::clone(&self.session.chores));
            let running = tokio::task::spawn_blocking(move || chores.pack(&snapshot, order));
            self.packing = Some((order, running));
        }
    }

    async fn packed(&mut self, order: Order, outcome: Result<Packed, String>) -> io::Result<()> {
        self.packing = None;
        self.pack();
        self.change(Message::Packed { order, outcome }).await
    }

    async fn looked_back(&mut self, at: Time, looked: Option<Situation>) -> io::Result<()> {
        self.looking = None;
        self.look_back();
        self.change(match looked {
            Some(situation) => Message::LookedBack(Arc::new(situation)),
            None => Message::NotLookedBack(at),
        })
        .await
    }

    /// All that waits at once, in one append, and nothing more before that is answered: what was typed first is first
    /// in the journal.
    fn ask(&mut self) {
        if self.asking.is_none() && !self.to_ask.is_empty() {
            let (engine, me) = (self.session.engine.clone(), self.session.ui.me.clone());
            let (tickets, intents): (Vec<_>, Vec<_>) = self.to_ask.drain(..).unzip();
            self.asking = Some(Box::pin(async move {
                tickets.into_iter().zip(engine.submit_all(me, intents).await).collect()
            }));
        }
    }

    async fn answered(&mut self, outcomes: Vec<(Ticket, Result<Record, SubmitError>)>) -> io::Result<()> {
        self.asking = None;
        // The answer comes after the snapshot that shows it, and is not to be drawn before it.
        self.snapshot = Arc::clone(&self.session.room.borrow_and_update());
        self.change(Message::News).await?;
        for (ticket, outcome) in outcomes {
            self.change(Message::Answered { ticket, outcome: Box::new(outcome) }).await?;
        }
        Ok(())
    }

    /// Nobody looks any more, but what was written is still to be kept.
    async fn last_words(&mut self) {
        let asking = async {
            while self.asking.is_some() {
                let outcomes = answered(&mut self.asking).await;
                // What became durable is no draft any more; that nobody sees it does not matter.
                let _ = self.answered(outcomes).await;
            }
        };
        let _ = tokio::time::timeout(LAST_WORDS, asking).await;
        let _ = tokio::time::timeout(LAST_WORDS, self.keeping.finish()).await;
        let _ = tokio::time::timeout(LAST_WORDS, self.listening.finish()).await;
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

    async fn mouse(&mut self, wanted: bool) -> io::Result<()> {
        let bytes: &[u8] = if wanted { b"\x1b[?1000h\x1b[?1006h" } else { b"\x1b[?1006l\x1b[?1000l" };
        self.session.carrier.send(bytes).await
    }

    /// The person is back from somewhere else, and the terminal shows whatever was there.
    async fn back(&mut self, outcome: io::Result<String>) -> io::Result<()> {
        let outcome = outcome.map_err(|error| error.to_string());
        let travel = self.session.ui.travel.clone();
        let world = world(&self.snapshot, travel.as_ref(), self.session.clock.now());
        let effects = update(&mut self.session.ui, Message::Edited(outcome), world);
        for effect in effects {
            match effect {
                Effect::Submit { ticket, intent } => self.to_ask.push((ticket, *intent)),
                Effect::KeepDraft { slot, text } => self.keeping.change(slot, text),
                // Nobody is sent away again from here, and the picture is drawn anew below in any case.
                _ => {}
            }
        }
        self.ask();
        self.session.ui.size = self.session.carrier.size();
        self.encoder.forget(self.session.ui.size);
        match self.session.ui.mouse {
            Mouse::Ours => self.mouse(true).await,
            Mouse::Theirs => Ok(()),
        }
    }

    async fn draw(&mut self) -> io::Result<()> {
        self.session.engine.does(&presence::told(&self.session.ui));
        let damage = std::mem::replace(&mut self.session.ui.damage, Damage::NONE);
        let world = world(&self.snapshot, self.session.ui.travel.as_ref(), self.pictured_at);
        self.session.ui.hits = view(&self.session.ui, world, &mut self.frame, damage);
        if let Some(stall) = &self.session.stall {
            stall.show(&self.frame);
        }
        let bytes = self.encoder.encode(&self.frame, damage);
        if !bytes.is_empty() {
            self.session.carrier.send(bytes).await?;
            self.encoder.sent();
        }
        Ok(())
    }
}

/// The room as this person looks at it: now, or as of the moment they went to.
fn world<'a>(snapshot: &'a Snapshot, travel: Option<&'a Travel>, now: Time) -> World<'a> {
    let now = travel.map_or(now, |travel| travel.at);
    let then = travel.and_then(|travel| travel.situation.as_deref());
    World { snapshot, situation: then.unwrap_or(&snapshot.situation), now }
}

/// Waits for the engine's answers, if it was asked.
async fn answered(asking: &mut Option<Answers>) -> Vec<(Ticket, Result<Record, SubmitError>)> {
    match asking {
        Some(answer) => answer.await,
        None => std::future::pending().await,
    }
}

/// What happens between this screen and others.
async fn company(stall: &mut Option<Stall>) -> News {
    match stall {
        Some(stall) => stall.next().await,
        None => std::future::pending().await,
    }
}

/// Waits for the computation that runs, if any.
async fn looked(looking: &mut Option<(Time, JoinHandle<Situation>)>) -> (Time, Option<Situation>) {
    match looking {
        Some((at, running)) => (*at, running.await.ok()),
        None => std::future::pending().await,
    }
}

/// Waits for the pack that is being made, if any.
async fn packed(
    packing: &mut Option<(Order, JoinHandle<Result<Packed, String>>)>,
) -> (Order, Result<Packed, String>) {
    match packing {
        Some((order, running)) => {
            let outcome = running.await;
            (
                *order,
                outcome.unwrap_or_else(|_| Err("the pack could not be made; the log says more".to_owned())),
            )
        }
        None => std::future::pending().await,
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
