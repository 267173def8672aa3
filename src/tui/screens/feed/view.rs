//! The Feed drawn: a line of what is asked for, the columns, the signals.

use super::list::List;
use crate::domain::{SignalRef, Time};
use crate::theme::Role;
use crate::tui::canvas::{Canvas, Hit};
use crate::tui::screens::situation::lines::tag_role;
use crate::tui::ui::Zone;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

/// Columns of a line; the title has what is left.
struct Columns {
    time: u16,
    tag: u16,
    service: u16,
    age: u16,
}

impl Columns {
    fn of(width: u16) -> Self {
        match width {
            0..70 => Self { time: 6, tag: 10, service: 12, age: 0 },
            70..110 => Self { time: 12, tag: 10, service: 17, age: 4 },
            _ => Self { time: 12, tag: 11, service: 24, age: 5 },
        }
    }
}

const MARKER: u16 = 2;
/// As much as a time of today takes, where nothing in sight is older.
const TODAY: u16 = 8;

pub fn draw(feed: &List, canvas: &mut Canvas<'_>, area: Rect, zone: &Zone, now: Time) {
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let mut columns = Columns::of(area.width);
    let oldest = feed.rows(usize::from(list.height)).last();
    if oldest.is_none_or(|signal| signal.at().is_same_day(now, &zone.shown())) {
        columns.time = columns.time.min(TODAY);
    }
    head(canvas, area, &columns, zone);
    let selected = feed.selected().map(|signal| signal.key());
    let mut drawn = 0;
    for (y, signal) in (list.y..list.bottom()).zip(feed.rows(usize::from(list.height))) {
        let line = Rect { y, height: 1, ..list };
        canvas.hit(line, Hit::Row(drawn));
        if canvas.damage.includes(y) {
            row(canvas, line, &columns, &signal, Some(signal.key()) == selected, zone, now);
        }
        drawn += 1;
    }
    if drawn == 0 {
        nothing(feed, canvas, list);
    }
}

fn head(canvas: &mut Canvas<'_>, area: Rect, columns: &Columns, zone: &Zone) {
    let mut x = area.x + MARKER;
    for (title, width) in [(zone.label(), columns.time), ("TAG", columns.tag), ("SERVICE", columns.service)] {
        canvas.put_fit(x, area.y, width, title, Role::Dim);
        x += width + 1;
    }
    let rest = (area.right() - x.min(area.right())).saturating_sub(columns.age);
    canvas.put_fit(x, area.y, rest, "SIGNAL", Role::Dim);
    if columns.age > 0 {
        canvas.put_right(area.right() - columns.age, area.y, columns.age, "AGE", Role::Dim);
    }
}

fn row(
    canvas: &mut Canvas<'_>,
    line: Rect,
    columns: &Columns,
    signal: &SignalRef<'_>,
    is_selected: bool,
    zone: &Zone,
    now: Time,
) {
    let text = if is_selected { Role::Selection } else { Role::Text };
    if is_selected {
        canvas.put(line.x, line.y, 1, canvas.glyphs.cursor, Role::Selection);
    }
    let mut x = line.x + MARKER;
    canvas.put_right(
        x,
        line.y,
        columns.time,
        &moment(signal.at(), now, &zone.shown(), columns.time),
        Role::Dim,
    );
    x += columns.time + 1;
    canvas.put_fit(x, line.y, columns.tag, signal.kind().tag(), tag_role(signal.kind()));
    x += columns.tag + 1;
    canvas.put_fit(x, line.y, columns.service, signal.service(), Role::Strong);
    x += columns.service + 1;
    let rest = (line.right() - x.min(line.right())).saturating_sub(columns.age + u16::from(columns.age > 0));
    canvas.put_fit(x, line.y, rest, title(signal), text);
    if columns.age > 0 {
        let age = signal.at().age(now).to_string();
        canvas.put_right(line.right() - columns.age, line.y, columns.age, &age, Role::Dim);
    }
}

/// The title without the service, which stands in a column of its own.
fn title<'a>(signal: &SignalRef<'a>) -> &'a str {
    let rest = signal.title().strip_prefix(signal.service()).and_then(|rest| rest.strip_prefix(' '));
    rest.filter(|_| !signal.service().is_empty()).unwrap_or(signal.title())
}

/// Today's signals by the second, others with their day.
fn moment(at: Time, now: Time, zone: &TimeZone, columns: u16) -> String {
    match (at.is_same_day(now, zone), columns) {
        (true, 8..) => at.clock(zone),
        (true, _) => at.hour_minute(zone),
        (false, 12..) => format!("{} {}", &at.date(zone)[5..], at.hour_minute(zone)),
        (false, _) => at.date(zone)[5..].to_owned(),
    }
}

/// An empty list says why it is empty and what to do next.
fn nothing(feed: &List, canvas: &mut Canvas<'_>, list: Rect) {
    let (what, next) = match (feed.has_work(), feed.asked().is_empty()) {
        (true, _) => ("Searching…", ""),
        (false, true) => {
            ("No signals yet.", "Sources are asked in the background; what they tell appears here.")
        }
        (false, false) => {
            ("No signal matches the filter.", "Change it with /, or clear it with esc in the filter.")
        }
    };
    let y = list.y + list.height / 3;
    for (y, (text, role)) in (y..list.bottom()).zip([(what, Role::Text), (next, Role::Dim)]) {
        let width = u16::try_from(text.chars().count()).unwrap_or(list.width).min(list.width);
        canvas.put_fit(list.x + (list.width - width) / 2, y, width, text, role);
    }
}
