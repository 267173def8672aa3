//! The terminal at the other end of a session: shows the bytes it is sent, and takes what is copied.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ratatui::layout::Size;
use std::num::NonZeroU16;
use vt100::{Callbacks, Cell, Color, Parser, Screen};

pub struct Terminal {
    parser: Parser<Clipboard>,
}

/// What a person can tell apart.
#[derive(Debug, PartialEq)]
pub struct Look {
    pub cells: Vec<Worn>,
    pub cursor: Option<(u16, u16)>,
}

type Worn = (String, [Color; 2], [bool; 5]);

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

    /// A real terminal gives the replacement character a column; this one would drop it.
    pub fn take(&mut self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).replace('\u{fffd}', "?");
        self.parser.process(text.as_bytes());
    }

    pub fn resize(&mut self, size: Size) {
        let [rows, columns] = cells(size);
        self.parser.set_size(rows, columns);
    }

    pub fn rows(&self) -> Vec<String> {
        let (_, columns) = self.screen().size();
        self.screen().rows(0, columns.get()).map(|row| row.trim_end().to_owned()).collect()
    }

    /// Every cell with all it wears, row by row, and the cursor where it is to be seen.
    pub fn look(&self) -> Look {
        let screen = self.screen();
        let (rows, columns) = screen.size();
        let places = (0..rows.get()).flat_map(|y| (0..columns.get()).map(move |x| (y, x)));
        let cells = places.filter_map(|(y, x)| screen.cell(y, x)).map(worn).collect();
        Look { cells, cursor: (!screen.hide_cursor()).then(|| screen.cursor_position()) }
    }

    pub fn copied(&self) -> &[String] {
        &self.parser.callbacks().copied
    }

    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }
}

/// A cell that was never written and one that holds a blank look the same.
fn worn(cell: &Cell) -> Worn {
    let symbol = if cell.has_contents() { cell.contents() } else { " " };
    let attributes = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
    (symbol.to_owned(), [cell.fgcolor(), cell.bgcolor()], attributes)
}

fn cells(size: Size) -> [NonZeroU16; 2] {
    [size.height, size.width].map(|cells| NonZeroU16::new(cells).unwrap())
}
