//! A session's state and pictures without its driver: what a key does, and what is drawn then.

use super::scene::Scene;
use super::{grid, keys};
use jiff::tz::{TimeZone, offset};
use ratatui::layout::Size;
use sitroom::diagnosis::{self, Policy, Situation};
use sitroom::domain::query::{Findings, SavedQuery};
use sitroom::domain::{Intent, Person, Time};
use sitroom::keymap::Keymap;
use sitroom::theme::SHIPPED;
use sitroom::tui::asking::Generation;
use sitroom::tui::carrier::Abilities;
use sitroom::tui::damage::Damage;
use sitroom::tui::frame::Frame;
use sitroom::tui::input::Parser;
use sitroom::tui::message::{Effect, Message};
use sitroom::tui::ui::{Look, Travel, Ui, World, Zone};
use sitroom::tui::update::update;
use sitroom::tui::view::view;
use std::sync::Arc;

pub struct Stage {
    pub ui: Ui,
    scene: Scene,
    /// What was asked of the engine.
    intents: Vec<Intent>,
}

/// Slices of work after which even the longest log is filtered.
const ENOUGH: usize = 10_000;

impl Stage {
    pub fn new(scene: Scene, width: u16, height: u16) -> Self {
        let themes = SHIPPED.map(|(name, _)| (name.to_owned(), grid::probe()));
        let look = Look::new(Arc::new(themes), SHIPPED[0].0, false);
        let zone = Zone::new(TimeZone::fixed(offset(1)));
        let size = Size::new(width, height);
        let ui =
            Ui::new(Person::new("dana"), look, Arc::new(Keymap::default()), zone, Abilities::default(), size);
        let mut stage = Self { ui, scene, intents: Vec::new() };
        stage.hear(Message::Resized(size)).hear(Message::News);
        stage
    }

    pub fn press(&mut self, verb: &str) -> &mut Self {
        let bytes: Vec<_> = keys::of(verb).into_iter().flat_map(keys::sent).collect();
        self.send(&bytes)
    }

    pub fn type_text(&mut self, text: &str) -> &mut Self {
        self.send(text.as_bytes())
    }

    /// What the driver has to say.
    pub fn tell(&mut self, message: Message) -> &mut Self {
        self.hear(message)
    }

    /// Takes in more of the room, as a session does with news.
    pub fn change(&mut self, change: impl FnOnce(&mut Scene)) -> &mut Self {
        change(&mut self.scene);
        self.hear(Message::News)
    }

    pub fn intents(&self) -> &[Intent] {
        &self.intents
    }

    /// Queries that are saved, as the session finds them.
    pub fn save(&mut self, queries: Vec<SavedQuery>) -> &mut Self {
        self.ui.queries = queries;
        self
    }

    /// What is known of the answer to the n-th question.
    pub fn find(&mut self, question: u64, findings: Findings) -> &mut Self {
        self.hear(Message::Found(Generation(question), Box::new(findings)))
    }

    /// Both grids of what is shown.
    pub fn picture(&mut self) -> String {
        let frame = self.draw();
        grid::picture(&frame, self.ui.look.theme())
    }

    /// How many rows of the screen look different after a key.
    pub fn damaged_by(&mut self, verb: &str) -> usize {
        self.ui.damage = Damage::NONE;
        self.press(verb);
        (0..self.ui.size.height).filter(|y| self.ui.damage.includes(*y)).count()
    }

    fn send(&mut self, bytes: &[u8]) -> &mut Self {
        let (mut parser, mut found) = (Parser::default(), Vec::new());
        parser.feed(bytes, &mut found);
        parser.settle(&mut found);
        for input in found {
            self.hear(Message::Input(input));
        }
        self
    }

    fn hear(&mut self, message: Message) -> &mut Self {
        let travel = self.ui.travel.clone();
        let world = world(&self.scene, travel.as_ref());
        for effect in update(&mut self.ui, message, world) {
            match effect {
                Effect::LookBack(at) => {
                    let then = Arc::new(look_back(&self.scene, at));
                    self.hear(Message::LookedBack(then));
                }
                Effect::Submit { intent, .. } => self.intents.push(*intent),
                _ => {}
            }
        }
        self
    }

    fn draw(&mut self) -> Frame {
        for _ in 0..ENOUGH {
            if self.ui.feed.list().has_work() {
                self.hear(Message::Idle);
            }
        }
        let mut frame = Frame::new(self.ui.size);
        let world = world(&self.scene, self.ui.travel.as_ref());
        self.ui.hits = view(&self.ui, world, &mut frame, Damage::All);
        frame
    }
}

fn world<'a>(scene: &'a Scene, travel: Option<&'a Travel>) -> World<'a> {
    let situation = travel.and_then(|travel| travel.situation.as_deref());
    World {
        snapshot: &scene.snapshot,
        situation: situation.unwrap_or(&scene.snapshot.situation),
        now: travel.map_or(scene.now, |travel| travel.at),
    }
}

fn look_back(scene: &Scene, at: Time) -> Situation {
    let snapshot = &scene.snapshot;
    diagnosis::situation_in(
        &snapshot.room,
        &snapshot.signals,
        &snapshot.catalog,
        &Policy::default(),
        &snapshot.sources,
        at,
    )
}
