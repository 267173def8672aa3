//! One picture of the screen: cells, the links under them, and where the cursor stands.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use std::sync::Arc;

#[derive(Clone, Debug)]
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

    /// Blank again, at the size given.
    pub fn clear(&mut self, size: Size) {
        if self.size() == size {
            self.buffer.reset();
        } else {
            *self = Self::new(size);
        }
        self.links.clear();
        self.cursor = None;
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
