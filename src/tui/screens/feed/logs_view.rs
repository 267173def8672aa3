//! The lines of logs drawn: what is shown of them and how much is written, then the lines, newest first.

use super::line::{Level, found, log_of, said};
use super::logs::{BEFORE, Logs, MOST_COUNTED, beside, group_width};
use crate::domain::{Health, SignalRef, SourceStatus};
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::text;
use crate::tui::ui::{World, Zone};
use ratatui::layout::Rect;

pub fn draw(logs: &Logs, canvas: &mut Canvas<'_>, area: Rect, zone: &Zone, world: World<'_>) {
    head(logs, canvas, Rect { height: 1, ..area }, zone, world);
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let selected = logs.list().selected().map(|signal| signal.key());
    let (words, mut y) = (logs.words(), list.y);
    for (row, signal) in logs.list().rows(usize::from(list.height)).enumerate() {
        let shown = Shown { logs, words: &words, is_selected: Some(signal.key()) == selected };
        let room = Rect { y, height: list.bottom().saturating_sub(y), ..list };
        let height = shown.draw(canvas, room, &signal, zone, world);
        canvas.hit(Rect { height, ..room }, Hit::Row(row));
        y += height;
    }
    if y == list.y {
        nothing(logs, canvas, list, world);
    }
}

/// Which lines these are, on the left; how many come, on the right, where the eye looks for whether it grows.
fn head(logs: &Logs, canvas: &mut Canvas<'_>, line: Rect, zone: &Zone, world: World<'_>) {
    let rate = logs.rate();
    let more = if rate.lines >= MOST_COUNTED { "+" } else { "" };
    let noun = if rate.lines == 1 { "line" } else { "lines" };
    let lines = format!("{}{more} {noun}/min", rate.lines);
    let grave =
        if rate.grave == 0 { String::new() } else { format!("{} {}  ", rate.grave, errors(rate.grave)) };
    let from = canvas.put_right(line.x, line.y, line.width.saturating_sub(1), &lines, Role::Dim);
    let wide = u16::try_from(text::width(&grave)).unwrap_or(0);
    let from = from.saturating_sub(wide);
    canvas.put(from, line.y, wide, &grave, Level::Error.role());
    let pieces = [
        ("LOGS  ".to_owned(), Role::Title),
        (format!("{}  ", zone.label()), Role::Dim),
        (logs.group().unwrap_or("all groups").to_owned(), Role::Strong),
        (level_said(logs.least()).to_owned(), Role::Text),
        (
            if logs.marked.is_empty() { String::new() } else { format!("  marked: {}", logs.marked) },
            Role::Match,
        ),
        (trouble(world), Role::Stale),
    ];
    let pieces: Vec<_> = pieces.iter().map(|(said, role)| (said.as_str(), *role)).collect();
    canvas.put_all(line.x + 2, line.y, from.saturating_sub(line.x + 3), &pieces);
}

const fn errors(count: usize) -> &'static str {
    if count == 1 { "error" } else { "errors" }
}

const fn level_said(least: Level) -> &'static str {
    match least {
        Level::Debug => "",
        Level::Info => ", info and worse",
        Level::Warn => ", warnings and worse",
        Level::Error | Level::Fatal => ", errors",
    }
}

/// What the sources of lines say of themselves, the failing ones first.
fn trouble(world: World<'_>) -> String {
    let mut said: Vec<_> = sources(world).filter(|source| !source.message.is_empty()).collect();
    said.sort_by_key(|source| source.health == Health::Live);
    said.first().map_or_else(String::new, |source| format!("  {}: {}", source.name, source.message))
}

fn sources(world: World<'_>) -> impl Iterator<Item = &SourceStatus> {
    world.snapshot.sources.iter().filter(|source| source.name.as_str().ends_with("/logs"))
}

/// A line and how it is shown.
struct Shown<'a> {
    logs: &'a Logs,
    words: &'a [String],
    is_selected: bool,
}

impl Shown<'_> {
    /// Draws it into the room there is and returns how many lines it took.
    fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        room: Rect,
        signal: &SignalRef<'_>,
        zone: &Zone,
        world: World<'_>,
    ) -> u16 {
        let log = log_of(signal);
        let level = log.as_ref().map_or(Level::Info, |log| Level::of(&log.level));
        if self.is_selected {
            canvas.put(room.x, room.y, 1, canvas.glyphs.cursor, Role::Selection);
        }
        let shown = zone.shown();
        let at = signal.at();
        let time = if at.is_same_day(world.now, &shown) {
            at.clock(&shown)
        } else {
            format!("{} {}", &at.date(&shown)[8..], at.hour_minute(&shown))
        };
        canvas.put_right(room.x + 2, room.y, 8, &time, Role::Dim);
        canvas.put_fit(room.x + 11, room.y, 5, level.word(), level.role());
        let group = log.as_ref().map_or("", |log| log.group.as_str());
        let from = if group.is_empty() { signal.service() } else { group };
        let wide = group_width(room.width);
        let from = end_of(from, usize::from(wide));
        let from = text::fit_middle(from, usize::from(wide), canvas.glyphs.ellipsis);
        canvas.put(room.x + BEFORE, room.y, wide, &from, Role::Dim);
        self.words(canvas, room, signal, level)
    }

    fn words(&self, canvas: &mut Canvas<'_>, room: Rect, signal: &SignalRef<'_>, level: Level) -> u16 {
        let role = match (self.is_selected, level) {
            (true, _) => Role::Selection,
            (false, Level::Debug) => Role::Dim,
            (false, _) => Role::Text,
        };
        let said = said(signal, self.logs.shows);
        let columns = room.width.saturating_sub(beside(room.width));
        let lines = match self.logs.is_wrapped() {
            true => text::wrap(&said, usize::from(columns.max(1))),
            false => vec![text::fit(&said, usize::from(columns), canvas.glyphs.ellipsis).into_owned()],
        };
        let mut height = 0;
        for (y, line) in (room.y..room.bottom()).zip(&lines) {
            self.marked(canvas, room.x + beside(room.width), y, columns, line, role);
            height += 1;
        }
        height.max(1)
    }

    fn marked(&self, canvas: &mut Canvas<'_>, x: u16, y: u16, columns: u16, line: &str, role: Role) {
        let (mut at, mut pieces) = (0, Vec::new());
        for (from, to) in found(line, self.words) {
            pieces.extend([(&line[at..from], role), (&line[from..to], Role::Match)]);
            at = to;
        }
        pieces.push((&line[at..], role));
        canvas.put_all(x, y, columns, &pieces);
    }
}

/// The end of a group tells it from the others, so of what all begin with whole parts go first.
fn end_of(group: &str, room: usize) -> &str {
    let mut end = group;
    while text::width(end) > room
        && let Some((_, rest)) = end.split_once('/')
    {
        end = rest;
    }
    end
}

/// No lines: because none match, because nothing tells any, because they cannot be read, or because they are still to
/// come. A source that fails is named with its reason, whatever else is so.
fn nothing(logs: &Logs, canvas: &mut Canvas<'_>, list: Rect, world: World<'_>) {
    let room = usize::from(list.width.saturating_sub(2)).min(READABLE);
    let (what, next) = why_nothing(logs, world);
    let failing = sources(world).filter(|source| !answers(source) && !logs.list().has_work());
    let failing = failing.map(|source| {
        let why = if source.message.is_empty() { "it has not answered" } else { source.message.as_str() };
        (format!("{}: {why}", source.name), Role::Stale)
    });
    let said = [(what.to_owned(), Role::Text), (next.to_owned(), Role::Dim)].into_iter().chain(failing);
    let lines = said
        .filter(|(said, _)| !said.is_empty())
        .flat_map(|(said, role)| text::wrap(&said, room).into_iter().map(move |line| (line, role)));
    let y = list.y + list.height / 3;
    for (y, (said, role)) in (y..list.bottom()).zip(lines) {
        let width = u16::try_from(text::width(&said)).unwrap_or(list.width).min(list.width);
        canvas.put_fit(list.x + (list.width - width) / 2, y, width, &said, role);
    }
}

/// Longer lines are hard to read.
const READABLE: usize = 90;

/// Whether what it told, or told nothing of, can be relied upon.
const fn answers(source: &SourceStatus) -> bool {
    !matches!(source.health, Health::Failing | Health::Off)
}

fn why_nothing(logs: &Logs, world: World<'_>) -> (&'static str, &'static str) {
    let has_source = sources(world).next().is_some();
    let has_answer = sources(world).any(|source| answers(source) && source.last_good.is_some());
    match (logs.list().has_work(), logs.is_narrowed(), has_source) {
        (true, ..) => ("Searching…", ""),
        (_, true, _) => ("No line matches.", "esc takes back what narrows, one thing at a time."),
        (_, _, true) if has_answer => {
            ("No line has been written yet.", "The last quarter of an hour has been asked for.")
        }
        (_, _, true) if sources(world).any(answers) => ("No line has come yet.", "They are being asked for."),
        (_, _, true) => ("Logs cannot be read.", ""),
        _ if world.snapshot.story.is_some() => {
            ("No line has been written yet.", "Lines come with the story as it goes on.")
        }
        _ => ("Nothing here tells lines.", "log_groups under [aws.NAME] in config.toml names what to read."),
    }
}

#[cfg(test)]
mod tests {
    use super::end_of;

    #[test]
    fn of_a_long_group_the_last_parts_that_fit_are_shown_whole() {
        assert_eq!(end_of("/ecs/api", 18), "/ecs/api");
        assert_eq!(end_of("/ecs/checkout-worker", 18), "checkout-worker");
        assert_eq!(end_of("/a/very/long/name/that/tells/at/its/end", 18), "tells/at/its/end");
        assert_eq!(end_of("/ecs/a-name-longer-than-the-column", 18), "a-name-longer-than-the-column");
    }
}
