//! The work board of an incident: tasks, exit criteria, checklists, key moments and hypotheses, one part at a time; what
//! is still to be done of incidents that were merged into it stands below its own.
//!
//! What is under the cursor is remembered by what it is, so that somebody else's work moves nothing under it.

mod checklists;
mod criteria;
mod hypotheses;
mod moments;
mod tasks;

use super::{centred, more_mark, window};
use crate::domain::event::Moment;
use crate::domain::{ChecklistId, CriterionId, EntryId, Incident, IncidentId, TaskId, Time};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::glyphs::Glyphs;
use crate::tui::screens::incident::item::{Line, wrapped};
use crate::tui::screens::incident::live::Live;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::Step;
use jiff::tz::TimeZone;

#[derive(Debug)]
pub struct Board {
    pub incident: IncidentId,
    pub part: Part,
    cursor: Option<Placed>,
    /// The template of a checklist that has just been asked for; until it is there nothing is under the cursor, so that no
    /// step of another one is ticked in its stead.
    awaits: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Tasks,
    Criteria,
    Checklists,
    Moments,
    Hypotheses,
}

/// What a line of the board stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Task(TaskId),
    Criterion(CriterionId),
    /// A step of a checklist, counted from 1.
    Step(ChecklistId, u32),
    Moment(Moment),
    /// A moment proposed from what was observed.
    Proposal(Moment),
    Hypothesis(EntryId),
}

/// A line with the incident it is of, which may be one that was merged.
pub type Placed = (IncidentId, Item);

/// Some lines of the board; those that stand for nothing only say something.
pub struct Row {
    item: Option<Item>,
    standing: Standing,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// What is to be done next, where there is an order.
    Next,
    Any,
}

/// What the rows of a board have in common.
pub struct Pen<'a> {
    pub incident: &'a Incident,
    pub live: &'a Live,
    pub now: Time,
    pub zone: TimeZone,
    pub glyphs: &'static Glyphs,
    pub columns: usize,
}

const WIDTH: u16 = 110;
/// The marker before a row.
const MARKER: u16 = 2;
/// The line that names the parts, and a free one below it.
const HEAD: u16 = 2;

impl Part {
    pub const ALL: [Self; 5] =
        [Self::Tasks, Self::Criteria, Self::Checklists, Self::Moments, Self::Hypotheses];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Tasks => "Tasks",
            Self::Criteria => "Exit criteria",
            Self::Checklists => "Checklists",
            Self::Moments => "Key moments",
            Self::Hypotheses => "Hypotheses",
        }
    }

    /// What the keys do here, on the last line of the window.
    const fn hint(self) -> &'static str {
        match self {
            Self::Tasks => "a adds, x done, e edits, d drops, tab next part",
            Self::Criteria => "a adds, x met, e edits, d drops, tab next part",
            Self::Checklists => "a begins one, x ticks, d skips with a reason, tab next part",
            Self::Moments => "e sets or corrects, x accepts, d declines a proposal, tab next part",
            Self::Hypotheses => "enter explains, + confirms, - refutes, tab next part",
        }
    }

    /// The key moments are those of the incident that goes on.
    const fn is_of_merged(self) -> bool {
        !matches!(self, Self::Moments)
    }

    fn rows(self, pen: &Pen<'_>) -> Vec<Row> {
        match self {
            Self::Tasks => tasks::rows(pen),
            Self::Criteria => criteria::rows(pen),
            Self::Checklists => checklists::rows(pen),
            Self::Moments => moments::rows(pen),
            Self::Hypotheses => hypotheses::rows(pen),
        }
    }
}

impl Board {
    pub fn open(incident: IncidentId, part: Part) -> Self {
        Self { incident, part, cursor: None, awaits: None }
    }

    /// On the first open step of a checklist that begins or runs already.
    pub fn open_on(incident: IncidentId, template: &str) -> Self {
        Self { awaits: Some(template.to_owned()), ..Self::open(incident, Part::Checklists) }
    }

    /// The next part, or the one before.
    pub fn turn(&mut self, by: isize) {
        let place = Part::ALL.iter().position(|part| *part == self.part).unwrap_or(0);
        let count = isize::try_from(Part::ALL.len()).unwrap_or(1);
        let to = (isize::try_from(place).unwrap_or(0) + by).rem_euclid(count);
        self.part = Part::ALL[usize::try_from(to).unwrap_or(0)];
        (self.cursor, self.awaits) = (None, None);
    }

    /// Puts the cursor on what is to be done next, so that it stays there whatever others do.
    pub fn settle(&mut self, ui: &Ui, world: World<'_>) {
        self.cursor = self.selected(ui, world);
        if self.cursor.is_some() {
            self.awaits = None;
        }
    }

    pub fn choose(&mut self, placed: Placed) {
        (self.cursor, self.awaits) = (Some(placed), None);
    }

    fn awaited(&self, incident: &Incident) -> Option<Placed> {
        let template = self.awaits.as_ref()?;
        let lists = incident.checklists.values().filter(|list| list.template == *template);
        let next = lists.filter_map(|list| Some(Item::Step(list.id, list.next_step()?.0))).next_back()?;
        Some((incident.id, next))
    }

    /// What is under the cursor; without one that was chosen, the first there is.
    pub fn selected(&self, ui: &Ui, world: World<'_>) -> Option<Placed> {
        let incident = world.snapshot.room.incident(self.incident)?;
        if self.awaits.is_some() {
            return self.awaited(incident);
        }
        self.found(&self.rows(incident, ui, world, 80)).1
    }

    /// Its own, and below them those of what was merged into it, under its name.
    fn rows(&self, incident: &Incident, ui: &Ui, world: World<'_>, columns: u16) -> Vec<(IncidentId, Row)> {
        let own = self.part.rows(&pen(incident, ui.incident.live(), ui, world, columns));
        let mut rows: Vec<_> = own.into_iter().map(|row| (incident.id, row)).collect();
        // What the signals say is read of the incident that is shown.
        let unread = Live::default();
        for origin in incident.merged_tree().filter(|_| self.part.is_of_merged()) {
            let theirs = self.part.rows(&pen(origin, &unread, ui, world, columns));
            if theirs.iter().any(|row| row.item.is_some()) {
                let title = Row::says(format!("{} {}", origin.id, origin.title), Role::Title);
                let below = [Row::blank(), title].into_iter().chain(theirs);
                rows.extend(below.map(|row| (origin.id, row)));
            }
        }
        rows
    }

    pub fn step(&mut self, step: Step, ui: &Ui, world: World<'_>) {
        let Some(incident) = world.snapshot.room.incident(self.incident) else { return };
        let rows = self.rows(incident, ui, world, 80);
        let items: Vec<_> = rows.iter().filter_map(|(of, row)| Some((*of, row.item?))).collect();
        let Some(last) = items.len().checked_sub(1) else { return };
        let selected = self.selected(ui, world);
        let at = items.iter().position(|item| Some(*item) == selected).unwrap_or(0);
        let page = usize::from(ui.body().height.saturating_sub(4));
        self.choose(items[at.saturating_add_signed(step.lines(page)).min(last)]);
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let title = format!("Work of {}", self.incident);
        let inside = window(canvas, centred(ui, WIDTH, u16::MAX), &title, self.part.hint());
        let Some(incident) = world.snapshot.room.incident(self.incident) else { return };
        let columns = inside.width.saturating_sub(MARKER);
        self.draw_parts(canvas, inside);
        let rows = self.rows(incident, ui, world, columns);
        let (place, _) = self.found(&rows);
        let rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
        let page = usize::from(inside.height.saturating_sub(HEAD));
        let first = first_in_sight(&rows, place, page);
        let lines = rows.iter().enumerate().flat_map(|(n, row)| row.lines.iter().map(move |line| (n, line)));
        let mut marked = false;
        for (y, (n, line)) in (inside.y + HEAD..inside.bottom()).zip(lines.clone().skip(first)) {
            let is_selected = place == Some(n);
            if is_selected && !marked {
                canvas.put(inside.x, y, 1, canvas.glyphs.cursor, Role::Selection);
                marked = true;
            }
            let pieces: Vec<_> =
                line.iter().map(|(said, role)| (said.as_str(), seen(*role, is_selected))).collect();
            canvas.put_all(inside.x + MARKER, y, columns, &pieces);
        }
        more_mark(canvas, inside, first, page, lines.count());
    }

    fn draw_parts(&self, canvas: &mut Canvas<'_>, inside: ratatui::layout::Rect) {
        let mut x = inside.x;
        for part in Part::ALL {
            let role = if part == self.part { Role::TabActive } else { Role::Dim };
            x += canvas.put(x, inside.y, inside.right().saturating_sub(x), part.title(), role) + 2;
        }
    }

    /// Where the cursor stands, and on what.
    fn found(&self, rows: &[(IncidentId, Row)]) -> (Option<usize>, Option<Placed>) {
        if self.awaits.is_some() {
            return (None, None);
        }
        let placed = |(of, row): &(IncidentId, Row)| Some((*of, row.item?));
        let chosen = rows.iter().position(|row| self.cursor.is_some() && placed(row) == self.cursor);
        let next = || rows.iter().position(|(_, row)| row.standing == Standing::Next);
        let place = chosen.or_else(next).or_else(|| rows.iter().position(|row| placed(row).is_some()));
        (place, place.and_then(|place| placed(&rows[place])))
    }
}

impl Row {
    fn says(said: impl Into<String>, role: Role) -> Self {
        Self::line(vec![(said.into(), role)])
    }

    fn blank() -> Self {
        Self::line(Line::new())
    }

    fn line(line: Line) -> Self {
        Self { item: None, standing: Standing::Any, lines: vec![line] }
    }

    /// A lead of a fixed width, then words over as many lines as they need, then what is to be known beside them.
    fn of(item: Item, lead: Line, said: &str, role: Role, about: Line, columns: usize) -> Self {
        let taken: usize = lead.iter().map(|(piece, _)| text::width(piece)).sum();
        let mut lines = wrapped(said, role, columns.saturating_sub(taken).max(10));
        if lines.is_empty() {
            lines.push(Line::new());
        }
        for line in lines.iter_mut().skip(1) {
            line.insert(0, (" ".repeat(taken), Role::Dim));
        }
        lines[0].splice(0..0, lead);
        put_behind(&mut lines, about, taken, columns);
        Self { item: Some(item), standing: Standing::Any, lines }
    }
}

/// Behind the last line where there is room, else on a line of its own.
fn put_behind(lines: &mut Vec<Line>, about: Line, indent: usize, columns: usize) {
    let width = |line: &Line| line.iter().map(|(piece, _)| text::width(piece)).sum::<usize>();
    if about.is_empty() {
        return;
    }
    match lines.last_mut() {
        Some(last) if width(last) + 2 + width(&about) <= columns => {
            last.push(("  ".to_owned(), Role::Dim));
            last.extend(about);
        }
        _ => {
            let mut line = vec![(" ".repeat(indent), Role::Dim)];
            line.extend(about);
            lines.push(line);
        }
    }
}

fn pen<'a>(incident: &'a Incident, live: &'a Live, ui: &Ui, world: World<'_>, columns: u16) -> Pen<'a> {
    Pen {
        incident,
        live,
        now: world.now,
        zone: ui.zone.shown(),
        glyphs: ui.look.glyphs,
        columns: usize::from(columns),
    }
}

fn seen(role: Role, is_selected: bool) -> Role {
    if is_selected && role == Role::Text { Role::Selection } else { role }
}

/// The first line in sight, so that all of the selected row is; behind the last one stands what only says something.
fn first_in_sight(rows: &[Row], place: Option<usize>, page: usize) -> usize {
    let Some(place) = place else { return 0 };
    let height = |rows: &[Row]| rows.iter().map(|row| row.lines.len()).sum::<usize>();
    let is_last = rows[place + 1..].iter().all(|row| row.item.is_none());
    let end = if is_last { height(rows) } else { height(&rows[..=place]) };
    end.saturating_sub(page).min(height(&rows[..place]))
}
