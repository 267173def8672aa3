//! The way out of a crisis, measured: what is said of it beside what is counted, and how far each goal is.
//!
//! The words are the catalog's, the numbers the situation's, so looking back shows the numbers of then. The screen is
//! made of panes; one has the focus, and in it one line, both remembered by what they are. Lines are derived when
//! something has changed, and never while drawing.

mod layout;
mod page;
mod rows;
mod view;

use super::{Face, Narrow, nowhere, of_all};
use crate::diagnosis::plan::PlanState;
use crate::domain::Catalog;
use crate::keymap::{Context, Verb};
use crate::tui::overlays::detail::About;
use crate::tui::ui::World;
use crate::tui::widgets::list::{Cursor, Step, nearest};
use layout::Place;
use ratatui::layout::Rect;
use rows::{Mark, Row};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub const FACE: Face = Face {
    key: '6',
    title: "Plan",
    context: Context::Plan,
    verb: Verb::ScreenPlan,
    draw: view::draw,
    step: |ui, _, step| {
        let body = ui.body();
        ui.plan.step(step, body);
    },
    select_row: |ui, _, row| ui.plan.select_row(row),
    item: |ui, _| ui.plan.selected().map(|row| About::Page(Box::new(row.page.clone()))),
    leave: |ui| ui.plan.leave(),
    turn: Some(|ui, _, by| ui.plan.turn(by)),
    zoom: Some(|ui| ui.plan.toggle_zoom()),
    filter: Some(&NARROW),
    is_bare: |ui| count(&ui.plan.all) == 0,
    place: nowhere,
};

const NARROW: Narrow = Narrow {
    placeholder: "words of a vector, a phase, a task, a metric, a risk",
    asked: |ui| &ui.plan.asked,
    ask: |ui, text| ui.plan.ask(text),
    count: |ui| of_all(count(&ui.plan.rows), count(&ui.plan.all)),
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
    is_zoomed: bool,
    asked: String,
    /// The line under the cursor of each pane: what it is, and where it stood last.
    selected: BTreeMap<Pane, (String, Cursor)>,
    /// Every line of each pane, and what they were made from.
    all: Panes,
    made_of: Option<(Arc<Catalog>, Option<Arc<PlanState>>)>,
    /// What is left of them, and what they were narrowed to.
    rows: Panes,
    narrowed_to: String,
}

type Panes = BTreeMap<Pane, Vec<Arc<Row>>>;

fn count(panes: &Panes) -> usize {
    panes.values().map(Vec::len).sum()
}

impl Pane {
    /// In the order of the screen.
    const ALL: [Self; 5] = [Self::Vectors, Self::Phases, Self::Metrics, Self::Risks, Self::Order];
}

impl PlanScreen {
    /// Takes in what is newer: a catalog, what was measured, what was asked.
    pub fn follow(&mut self, world: World<'_>) {
        let (catalog, plan) = (&world.snapshot.catalog, &world.situation.plan);
        let is_made = self.made_of.as_ref().is_some_and(|(of, measured)| {
            let is_same = match (measured, plan) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                (a, b) => a.is_none() && b.is_none(),
            };
            is_same && Arc::ptr_eq(of, catalog)
        });
        if !is_made {
            let rows = |pane| rows::of(pane, world).into_iter().map(Arc::new).collect();
            self.all = Pane::ALL.into_iter().map(|pane| (pane, rows(pane))).collect();
            self.made_of = Some((Arc::clone(catalog), plan.clone()));
        }
        if !is_made || self.narrowed_to != self.asked {
            let words = self.asked.to_lowercase();
            let says = |row: &&Arc<Row>| words.split_whitespace().all(|word| row.said.contains(word));
            let narrowed =
                |(pane, rows): (&Pane, &Vec<Arc<Row>>)| (*pane, rows.iter().filter(says).cloned().collect());
            self.rows = self.all.iter().map(narrowed).collect();
            self.asked.clone_into(&mut self.narrowed_to);
        }
    }

    fn rows(&self, pane: Pane) -> &[Arc<Row>] {
        self.rows.get(&pane).map_or(&[], Vec::as_slice)
    }

    /// The rows for so many lines: phases without their tasks, where nobody looks at them and there is no room for both.
    fn shown(&self, pane: Pane, lines: usize) -> Cow<'_, [Arc<Row>]> {
        let rows = self.rows(pane);
        if pane == Pane::Phases && pane != self.focus && rows.len() > lines && lines < ROOMY {
            return rows.iter().filter(|row| row.mark != Mark::None).cloned().collect();
        }
        rows.into()
    }

    fn cursor(&self, pane: Pane, rows: &[Arc<Row>]) -> Cursor {
        let Some((id, cursor)) = self.selected.get(&pane) else {
            // Of the phases the one that is over and not done is looked at first, else the one that goes on.
            let of = |mark| rows.iter().position(|row| row.mark == mark && pane == Pane::Phases);
            return Cursor { line: of(Mark::Bad).or(of(Mark::Now)).unwrap_or(0), first: 0 };
        };
        let same = rows.iter().enumerate().filter(|(_, row)| row.id == *id).map(|(n, _)| n);
        let line = nearest(same, cursor.line);
        Cursor { line: line.unwrap_or(cursor.line).min(rows.len().saturating_sub(1)), ..*cursor }
    }

    fn selected(&self) -> Option<&Row> {
        let rows = self.rows(self.focus);
        rows.get(self.cursor(self.focus, rows).line).map(Arc::as_ref)
    }

    fn step(&mut self, step: Step, body: Rect) {
        let rows = self.rows(self.focus);
        let mut cursor = self.cursor(self.focus, rows);
        let page = self.places(body).into_iter().find(|place| place.pane == self.focus);
        let page = page.map_or(1, |place| usize::from(place.area.height.saturating_sub(1)));
        cursor.step(step, rows.len(), page);
        self.select(cursor);
    }

    fn select_row(&mut self, row: usize) {
        let cursor = self.cursor(self.focus, self.rows(self.focus));
        self.select(Cursor { line: row, ..cursor });
    }

    fn select(&mut self, cursor: Cursor) {
        if let Some(row) = self.rows(self.focus).get(cursor.line) {
            let id = row.id.clone();
            self.selected.insert(self.focus, (id, cursor));
        }
    }

    fn places(&self, body: Rect) -> Vec<Place> {
        if self.is_zoomed {
            return vec![layout::alone(body, self.focus, self.rows(self.focus).len())];
        }
        layout::places(body, |pane| self.rows(pane).len())
    }

    fn turn(&mut self, by: isize) {
        self.is_zoomed = false;
        let count = Pane::ALL.len();
        let at = Pane::ALL.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        self.focus = Pane::ALL[(at + count).wrapping_add_signed(by) % count];
    }

    fn toggle_zoom(&mut self) {
        self.is_zoomed = !self.is_zoomed;
    }

    fn leave(&mut self) {
        match self.is_zoomed {
            true => self.is_zoomed = false,
            false => self.asked.clear(),
        }
    }

    fn ask(&mut self, text: &str) {
        text.clone_into(&mut self.asked);
    }
}
