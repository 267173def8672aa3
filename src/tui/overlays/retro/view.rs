//! The retro drawn: the sections, the rows of one, and what the row under the cursor says.

use super::{At, Line, Retro, dimension, is_first_of};
use crate::domain::Incident;
use crate::domain::event::{ItemState, RetroContent, RetroState};
use crate::domain::incident::RetroItem;
use crate::domain::retro::{Kind, SECTIONS, review_due, said};
use crate::domain::time::Day;
use crate::export::{Dimension, Gate};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use crate::tui::widgets::list::Cursor;
use ratatui::layout::Rect;

const SECTIONS_WIDE: u16 = 32;

/// How many lines of rows are in sight.
pub(super) fn page(ui: &Ui) -> usize {
    usize::from(list(ui.body()).height)
}

fn list(body: Rect) -> Rect {
    let below = body.height.saturating_sub(3);
    Rect {
        x: body.x + SECTIONS_WIDE,
        y: body.y + 3,
        width: body.width.saturating_sub(SECTIONS_WIDE),
        height: below - below * 2 / 5,
    }
}

impl Retro {
    pub fn draw(&self, ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
        let body = ui.body();
        canvas.fill(body, Role::Text);
        let Some(incident) = world.snapshot.room.incident(self.incident) else { return };
        let gate = ui.judged.gate(self.incident);
        self.head(body, incident, world, gate, canvas);
        self.sections(body, incident, gate, canvas);
        self.rows(list(body), incident, canvas);
        let from = list(body).bottom();
        let rest = Rect { y: from, height: body.bottom().saturating_sub(from), ..list(body) };
        self.detail(rest, incident, gate, canvas);
    }

    fn head(
        &self,
        body: Rect,
        incident: &Incident,
        world: World<'_>,
        gate: Option<&Gate>,
        canvas: &mut Canvas<'_>,
    ) {
        let right = gate.map_or(body.right(), |gate| {
            let role = if gate.passed { Role::Ok } else { Role::Elevated };
            canvas.put_right(0, body.y, body.width - 1, &format!("gate {}/{}", gate.total, gate.of), role)
        });
        let mut x = 1 + canvas.put(1, body.y, body.width, "RETRO", Role::Accent);
        if incident.drill.is_some() {
            x += 1 + canvas.put(x + 1, body.y, body.width, " DRILL ", Role::Demo);
        }
        let state = incident.retro.state();
        let said = format!("  {} {}  ", incident.id, state.title());
        x += canvas.put_fit(x, body.y, body.width - x, &said, Role::Strong);
        if let (Some(due), false) =
            (review_due(incident), matches!(state, RetroState::Reviewed | RetroState::Closed))
        {
            let (word, role) = match Day::of(world.present()) > due {
                true => ("overdue since", Role::Critical),
                false => ("review due", Role::Text),
            };
            x += 2 + canvas.put_fit(x, body.y, body.width - x, &format!("{word} {due}"), role);
        }
        canvas.put_fit(x, body.y, right.saturating_sub(x + 2), &incident.title, Role::Dim);
        canvas.put_fit(1, body.y + 1, body.width - 2, self.section().1.guide, Role::Text);
        canvas.rule(0, body.y + 2, body.width, Role::Border);
    }

    fn sections(&self, body: Rect, incident: &Incident, gate: Option<&Gate>, canvas: &mut Canvas<'_>) {
        for (y, (n, section)) in (body.y + 3..body.bottom()).zip(SECTIONS.iter().enumerate()) {
            let is_here = n == self.section;
            let role = if is_here { Role::Selection } else { Role::Text };
            let mark = if is_here { canvas.glyphs.cursor } else { " " };
            canvas.put(1, y, 1, mark, role);
            canvas.put_fit(3, y, SECTIONS_WIDE - 10, section.title, role);
            if let Some(dimension) = gate.and_then(|gate| dimension(gate, n)) {
                // What two sections have in common is counted once.
                let said = if is_first_of(dimension, n) {
                    format!("{}/2", dimension.score)
                } else {
                    "\"".to_owned()
                };
                canvas.put_right(0, y, SECTIONS_WIDE - 5, &said, judged(dimension.score));
            }
            let count = section.rows(incident).len();
            let role = if count == 0 { Role::Dim } else { Role::Strong };
            canvas.put_right(0, y, SECTIONS_WIDE - 2, &count.to_string(), role);
        }
    }

    fn rows(&self, area: Rect, incident: &Incident, canvas: &mut Canvas<'_>) {
        let lines = self.lines(incident);
        let mut cursor = Cursor { line: self.line(&lines), first: self.first };
        cursor.keep_in_sight(lines.len(), usize::from(area.height));
        for (y, (n, line)) in (area.y..area.bottom()).zip(lines.iter().enumerate().skip(cursor.first)) {
            let is_selected = n == cursor.line;
            if is_selected {
                canvas.put(area.x, y, 1, canvas.glyphs.cursor, Role::Selection);
            }
            let room = area.width.saturating_sub(3);
            match (line.at, line.item) {
                (At::Kind(word), _) => heading(canvas, area.x + 2, y, room, word, incident),
                (At::Row(_), Some(item)) => {
                    let role = if is_selected { Role::Selection } else { Role::Text };
                    let area = Rect { x: area.x + 4, y, width: room.saturating_sub(2), height: 1 };
                    row(canvas, area, line, item, role);
                }
                (At::Row(_), None) => {}
            }
        }
    }

    fn detail(&self, area: Rect, incident: &Incident, gate: Option<&Gate>, canvas: &mut Canvas<'_>) {
        canvas.rule(area.x, area.y, area.width, Role::Border);
        let mut y = area.y + 1;
        if let Some(item) = self.struck(incident) {
            struck(canvas, Rect { y, height: area.bottom().saturating_sub(y), ..area }, item);
            return;
        }
        let Some(item) = self.row(incident) else {
            let said =
                format!("a writes a new {}, e opens the section in $EDITOR", self.kind(incident).title);
            canvas.put_fit(area.x + 2, y, area.width.saturating_sub(3), &said, Role::Dim);
            let rest = Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area };
            lacking(canvas, rest, gate.and_then(|gate| dimension(gate, self.section)));
            return;
        };
        for field in Kind::of(&item.content).fields {
            let said = said(&item.content, field);
            let (said, role) =
                if said.is_empty() { ("not captured".to_owned(), Role::Dim) } else { (said, Role::Text) };
            let columns = usize::from(area.width.saturating_sub(16));
            canvas.put_fit(area.x + 2, y, 12, &field.name.replace('_', " "), Role::Dim);
            for line in text::wrap(&said, columns) {
                if y >= area.bottom() {
                    return;
                }
                canvas.put_fit(area.x + 15, y, area.width.saturating_sub(16), &line, role);
                y += 1;
            }
            if y >= area.bottom() {
                return;
            }
        }
        for ground in grounds(&item.content) {
            if y < area.bottom() {
                canvas.put_fit(area.x + 2, y, area.width.saturating_sub(3), &ground, Role::Dim);
                y += 1;
            }
        }
    }
}

fn heading(canvas: &mut Canvas<'_>, x: u16, y: u16, room: u16, word: &str, incident: &Incident) {
    let Some(kind) = SECTIONS.iter().flat_map(|section| section.kinds).find(|kind| kind.word == word) else {
        return;
    };
    let used = canvas.put_fit(x, y, room, &kind.title.to_uppercase(), Role::Title);
    if kind.rows(incident).is_empty() {
        canvas.put_fit(
            x + used + 2,
            y,
            room.saturating_sub(used + 2),
            "not captured; a writes one",
            Role::Dim,
        );
    }
}

/// What the gate still misses of a section.
fn lacking(canvas: &mut Canvas<'_>, area: Rect, dimension: Option<&Dimension>) {
    let Some(dimension) = dimension.filter(|dimension| dimension.missing().next().is_some()) else { return };
    let mut y = area.y;
    let title = format!("{}: {} of 2", dimension.title, dimension.score);
    canvas.put_fit(area.x + 2, y, area.width.saturating_sub(3), &title, judged(dimension.score));
    let columns = usize::from(area.width.saturating_sub(5));
    for line in dimension.missing().flat_map(|missing| text::wrap(missing, columns)) {
        y += 1;
        if y >= area.bottom() {
            return;
        }
        canvas.put_fit(area.x + 4, y, area.width.saturating_sub(5), &line, Role::Text);
    }
}

fn struck(canvas: &mut Canvas<'_>, area: Rect, item: &RetroItem) {
    let by = item.struck.as_ref().map_or_else(String::new, |strike| match strike.reason.trim() {
        "" => format!(" by {}", strike.by),
        reason => format!(" by {}: {reason}", strike.by),
    });
    let said = format!("Struck{by}. x brings it back.");
    let columns = usize::from(area.width.saturating_sub(3));
    let lines = text::wrap(&said, columns).into_iter().map(|line| (line, Role::Dim));
    let words = text::wrap(item.content.text(), columns).into_iter().map(|line| (line, Role::Text));
    for (y, (line, role)) in (area.y..area.bottom()).zip(lines.chain(words)) {
        canvas.put_fit(area.x + 2, y, area.width.saturating_sub(3), &line, role);
    }
}

const fn judged(score: u32) -> Role {
    match score {
        0 => Role::Elevated,
        1 => Role::Text,
        _ => Role::Ok,
    }
}

fn row(canvas: &mut Canvas<'_>, area: Rect, line: &Line<'_>, item: &RetroItem, role: Role) {
    let indent = u16::try_from(line.depth * 2).unwrap_or(0).min(area.width / 2);
    let mut x = area.x + indent;
    if line.depth > 0 {
        canvas.put(x - 2, area.y, 1, canvas.glyphs.corners[2], Role::Border);
    }
    x += canvas.put(x, area.y, 5, &item.id.to_string(), Role::Dim) + 1;
    if item.struck.is_some() {
        x += canvas.put(x, area.y, 7, "struck ", Role::Dim);
        canvas.put_fit(x, area.y, area.right().saturating_sub(x), item.content.text(), Role::Dim);
        return;
    }
    if let Some(lead) = lead(&item.content).filter(|_| line.depth == 0) {
        x += canvas.put_fit(x, area.y, 24, &lead, Role::Strong) + 1;
    }
    let mut right = area.right();
    if item.state != ItemState::Open {
        right = canvas.put_right(area.x, area.y, area.width, item.state.title(), Role::Ok).saturating_sub(1);
    }
    canvas.put_fit(x, area.y, right.saturating_sub(x), item.content.text(), role);
}

/// What tells a row from others of its kind before its words do.
fn lead(content: &RetroContent) -> Option<String> {
    match content {
        RetroContent::Brief { field, .. } => Some(field.title().to_owned()),
        RetroContent::Impact { area, .. } => Some(area.title().to_owned()),
        RetroContent::Factor { cluster, .. } => Some(cluster.title().to_owned()),
        RetroContent::Why { of: Some(of), .. } => Some(of.to_string()),
        RetroContent::RootCause { confidence, .. } => Some(confidence.title().to_owned()),
        RetroContent::Share { field, .. } => Some(field.title().to_owned()),
        RetroContent::ActionItem(item) => {
            let owner = item.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
            let due = item.due.map_or_else(String::new, |due| format!(" {due}"));
            Some(format!("{owner}{due}"))
        }
        _ => None,
    }
}

fn grounds(content: &RetroContent) -> Vec<String> {
    use crate::domain::event::Ground;
    let said = |ground: &Ground| match ground {
        Ground::Entry { of: None, entry } => format!("rests on {entry}"),
        Ground::Entry { of: Some(of), entry } => format!("rests on {entry} of {of}"),
        Ground::Evidence { evidence } => format!("rests on {}", evidence.said()),
    };
    content.support().map_or_else(Vec::new, |support| support.grounds.iter().map(said).collect())
}
