//! The quality gate of an incident while it is still being written: what each dimension lacks, the emptiest first, and
//! wording that judges people with a kinder one.

use super::packet::{Line, draw_lines};
use super::{centred, more_mark, window};
use crate::domain::incident::Status;
use crate::domain::{Incident, IncidentId};
use crate::export::{BAR, Dimension, Gate};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

#[derive(Debug)]
pub struct Standing {
    pub incident: IncidentId,
    cursor: Cursor,
}

const INDENT: usize = 5;

impl Standing {
    pub fn open(incident: IncidentId) -> Self {
        Self { incident, cursor: Cursor::default() }
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        let area = area(ui);
        let count = lines(ui.judged.gate(self.incident), usize::from(area.width.saturating_sub(4))).len();
        self.cursor.scroll(step, count, usize::from(area.height.saturating_sub(2)));
    }

    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let title = format!("What the post-mortem of {} still lacks", self.incident);
        let is_open = |incident: &Incident| incident.status == Status::Open;
        let hint = match world.snapshot.room.incident(self.incident).is_some_and(is_open) {
            true => "its retro comes when it is resolved, esc closes",
            false => "enter opens the retro, esc closes",
        };
        let inside = window(canvas, area(ui), &title, hint);
        let lines = lines(ui.judged.gate(self.incident), usize::from(inside.width));
        draw_lines(canvas, inside, &lines, self.cursor.first);
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), lines.len());
    }
}

fn lines(gate: Option<&Gate>, columns: usize) -> Vec<Line> {
    let Some(gate) = gate else {
        return vec![vec![("It is being judged.".to_owned(), Role::Dim)]];
    };
    let mut lines = vec![verdict(gate), Line::new()];
    let mut dimensions: Vec<_> = gate.dimensions.iter().collect();
    dimensions.sort_by_key(|dimension| dimension.score);
    lines.extend(dimensions.into_iter().flat_map(|it| of_dimension(it, columns)));
    lines.extend(of_language(gate, columns));
    lines
}

fn verdict(gate: &Gate) -> Line {
    let total = (format!("{}/{}", gate.total, gate.of), Role::Strong);
    let (said, role) = match gate.passed {
        true => ("good enough to send".to_owned(), Role::Ok),
        false => (format!("not good enough to send yet; {BAR} are, with no dimension at 0"), Role::Elevated),
    };
    vec![total, ("  ".to_owned(), Role::Dim), (said, role)]
}

fn of_dimension(dimension: &Dimension, columns: usize) -> Vec<Line> {
    let role = match dimension.score {
        0 => Role::Elevated,
        1 => Role::Strong,
        _ => Role::Ok,
    };
    let mut lines =
        vec![vec![(format!(" {}   ", dimension.score), role), (dimension.title.to_owned(), Role::Strong)]];
    let said: Vec<(&str, Role)> = match dimension.missing().next() {
        Some(_) => dimension.missing().map(|missing| (missing, Role::Text)).collect(),
        None => dimension.reasons().map(|reason| (reason, Role::Dim)).collect(),
    };
    for (said, role) in said {
        lines.extend(indented(said, role, columns));
    }
    lines
}

fn of_language(gate: &Gate, columns: usize) -> Vec<Line> {
    if gate.language.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new(), vec![("WORDING THAT JUDGES PEOPLE".to_owned(), Role::Title)]];
    for judging in &gate.language {
        lines.push(vec![
            (format!("{:<INDENT$}", judging.place), Role::Strong),
            (format!("“{}”", judging.words), Role::Elevated),
        ]);
        lines.extend(indented(&judging.kinder, Role::Text, columns));
    }
    lines
}

fn indented(said: &str, role: Role, columns: usize) -> Vec<Line> {
    let wrapped = text::wrap(said, columns.saturating_sub(INDENT).max(10));
    wrapped.into_iter().map(|line| vec![(" ".repeat(INDENT), Role::Dim), (line, role)]).collect()
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 100, u16::MAX)
}
