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
use crate::domain::{SignalLog, Time};
use crate::keymap::{Context, Verb};
use crate::tui::canvas::Canvas;
use crate::tui::damage::Damage;
use crate::tui::overlays::detail::About;
use crate::tui::ui::{Ui, World};
use crate::tui::view::counted;
use crate::tui::widgets::list::Step;
use list::List;
use logs::Logs;

pub const FACE: Face = Face {
    key: '3',
    title: "Feed",
    context: Context::Feed,
    verb: Verb::ScreenFeed,
    draw,
    step: |ui, _, way| step(ui, way),
    select_row: |ui, _, row| {
        let page = ui.page();
        ui.feed.list_mut().select_row(row, page);
    },
    item: |ui, _| ui.feed.list().selected().map(|signal| About::Signal(signal.key())),
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
    count: |ui| counted(ui.feed.list().count()),
    problem: |_| None,
};

pub const NARROW: Narrow = Narrow {
    placeholder: "words, source: service: kind: since:2h group: level:warn, a minus to leave out",
    asked: |ui| ui.feed.list().asked(),
    ask: |ui, text| ui.feed.list_mut().ask(text),
    count: |ui| counted(ui.feed.list().count()),
    problem: |ui| ui.feed.list().query().problems.first(),
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

    /// The list in front.
    pub const fn list(&self) -> &List {
        match self.pane {
            Pane::Signals => &self.signals,
            Pane::Logs => self.logs.list(),
        }
    }

    pub const fn list_mut(&mut self) -> &mut List {
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

    /// Looks at some more of the log; true while there is more to look at.
    pub fn work(&mut self, now: Time, chunks: usize) -> bool {
        let is_more = self.list_mut().work(now, chunks);
        if self.pane == Pane::Logs {
            self.logs.count(now);
        }
        is_more
    }

    /// Shows nothing later than a moment, or everything again.
    pub fn until(&mut self, moment: Option<Time>) {
        self.signals.until(moment);
        self.logs.list_mut().until(moment);
    }
}

/// Escape takes back what narrows; with nothing left that narrows the lines of logs, it is their pane that stands between.
fn leave(ui: &mut Ui) {
    match ui.feed.pane {
        Pane::Signals => ui.feed.list_mut().ask(""),
        Pane::Logs if ui.feed.logs.widen() => {}
        Pane::Logs => ui.feed.pane = Pane::Signals,
    }
}

/// As long as the list does not scroll, only the two lines the cursor left and reached look different.
fn step(ui: &mut Ui, step: Step) {
    let (had_toast, page) = (ui.toast.is_some(), ui.page());
    let list = ui.feed.list_mut();
    let before = (list.first(), list.row());
    list.step(step, page);
    let (first, row) = (list.first(), list.row());
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
    let list = ui.feed.list();
    let count = list.count();
    let filter = match list.asked() {
        "" => String::new(),
        asked => format!("/{asked}  "),
    };
    let unseen = match list.unseen() {
        0 => String::new(),
        unseen => format!("{unseen} new {}  ", ui.look.glyphs.up),
    };
    let position = if count.found == 0 { 0 } else { list.position() + 1 };
    let follow = if list.is_following() { "following  " } else { "" };
    format!("{filter}{unseen}{follow}{position} of {}", counted(count))
}
