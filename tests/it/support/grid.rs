//! A frame as two grids of text: what stands in each cell, and the letter of the role it wears.
//!
//! The roles are read back from the colours, so the frame must be drawn in the probe: a theme that gives every role
//! a colour of its own. A blank in the plain role is a blank in both grids.

use ratatui::buffer::Cell;
use sitroom::theme::{Role, Theme, Themes};
use sitroom::tui::frame::Frame;
use sitroom::tui::text;
use std::fmt::Write as _;

/// The theme that gives every role a colour of its own.
pub fn probe() -> Theme {
    let mut themes = Themes::default();
    let line = |role: Role| format!("{role} = \"#{:02x}4080\"\n", role.index() + 1);
    themes.add("probe", "probe.toml", &format!("[roles]\n{}", Role::ALL.map(line).concat()));
    themes.load("probe").unwrap().0
}

/// Both grids, and what a grid cannot show: where the cursor stands and what is a link.
pub fn picture(frame: &Frame, probe: &Theme) -> String {
    let mut picture = rows(frame, Cell::symbol);
    picture.push_str("\nroles\n");
    picture.push_str(&rows(frame, |cell| match role(cell, probe) {
        Role::Text if cell.symbol() == " " => " ",
        role => letter(role),
    }));
    if let Some(cursor) = frame.cursor {
        let _ = write!(picture, "\ncursor at {},{}", cursor.x, cursor.y);
    }
    for link in &frame.links {
        let _ = write!(picture, "\nlink at {},{} over {}: {}", link.x, link.y, link.width, link.url);
    }
    picture
}

fn rows<'a>(frame: &'a Frame, said: impl Fn(&'a Cell) -> &'a str) -> String {
    let width = usize::from(frame.size().width);
    let row = |cells: &'a [Cell]| {
        let mut row = String::new();
        let mut covered = 0;
        for cell in cells {
            if covered == 0 {
                row.push_str(said(cell));
                covered = text::width(cell.symbol()).max(1);
            }
            covered -= 1;
        }
        row.trim_end().to_owned()
    };
    frame.buffer.content.chunks(width.max(1)).map(row).collect::<Vec<_>>().join("\n")
}

fn role(cell: &Cell, probe: &Theme) -> Role {
    let worn = Role::ALL.into_iter().find(|role| probe.style(*role).fg == Some(cell.fg));
    worn.unwrap_or_else(|| panic!("`{}` wears no role", cell.symbol()))
}

fn letter(role: Role) -> &'static str {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let place = LETTERS.find(role.code()).expect("the codes of roles are letters");
    &LETTERS[place..=place]
}
