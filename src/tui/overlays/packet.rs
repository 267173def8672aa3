//! A hand-over packet to read, and then to accept or to decline.

use super::command::{Choice, Does, Menu};
use super::{centred, more_mark, window};
use crate::domain::event::Packet;
use crate::domain::incident::{Told, handover, tell_brief, tell_packet};
use crate::domain::{Incident, IncidentId, Intent, Person, Time};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use std::sync::Arc;

pub(super) type Line = Vec<(String, Role)>;

/// Where the words of a part begin, the widest title before them.
const LABEL: usize = 22;

#[derive(Debug)]
pub struct Reading {
    incident: IncidentId,
    from: Person,
    packet: Arc<Packet>,
    /// Whether the packet came with the offer, or was composed here for want of one.
    is_theirs: bool,
    cursor: Cursor,
}

impl Reading {
    /// The packet that is on offer, where something is.
    pub fn open(incident: &Incident, world: World<'_>) -> Option<Self> {
        let from = incident.command.holder.clone()?;
        let theirs = incident.command.offered_packet.clone();
        let is_theirs = theirs.is_some();
        let composed = || Arc::new(handover(incident, &world.snapshot.clocks, world.present()));
        let packet = theirs.unwrap_or_else(composed);
        Some(Self { incident: incident.id, from, packet, is_theirs, cursor: Cursor::default() })
    }

    /// Whether it is still offered to whoever reads it; an offer is taken back, or ends with the incident.
    pub fn stands(&self, ui: &Ui, world: World<'_>) -> bool {
        let incident = world.snapshot.room.incident(self.incident);
        incident.is_some_and(|incident| {
            let command = &incident.command;
            command.offered_to.as_ref() == Some(&ui.me) && command.holder.as_ref() == Some(&self.from)
        })
    }

    /// That it is not any more.
    pub fn gone(&self) -> String {
        format!("{} does not offer you command of {} any more", self.from, self.incident)
    }

    /// What one does after reading.
    pub fn answers(&self) -> Menu {
        let Self { incident, from, packet, .. } = self;
        let accept = Intent::AcceptHandover(*incident, Arc::clone(packet));
        let choices = vec![
            Choice { said: format!("Accept command from {from}"), does: Does::Submit(accept) },
            Choice {
                said: format!("Decline the offer of {from}"),
                does: Does::Submit(Intent::DeclineCommand(*incident)),
            },
        ];
        Menu::of(format!("Command of {incident}"), choices)
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        let area = area(ui);
        let lines = self.lines(&ui.zone.shown(), usize::from(area.width.saturating_sub(4)));
        self.cursor.scroll(step, lines.len(), usize::from(area.height.saturating_sub(2)));
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let (title, hint) = if self.stands(ui, world) {
            let title = format!("{} hands over command of {}", self.from, self.incident);
            (title, "enter to accept or decline, esc reads on later")
        } else {
            (self.gone(), "esc closes")
        };
        let inside = window(canvas, area(ui), &title, hint);
        let lines = self.lines(&ui.zone.shown(), usize::from(inside.width));
        draw_lines(canvas, inside, &lines, self.cursor.first);
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), lines.len());
    }

    fn lines(&self, zone: &TimeZone, columns: usize) -> Vec<Line> {
        let mut lines = vec![head(&self.packet, self.is_theirs, zone), Line::new()];
        lines.extend(parts(&tell_brief(&self.packet.brief), columns));
        lines.push(Line::new());
        lines.extend(rest(&self.packet, zone, columns));
        lines
    }
}

/// All of the packet but its brief.
pub(super) fn rest(packet: &Packet, zone: &TimeZone, columns: usize) -> Vec<Line> {
    parts(&tell_packet(packet, zone), columns)
}

pub(super) fn heading(canvas: &mut Canvas<'_>, area: Rect, said: &str) {
    let x = area.x + canvas.put_fit(area.x, area.y, area.width, said, Role::Title);
    canvas.rule(x + 1, area.y, area.right().saturating_sub(x + 1), Role::Border);
}

pub(super) fn draw_lines(canvas: &mut Canvas<'_>, area: Rect, lines: &[Line], first: usize) {
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(first)) {
        let pieces: Vec<_> = line.iter().map(|(said, role)| (said.as_str(), *role)).collect();
        canvas.put_all(area.x, y, area.width, &pieces);
    }
}

fn head(packet: &Packet, is_theirs: bool, zone: &TimeZone) -> Line {
    let at = |at: Time| at.hour_minute(zone);
    let whose = if is_theirs { "as handed over at" } else { "no packet came with the offer; as it is at" };
    vec![
        (packet.severity.to_string(), Role::Strong),
        (format!("  {whose} {}", at(packet.composed_at)), Role::Dim),
    ]
}

fn parts(told: &[Told], columns: usize) -> Vec<Line> {
    told.iter().flat_map(|part| lines_of(part, columns)).collect()
}

fn lines_of(told: &Told, columns: usize) -> Vec<Line> {
    let room = columns.saturating_sub(LABEL).max(10);
    let said: Vec<_> = told.lines.iter().flat_map(|line| text::wrap(line, room)).collect();
    if said.is_empty() {
        return vec![vec![(label(told.title), Role::Dim), ("none".to_owned(), Role::Dim)]];
    }
    let titles = std::iter::once(told.title).chain(std::iter::repeat(""));
    titles.zip(said).map(|(title, said)| vec![(label(title), Role::Dim), (said, Role::Text)]).collect()
}

fn label(title: &str) -> String {
    format!("{title:LABEL$}")
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 96, 32)
}
