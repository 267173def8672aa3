//! The terminal at the other end of a session: shows the bytes it is sent, and takes what is copied.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ratatui::layout::Size;
use std::num::NonZeroU16;
use vt100::{Callbacks, Parser, Screen};

pub struct Terminal {
    parser: Parser<Clipboard>,
}

#[derive(Default)]
struct Clipboard {
    copied: Vec<String>,
}

impl Callbacks for Clipboard {
    fn copy_to_clipboard(&mut self, _: &mut Screen, _: &[u8], data: &[u8]) {
        let text = STANDARD.decode(data).unwrap();
        self.copied.push(String::from_utf8(text).unwrap());
    }
}

impl Terminal {
    pub fn new(size: Size) -> Self {
        let [rows, columns] = cells(size);
        Self { parser: Parser::new_with_callbacks(rows, columns, 0, Clipboard::default()) }
    }

    pub fn take(&mut self, bytes: &[u8]) {
        self.parser.process(bytes);
    }

    pub fn resize(&mut self, size: Size) {
        let [rows, columns] = cells(size);
        self.parser.set_size(rows, columns);
    }

    pub fn rows(&self) -> Vec<String> {
        let (_, columns) = self.screen().size();
        self.screen().rows(0, columns.get()).map(|row| row.trim_end().to_owned()).collect()
    }

    pub fn copied(&self) -> &[String] {
        &self.parser.callbacks().copied
    }

    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }
}

fn cells(size: Size) -> [NonZeroU16; 2] {
    [size.height, size.width].map(|cells| NonZeroU16::new(cells).unwrap())
}
