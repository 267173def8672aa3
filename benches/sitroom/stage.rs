//! A session without its driver, for the benchmarks of what people see: one key, one frame, the bytes for it.

use jiff::tz::TimeZone;
use ratatui::layout::Size;
use sitroom::domain::{Person, SignalLog, Time};
use sitroom::engine::Snapshot;
use sitroom::keymap::Keymap;
use sitroom::theme::Theme;
use sitroom::tui::ansi::Encoder;
use sitroom::tui::carrier::Abilities;
use sitroom::tui::damage::Damage;
use sitroom::tui::frame::Frame;
use sitroom::tui::input::Parser;
use sitroom::tui::message::Message;
use sitroom::tui::ui::{Look, Ui, World, Zone};
use sitroom::tui::update::update;
use sitroom::tui::view::view;
use std::sync::Arc;

pub const SIZE: Size = Size { width: 200, height: 50 };

pub struct Stage {
    pub ui: Ui,
    pub snapshot: Snapshot,
    now: Time,
    frame: Frame,
    encoder: Encoder,
}

impl Stage {
    /// A session on a room with these signals, on the screen the keys lead to.
    pub fn new(snapshot: Snapshot, now: Time, keys: &str) -> Self {
        let zone = Zone::new(TimeZone::UTC);
        let look = Look::only(Theme::default(), false);
        let keymap = Arc::new(Keymap::default());
        let ui = Ui::new(Person::new("dana"), look, keymap, zone, Abilities::default(), SIZE);
        let (frame, encoder) = (Frame::new(SIZE), Encoder::new(SIZE));
        let mut stage = Self { ui, snapshot, now, frame, encoder };
        stage.hear(Message::Resized(SIZE));
        stage.hear(Message::News);
        stage.press(keys);
        while stage.ui.feed.list().has_work() {
            stage.hear(Message::Idle);
        }
        stage.draw(Damage::All);
        stage
    }

    pub fn with_signals(signals: SignalLog, keys: &str) -> Self {
        let now = signals.newest().map_or(Time::MIN, |newest| newest.at());
        let snapshot = Snapshot { signals, loading: false, ..Snapshot::empty("payments-prod", now) };
        Self::new(snapshot, now, keys)
    }

    pub fn press(&mut self, keys: &str) {
        let mut found = Vec::new();
        Parser::default().feed(keys.as_bytes(), &mut found);
        for input in found {
            self.hear(Message::Input(input));
        }
    }

    pub fn hear(&mut self, message: Message) {
        let world = World { snapshot: &self.snapshot, situation: &self.snapshot.situation, now: self.now };
        update(&mut self.ui, message, world);
    }

    /// Draws what changed, and says how many bytes that takes.
    pub fn draw_what_changed(&mut self) -> usize {
        let damage = std::mem::replace(&mut self.ui.damage, Damage::NONE);
        self.draw(damage)
    }

    pub fn draw(&mut self, damage: Damage) -> usize {
        let world = World { snapshot: &self.snapshot, situation: &self.snapshot.situation, now: self.now };
        self.ui.hits = view(&self.ui, world, &mut self.frame, damage);
        let bytes = self.encoder.encode(&self.frame, damage).len();
        self.encoder.sent();
        bytes
    }
}
