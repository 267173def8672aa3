//! Saved queries over logs: the list of them, and the answer to the one that was asked, as it grows.

use super::{centred, more_mark, window};
use crate::domain::event::{EntryKind, Evidence, LogLine, Reading};
use crate::domain::query::{Course, Findings, SavedQuery};
use crate::domain::{SourceName, Time};
use crate::theme::Role;
use crate::tui::asking::Generation;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::evidence::Frozen;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::{Cursor, Step};
use ratatui::layout::Rect;

/// A column is at most this wide, so that the next one is in sight.
const WIDEST: usize = 60;

#[derive(Debug, Default)]
pub struct Queries {
    cursor: Cursor,
    answer: Option<Answer>,
}

/// What was asked and what came of it so far.
#[derive(Debug)]
struct Answer {
    generation: Generation,
    query: SavedQuery,
    findings: Findings,
    cursor: Cursor,
}

/// What leaving means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// The list is in front again.
    Answer,
    Everything,
}

impl Queries {
    /// Takes the query under the cursor, unless an answer is in front.
    pub fn choose(&mut self, ui: &Ui, generation: Generation, now: Time) -> Option<SavedQuery> {
        if self.answer.is_some() {
            return None;
        }
        let query = ui.queries.get(self.cursor.line)?.clone();
        let findings = Findings::asked(now - query.since, now);
        self.answer = Some(Answer { generation, query: query.clone(), findings, cursor: Cursor::default() });
        Some(query)
    }

    /// What is newly known, if it is of the question that is in front.
    pub fn learn(&mut self, generation: Generation, findings: Findings) {
        if let Some(answer) = self.answer.as_mut().filter(|answer| answer.generation == generation) {
            answer.findings = findings;
        }
    }

    pub fn leave(&mut self) -> Leaves {
        match self.answer.take() {
            Some(_) => Leaves::Answer,
            None => Leaves::Everything,
        }
    }

    pub fn step(&mut self, step: Step, ui: &Ui) {
        let page = usize::from(area(ui).height.saturating_sub(4));
        match &mut self.answer {
            Some(answer) => answer.cursor.step(step, answer.findings.rows.len(), page),
            None => self.cursor.step(step, ui.queries.len(), page),
        }
    }

    pub fn select_row(&mut self, row: usize, ui: &Ui) {
        if self.answer.is_none() {
            self.cursor.line = (self.cursor.first + row).min(ui.queries.len().saturating_sub(1));
        }
    }

    pub fn has_row(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.cursor.line < answer.findings.rows.len())
    }

    /// The row under the cursor in words, for the clipboard.
    pub fn row(&self) -> Option<String> {
        let answer = self.answer.as_ref()?;
        answer.findings.rows.get(answer.cursor.line).map(|row| answer.said(row))
    }

    /// The row under the cursor with what was asked of whom, to go into the timeline.
    pub fn frozen(&self, world: World<'_>) -> Option<Frozen> {
        let answer = self.answer.as_ref()?;
        let (query, findings) = (&answer.query, &answer.findings);
        let row = answer.said(findings.rows.get(answer.cursor.line)?);
        let text = format!("{}: {row}", query.name);
        let reading = Reading {
            source: SourceName::new(query.source.as_str()),
            query: query.text.clone(),
            from: Some(findings.from),
            to: Some(findings.until),
            link: findings.link.clone(),
            read_at: world.present(),
        };
        let lines = vec![LogLine { at: findings.until, text: row }];
        Some(Frozen {
            title: query.name.clone(),
            text,
            at: findings.until,
            kind: EntryKind::Fact,
            service: None,
            evidence: vec![Evidence::Log { reading, lines }],
        })
    }

    pub fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        match &self.answer {
            Some(answer) => answer.draw(ui, canvas),
            None => self.list(ui, canvas),
        }
    }

    fn list(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let does = if ui.queries.is_empty() { "esc closes" } else { "enter asks, esc closes" };
        let inside = window(canvas, area(ui), "Saved queries", does);
        if ui.queries.is_empty() {
            canvas.put_fit(inside.x, inside.y, inside.width, "No query is saved.", Role::Overlay);
            let how = "[aws.NAME.queries.\"errors\"] with query = \"...\" in config.toml saves one.";
            canvas.put_fit(inside.x, inside.y + 1, inside.width, how, Role::Dim);
            return;
        }
        let queries = ui.queries.iter().enumerate().skip(self.cursor.first);
        for (y, (n, query)) in (inside.y..inside.bottom()).zip(queries) {
            let is_selected = n == self.cursor.line;
            let role = if is_selected { Role::Selection } else { Role::Strong };
            canvas.hit(Rect { y, height: 1, ..inside }, Hit::Row(n - self.cursor.first));
            if is_selected {
                canvas.put(inside.x, y, 1, canvas.glyphs.cursor, Role::Selection);
            }
            let x = inside.x + 2;
            let used = canvas.put_fit(x, y, inside.width.saturating_sub(2) / 2, &query.name, role);
            let groups =
                if query.groups.is_empty() { "every group".to_owned() } else { query.groups.join(" ") };
            let said = format!("  {}, {groups}, last {}", query.source, query.since);
            canvas.put_fit(x + used, y, inside.right().saturating_sub(x + used), &said, Role::Dim);
        }
        more_mark(canvas, inside, self.cursor.first, usize::from(inside.height), ui.queries.len());
    }
}

impl Answer {
    fn said(&self, row: &[String]) -> String {
        let cells = self.findings.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        cells.map(|(name, cell)| format!("{name} {cell}")).collect::<Vec<_>>().join(", ")
    }

    fn draw(&self, ui: &Ui, canvas: &mut Canvas<'_>) {
        let hint = match self.findings.course.is_over() {
            true => "p pins a row, y copies it, esc goes back",
            false => "esc stops it",
        };
        let inside = window(canvas, area(ui), &self.query.name, hint);
        let (said, role) = self.progress();
        canvas.put_fit(inside.x, inside.y, inside.width, &said, role);
        let table = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
        let widths = widths(&self.findings);
        let columns = self.findings.columns.iter().map(String::as_str);
        cells(canvas, table, table.y, &widths, columns, Role::Dim);
        let rows = self.findings.rows.iter().enumerate().skip(self.cursor.first);
        for (y, (n, row)) in (table.y + 1..table.bottom()).zip(rows) {
            let is_selected = n == self.cursor.line;
            let role = if is_selected { Role::Selection } else { Role::Overlay };
            if is_selected {
                canvas.put(table.x, y, 1, canvas.glyphs.cursor, Role::Selection);
            }
            cells(canvas, table, y, &widths, row.iter().map(String::as_str), role);
        }
        let shown = usize::from(table.height.saturating_sub(1));
        more_mark(canvas, table, self.cursor.first, shown, self.findings.rows.len());
    }

    fn progress(&self) -> (String, Role) {
        let Findings { course, matched, scanned, rows, .. } = &self.findings;
        let counted = format!("{matched} of {scanned} lines match, {} rows", rows.len());
        match course {
            Course::Asked => (format!("asked {}, not begun yet", self.query.source), Role::Dim),
            Course::Running => (format!("running: {counted} so far"), Role::Info),
            Course::Complete if rows.is_empty() => {
                (format!("nothing found in {scanned} lines"), Role::Overlay)
            }
            Course::Complete => (counted, Role::Overlay),
            Course::Stopped => (format!("stopped: {counted}"), Role::Stale),
            Course::Failed(why) => (why.clone(), Role::Error),
        }
    }
}

fn widths(findings: &Findings) -> Vec<usize> {
    let widest = |n: usize| {
        let cells = findings.rows.iter().filter_map(move |row| row.get(n));
        cells.map(|cell| text::width(cell)).max().unwrap_or(0)
    };
    let columns = findings.columns.iter().enumerate();
    columns.map(|(n, name)| widest(n).max(text::width(name)).min(WIDEST)).collect()
}

fn cells<'a>(
    canvas: &mut Canvas<'_>,
    area: Rect,
    y: u16,
    widths: &[usize],
    cells: impl Iterator<Item = &'a str>,
    role: Role,
) {
    let mut x = area.x + 2;
    for (cell, width) in cells.zip(widths) {
        let room = area.right().saturating_sub(x);
        let width = u16::try_from(*width).unwrap_or(room).min(room);
        // Numbers are compared by their ends.
        if cell.parse::<f64>().is_ok() {
            canvas.put_right(x, y, width, cell, role);
        } else {
            canvas.put_fit(x, y, width, cell, role);
        }
        x += width + 2;
    }
}

fn area(ui: &Ui) -> Rect {
    centred(ui, 140, 40)
}
