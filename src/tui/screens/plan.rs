//! The way out of a crisis, measured: what is said of it beside what is counted, and how far each goal is.
//!
//! The words are the catalog's, the numbers the situation's, so looking back shows the numbers of then. The screen is
//! made of panes; one has the focus, and in it one line, both remembered by what they are.

mod layout;
mod page;
mod rows;
mod view;

use super::{Face, Narrow, nowhere};
use crate::keymap::{Context, Verb};
use crate::tui::overlays::detail::About;
use crate::tui::ui::World;
use crate::tui::widgets::list::{Cursor, Step, nearest};
use layout::Place;
use ratatui::layout::Rect;
use rows::{Mark, Row};
use std::collections::BTreeMap;

pub const FACE: Face = Face {
    key: '6',
    title: "Plan",
    context: Context::Plan,
    verb: Verb::ScreenPlan,
    draw: view::draw,
    step: |ui, world, step| {
        let body = ui.body();
        ui.plan.step(step, world, body);
    },
    select_row: |ui, world, row| ui.plan.select_row(row, world),
    item: |ui, world| ui.plan.selected(world).map(|row| About::Page(Box::new(row.page))),
    leave: |ui| ui.plan.ask(""),
    turn: Some(|ui, _, by| ui.plan.turn(by)),
    filter: Some(&NARROW),
    place: nowhere,
};

const NARROW: Narrow = Narrow {
    placeholder: "words of a vector, a phase, a task, a metric, a risk",
    asked: |ui| &ui.plan.asked,
    ask: |ui, text| ui.plan.ask(text),
    count: |_| String::new(),
    problem: |_| None,
};

/// With so many lines tasks are worth scrolling through beside their phases.
const ROOMY: usize = 6;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    #[default]
    Metrics,
    Vectors,
    Phases,
    Risks,
    Order,
}

#[derive(Debug, Default)]
pub struct PlanScreen {
    focus: Pane,
    asked: String,
    /// The line under the cursor of each pane: what it is, and where it stood last.
    selected: BTreeMap<Pane, (String, Cursor)>,
}

impl Pane {
    /// In the order of the screen.
    const ALL: [Self; 5] = [Self::Vectors, Self::Phases, Self::Metrics, Self::Risks, Self::Order];
}

impl PlanScreen {
    fn rows(&self, pane: Pane, world: World<'_>) -> Vec<Row> {
        let mut rows = rows::of(pane, world);
        let words = self.asked.to_lowercase();
        rows.retain(|row| words.split_whitespace().all(|word| row.says(word)));
        rows
    }

    /// The rows for so many lines: phases without their tasks, where nobody looks at them and there is no room for both.
    fn shown(&self, pane: Pane, world: World<'_>, lines: usize) -> Vec<Row> {
        let mut rows = self.rows(pane, world);
        if pane == Pane::Phases && pane != self.focus && rows.len() > lines && lines < ROOMY {
            rows.retain(|row| row.mark != Mark::None);
        }
        rows
    }

    fn cursor(&self, pane: Pane, rows: &[Row]) -> Cursor {
        let Some((id, cursor)) = self.selected.get(&pane) else {
            // Of the phases the one that goes on is looked at first.
            let now = rows.iter().position(|row| row.mark == Mark::Now);
            return Cursor { line: now.unwrap_or(0), first: 0 };
        };
        let same = rows.iter().enumerate().filter(|(_, row)| row.id == *id).map(|(n, _)| n);
        let line = nearest(same, cursor.line);
        Cursor { line: line.unwrap_or(cursor.line).min(rows.len().saturating_sub(1)), ..*cursor }
    }

    fn selected(&self, world: World<'_>) -> Option<Row> {
        let mut rows = self.rows(self.focus, world);
        let line = self.cursor(self.focus, &rows).line;
        (line < rows.len()).then(|| rows.swap_remove(line))
    }

    fn step(&mut self, step: Step, world: World<'_>, body: Rect) {
        let rows = self.rows(self.focus, world);
        let mut cursor = self.cursor(self.focus, &rows);
        let page = self.places(world, body).into_iter().find(|place| place.pane == self.focus);
        let page = page.map_or(1, |place| usize::from(place.area.height.saturating_sub(1)));
        cursor.step(step, rows.len(), page);
        self.select(&rows, cursor);
    }

    fn select_row(&mut self, row: usize, world: World<'_>) {
        let rows = self.rows(self.focus, world);
        let cursor = Cursor { line: row, ..self.cursor(self.focus, &rows) };
        self.select(&rows, cursor);
    }

    fn select(&mut self, rows: &[Row], cursor: Cursor) {
        if let Some(row) = rows.get(cursor.line) {
            self.selected.insert(self.focus, (row.id.clone(), cursor));
        }
    }

    fn places(&self, world: World<'_>, body: Rect) -> Vec<Place> {
        layout::places(body, self.focus, |pane| self.rows(pane, world).len())
    }

    fn turn(&mut self, by: isize) {
        let count = Pane::ALL.len();
        let at = Pane::ALL.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        self.focus = Pane::ALL[(at + count).wrapping_add_signed(by) % count];
    }

    fn ask(&mut self, text: &str) {
        text.clone_into(&mut self.asked);
    }
}
