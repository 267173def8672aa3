//! The Feed: all signals, newest first; and beside it the lines of logs, which are read in another manner.
//!
//! Each pane is a [`List`] with a filter and a place of its own. What moves and narrows acts on the one in front, and
//! only that one works.

pub mod line;
pub mod list;
pub mod logs;
mod logs_view;
pub mod matches;
pub mod query;
mod view;

use super::{Face, Narrow};
use crate::domain::{SignalKey, SignalLog, SignalRef, Time};
use crate::keymap::{Context, Verb};
use crate::tui::canvas::Canvas;
use crate::tui::damage::Damage;
use crate::tui::overlays::detail::About;
use crate::tui::ui::{Ui, World};
use crate::tui::view::counted;
use crate::tui::widgets::list::Step;
use list::List;
use logs::Logs;
use matches::Count;
use query::Query;

pub const FACE: Face = Face {
    key: '3',
    title: "Feed",
    context: Context::Feed,
    verb: Verb::ScreenFeed,
    draw,
    step: |ui, _, way| step(ui, way),
    select_row: |ui, _, row| {
        let page = ui.page();
        ui.feed.select_row(row, page);
    },
    item: |ui, _| ui.feed.selected().map(|signal| About::Signal(signal.key())),
    leave,
    turn: None,
    zoom: None,
    filter: Some(&NARROW),
    is_bare: |ui| ui.feed.is_bare(),
    place,
};

/// Words that are marked in the lines of logs, and narrow nothing.
pub const MARK: Narrow = Narrow {
    placeholder: "words to mark in the lines",
    asked: |ui| &ui.feed.logs.marked,
    ask: |ui, text| text.clone_into(&mut ui.feed.logs.marked),
    count: |ui| counted(ui.feed.count()),
    problem: |_| None,
};

pub const NARROW: Narrow = Narrow {
    placeholder: "words, source: service: kind: since:2h group: level:warn, a minus to leave out",
    asked: |ui| ui.feed.asked(),
    ask: |ui, text| ui.feed.ask(text),
    count: |ui| counted(ui.feed.count()),
    problem: |ui| ui.feed.query().problems.first(),
};

#[derive(Debug, Default)]
pub struct Feed {
    signals: List,
    logs: Logs,
    pane: Pane,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    #[default]
    Signals,
    Logs,
}

fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    match ui.feed.pane {
        Pane::Signals => view::draw(&ui.feed.signals, canvas, ui.body(), &ui.zone, world.now),
        Pane::Logs => logs_view::draw(&ui.feed.logs, canvas, ui.body(), &ui.zone, world),
    }
}

impl Feed {
    pub const fn context(&self) -> Context {
        match self.pane {
            Pane::Signals => Context::Feed,
            Pane::Logs => Context::Logs,
        }
    }

    pub const fn pane(&self) -> Pane {
        self.pane
    }

    pub fn show(&mut self, pane: Pane) {
        self.pane = pane;
    }

    fn is_bare(&self) -> bool {
        let list = self.list();
        let is_narrowed = match self.pane {
            Pane::Signals => !list.asked().is_empty(),
            Pane::Logs => self.logs.is_narrowed(),
        };
        !is_narrowed && !list.has_work() && list.count().found == 0
    }

    pub const fn logs_mut(&mut self) -> &mut Logs {
        &mut self.logs
    }

    const fn list(&self) -> &List {
        match self.pane {
            Pane::Signals => &self.signals,
            Pane::Logs => self.logs.list(),
        }
    }

    const fn list_mut(&mut self) -> &mut List {
        match self.pane {
            Pane::Signals => &mut self.signals,
            Pane::Logs => self.logs.list_mut(),
        }
    }

    /// The other pane takes the log over when it comes to the front; for now it costs no more than comparing chunks.
    pub fn follow_log(&mut self, log: &SignalLog) {
        self.signals.follow_log(log);
        self.logs.list_mut().follow_log(log);
    }

    pub fn tick(&mut self, now: Time) {
        self.list_mut().tick(now);
    }

    /// Looks at some more of the log; true while there is more to look at.
    pub fn work(&mut self, now: Time, chunks: usize) -> bool {
        let is_more = self.list_mut().work(now, chunks);
        if self.pane == Pane::Logs {
            self.logs.count(now);
        }
        is_more
    }

    pub fn has_work(&self) -> bool {
        self.list().has_work()
    }

    pub fn asked(&self) -> &str {
        self.list().asked()
    }

    pub fn query(&self) -> &Query {
        self.list().query()
    }

    pub fn ask(&mut self, text: &str) {
        self.list_mut().ask(text);
    }

    /// Shows nothing later than a moment, or everything again.
    pub fn until(&mut self, moment: Option<Time>) {
        self.signals.until(moment);
        self.logs.list_mut().until(moment);
    }

    /// Stands still at a moment.
    pub fn jump(&mut self, at: Time) {
        self.list_mut().jump(at);
    }

    pub fn count(&self) -> Count {
        self.list().count()
    }

    pub fn is_following(&self) -> bool {
        self.list().is_following()
    }

    pub fn start_following(&mut self) {
        self.list_mut().start_following();
    }

    pub fn stop_following(&mut self) {
        self.list_mut().stop_following();
    }

    pub fn unseen(&self) -> usize {
        self.list().unseen()
    }

    pub fn selected(&self) -> Option<SignalRef<'_>> {
        self.list().selected()
    }

    pub fn position(&self) -> usize {
        self.list().position()
    }

    /// The lines in sight, newest first.
    pub fn rows(&self, page: usize) -> impl Iterator<Item = SignalRef<'_>> {
        self.list().rows(page)
    }

    pub fn step(&mut self, step: Step, page: usize) {
        self.list_mut().step(step, page);
    }

    pub fn select_row(&mut self, row: usize, page: usize) {
        self.list_mut().select_row(row, page);
    }

    pub fn row(&self) -> Option<usize> {
        self.list().row()
    }

    pub fn first(&self) -> Option<SignalKey> {
        self.list().first()
    }
}

/// Escape takes back what narrows; with nothing left that narrows the lines of logs, it is their pane that stands between.
fn leave(ui: &mut Ui) {
    match ui.feed.pane {
        Pane::Signals => ui.feed.ask(""),
        Pane::Logs if ui.feed.logs.widen() => {}
        Pane::Logs => ui.feed.pane = Pane::Signals,
    }
}

/// As long as the list does not scroll, only the two lines the cursor left and reached look different.
fn step(ui: &mut Ui, step: Step) {
    let before = (ui.feed.first(), ui.feed.row());
    let had_toast = ui.toast.is_some();
    let page = ui.page();
    ui.feed.step(step, page);
    let (first, row) = (ui.feed.first(), ui.feed.row());
    if first == before.0
        && !had_toast
        && ui.feed.pane == Pane::Signals
        && let (Some(from), Some(to)) = (before.1, row)
    {
        let top = ui.body().y + 1;
        let mut damage = Damage::NONE;
        for row in [from, to] {
            damage.row(top.saturating_add(u16::try_from(row).unwrap_or(u16::MAX)));
        }
        damage.row(ui.size.height.saturating_sub(1));
        ui.damage = damage;
    }
}

fn place(ui: &Ui) -> String {
    let count = ui.feed.count();
    let filter = match ui.feed.asked() {
        "" => String::new(),
        asked => format!("/{asked}  "),
    };
    let unseen = match ui.feed.unseen() {
        0 => String::new(),
        unseen => format!("{unseen} new {}  ", ui.look.glyphs.up),
    };
    let position = if count.found == 0 { 0 } else { ui.feed.position() + 1 };
    let follow = if ui.feed.is_following() { "following  " } else { "" };
    format!("{filter}{unseen}{follow}{position} of {}", counted(count))
}
