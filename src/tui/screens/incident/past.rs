//! The list of incidents, the open ones first, then what is over, the newest first, and what to do while none is open.

use super::badge::{clock, severity_role};
use crate::domain::event::RetroState;
use crate::domain::incident::{Status, follow_ups};
use crate::domain::retro::review_due;
use crate::domain::time::Day;
use crate::domain::{Event, Incident, IncidentId, Room, Time};
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

/// The cursor holds on to an incident, so that a new one does not move it.
#[derive(Debug, Default)]
pub(super) struct Past {
    selected: Option<IncidentId>,
    first: usize,
}

impl Past {
    pub(super) fn selected(&self, room: &Room) -> Option<IncidentId> {
        let known = self.selected.filter(|id| room.incidents.contains_key(id));
        known.or_else(|| order(room).next().map(|incident| incident.id))
    }

    pub(super) fn select(&mut self, incident: IncidentId) {
        self.selected = Some(incident);
    }

    pub(super) fn step(&mut self, step: Step, room: &Room, page: usize) {
        let mut cursor = self.cursor(room);
        cursor.step(step, room.incidents.len(), page);
        self.first = cursor.first;
        self.selected = order(room).nth(cursor.line).map(|incident| incident.id);
    }

    pub(super) fn select_row(&mut self, row: usize, room: &Room) {
        self.selected = order(room).nth(row).map(|incident| incident.id);
    }

    fn cursor(&self, room: &Room) -> Cursor {
        let selected = self.selected(room);
        let line = order(room).position(|incident| Some(incident.id) == selected).unwrap_or(0);
        Cursor { line, first: self.first }
    }
}

/// The newest open one first, then what is over, and last what goes on in another one.
fn order(room: &Room) -> impl Iterator<Item = &Incident> {
    let open: Vec<_> = room.open().collect();
    open.into_iter().rev().chain(room.over())
}

pub(super) fn draw(past: &Past, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let body = ui.body();
    let room = &world.snapshot.room;
    let open = room.open().count();
    let mut x = 1 + canvas.put(1, body.y, body.width, "INCIDENTS", Role::Title);
    x += canvas.put(x, body.y, body.width, &format!("  {open} open of {}", room.incidents.len()), Role::Dim);
    canvas.rule(x + 1, body.y, body.width.saturating_sub(x + 1), Role::Border);
    if room.incidents.is_empty() {
        nothing(ui, world, canvas, Rect { y: body.y + 1, height: body.height - 1, ..body });
        return;
    }
    canvas.put_right(0, body.y, body.width, " RETRO ", Role::Title);
    let lasted: u16 = widths(body.width).iter().map(|width| width + 1).sum();
    canvas.put_right(0, body.y, 1 + lasted.max(x + 8), " LASTED ", Role::Title);
    let list = Rect { y: body.y + 1, height: body.height.saturating_sub(3), ..body };
    let mut cursor = past.cursor(room);
    cursor.keep_in_sight(room.incidents.len(), usize::from(list.height));
    let shown = order(room).enumerate().skip(cursor.first);
    for (y, (n, incident)) in (list.y..list.bottom()).zip(shown) {
        let line = Rect { y, height: 1, ..list };
        canvas.hit(line, Hit::Row(n));
        row(canvas, line, incident, n == cursor.line, ui, world);
    }
    let hint = format!("{}  {}", declare_hint(ui), left_hint(ui, world));
    canvas.put_fit(3, body.bottom().saturating_sub(1), body.width.saturating_sub(4), &hint, Role::Dim);
}

/// With fewer columns the year, the time of day and all gaps go, so that the title stays.
const WIDE: u16 = 110;

/// Columns of the id, the severity, how it stands, when it was declared and how long it lasted.
const fn widths(width: u16) -> [u16; 5] {
    if width < WIDE { [7, 5, 8, 5, 8] } else { [7, 6, 9, 17, 9] }
}

fn row(
    canvas: &mut Canvas<'_>,
    line: Rect,
    incident: &Incident,
    is_selected: bool,
    ui: &Ui,
    world: World<'_>,
) {
    let y = line.y;
    if is_selected {
        canvas.put(line.x, y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let zone = ui.zone.shown();
    let (word, role) = match incident.status {
        Status::Open => ("open", severity_role(incident.severity)),
        Status::Resolved => ("resolved", Role::Elevated),
        Status::Closed => ("closed", Role::Dim),
        Status::Merged(_) => ("merged", Role::Dim),
    };
    let date = incident.declared_at.date(&zone);
    let declared = match line.width < WIDE {
        true => date[5..].to_owned(),
        false => format!("{date} {}", incident.declared_at.hour_minute(&zone)),
    };
    let ended = incident.resolved_at.or_else(|| merged_at(incident)).unwrap_or(world.now);
    let lasted = clock(ended - incident.declared_at);
    let mut x = line.x + 2;
    let told = [
        (incident.id.to_string(), Role::Strong),
        (incident.severity.to_string(), role),
        (word.to_owned(), role),
        (declared, Role::Dim),
        (format!("{lasted:>8}"), Role::Text),
    ];
    for ((said, role), columns) in told.iter().zip(widths(line.width)) {
        canvas.put_fit(x, y, columns, said, *role);
        x += columns + 1;
    }
    let role = if is_selected { Role::Selection } else { Role::Text };
    if incident.drill.is_some() {
        x += 1 + canvas.put_fit(x, y, line.right().saturating_sub(x + 1), " DRILL ", Role::Demo);
    }
    let right = match retro(incident, world, line.width) {
        Some((said, role)) => canvas.put_right(line.x, y, line.width - 1, &said, role).saturating_sub(1),
        None => line.right(),
    };
    canvas.put_fit(x, y, right.saturating_sub(x + 1), &incident.title, role);
}

/// When it began to go on in another one, as long as it does.
fn merged_at(incident: &Incident) -> Option<Time> {
    let mut records = incident.history.values().filter(|_| incident.is_merged());
    records.rfind(|record| matches!(record.event, Event::IncidentMerged { .. })).map(|record| record.at)
}

/// How far the review of what is over has come, and until when it is to be held.
fn retro(incident: &Incident, world: World<'_>, columns: u16) -> Option<(String, Role)> {
    let state = incident.retro.state();
    let day = |due: Day| if columns < WIDE { due.to_string()[5..].to_owned() } else { due.to_string() };
    match (incident.status, state) {
        (Status::Open | Status::Merged(_), _) => None,
        (_, RetroState::Reviewed | RetroState::Closed) => Some((state.to_string(), Role::Dim)),
        _ => Some(match review_due(incident) {
            Some(due) if Day::of(world.present()) > due => (format!("overdue {}", day(due)), Role::Degraded),
            Some(due) => (format!("due {}", day(due)), Role::Text),
            None => (state.to_string(), Role::Dim),
        }),
    }
}

/// An empty list says why it is empty and what to do next.
fn nothing(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let what =
        if world.snapshot.loading { "Reading the journal" } else { "There has been no incident here." };
    let y = area.y + area.height / 3;
    for (y, (said, role)) in (y..).zip([
        (what.to_owned(), Role::Text),
        (declare_hint(ui), Role::Dim),
        ("The line under the cursor goes along as evidence, from every screen.".to_owned(), Role::Dim),
    ]) {
        let width = u16::try_from(said.chars().count()).unwrap_or(area.width).min(area.width);
        canvas.put_fit(area.x + (area.width - width) / 2, y, width, &said, role);
    }
}

/// What is left to do of all of them, and where it is shown.
fn left_hint(ui: &Ui, world: World<'_>) -> String {
    let items = follow_ups(&world.snapshot.room, world.present());
    let overdue = items.iter().filter(|item| item.is_overdue).count();
    let keys = ui.keymap.keys_in(crate::keymap::Verb::AfterOpen, ui.screen.face().context.stack());
    let key = keys.first().map_or("V", String::as_str);
    format!("{key} shows {} action items, {overdue} overdue.", items.len())
}

fn declare_hint(ui: &Ui) -> String {
    let key = ui.keymap.keys_in(crate::keymap::Verb::IncidentDeclare, ui.screen.face().context.stack());
    format!("{} and enter three times declares one.", key.first().map_or("D", String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::Severity;
    use crate::domain::{Intent, Person, Record, decide};

    #[test]
    fn an_incident_that_goes_on_in_another_one_lasts_until_then() {
        let mut room = Room::default();
        let declare = || Intent::Declare {
            title: "Checkout fails".into(),
            severity: Severity::Sev2,
            services: Vec::new(),
            impact: String::new(),
            evidence: Vec::new(),
        };
        let (incident, into) = (IncidentId(1), IncidentId(2));
        let merge = Intent::Merge { incident, into, reason: String::new() };
        for (minute, intent) in [(0, declare()), (5, declare()), (7, merge)] {
            let by = Person::new("dana");
            let event = decide(&room, &by, intent).unwrap();
            let at = Time::from_millis(minute * 60_000);
            room.apply(&Record { key: None, seq: room.seq.next(), at, by, event });
        }
        let ended = |id| merged_at(room.incident(id).unwrap());
        assert_eq!([ended(incident), ended(into)], [Some(Time::from_millis(7 * 60_000)), None]);
    }
}
