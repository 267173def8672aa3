//! The Incident: its timeline, who has command, and the clocks; without an open one, the incidents there were.
//!
//! What is shown here is durable, or drawn as pending. An entry is selected by its id; as long as nobody has
//! selected one, the timeline stays at its end and keys that change an entry have nothing to act on.

pub mod badge;
mod clocks;
pub mod item;
mod layout;
pub mod live;
mod panel;
mod past;
mod people;
pub mod query;
pub mod timeline;
mod view;
pub mod work;

pub use layout::Layout;
pub use view::draw;

use super::{Face, Narrow, nowhere};
use crate::domain::{EntryId, Incident, IncidentId, Person, Room};
use crate::keymap::{Context, Verb};
use crate::tui::damage::Damage;
use crate::tui::overlays::detail::About;
use crate::tui::screens::incident::live::Live;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::Step;
use item::Pen;
use past::Past;
use query::Query;
use ratatui::layout::Rect;
use timeline::{Row, Timeline, Window};

pub const FACE: Face = Face {
    key: '2',
    title: "Incident",
    context: Context::Incident,
    verb: Verb::ScreenIncident,
    draw,
    step,
    select_row,
    item,
    leave: |ui| ui.incident.leave(),
    turn: None,
    zoom: None,
    filter: Some(&Narrow {
        placeholder: "words, kind: by: label: @owner #label is:pinned is:open is:late",
        asked: |ui| ui.incident.query().asked(),
        ask: |ui, text| ui.incident.ask(text),
        count: |ui| ui.incident.timeline().rows().len().to_string(),
        problem: |ui| ui.incident.query().problem.as_ref(),
    }),
    is_bare: |_| false,
    place: nowhere,
};

#[derive(Debug, Default)]
pub struct IncidentScreen {
    showing: Showing,
    timeline: Timeline,
    past: Past,
    /// Whose session it is: what they command goes before what is only worse.
    me: Option<Person>,
    /// The open incident this person put in front of the others.
    front: Option<IncidentId>,
    live: Live,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Showing {
    /// Whichever is in front, as soon as there is one.
    #[default]
    InFront,
    One(IncidentId),
    All,
}

impl IncidentScreen {
    /// Keeps what is derived from the room up to date; once an incident is in front, it stays until somebody
    /// looks at another.
    pub fn follow(&mut self, room: &Room) {
        if self.showing == Showing::InFront
            && let Some(front) = self.in_front(room)
        {
            self.showing = Showing::One(front.id);
        }
        if let Some(incident) = self.shown(room) {
            self.timeline.follow(incident, room.seq);
        }
    }

    pub fn shown<'a>(&self, room: &'a Room) -> Option<&'a Incident> {
        match self.showing {
            Showing::InFront => self.in_front(room),
            Showing::One(id) => room.incident(id),
            Showing::All => None,
        }
    }

    pub fn of(me: Person) -> Self {
        Self { me: Some(me), ..Self::default() }
    }

    /// What is in front for this person: the incident they chose as long as it is open, else the worst of those they
    /// command, else the worst one.
    pub fn in_front<'a>(&self, room: &'a Room) -> Option<&'a Incident> {
        let chosen = self.front.and_then(|id| room.open().find(|incident| incident.id == id));
        let mine = || room.commanded_by(self.me.as_ref()?);
        chosen.or_else(mine).or_else(|| room.in_front())
    }

    pub fn put_in_front(&mut self, incident: IncidentId) {
        self.front = Some(incident);
        self.show(incident);
    }

    pub fn observe(&mut self, incident: &Incident, world: World<'_>) {
        self.live.read(incident, world);
    }

    pub fn live(&self) -> &Live {
        &self.live
    }

    /// The short story instead of the full log, or the other way round; says which.
    pub fn turn_view(&mut self) -> &'static str {
        self.timeline.turn()
    }

    pub fn show(&mut self, incident: IncidentId) {
        self.showing = Showing::One(incident);
        self.timeline.to_end();
    }

    pub fn show_front(&mut self, room: &Room) {
        match self.in_front(room) {
            Some(front) if self.showing != Showing::One(front.id) => self.show(front.id),
            _ => {}
        }
    }

    /// Undoes one thing between this and the list of all incidents.
    pub fn leave(&mut self) {
        if !self.timeline.query().is_empty() {
            self.timeline.ask("");
        } else if !self.timeline.is_at_end() {
            self.timeline.to_end();
        } else {
            if let Showing::One(shown) = self.showing {
                self.past.select(shown);
            }
            self.showing = Showing::All;
        }
    }

    pub fn ask(&mut self, text: &str) {
        self.timeline.ask(text);
    }

    pub fn query(&self) -> &Query {
        self.timeline.query()
    }

    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The incident under the cursor of the list, while that is shown.
    pub fn listed(&self, room: &Room) -> Option<IncidentId> {
        if self.shown(room).is_some() { None } else { self.past.selected(room) }
    }

    pub fn selected(&self) -> Option<EntryId> {
        self.timeline.selected()
    }
}

/// The entry under the cursor, or the incident of the list.
fn item(ui: &Ui, world: World<'_>) -> Option<About> {
    let room = &world.snapshot.room;
    match ui.incident.shown(room) {
        Some(incident) => ui.incident.selected().map(|entry| About::Entry(incident.id, entry)),
        None => ui.incident.listed(room).map(About::Incident),
    }
}

/// Moves the cursor of whatever the screen shows.
fn step(ui: &mut Ui, world: World<'_>, step: Step) {
    let mut screen = std::mem::take(&mut ui.incident);
    match screen.shown(&world.snapshot.room) {
        None => screen.past.step(step, &world.snapshot.room, usize::from(ui.body().height).saturating_sub(4)),
        Some(incident) => {
            let layout = Layout::of(ui.body());
            let pen = Pen::new(incident, ui, world, layout.timeline.width);
            let list = layout.list();
            let page = usize::from(list.height);
            let height = |rows: &[Row], index: usize| pen.height(rows, index);
            let before = screen.timeline.window(page, height);
            screen.timeline.step(step, page, height);
            let after = screen.timeline.window(page, height);
            let damage = moved(&screen.timeline, (before, after), list, height);
            if ui.toast.is_none()
                && ui.asks.waiting().is_empty()
                && let Some(mut damage) = damage
            {
                // What can be done with a line is said at the bottom.
                damage.row(ui.size.height.saturating_sub(1));
                ui.damage = damage;
            }
        }
    }
    ui.incident = screen;
}

/// As long as the timeline does not scroll, only the rows the cursor left and reached look different.
fn moved(
    timeline: &Timeline,
    (before, after): (Window, Window),
    list: Rect,
    height: impl Fn(&[Row], usize) -> usize,
) -> Option<Damage> {
    let (from, to) = (before.cursor?, after.cursor?);
    if before.first != after.first {
        return None;
    }
    let mut damage = Damage::NONE;
    let mut y = usize::from(list.y);
    for index in after.first..timeline.rows().len() {
        let tall = height(timeline.rows(), index);
        if index == from || index == to {
            let rows = y..(y + tall).min(usize::from(list.bottom()));
            rows.for_each(|y| damage.row(u16::try_from(y).unwrap_or(u16::MAX)));
        }
        y += tall;
        if y >= usize::from(list.bottom()) {
            break;
        }
    }
    Some(damage)
}

/// Selects what was clicked: a row counted from the first in sight.
fn select_row(ui: &mut Ui, world: World<'_>, row: usize) {
    let mut screen = std::mem::take(&mut ui.incident);
    match screen.shown(&world.snapshot.room) {
        None => screen.past.select_row(row, &world.snapshot.room),
        Some(incident) => {
            let layout = Layout::of(ui.body());
            let pen = Pen::new(incident, ui, world, layout.timeline.width);
            let height = |rows: &[Row], index: usize| pen.height(rows, index);
            screen.timeline.select_index(row, usize::from(layout.list().height), height);
        }
    }
    ui.incident = screen;
}
