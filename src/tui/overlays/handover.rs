//! Handing command over, as the one who has it sees it: to whom, the words for the next commander, and what goes
//! along by itself.

use super::packet;
use super::takes_text::TakesText;
use super::{centred, more_mark, window};
use crate::domain::event::{Brief, Packet};
use crate::domain::incident::handover;
use crate::domain::{Incident, IncidentId, Intent, Person};
use crate::keymap::Chord;
use crate::tui::canvas::Canvas;
use crate::tui::drafts::Slot;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::field::Field;
use crate::tui::widgets::form::{Entered, Form, Row};
use ratatui::layout::Rect;
use std::sync::Arc;

const TO: usize = 0;
const CONDITION: usize = 1;
const ACTIONS: usize = 2;
const NEEDS: usize = 3;

#[derive(Debug)]
pub struct HandOver {
    incident: IncidentId,
    form: Form,
    /// What stood in it when it was opened.
    begun: Words,
    /// Somebody was told that it says nothing.
    is_warned: bool,
}

/// To, condition, actions, needs.
type Words = [String; 4];

impl HandOver {
    /// To somebody, or to whom was named the next IC.
    pub fn open(incident: &Incident, to: Option<&Person>, world: World<'_>) -> Self {
        let to = to.or(incident.command.next.as_ref()).map_or("", Person::as_str);
        let brief = handover(incident, &world.snapshot.clocks, world.present()).brief;
        let field = |placeholder, said: &str| Field::proposing(placeholder, &said.replace('\n', " "));
        let rows = vec![
            Row::text("To", field("whom, one word such as sam", to), 1),
            Row::text("Condition", field("what is so", &brief.condition), 2),
            Row::text("Actions", field("what is being done", &brief.actions), 2),
            Row::text("Needs", field("what is wanted", &brief.needs), 2),
        ];
        let at = if to.is_empty() { TO } else { CONDITION };
        let form = Form::new(rows, "offers command, yours until accepted").at(at);
        let begun = [TO, CONDITION, ACTIONS, NEEDS].map(|row| form.text(row).to_owned());
        Self { incident: incident.id, form, begun, is_warned: false }
    }

    /// What a person wrote, if they wrote anything.
    pub fn kept(&self) -> Option<(Slot, String)> {
        let kept = serde_json::to_string(&self.words()).ok()?;
        (self.words() != self.begun).then(|| (self.slot(), kept))
    }

    fn slot(&self) -> Slot {
        Slot::new(format!("hand-over {}", self.incident))
    }

    fn words(&self) -> Words {
        [TO, CONDITION, ACTIONS, NEEDS].map(|row| self.form.text(row).to_owned())
    }

    pub fn form(&mut self) -> &mut Form {
        &mut self.form
    }

    /// What Enter asks of the engine, if it asks anything.
    pub fn enter(&mut self, world: World<'_>) -> Option<Intent> {
        if self.form.enter() == Entered::Next {
            return None;
        }
        let to: Person = match self.form.text(TO).trim().parse() {
            Ok(to) => to,
            Err(what) => {
                self.form.refuse(what, Some(TO));
                return None;
            }
        };
        let says = |row: usize| !self.form.text(row).trim().is_empty();
        if ![CONDITION, ACTIONS, NEEDS].into_iter().any(says) && !std::mem::replace(&mut self.is_warned, true)
        {
            let why = format!("it tells {to} nothing: say what is so; enter once more sends it as it is");
            self.form.refuse(why, None);
            return None;
        }
        let packet = self.packet(world)?;
        Some(Intent::OfferHandover(self.incident, to, Arc::new(packet)))
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let title = format!("Hand over command of {}", self.incident);
        let hint = "enter next, tab moves, an arrow edits what is proposed, esc keeps it";
        let inside = window(canvas, centred(ui, 96, 30), &title, hint);
        let taken = self.form.draw(canvas, inside);
        let top = inside.y + taken;
        let Some(packet) = self.packet(world) else { return };
        if top + 1 >= inside.bottom() {
            return;
        }
        packet::heading(canvas, Rect { y: top, height: 1, ..inside }, "GOES ALONG");
        let rest = Rect { y: top + 1, height: inside.bottom() - top - 1, ..inside };
        let lines = packet::rest(&packet, &ui.zone.shown(), usize::from(rest.width));
        packet::draw_lines(canvas, rest, &lines, 0);
        more_mark(canvas, rest, 0, usize::from(rest.height), lines.len());
    }

    fn packet(&self, world: World<'_>) -> Option<Packet> {
        let incident = world.snapshot.room.incident(self.incident)?;
        let [condition, actions, needs] =
            [CONDITION, ACTIONS, NEEDS].map(|row| self.form.text(row).to_owned());
        let brief = Brief { condition, actions, needs };
        Some(Packet { brief, ..handover(incident, &world.snapshot.clocks, world.present()) })
    }
}

impl TakesText for HandOver {
    fn field(&mut self) -> Option<&mut Field> {
        self.form.field()
    }

    fn key(&mut self, chord: Chord) -> bool {
        self.form.key(chord)
    }

    fn step(&mut self, by: isize) {
        self.form.step(by);
    }

    fn draft(&self) -> Option<(Slot, String)> {
        if self.form.is_sent() { None } else { self.kept() }
    }

    fn awaits(&self) -> Option<Slot> {
        (self.words() == self.begun).then(|| self.slot())
    }

    /// Whoever was just chosen to have command stays chosen.
    fn resume(&mut self, kept: &str) {
        let Ok(words) = serde_json::from_str::<Words>(kept) else { return };
        let rows = [TO, CONDITION, ACTIONS, NEEDS].into_iter().zip(&words);
        for (row, said) in rows.filter(|(row, _)| *row != TO || self.begun[TO].is_empty()) {
            self.form.set(row, said, &self.begun[row]);
        }
    }
}
