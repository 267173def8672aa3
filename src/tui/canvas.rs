//! Where a view draws: cells, links and the places a mouse can hit, with the theme and the glyphs at hand.
//!
//! All text reaches the cells through [`Canvas::put`], which makes it safe: a control character is drawn as a
//! visible mark, nothing is drawn outside its columns, and in ASCII mode nothing but ASCII.

use super::damage::Damage;
use super::frame::Frame;
use super::glyphs::Glyphs;
use super::screens::situation::Pane;
use super::text;
use crate::theme::{Role, Theme};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

pub struct Canvas<'a> {
    pub frame: &'a mut Frame,
    pub theme: &'a Theme,
    pub glyphs: &'static Glyphs,
    pub hits: HitMap,
    /// Nothing else is drawn.
    pub damage: Damage,
}

/// What lies under the mouse: the last thing laid there wins.
#[derive(Clone, Debug, Default)]
pub struct HitMap(Vec<(Rect, Hit)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    Tab(usize),
    /// A row of the list in front, counted from the first visible one.
    Row(usize),
    /// A line of a pane, counted from its first.
    Line {
        pane: Pane,
        line: usize,
    },
}

impl Canvas<'_> {
    pub fn area(&self) -> Rect {
        self.frame.buffer.area
    }

    /// Draws as much as fits into `columns` and returns how many were used.
    pub fn put(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        self.put_styled(x, y, columns, text, self.theme.ink(role))
    }

    pub fn put_styled(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let area = self.area();
        if y >= area.height || x >= area.width {
            return 0;
        }
        if !self.damage.includes(y) {
            return u16::try_from(text::width(text)).unwrap_or(columns).min(columns).min(area.width - x);
        }
        let columns = columns.min(area.width - x);
        let from = self.frame.buffer.index_of(x, y);
        let cells = &mut self.frame.buffer.content[from..from + usize::from(columns)];
        let used = if text::is_plain(text) {
            put_plain(cells, text, style)
        } else {
            put_graphemes(cells, text, style, self.glyphs.is_ascii)
        };
        u16::try_from(used).unwrap_or(columns)
    }

    /// Like [`Canvas::put`], with an ellipsis where something is cut.
    pub fn put_fit(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let fitted = text::fit(text, usize::from(columns), self.glyphs.ellipsis);
        self.put(x, y, columns, &fitted, role)
    }

    /// Draws at the right edge of the columns given; returns the column where it begins.
    pub fn put_right(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let fitted = text::fit(text, usize::from(columns), self.glyphs.ellipsis);
        let from = x + columns - u16::try_from(text::width(&fitted)).unwrap_or(columns).min(columns);
        self.put(from, y, columns, &fitted, role);
        from
    }

    /// Draws several pieces one after the other and returns the column after the last.
    pub fn put_all(&mut self, x: u16, y: u16, columns: u16, pieces: &[(&str, Role)]) -> u16 {
        let end = x.saturating_add(columns);
        pieces.iter().fold(x, |x, (text, role)| x + self.put_fit(x, y, end - x, text, *role))
    }

    pub fn fill(&mut self, area: Rect, role: Role) {
        let mut blank = Cell::default();
        blank.set_style(self.theme.style(role));
        self.each_row(area, |row| row.fill(blank.clone()));
    }

    fn each_row(&mut self, area: Rect, draw: impl Fn(&mut [Cell])) {
        let area = area.intersection(self.area());
        if area.is_empty() {
            return;
        }
        for y in (area.y..area.bottom()).filter(|y| self.damage.includes(*y)) {
            let from = self.frame.buffer.index_of(area.x, y);
            draw(&mut self.frame.buffer.content[from..from + usize::from(area.width)]);
        }
    }

    pub fn rule(&mut self, x: u16, y: u16, columns: u16, role: Role) {
        let (dash, style) = (self.glyphs.rule, self.theme.ink(role));
        self.each_row(Rect { x, y, width: columns, height: 1 }, |row| {
            for cell in row {
                cell.set_symbol(dash).set_style(style);
            }
        });
    }

    pub fn hit(&mut self, area: Rect, hit: Hit) {
        self.hits.0.push((area, hit));
    }

    pub fn cursor(&mut self, x: u16, y: u16) {
        self.frame.cursor = Some(Position::new(x, y));
    }
}

impl HitMap {
    pub fn at(&self, x: u16, y: u16) -> Option<Hit> {
        self.0.iter().rev().find(|(area, _)| area.contains(Position::new(x, y))).map(|(_, hit)| *hit)
    }
}

fn put_plain(cells: &mut [Cell], text: &str, style: Style) -> usize {
    for (cell, byte) in cells.iter_mut().zip(text.bytes()) {
        cell.set_char(char::from(byte));
        cell.set_style(style);
    }
    cells.len().min(text.len())
}

fn put_graphemes(cells: &mut [Cell], text: &str, style: Style, ascii_only: bool) -> usize {
    let mut at = 0;
    // Most text that is not plain ends or begins with one sign of ours.
    let plain = text.bytes().take_while(|b| (b' '..=b'~').contains(b)).count();
    // A mark that follows belongs to the letter before it.
    let plain = plain.saturating_sub(1);
    at += put_plain(cells, &text[..plain], style);
    let text = &text[plain..];
    for grapheme in text.graphemes(true) {
        let shown = visible(grapheme, ascii_only);
        let columns = text::grapheme_width(shown);
        if columns == 0 {
            continue;
        }
        if at + columns > cells.len() {
            break;
        }
        cells[at].set_symbol(shown);
        cells[at].set_style(style);
        for cell in &mut cells[at + 1..at + columns] {
            cell.reset();
            cell.set_style(style);
        }
        at += columns;
    }
    at
}

pub(super) fn visible(grapheme: &str, ascii_only: bool) -> &str {
    if grapheme.chars().any(crate::domain::text::is_hostile) {
        return if ascii_only { "?" } else { "\u{fffd}" };
    }
    if ascii_only && !grapheme.is_ascii() { stand_in(grapheme) } else { grapheme }
}

/// What reads best for a sign that ASCII does not have.
fn stand_in(grapheme: &str) -> &'static str {
    const STAND_INS: [(&str, &str); 10] = [
        ("→", ">"),
        ("←", "<"),
        ("–", "-"),
        ("—", "-"),
        ("…", "~"),
        ("×", "x"),
        ("·", "-"),
        ("\u{2019}", "'"),
        ("\u{201c}", "\""),
        ("\u{201d}", "\""),
    ];
    STAND_INS.iter().find(|(sign, _)| *sign == grapheme).map_or("?", |(_, ascii)| ascii)
}
