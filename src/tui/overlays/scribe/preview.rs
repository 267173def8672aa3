//! The scribe line drawn: the line itself at the bottom, and above it what was understood of it so far.

use super::{Scribe, Writes};
use crate::domain::event::Content;
use crate::domain::scribe::{self, Doubt, Understood};
use crate::theme::Role;
use crate::tui::canvas::Canvas;
use crate::tui::screens::incident::item::{glyph, kind_role, letter, when};
use crate::tui::text;
use crate::tui::ui::{Ui, World};
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

type Line = Vec<(String, Role)>;

const GRAMMAR: &str = "f fact  h hypothesis  d decision  a action  c comms  q question  n note   -7m  14:25  ~14:10-14:25   @who  #label";

pub fn draw(ui: &Ui, world: World<'_>, canvas: &mut Canvas<'_>) {
    let y = ui.size.height.saturating_sub(1);
    let lines = lines(ui, world, canvas);
    let most = usize::from(ui.body().height) * 2 / 3;
    let hidden = lines.len().saturating_sub(most);
    let shown = &lines[hidden..];
    let top = y.saturating_sub(u16::try_from(shown.len()).unwrap_or(0) + 1);
    let area = Rect { x: 0, y: top, width: ui.size.width, height: y - top };
    canvas.fill(area, Role::Overlay);
    canvas.rule(0, top, ui.size.width, Role::Border);
    let title = title(ui, hidden);
    canvas.put_fit(2, top, ui.size.width.saturating_sub(4), &title, Role::Title);
    let hint = " enter saves, esc leaves and keeps it ";
    canvas.put_right(0, top, ui.size.width.saturating_sub(2), hint, Role::Dim);
    for (y, line) in (top + 1..y).zip(shown) {
        let pieces: Vec<_> = line.iter().map(|(said, role)| (said.as_str(), *role)).collect();
        canvas.put_all(2, y, ui.size.width.saturating_sub(3), &pieces);
    }
    prompt(ui, canvas, y);
}

fn prompt(ui: &Ui, canvas: &mut Canvas<'_>, y: u16) {
    canvas.fill(Rect { x: 0, y, width: ui.size.width, height: 1 }, Role::Bar);
    let sign = match ui.scribe.writes() {
        Writes::Entry => canvas.glyphs.cursor.to_owned(),
        Writes::Revision { entry, .. } => format!("{entry} {}", canvas.glyphs.cursor),
    };
    let x = 1 + canvas.put(1, y, 12, &sign, Role::Key) + 1;
    ui.scribe.field.draw(canvas, x, y, ui.size.width.saturating_sub(x + 1));
}

fn title(ui: &Ui, hidden: usize) -> String {
    let incident = ui.scribe.incident().map_or_else(|| "no incident yet,".to_owned(), |it| it.to_string());
    let entries = ui.scribe.block.len() + usize::from(!ui.scribe.field.text().trim().is_empty());
    let above = if hidden > 0 { format!(", {hidden} more above") } else { String::new() };
    match (ui.scribe.writes(), entries) {
        (Writes::Revision { entry, .. }, _) => format!(" {incident} {entry} anew "),
        (Writes::Entry, 0 | 1) => format!(" {incident} entry "),
        (Writes::Entry, many) => format!(" {incident} {many} entries{above} "),
    }
}

fn lines(ui: &Ui, world: World<'_>, canvas: &Canvas<'_>) -> Vec<Line> {
    let scribe = &ui.scribe;
    let (now, zone) = (world.present(), ui.zone.shown());
    let columns = usize::from(ui.size.width.saturating_sub(4));
    let mut lines: Vec<_> =
        scribe.unsaved.iter().map(|unsaved| unsaved_line(&unsaved.line, &unsaved.why)).collect();
    lines.extend(scribe.block.iter().flat_map(|line| understood(line, now, &zone, canvas)));
    let typed = scribe.field.text().trim();
    if !typed.is_empty() {
        lines.extend(understood(typed, now, &zone, canvas));
    } else if scribe.block.is_empty() {
        lines.push(vec![(text::fit(GRAMMAR, columns, canvas.glyphs.ellipsis).into_owned(), Role::Dim)]);
    }
    lines.extend(problem(scribe, &lines, columns));
    lines
}

fn unsaved_line(line: &str, why: &str) -> Line {
    vec![
        ("NOT SAVED ".to_owned(), Role::Error),
        (line.to_owned(), Role::Text),
        (format!("  {why}; up brings it back"), Role::Error),
    ]
}

/// What the last Enter was told, unless the preview says it anyway.
fn problem(scribe: &Scribe, lines: &[Line], columns: usize) -> Vec<Line> {
    let Some(problem) = &scribe.problem else { return Vec::new() };
    let is_said =
        lines.iter().flatten().any(|(said, role)| *role == Role::Error && problem.starts_with(said.trim()));
    if is_said {
        return Vec::new();
    }
    // What to do about it stands at its end.
    text::wrap(problem, columns).into_iter().map(|part| vec![(part, Role::Error)]).collect()
}

/// The entry a line becomes, or a page of lines, and below it what is in doubt about it.
pub fn understood(line: &str, now: crate::domain::Time, zone: &TimeZone, canvas: &Canvas<'_>) -> Vec<Line> {
    let Understood { content, doubts } = scribe::parse(line, now, zone);
    let mut lines = entry(&content, zone, canvas, doubts.is_empty());
    lines.extend(doubts.iter().flat_map(|it| doubt(it, canvas)));
    lines
}

fn entry(content: &Content, zone: &TimeZone, canvas: &Canvas<'_>, is_settled: bool) -> Vec<Line> {
    let kind = content.entry_kind;
    let role = kind_role(kind);
    let time = if is_settled { when(content.happened, zone) } else { "??:??".to_owned() };
    let zone_name = if *zone == TimeZone::UTC { "UTC" } else { "local" };
    let mut line = vec![
        (format!("{} {} {:<10}", glyph(kind, canvas.glyphs), letter(kind), kind.title()), role),
        (format!(" {time} {zone_name}"), if is_settled { Role::Strong } else { Role::Error }),
        (format!("  {}", content.text.lines().next().unwrap_or_default()), Role::Text),
    ];
    let mut marks = Line::new();
    marks.extend(content.owner.iter().map(|owner| (format!("  @{owner}"), Role::Strong)));
    marks.extend(content.labels.iter().map(|label| (format!("  #{label}"), Role::Info)));
    if !content.evidence.is_empty() {
        marks.push((format!("  {} evidence", content.evidence.len()), Role::Link));
    }
    let width = |line: &Line| line.iter().map(|(said, _)| text::width(said)).sum::<usize>();
    if width(&line) + width(&marks) + 3 > usize::from(canvas.area().width) && !marks.is_empty() {
        return vec![line, marks];
    }
    line.extend(marks);
    vec![line]
}

fn doubt(doubt: &Doubt, canvas: &Canvas<'_>) -> Vec<Line> {
    let columns = usize::from(canvas.area().width.saturating_sub(4));
    let said = text::wrap(&format!("{doubt}; {}", doubt.fix()), columns);
    said.into_iter().map(|part| vec![(part, Role::Error)]).collect()
}
