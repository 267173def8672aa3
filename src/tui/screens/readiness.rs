//! What has to be true before launch: what is signed off, error budgets, runbooks, who is on call, playbooks, and how
//! far what is claimed reaches. One list in parts; with room beside it, what is under the cursor is explained there.
//!
//! Only what was chosen is kept here; every line is derived when it is drawn. The cursor holds on to what it is about.

mod rows;
mod view;

pub use rows::{Subject, day_minute, minutes};

use super::{Face, Narrow, nowhere};
use crate::keymap::{Context, Verb};
use crate::tui::overlays::detail::About;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Step, nearest};
use rows::{Row, rows};

pub const FACE: Face = Face {
    key: '5',
    title: "Ready",
    context: Context::Readiness,
    verb: Verb::ScreenReadiness,
    draw: view::draw,
    step,
    select_row,
    item: |ui, world| ui.readiness.selected(world).map(About::Ready),
    leave: |ui| ui.readiness.asked.clear(),
    turn: Some(turn),
    filter: Some(&Narrow {
        placeholder: "words: a title, an owner, pending, stale, ga",
        asked: |ui| &ui.readiness.asked,
        ask: |ui, text| text.clone_into(&mut ui.readiness.asked),
        count: nowhere,
        problem: |_| None,
    }),
    place: nowhere,
};

#[derive(Debug, Default)]
pub struct ReadinessScreen {
    /// What somebody went to, and the row where it stood; until then the first line has the cursor.
    chosen: Option<(Subject, usize)>,
    asked: String,
}

impl ReadinessScreen {
    /// What is under the cursor.
    pub fn selected(&self, world: World<'_>) -> Option<Subject> {
        let rows = rows(world, &self.asked);
        self.place(&rows).and_then(|place| rows[place].subject.clone())
    }

    /// Where the cursor stands: where it was put, else on the first line that stands for something.
    fn place(&self, rows: &[Row]) -> Option<usize> {
        let chosen = self.chosen.as_ref().and_then(|(chosen, last)| {
            nearest(places(rows).filter(|place| rows[*place].subject.as_ref() == Some(chosen)), *last)
        });
        chosen.or_else(|| places(rows).next())
    }

    fn choose(&mut self, rows: &[Row], place: usize) {
        if let Some(subject) = rows.get(place).and_then(|row| row.subject.clone()) {
            self.chosen = Some((subject, place));
        }
    }
}

/// The rows that stand for something.
fn places(rows: &[Row]) -> impl Iterator<Item = usize> {
    rows.iter().enumerate().filter(|(_, row)| row.subject.is_some()).map(|(place, _)| place)
}

fn step(ui: &mut Ui, world: World<'_>, step: Step) {
    let rows = rows(world, &ui.readiness.asked);
    let places: Vec<_> = places(&rows).collect();
    let Some(last) = places.len().checked_sub(1) else { return };
    let at = ui.readiness.place(&rows);
    let at = places.iter().position(|place| Some(*place) == at).unwrap_or(0);
    let to = at.saturating_add_signed(step.lines(ui.page())).min(last);
    ui.readiness.choose(&rows, places[to]);
}

fn select_row(ui: &mut Ui, world: World<'_>, row: usize) {
    let rows = rows(world, &ui.readiness.asked);
    ui.readiness.choose(&rows, row);
}

/// To the first line of the next part, or of the one before.
fn turn(ui: &mut Ui, world: World<'_>, by: isize) {
    let rows = rows(world, &ui.readiness.asked);
    let firsts: Vec<_> = (1..rows.len())
        .filter(|place| rows[place - 1].subject.is_none() && rows[*place].subject.is_some())
        .collect();
    let Some(place) = ui.readiness.place(&rows) else { return };
    let part = firsts.iter().rposition(|first| *first <= place).unwrap_or(0);
    let count = isize::try_from(firsts.len()).unwrap_or(1);
    let to = (isize::try_from(part).unwrap_or(0) + by).rem_euclid(count.max(1));
    if let Some(first) = usize::try_from(to).ok().and_then(|to| firsts.get(to)) {
        ui.readiness.choose(&rows, *first);
    }
}
