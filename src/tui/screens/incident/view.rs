//! The Incident drawn: panel, timeline, what is being saved, and the runtime sequence below.

use super::item::{Laid, Line, Pen, glyph, kind_role, letter};
use super::layout::Layout;
use super::timeline::View;
use super::{panel, past};
use crate::domain::event::Content;
use crate::domain::{Incident, Intent};
use crate::keymap::Verb;
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::screens::situation::axis;
use crate::tui::ui::{Ui, World};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

pub fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let Some(incident) = ui.incident.shown(&world.snapshot.room) else {
        past::draw(&ui.incident.past, ui, world, canvas);
        return;
    };
    let layout = Layout::of(ui.body());
    draw_panel(ui, world, canvas, incident, layout);
    let pen = Pen::new(incident, ui, world, layout.timeline.width);
    title(ui, canvas, incident, layout.timeline);
    timeline(ui, canvas, &pen, layout.list());
    if let Some(area) = layout.sequence {
        heading(canvas, area, "RUNTIME SEQUENCE", Role::Title);
        let inside = Rect { y: area.y + 1, height: area.height - 1, ..area };
        axis::draw(canvas, inside, &world.situation.sequence, &ui.zone.shown());
    }
}

fn draw_panel(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>, incident: &Incident, layout: Layout) {
    let key = |verb| {
        ui.keymap.keys_in(verb, ui.screen.face().context.stack()).into_iter().next().unwrap_or_default()
    };
    let keys = panel::Keys {
        take: key(Verb::CommandTake),
        answer: key(Verb::NudgeAnswer),
        gate: key(Verb::GateOpen),
    };
    let area = layout.panel;
    let columns = area.width.saturating_sub(2);
    let pen = Pen::new(incident, ui, world, columns);
    let (lines, from) = if layout.is_wide {
        heading(canvas, area, "COMMAND", Role::Title);
        let mut lines = panel::tall(&pen, world, &keys, usize::from(columns));
        lines.extend(ui.judged.gate(incident.id).into_iter().flat_map(|gate| panel::gate(gate, &keys.gate)));
        (lines, area.y + 1)
    } else {
        (panel::short(&pen, world, &keys, usize::from(columns)), area.y)
    };
    for (y, line) in (from..area.bottom()).zip(&lines) {
        put_line(canvas, area.x + 1, y, columns, line);
    }
    if layout.is_wide {
        for y in area.y..area.bottom() {
            canvas.put(area.x - 1, y, 1, canvas.glyphs.upright, Role::Border);
        }
    }
}

fn title(ui: &Ui, canvas: &mut Canvas<'_>, incident: &Incident, area: Rect) {
    let rows = ui.incident.timeline().rows().len();
    let asked = ui.incident.query().asked();
    let x = heading(canvas, area, "TIMELINE", Role::Accent);
    let said = match asked.trim() {
        "" if ui.incident.timeline().view() == View::Curated => {
            format!(
                "  the short story, {rows} lines; {}, {}",
                counted(incident.entries.len()),
                ui.zone.label()
            )
        }
        "" if incident.entries.is_empty() && rows > 0 => {
            let noun = if rows == 1 { "line" } else { "lines" };
            format!("  {rows} {noun}, no entry yet, {}", ui.zone.label())
        }
        "" => format!("  {}, {}", counted(incident.entries.len()), ui.zone.label()),
        asked => {
            let entries: usize = incident.with_merged().map(|(_, it)| it.entries.len()).sum();
            format!("  {rows} of {entries} match {asked}")
        }
    };
    canvas.put_fit(x, area.y, area.right().saturating_sub(x), &format!("{said} "), Role::Dim);
}

fn counted(entries: usize) -> String {
    match entries {
        0 => "no entry yet".to_owned(),
        1 => "1 entry".to_owned(),
        _ => format!("{entries} entries"),
    }
}

/// A title line; returns where the title ends.
fn heading(canvas: &mut Canvas<'_>, area: Rect, said: &str, role: Role) -> u16 {
    let x = area.x + 1 + canvas.put_fit(area.x + 1, area.y, area.width, said, role);
    canvas.rule(x + 1, area.y, area.right().saturating_sub(x + 1), Role::Border);
    x
}

fn timeline(ui: &Ui, canvas: &mut Canvas<'_>, pen: &Pen<'_>, area: Rect) {
    let timeline = ui.incident.timeline();
    let pending = pending(ui, pen.incident);
    let kept = usize::from(area.height).saturating_sub(pending.len().min(usize::from(area.height) / 2));
    let rows = timeline.rows();
    let window = timeline.window(kept, |rows, index| pen.height(rows, index));
    let bottom = area.y + u16::try_from(kept).unwrap_or(area.height);
    let mut y = area.y;
    for index in window.first..rows.len() {
        if y >= bottom {
            break;
        }
        let Some(laid) = pen.lay(timeline, index) else { continue };
        let height = u16::try_from(laid.height()).unwrap_or(u16::MAX);
        let place = Rect { y, height: height.min(bottom - y), ..area };
        canvas.hit(place, Hit::Row(index));
        draw_row(canvas, pen, &laid, place, window.cursor == Some(index));
        y += place.height;
    }
    if rows.is_empty() {
        nothing(ui, canvas, area);
        y += 2;
    }
    for (y, content) in (y..area.bottom()).zip(pending) {
        draw_pending(canvas, pen, content, Rect { y, height: 1, ..area });
    }
}

fn draw_row(canvas: &mut Canvas<'_>, pen: &Pen<'_>, laid: &Laid, area: Rect, is_selected: bool) {
    let mut y = area.y;
    if let Some(day) = &laid.day {
        let x = area.x + 2 + canvas.put_fit(area.x + 2, y, area.width, day, Role::Dim);
        canvas.rule(x + 1, y, area.right().saturating_sub(x + 2), Role::Border);
        y += 1;
    }
    if y >= area.bottom() {
        return;
    }
    if is_selected {
        canvas.put(area.x, y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let mut x = area.x + 2;
    let time = u16::try_from(pen.columns.time).unwrap_or(0);
    for (y, said) in (y..area.bottom()).zip(&laid.time) {
        canvas.put_right(x.saturating_sub(1), y, time + 1, said, Role::Dim);
    }
    x += time + 1;
    canvas.put(x, y, 1, laid.glyph, laid.role);
    canvas.put(x + 2, y, 1, laid.letter, laid.role);
    x += 4;
    let author = u16::try_from(pen.columns.author).unwrap_or(0);
    canvas.put_fit(x, y, author, &laid.author, Role::Dim);
    x += author + 1;
    for (y, line) in (y..area.bottom()).zip(&laid.lines) {
        let columns = area.right().saturating_sub(x);
        match line.split_first() {
            Some(((said, role), rest)) if *role == Role::Text || *role == Role::Dim => {
                let role = if is_selected && *role == Role::Text { Role::Selection } else { *role };
                let mut style = canvas.theme.ink(role);
                // Only the words are struck through; what is said about them stays readable.
                if laid.is_struck && role == Role::Dim {
                    style = style.add_modifier(Modifier::CROSSED_OUT);
                }
                let used = canvas.put_styled(x, y, columns, said, style);
                put_line(canvas, x + used, y, columns.saturating_sub(used), rest);
            }
            _ => put_line(canvas, x, y, columns, line),
        }
    }
}

fn put_line(canvas: &mut Canvas<'_>, x: u16, y: u16, columns: u16, line: &[(String, Role)]) {
    let pieces: Vec<_> = line.iter().map(|(said, role)| (said.as_str(), *role)).collect();
    canvas.put_all(x, y, columns, &pieces);
}

/// What was written and is not durable yet.
fn pending<'a>(ui: &'a Ui, incident: &Incident) -> Vec<&'a Content> {
    let written = ui.asks.waiting().iter().filter_map(|asked| match &asked.intent {
        Intent::Write(id, content) if *id == incident.id => Some(content),
        _ => None,
    });
    written.collect()
}

fn draw_pending(canvas: &mut Canvas<'_>, pen: &Pen<'_>, content: &Content, area: Rect) {
    let mut x = area.x + 2;
    let time = u16::try_from(pen.columns.time).unwrap_or(0);
    canvas.put_fit(x, area.y, time, "saving", Role::Stale);
    x += time + 1;
    canvas.put(x, area.y, 1, glyph(content.entry_kind, canvas.glyphs), kind_role(content.entry_kind));
    canvas.put(x + 2, area.y, 1, letter(content.entry_kind), kind_role(content.entry_kind));
    x += 5 + u16::try_from(pen.columns.author).unwrap_or(0);
    let first: Line = vec![(content.text.lines().next().unwrap_or_default().to_owned(), Role::Dim)];
    put_line(canvas, x, area.y, area.right().saturating_sub(x), &first);
}

fn nothing(ui: &Ui, canvas: &mut Canvas<'_>, area: Rect) {
    let (what, next) = if ui.incident.query().is_empty() {
        (
            "Nothing has been written yet.",
            "n writes: f fact, h hypothesis, d decision, a action; -7m or 14:25 first.",
        )
    } else {
        ("No entry matches the filter.", "esc shows the whole timeline again.")
    };
    canvas.put_fit(area.x + 2, area.y, area.width.saturating_sub(2), what, Role::Text);
    canvas.put_fit(area.x + 2, area.y + 1, area.width.saturating_sub(2), next, Role::Dim);
}
