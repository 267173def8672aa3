//! One picture of the screen: cells, the links under them, and where the cursor stands.

use super::canvas::visible;
use super::damage::Damage;
use super::ui::Look;
use crate::domain::text::is_hostile;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub buffer: Buffer,
    pub links: Vec<Link>,
    /// Where text is being typed; the cursor is hidden otherwise.
    pub cursor: Option<Position>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub url: Arc<str>,
}

impl Frame {
    pub fn new(size: Size) -> Self {
        Self { buffer: Buffer::empty(Rect::from((Position::ORIGIN, size))), links: Vec::new(), cursor: None }
    }

    pub fn size(&self) -> Size {
        self.buffer.area.as_size()
    }

    /// The damaged rows blank again in the style given, at the size given.
    pub fn clear(&mut self, size: Size, damage: Damage, style: Style) {
        if self.size() != size {
            *self = Self::new(size);
        }
        let mut blank = Cell::default();
        blank.set_style(style);
        let width = usize::from(size.width).max(1);
        for (y, row) in (0..).zip(self.buffer.content.chunks_mut(width)) {
            if damage.includes(y) {
                row.fill(blank.clone());
            }
        }
        self.links.retain(|link| !damage.includes(link.y));
        self.cursor = None;
    }

    /// Another picture instead of this one, as far as there is room, without its last `below` lines, and as far as the
    /// terminal here can show it.
    pub(super) fn mirror(&mut self, other: &Self, below: u16, look: &Look) {
        let rows = self.size().height.saturating_sub(below).min(other.size().height);
        let columns = self.size().width.min(other.size().width);
        for y in 0..rows {
            for x in 0..columns {
                let cell = &mut self.buffer[(x, y)];
                *cell = other.buffer[(x, y)].clone();
                (cell.fg, cell.bg) = (look.depth.shows(cell.fg), look.depth.shows(cell.bg));
                if look.glyphs.is_ascii {
                    let shown = visible(cell.symbol(), true).to_owned();
                    cell.set_symbol(&shown);
                }
            }
        }
        self.links = other.links.iter().filter(|link| link.y < rows).cloned().collect();
        self.cursor = other.cursor.filter(|at| at.y < rows && at.x < columns);
    }

    /// A link reaches the terminal as it is, past everything that makes text safe, so what is no plain address of the
    /// web becomes none.
    pub fn link(&mut self, x: u16, y: u16, width: u16, url: &str) {
        if is_address(url) {
            self.links.push(Link { x, y, width, url: Arc::from(url) });
        }
    }

    pub(super) fn link_at(&self, x: u16, y: u16) -> Option<&str> {
        if self.links.is_empty() {
            return None;
        }
        let covers = |link: &&Link| link.y == y && (link.x..link.x.saturating_add(link.width)).contains(&x);
        self.links.iter().find(covers).map(|link| &*link.url)
    }
}

/// Whether a text is an address of the web, with nothing in it that could end a link or drive a terminal.
pub fn is_address(text: &str) -> bool {
    let is_web = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    is_web && !text.contains(|c: char| c.is_whitespace() || is_hostile(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::{Depth, Theme};
    use ratatui::style::Color;

    #[test]
    fn a_picture_of_another_terminal_is_shown_as_this_one_can() {
        let mut theirs = Frame::new(Size::new(4, 3));
        theirs.buffer[(0, 0)].set_symbol("→").set_fg(Color::Rgb(200, 20, 20));
        let look = Look::only(Theme::default(), true).at(Depth::Sixteen);
        let mut mine = Frame::new(Size::new(4, 3));
        mine.mirror(&theirs, 1, &look);
        let cell = &mine.buffer[(0, 0)];
        assert_eq!((cell.symbol(), cell.fg), (">", Color::Red));
    }

    #[test]
    fn what_is_no_plain_address_becomes_no_link() {
        let mut frame = Frame::new(Size::new(20, 2));
        for hostile in [
            "https://x/\x1b\\\x1b]52;c;cHduZWQ=\x07",
            "https://x/\u{9c}",
            "https://x y",
            "javascript:alert(1)",
            "",
        ] {
            frame.link(0, 0, 4, hostile);
        }
        assert_eq!(frame.links, []);
        frame.link(0, 0, 4, "https://example.org/a?b=c#d");
        assert_eq!(frame.link_at(3, 0), Some("https://example.org/a?b=c#d"));
    }
}
