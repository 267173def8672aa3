//! One picture of the screen: cells, the links under them, and where the cursor stands.

use super::damage::Damage;
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

    /// Another picture instead of this one, as far as there is room, without its last `below` lines.
    pub(super) fn mirror(&mut self, other: &Self, below: u16) {
        let rows = self.size().height.saturating_sub(below).min(other.size().height);
        let columns = self.size().width.min(other.size().width);
        for y in 0..rows {
            for x in 0..columns {
                self.buffer[(x, y)] = other.buffer[(x, y)].clone();
            }
        }
        self.links = other.links.iter().filter(|link| link.y < rows).cloned().collect();
        self.cursor = other.cursor.filter(|at| at.y < rows && at.x < columns);
    }

    pub fn link(&mut self, x: u16, y: u16, width: u16, url: &str) {
        self.links.push(Link { x, y, width, url: Arc::from(url) });
    }

    pub(super) fn link_at(&self, x: u16, y: u16) -> Option<&str> {
        if self.links.is_empty() {
            return None;
        }
        let covers = |link: &&Link| link.y == y && (link.x..link.x.saturating_add(link.width)).contains(&x);
        self.links.iter().find(covers).map(|link| &*link.url)
    }
}
