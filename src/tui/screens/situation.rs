//! The Situation: what state, what changed, what is open, in what order, each line with its evidence behind it.
//!
//! The screen is made of panes. One of them has the focus, and in it one line; both are remembered by what they
//! are, not by where they stand, so that news moves neither.

pub mod axis;
mod layout;
pub mod lines;
mod view;

pub use view::draw;

use super::{Face, nowhere};
use crate::diagnosis::Situation;
use crate::domain::{Span, Time};
use crate::keymap::{Context, Verb};
use crate::tui::damage::Damage;
use crate::tui::overlays::detail::About;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step, nearest};
use layout::Place;
use lines::{Id, Line, Subject};
use ratatui::layout::Rect;
use std::collections::BTreeMap;

pub const FACE: Face = Face {
    key: '1',
    title: "Situation",
    context: Context::List,
    verb: Verb::ScreenSituation,
    draw: |ui, world, canvas| draw(&ui.situation, canvas, ui.body(), &ui.zone, world),
    step,
    select_row: |_, _, _| {},
    item: |ui, world| ui.situation.subject(world.situation).map(Box::new).map(About::Finding),
    leave: |ui| ui.situation.unzoom(),
    turn: Some(|ui, world, by| {
        let body = ui.body();
        ui.situation.focus_by(by, world.situation, body);
    }),
    zoom: Some(|ui| ui.situation.toggle_zoom()),
    filter: None,
    is_bare: |_| false,
    place: nowhere,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pane {
    State,
    Issues,
    Changes,
    Actions,
    Exposure,
    Suspects,
    Reviews,
    Operations,
    Sequence,
}

impl Pane {
    /// In the order the focus goes through them: the state, what is wrong and why, what to do, the rest.
    const ALL: [Self; 9] = [
        Self::State,
        Self::Issues,
        Self::Changes,
        Self::Suspects,
        Self::Actions,
        Self::Exposure,
        Self::Reviews,
        Self::Operations,
        Self::Sequence,
    ];
}

/// How far back "what changed" looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Window {
    #[default]
    Day,
    TwoDays,
    ThreeDays,
}

#[derive(Debug)]
pub struct SituationScreen {
    pub focus: Pane,
    pub window: Window,
    is_zoomed: bool,
    /// The line under the cursor of each pane: what it is, and where it stood last.
    selected: BTreeMap<Pane, (Id<'static>, Cursor)>,
}

impl Default for SituationScreen {
    fn default() -> Self {
        Self { focus: Pane::Issues, window: Window::default(), is_zoomed: false, selected: BTreeMap::new() }
    }
}

impl Window {
    pub const ALL: [Self; 3] = [Self::Day, Self::TwoDays, Self::ThreeDays];

    pub const fn hours(self) -> i64 {
        match self {
            Self::Day => 24,
            Self::TwoDays => 48,
            Self::ThreeDays => 72,
        }
    }

    pub fn since(self, now: Time) -> Time {
        now - Span::hours(self.hours())
    }

    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Day => Self::TwoDays,
            Self::TwoDays => Self::ThreeDays,
            Self::ThreeDays => Self::Day,
        }
    }
}

impl SituationScreen {
    /// The panes in sight and where each one is.
    fn places(&self, situation: &Situation, body: Rect) -> Vec<Place> {
        if self.is_zoomed {
            return vec![Place { pane: self.focus, area: body }];
        }
        layout::places(body, self.focus, |pane, width| lines::needed(pane, situation, self.window, width))
    }

    fn cursor(&self, pane: Pane, lines: &[Line<'_>]) -> Cursor {
        let Some((id, cursor)) = self.selected.get(&pane) else { return Cursor::default() };
        let same = lines.iter().enumerate().filter(|(_, line)| line.id == *id).map(|(n, _)| n);
        let line = nearest(same, cursor.line);
        Cursor { line: line.unwrap_or(cursor.line).min(lines.len().saturating_sub(1)), ..*cursor }
    }

    /// What the line under the cursor is about.
    pub fn subject(&self, situation: &Situation) -> Option<Subject> {
        let lines = lines::of(self.focus, situation, self.window);
        let cursor = self.cursor(self.focus, &lines);
        lines::subject(self.focus, situation, self.window, cursor.line)
    }

    pub fn step(&mut self, step: Step, situation: &Situation, body: Rect) {
        let lines = lines::of(self.focus, situation, self.window);
        let mut cursor = self.cursor(self.focus, &lines);
        cursor.step(step, lines.len(), self.page(situation, body));
        self.select(self.focus, &lines, cursor);
    }

    pub fn select_row(&mut self, pane: Pane, row: usize, situation: &Situation) {
        self.focus = pane;
        let lines = lines::of(pane, situation, self.window);
        let cursor = Cursor { line: row, ..self.cursor(pane, &lines) };
        self.select(pane, &lines, cursor);
    }

    fn select(&mut self, pane: Pane, lines: &[Line<'_>], cursor: Cursor) {
        if let Some(line) = lines.get(cursor.line) {
            self.selected.insert(pane, (line.id.clone().kept(), cursor));
        }
    }

    fn page(&self, situation: &Situation, body: Rect) -> usize {
        self.focused(situation, body).map_or(1, |area| usize::from(area.height.saturating_sub(1)))
    }

    /// Where the pane with the focus is.
    pub fn focused(&self, situation: &Situation, body: Rect) -> Option<Rect> {
        let mut places = self.places(situation, body).into_iter();
        places.find(|place| place.pane == self.focus).map(|place| place.area)
    }

    /// The next pane, or the one before: those in sight, and those out of sight that hold something.
    pub fn focus_by(&mut self, by: isize, situation: &Situation, body: Rect) {
        self.is_zoomed = false;
        let places = self.places(situation, body);
        let is_there = |pane: Pane| {
            let is_in_sight = places.iter().any(|place| place.pane == pane);
            is_in_sight || !lines::of(pane, situation, self.window).is_empty()
        };
        let panes: Vec<_> = Pane::ALL.into_iter().filter(|pane| is_there(*pane)).collect();
        let at = panes.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        let count = panes.len().max(1);
        let to = (at + count).wrapping_add_signed(by) % count;
        self.focus = panes.get(to).copied().unwrap_or(self.focus);
    }

    pub fn toggle_zoom(&mut self) {
        self.is_zoomed = !self.is_zoomed;
    }

    pub fn unzoom(&mut self) {
        self.is_zoomed = false;
    }
}

/// A line of a pane may say more below itself, so the whole pane may move, but nothing beside it.
fn step(ui: &mut Ui, world: World<'_>, step: Step) {
    let body = ui.body();
    ui.situation.step(step, world.situation, body);
    if ui.toast.is_none()
        && let Some(area) = ui.situation.focused(world.situation, body)
    {
        let mut damage = Damage::NONE;
        damage.area(area);
        ui.damage = damage;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Statement;

    #[test]
    fn the_cursor_passes_lines_that_say_the_same() {
        let mut situation = Situation::quiet(&[], Time::from_millis(0));
        let said = |text: &str| Statement { text: text.into(), rule: "exposure", evidence: Vec::new() };
        situation.exposure = ["same", "same", "other"].map(said).to_vec();
        let mut screen = SituationScreen { focus: Pane::Exposure, ..SituationScreen::default() };
        for _ in 0..2 {
            screen.step(Step::Line(1), &situation, Rect::new(0, 2, 120, 37));
        }
        let subject = screen.subject(&situation);
        assert!(matches!(&subject, Some(Subject::Statement(it)) if it.text == "other"), "{subject:?}");
    }
}
