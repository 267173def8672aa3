//! What is left of incidents that are over, over all of them: action items that are open, triggers that retros promised,
//! and how long things take here.
//!
//! Everything is derived, once for each state of the room and not for each key. The cursor holds on to a row of a retro,
//! so that somebody else's work moves nothing under it.

mod durations;
mod made;

use super::packet::{Line, draw_lines};
use super::{centred, more_mark, window};
use crate::domain::Person;
use crate::domain::incident::TriggerState;
use crate::domain::time::Day;
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use made::{Key, Made, OpenItem, Promise};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct After {
    part: Part,
    chosen: Option<Key>,
    scroll: Cursor,
    /// What is shown, as the room last was.
    made: Made,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Items,
    Triggers,
    Durations,
}

const PARTS: [Part; 3] = [Part::Items, Part::Triggers, Part::Durations];
/// The line that names the parts, and a free one below it.
const HEAD: u16 = 2;
const MARKER: u16 = 2;
/// A trigger says on a second line what was seen and what is then done.
const TRIGGER_LINES: usize = 2;

impl After {
    pub fn open() -> Self {
        Self { part: Part::Items, chosen: None, scroll: Cursor::default(), made: Made::default() }
    }

    /// Takes in what is newer.
    pub fn follow(&mut self, world: World<'_>) {
        self.made.follow(&world.snapshot.room, world.now);
    }

    /// Around at either end.
    pub fn turn(&mut self, is_forward: bool) {
        let at = PARTS.iter().position(|part| *part == self.part).unwrap_or(0);
        let by = if is_forward { 1 } else { PARTS.len() - 1 };
        (self.part, self.chosen, self.scroll) = (PARTS[(at + by) % PARTS.len()], None, Cursor::default());
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        let inside = inside(ui);
        let keys = self.keys();
        if self.part == Part::Durations {
            let count = durations::lines(&self.made.metrics, inside, ui.look.glyphs).len();
            self.scroll.scroll(step, count, usize::from(inside.height));
            return;
        }
        let mut cursor = self.cursor(&keys, inside);
        cursor.step(step, keys.len(), self.page(inside));
        self.scroll = cursor;
        self.chosen = keys.get(cursor.line).copied();
    }

    /// The row under the cursor.
    pub fn selected(&self, ui: &Ui) -> Option<Key> {
        let keys = self.keys();
        keys.get(self.cursor(&keys, inside(ui)).line).copied()
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let hint = match self.keys().as_slice() {
            [] => "tab next part, esc closes",
            _ => "enter opens it in its retro, tab next part, esc closes",
        };
        let outer = window(canvas, area(ui), "After incidents", hint);
        self.draw_parts(canvas, outer);
        let inside = inside(ui);
        match self.part {
            Part::Items => self.draw_items(canvas, inside, Day::of(world.now)),
            Part::Triggers => self.draw_triggers(canvas, inside),
            Part::Durations => self.draw_durations(canvas, inside),
        }
    }

    fn draw_parts(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Made { items, triggers, .. } = &self.made;
        let overdue = items.iter().filter(|item| item.is_overdue).count();
        let due = triggers.iter().filter(|it| matches!(it.state, TriggerState::Due { .. })).count();
        let mut x = area.x;
        for (part, title, count, bad) in [
            (Part::Items, "Action items", items.len(), format!("{overdue} overdue")),
            (Part::Triggers, "Triggers", triggers.len(), format!("{due} due")),
            (Part::Durations, "How long things take", 0, String::new()),
        ] {
            let role = if part == self.part { Role::TabActive } else { Role::Dim };
            x += canvas.put(x, area.y, area.right().saturating_sub(x), title, role) + 1;
            if count > 0 {
                x += canvas.put(x, area.y, area.right().saturating_sub(x), &count.to_string(), Role::Strong)
                    + 1;
            }
            if !bad.is_empty() && !bad.starts_with('0') {
                x += canvas.put(x, area.y, area.right().saturating_sub(x), &bad, Role::Critical) + 1;
            }
            x += 2;
        }
    }

    fn draw_items(&self, canvas: &mut Canvas<'_>, inside: Rect, today: Day) {
        let items = &self.made.items;
        if items.is_empty() {
            nothing(
                canvas,
                inside,
                "No action item is open. A retro writes them: R, then a on Action items.",
            );
            return;
        }
        let cursor = self.cursor(&self.keys(), inside);
        for (y, (n, item)) in (inside.y..inside.bottom()).zip(items.iter().enumerate().skip(cursor.first)) {
            let at = Rect { y, height: 1, ..inside };
            marker(canvas, at, n == cursor.line);
            of_item(canvas, at, item, n == cursor.line, today);
        }
        more_mark(canvas, inside, cursor.first, usize::from(inside.height), items.len());
    }

    fn draw_triggers(&self, canvas: &mut Canvas<'_>, inside: Rect) {
        let triggers = &self.made.triggers;
        if triggers.is_empty() {
            nothing(
                canvas,
                inside,
                "No retro has promised anything. A kill criterion does: R, then a on Kill criteria.",
            );
            return;
        }
        let cursor = self.cursor(&self.keys(), inside);
        let shown = triggers.iter().enumerate().skip(cursor.first).take(self.page(inside));
        for (y, (n, trigger)) in (inside.y..inside.bottom()).step_by(TRIGGER_LINES).zip(shown) {
            let at = Rect { y, height: 2, ..inside };
            marker(canvas, at, n == cursor.line);
            of_trigger(canvas, at, trigger, n == cursor.line);
        }
        more_mark(canvas, inside, cursor.first, self.page(inside), triggers.len());
    }

    fn draw_durations(&self, canvas: &mut Canvas<'_>, inside: Rect) {
        let lines = durations::lines(&self.made.metrics, inside, canvas.glyphs);
        draw_lines(canvas, inside, &lines, self.scroll.first);
        more_mark(canvas, inside, self.scroll.first, usize::from(inside.height), lines.len());
    }

    fn keys(&self) -> Vec<Key> {
        match self.part {
            Part::Items => self.made.items.iter().map(|it| it.key).collect(),
            Part::Triggers => self.made.triggers.iter().map(|it| it.key).collect(),
            Part::Durations => Vec::new(),
        }
    }

    fn cursor(&self, keys: &[Key], inside: Rect) -> Cursor {
        let chosen = keys.iter().position(|key| Some(*key) == self.chosen);
        let mut cursor = Cursor { line: chosen.unwrap_or(self.scroll.line), first: self.scroll.first };
        cursor.keep_in_sight(keys.len(), self.page(inside));
        cursor
    }

    fn page(&self, inside: Rect) -> usize {
        let height = usize::from(inside.height);
        if self.part == Part::Triggers { height / TRIGGER_LINES } else { height }
    }
}

fn marker(canvas: &mut Canvas<'_>, at: Rect, is_selected: bool) {
    if is_selected {
        canvas.put(at.x, at.y, 1, canvas.glyphs.cursor, Role::Selection);
    }
}

fn of_item(canvas: &mut Canvas<'_>, at: Rect, item: &OpenItem, is_selected: bool, today: Day) {
    let OpenItem { key: (after, row), action, is_overdue } = item;
    let (word, role) = match action.due {
        _ if *is_overdue => ("overdue", Role::Critical),
        Some(due) if due == today => ("today", Role::Elevated),
        _ => ("open", Role::Text),
    };
    let due = action.due.map_or_else(|| "no date".to_owned(), |due| due.to_string());
    let mut x = at.x + MARKER;
    for (said, columns, role) in [
        (word.to_owned(), 8, role),
        (due, 11, role),
        (owner(action.owner.as_ref()), 10, if action.owner.is_some() { Role::Text } else { Role::Elevated }),
        (format!("{after} {row}"), 12, Role::Dim),
    ] {
        canvas.put_fit(x, at.y, columns - 1, &said, role);
        x += columns;
    }
    let role = if is_selected { Role::Selection } else { Role::Text };
    canvas.put_fit(x, at.y, at.right().saturating_sub(x), &action.text, role);
}

/// `due        2 of 2  IC declared late`, and below it what was seen and what is then done.
fn of_trigger(canvas: &mut Canvas<'_>, at: Rect, trigger: &Promise, is_selected: bool) {
    let Promise { key: (after, row), criterion, state } = trigger;
    let (word, role) = match state {
        TriggerState::Due { .. } => ("due", Role::Critical),
        TriggerState::Counting { .. } => ("counting", Role::Text),
        TriggerState::ForPeople => ("for people", Role::Elevated),
        TriggerState::Over { .. } => ("over", Role::Dim),
    };
    let counted = criterion
        .watch
        .as_ref()
        .map_or_else(String::new, |it| format!("{} of {}", state.seen().len(), it.count));
    let text = if is_selected { Role::Selection } else { Role::Text };
    let mut x = at.x + MARKER;
    for (said, columns, role) in
        [(word.to_owned(), 12, role), (counted, 10, Role::Strong), (format!("{after} {row}"), 12, Role::Dim)]
    {
        canvas.put_fit(x, at.y, columns - 1, &said, role);
        x += columns;
    }
    canvas.put_fit(x, at.y, at.right().saturating_sub(x), &criterion.signal, text);
    let x = at.x + MARKER + 12;
    canvas.put_fit(x, at.y + 1, at.right().saturating_sub(x), &below(trigger), Role::Dim);
}

fn below(trigger: &Promise) -> String {
    let criterion = &trigger.criterion;
    let window = match (&trigger.state, criterion.window.trim()) {
        (TriggerState::Counting { until: Some(until), .. }, _) => format!("until {}", Day::of(*until)),
        (TriggerState::ForPeople, _) if criterion.source.trim().is_empty() => {
            "nobody said where to look".to_owned()
        }
        (TriggerState::ForPeople, _) => format!("look at {}", criterion.source),
        (_, "") => "no window".to_owned(),
        (_, window) => format!("within {window}"),
    };
    let seen: Vec<_> = trigger.state.seen().iter().map(ToString::to_string).collect();
    let seen = if seen.is_empty() { String::new() } else { format!(", seen in {}", seen.join(", ")) };
    let then = match criterion.commitment.trim() {
        "" => "nothing was committed to",
        commitment => commitment,
    };
    format!("{window}{seen}; then: {then} ({})", owner(criterion.owner.as_ref()))
}

fn owner(owner: Option<&Person>) -> String {
    owner.map_or_else(|| "nobody".to_owned(), ToString::to_string)
}

fn nothing(canvas: &mut Canvas<'_>, inside: Rect, said: &str) {
    let lines: Vec<Line> = crate::tui::text::wrap(said, usize::from(inside.width))
        .into_iter()
        .map(|line| vec![(line, Role::Dim)])
        .collect();
    draw_lines(canvas, inside, &lines, 0);
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 130, u16::MAX)
}

/// Where the rows of a part stand: within the window, below its head.
fn inside(ui: &Ui) -> Rect {
    let area = area(ui);
    Rect {
        x: area.x + 2,
        y: area.y + 1 + HEAD,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2 + HEAD),
    }
}
