//! A frame put on a terminal in as few bytes as it takes.
//!
//! The encoder remembers what the terminal shows and how its pen stands, so a frame costs only what changed: no
//! clearing, no resets between frames, short cursor moves, erasing to the end of a line instead of blanks. It
//! writes bytes and knows nothing of where they go: a local terminal and an SSH channel get the same ones.

use super::damage::Damage;
use super::frame::Frame;
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use std::io::Write as _;

/// Small frames are one write and arrive whole; larger ones are bracketed so that no terminal shows half of one.
const WORTH_SYNCHRONISING: usize = 512;
/// A run of blanks shorter than this is cheaper written than erased.
const WORTH_ERASING: usize = 8;
/// A private-use character that no screen of ours holds.
const NEVER_DRAWN: char = '\u{e0ff}';

#[derive(Debug)]
pub struct Encoder {
    shown: Frame,
    pen: Option<Pen>,
    /// Where the next character would land, when that is certain.
    at: Option<Position>,
    cursor: Option<Position>,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    const PLAIN: Self = Self { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

    fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }
}

impl Encoder {
    pub fn new(size: Size) -> Self {
        let mut encoder =
            Self { shown: Frame::new(size), pen: None, at: None, cursor: None, bytes: Vec::new() };
        encoder.forget(size);
        encoder
    }

    /// The terminal may show anything now: the next frame clears it and draws everything.
    pub fn forget(&mut self, size: Size) {
        self.shown = Frame::new(size);
        self.pen = None;
        self.at = None;
        self.cursor = None;
        self.bytes.clear();
        self.bytes.extend_from_slice(b"\x1b[?25l\x1b[0m\x1b[2J\x1b[H");
    }

    /// The bytes that turn what is shown into `next`; empty when they are the same. Only rows that are damaged are
    /// looked at.
    pub fn encode(&mut self, next: &Frame, damage: Damage) -> &[u8] {
        if self.shown.links != next.links {
            self.unsettle_links();
            self.shown.links.clone_from(&next.links);
        }
        let mut shown = std::mem::take(&mut self.shown.buffer.content);
        self.cells(&mut shown, next, damage);
        self.shown.buffer.content = shown;
        self.place_cursor(next.cursor);
        if self.bytes.len() > WORTH_SYNCHRONISING {
            self.bytes.splice(..0, *b"\x1b[?2026h");
            self.bytes.extend_from_slice(b"\x1b[?2026l");
        }
        &self.bytes
    }

    /// What has been handed out is on its way.
    pub fn sent(&mut self) {
        self.bytes.clear();
    }

    fn cells(&mut self, shown: &mut [Cell], next: &Frame, damage: Damage) {
        let width = usize::from(next.buffer.area.width);
        if width == 0 {
            return;
        }
        let rows = shown.chunks_mut(width).zip(next.buffer.content.chunks(width));
        for (y, (old, new)) in (0..).zip(rows) {
            if damage.includes(y) {
                self.row(y, old, new, next);
            }
        }
    }

    /// A wide character that comes or goes leaves half of another behind on some terminals, so its neighbour is
    /// drawn again with it.
    fn row(&mut self, y: u16, old: &mut [Cell], new: &[Cell], next: &Frame) {
        let Some(first) = old.iter().zip(new).position(|(old, new)| old != new) else { return };
        let width = new.len();
        let blank_from = new.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
        let mut unsettled_until = 0;
        // The half of a wide character cannot be where drawing begins.
        let mut x = first.saturating_sub(usize::from(first > 0 && columns(&new[first - 1]) > 1));
        while x < width {
            let columns = columns(&new[x]);
            if old[x] != new[x] || x < unsettled_until {
                let column = u16::try_from(x).unwrap_or(u16::MAX);
                self.move_to(column, y);
                if x >= blank_from && width - x >= WORTH_ERASING {
                    self.set_pen(Pen::PLAIN);
                    self.bytes.extend_from_slice(b"\x1b[K");
                    break;
                }
                self.draw(column, y, &new[x], next);
                self.at = (columns == 1 && x + 1 < width).then(|| Position::new(column + 1, y));
                if columns > 1 || self::columns(&old[x]) > 1 {
                    unsettled_until = x + 3;
                }
            }
            x += columns;
        }
        old[first..].clone_from_slice(&new[first..]);
    }

    fn draw(&mut self, x: u16, y: u16, cell: &Cell, frame: &Frame) {
        self.set_pen(Pen::of(cell));
        match frame.link_at(x, y) {
            Some(url) => self.linked(url, cell.symbol()),
            None => self.bytes.extend_from_slice(cell.symbol().as_bytes()),
        }
    }

    /// Links have no place in a cell, so cells whose link may have changed are made to differ.
    fn unsettle_links(&mut self) {
        let links = std::mem::take(&mut self.shown.links);
        for link in &links {
            for x in link.x..link.x.saturating_add(link.width) {
                if let Some(cell) = self.shown.buffer.cell_mut((x, link.y)) {
                    cell.set_char(NEVER_DRAWN);
                }
            }
        }
    }

    fn linked(&mut self, url: &str, symbol: &str) {
        let _ = write!(self.bytes, "\x1b]8;;{url}\x1b\\{symbol}\x1b]8;;\x1b\\");
    }

    fn move_to(&mut self, x: u16, y: u16) {
        match self.at {
            Some(at) if at == Position::new(x, y) => {}
            Some(at) if at.y == y && at.x < x => {
                let _ = match x - at.x {
                    1 => write!(self.bytes, "\x1b[C"),
                    right => write!(self.bytes, "\x1b[{right}C"),
                };
            }
            Some(at) if x == 0 && at.y + 1 == y => self.bytes.extend_from_slice(b"\r\n"),
            _ => {
                let _ = write!(self.bytes, "\x1b[{};{}H", y + 1, x + 1);
            }
        }
        self.at = Some(Position::new(x, y));
    }

    fn place_cursor(&mut self, cursor: Option<Position>) {
        match cursor {
            Some(place) if self.cursor != cursor || self.at != cursor => {
                self.move_to(place.x, place.y);
                if self.cursor.is_none() {
                    self.bytes.extend_from_slice(b"\x1b[?25h");
                }
            }
            None if self.cursor.is_some() => self.bytes.extend_from_slice(b"\x1b[?25l"),
            _ => {}
        }
        self.cursor = cursor;
    }

    fn set_pen(&mut self, pen: Pen) {
        if self.pen == Some(pen) {
            return;
        }
        let mut codes = Codes { bytes: &mut self.bytes, is_first: true };
        let mut from = self.pen.unwrap_or(Pen { modifier: Modifier::all(), ..Pen::PLAIN });
        // Where bold and dim are one intensity the later of the two wins, so they are always said in one order.
        let is_remixed =
            from.modifier.intersects(INTENSITY) && (from.modifier ^ pen.modifier).intersects(INTENSITY);
        if is_remixed || !(from.modifier - pen.modifier).is_empty() {
            codes.push(format_args!("0"));
            from = Pen::PLAIN;
        }
        for (modifier, code) in ATTRIBUTES {
            if (pen.modifier - from.modifier).contains(modifier) {
                codes.push(format_args!("{code}"));
            }
        }
        if pen.fg != from.fg {
            codes.colour(pen.fg, 30);
        }
        if pen.bg != from.bg {
            codes.colour(pen.bg, 40);
        }
        codes.end();
        self.pen = Some(pen);
    }
}

const INTENSITY: Modifier = Modifier::BOLD.union(Modifier::DIM);

const ATTRIBUTES: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// The parameters of one SGR sequence.
struct Codes<'a> {
    bytes: &'a mut Vec<u8>,
    is_first: bool,
}

impl Codes<'_> {
    fn push(&mut self, code: std::fmt::Arguments<'_>) {
        self.bytes.extend_from_slice(if self.is_first { b"\x1b[" } else { b";" });
        self.is_first = false;
        let _ = self.bytes.write_fmt(code);
    }

    fn colour(&mut self, colour: Color, base: u8) {
        match colour {
            Color::Reset => self.push(format_args!("{}", base + 9)),
            Color::Rgb(r, g, b) => self.push(format_args!("{};2;{r};{g};{b}", base + 8)),
            Color::Indexed(n) => self.push(format_args!("{};5;{n}", base + 8)),
            named => {
                let n = ansi_index(named);
                self.push(format_args!("{}", if n < 8 { base + n } else { base + 60 + n - 8 }));
            }
        }
    }

    fn end(self) {
        if !self.is_first {
            self.bytes.push(b'm');
        }
    }
}

fn ansi_index(colour: Color) -> u8 {
    match colour {
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        _ => 0,
    }
}

fn columns(cell: &Cell) -> usize {
    let symbol = cell.symbol();
    if symbol.len() == 1 { 1 } else { super::text::width(symbol).max(1) }
}

fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && Pen::of(cell) == Pen::PLAIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Style;

    const SIZE: Size = Size { width: 30, height: 6 };

    fn words() -> impl Strategy<Value = Vec<(u16, u16, String, u8)>> {
        let text = prop_oneof!["[ -~]{0,12}", "[日本é→ ]{0,6}"];
        proptest::collection::vec((0..SIZE.width, 0..SIZE.height, text, any::<u8>()), 0..12)
    }

    fn style(n: u8) -> Style {
        let style = Style::new()
            .fg([Color::Reset, Color::Red, Color::Indexed(200), Color::Rgb(1, 2, 3)][usize::from(n % 4)]);
        let style = if n & 4 != 0 { style.bg(Color::LightBlue) } else { style };
        if n & 8 != 0 { style.add_modifier(Modifier::BOLD | Modifier::UNDERLINED) } else { style }
    }

    fn drawn(words: &[(u16, u16, String, u8)]) -> Frame {
        let mut frame = Frame::new(SIZE);
        for (x, y, text, n) in words {
            frame.buffer.set_stringn(*x, *y, text, usize::from(SIZE.width - x), style(*n));
        }
        frame
    }

    proptest! {
        #[test]
        fn a_terminal_that_reads_the_bytes_shows_the_frame(frames in proptest::collection::vec(words(), 1..5)) {
            let mut encoder = Encoder::new(SIZE);
            let mut terminal = vt100::Parser::new(SIZE.height.try_into().unwrap(), SIZE.width.try_into().unwrap(), 0);
            for words in &frames {
                let frame = drawn(words);
                let bytes = encoder.encode(&frame, Damage::All).to_vec();
                encoder.sent();
                terminal.process(&bytes);
                for y in 0..SIZE.height {
                    for x in 0..SIZE.width {
                        let shown = terminal.screen().cell(y, x).unwrap();
                        let wanted = &frame.buffer[(x, y)];
                        if shown.is_wide_continuation() {
                            continue;
                        }
                        let symbol = if shown.contents().is_empty() { " " } else { shown.contents() };
                        prop_assert_eq!(symbol, wanted.symbol(), "at {},{} of {:?}", x, y, words);
                        prop_assert_eq!(shown.bold(), wanted.modifier.contains(Modifier::BOLD));
                        prop_assert_eq!(shown.bgcolor() == vt100::Color::Default, wanted.bg == Color::Reset);
                    }
                }
            }
        }
    }

    #[test]
    fn what_has_not_changed_costs_nothing() {
        let frame = drawn(&[(2, 2, "hello".into(), 9)]);
        let mut encoder = Encoder::new(SIZE);
        encoder.encode(&frame, Damage::All);
        encoder.sent();
        assert!(encoder.encode(&frame, Damage::All).is_empty());
    }

    #[test]
    fn a_link_is_drawn_as_a_link_and_goes_when_it_goes() {
        let mut frame = drawn(&[(2, 2, "run".into(), 0)]);
        frame.link(2, 2, 3, "https://example.org/1");
        let mut encoder = Encoder::new(SIZE);
        let text = String::from_utf8(encoder.encode(&frame, Damage::All).to_vec()).unwrap();
        encoder.sent();
        assert!(text.contains("\x1b]8;;https://example.org/1\x1b\\r\x1b]8;;\x1b\\"), "{text:?}");
        let plain = drawn(&[(2, 2, "run".into(), 0)]);
        assert!(String::from_utf8_lossy(encoder.encode(&plain, Damage::All)).contains("run"));
    }
}
