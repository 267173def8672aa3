//! What has to be true before launch: what is signed off, error budgets, runbooks, who is on call, playbooks, and how
//! far what is claimed reaches. One list in parts; with room beside it, what is under the cursor is explained there.
//!
//! The lines are derived when something has changed, and never while drawing. The cursor holds on to what it is about.

mod rows;
mod view;

pub use rows::{Subject, day_minute, minutes};

use super::{Face, Narrow, nowhere, of_all};
use crate::diagnosis::Situation;
use crate::domain::readiness::{Counts, register};
use crate::domain::{Catalog, Room, Time};
use crate::keymap::{Context, Verb};
use crate::tui::overlays::detail::About;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::Step;
use rows::{Part, Row};
use std::sync::Arc;

pub const FACE: Face = Face {
    key: '5',
    title: "Ready",
    context: Context::Readiness,
    verb: Verb::ScreenReadiness,
    draw: view::draw,
    step,
    select_row,
    item: |ui, _| ui.readiness.selected().cloned().map(About::Ready),
    leave: |ui| ui.readiness.asked.clear(),
    turn: Some(turn),
    zoom: None,
    filter: Some(&Narrow {
        placeholder: "words: a title, an owner, pending, stale, ga",
        asked: |ui| &ui.readiness.asked,
        ask: |ui, text| text.clone_into(&mut ui.readiness.asked),
        count: |ui| of_all(ui.readiness.subjects(), ui.readiness.all),
        problem: |_| None,
    }),
    is_bare: |ui| ui.readiness.all == 0,
    place: nowhere,
};

#[derive(Debug, Default)]
pub struct ReadinessScreen {
    /// What somebody went to; until then the first line has the cursor.
    chosen: Option<Subject>,
    asked: String,
    parts: Vec<Part>,
    /// How many lines there are in all parts.
    all: usize,
    counts: Option<Counts>,
    made_of: Option<Made>,
    /// What is left of the parts, each below its heading, and what they were narrowed to.
    rows: Vec<Arc<Row>>,
    narrowed_to: String,
}

/// What the lines were made from. What ages does so by the minute.
#[derive(Debug)]
struct Made {
    catalog: Arc<Catalog>,
    room: Arc<Room>,
    situation: (Time, usize),
    minute: i64,
}

impl Made {
    fn of(world: World<'_>) -> Self {
        let situation = (world.situation.at, std::ptr::from_ref::<Situation>(world.situation) as usize);
        let (catalog, room) = (Arc::clone(&world.snapshot.catalog), Arc::clone(&world.snapshot.room));
        Self { catalog, room, situation, minute: world.now.millis().div_euclid(60_000) }
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.catalog, &other.catalog)
            && Arc::ptr_eq(&self.room, &other.room)
            && (self.situation, self.minute) == (other.situation, other.minute)
    }
}

impl ReadinessScreen {
    /// Takes in what is newer: a catalog, a signature, a budget, what was asked.
    pub fn follow(&mut self, world: World<'_>) {
        let made_of = Made::of(world);
        let is_made = self.made_of.as_ref().is_some_and(|made| made.is(&made_of));
        if !is_made {
            let register = register(&world.snapshot.catalog, &world.snapshot.room, world.now);
            self.counts = Some(register.counts);
            self.parts = rows::parts(&register, world);
            self.all = self.parts.iter().map(|part| part.rows.len()).sum();
            self.made_of = Some(made_of);
        }
        if !is_made || self.narrowed_to != self.asked {
            self.rows = rows::narrowed(&self.parts, &self.asked);
            self.asked.clone_into(&mut self.narrowed_to);
        }
    }

    /// What is under the cursor.
    pub fn selected(&self) -> Option<&Subject> {
        self.place().and_then(|place| self.rows[place].subject.as_ref())
    }

    /// Where the cursor stands: where it was put, else on the first line that stands for something.
    fn place(&self) -> Option<usize> {
        let chosen = self.rows.iter().position(|row| row.subject.is_some() && row.subject == self.chosen);
        chosen.or_else(|| self.rows.iter().position(|row| row.subject.is_some()))
    }

    fn subjects(&self) -> usize {
        self.rows.iter().filter(|row| row.subject.is_some()).count()
    }

    fn choose(&mut self, place: usize) {
        if let Some(subject) = self.rows.get(place).and_then(|row| row.subject.clone()) {
            self.chosen = Some(subject);
        }
    }
}

fn step(ui: &mut Ui, _: World<'_>, step: Step) {
    let page = ui.page();
    let screen = &mut ui.readiness;
    let Some(place) = screen.place() else { return };
    let lines: Vec<_> =
        (0..screen.rows.len()).filter(|place| screen.rows[*place].subject.is_some()).collect();
    let at = lines.partition_point(|line| *line < place);
    let to = at.saturating_add_signed(step.lines(page)).min(lines.len() - 1);
    screen.choose(lines[to]);
}

fn select_row(ui: &mut Ui, _: World<'_>, row: usize) {
    ui.readiness.choose(row);
}

/// To the first line of the next part, or of the one before.
fn turn(ui: &mut Ui, _: World<'_>, by: isize) {
    let screen = &mut ui.readiness;
    let rows = &screen.rows;
    let firsts: Vec<_> = (1..rows.len())
        .filter(|place| rows[place - 1].subject.is_none() && rows[*place].subject.is_some())
        .collect();
    let Some(place) = screen.place() else { return };
    let part = firsts.iter().rposition(|first| *first <= place).unwrap_or(0);
    let count = isize::try_from(firsts.len()).unwrap_or(1);
    let to = (isize::try_from(part).unwrap_or(0) + by).rem_euclid(count.max(1));
    if let Some(first) = usize::try_from(to).ok().and_then(|to| firsts.get(to)) {
        screen.choose(*first);
    }
}
