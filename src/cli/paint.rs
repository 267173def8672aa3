//! A word in a style, for answers that a person reads on a terminal.

use ratatui::style::{Color, Modifier, Style};
use std::fmt::Write as _;

const ATTRIBUTES: [(Modifier, u8); 5] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::REVERSED, 7),
];

/// The text between the sequences that begin and end its style; as it is when the style says nothing.
pub(super) fn painted(style: Style, text: &str) -> String {
    let mut codes: Vec<String> = Vec::new();
    let attributes = ATTRIBUTES.iter().filter(|(attribute, _)| style.add_modifier.contains(*attribute));
    codes.extend(attributes.map(|(_, code)| code.to_string()));
    codes.extend(style.fg.and_then(|color| code(color, 30)));
    codes.extend(style.bg.and_then(|color| code(color, 40)));
    if codes.is_empty() {
        return text.to_owned();
    }
    let mut painted = String::new();
    let _ = write!(painted, "\x1b[{}m{text}\x1b[0m", codes.join(";"));
    painted
}

/// `base` is 30 for what is written and 40 for what is behind it.
fn code(color: Color, base: u8) -> Option<String> {
    const DIM: [Color; 8] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
    ];
    const BRIGHT: [Color; 8] = [
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    let place = |row: [Color; 8], from: u8| {
        (from..).zip(row).find(|(_, known)| *known == color).map(|(code, _)| code)
    };
    match color {
        Color::Reset => None,
        Color::Indexed(index) => Some(format!("{};5;{index}", base + 8)),
        Color::Rgb(red, green, blue) => Some(format!("{};2;{red};{green};{blue}", base + 8)),
        _ => place(DIM, base).or_else(|| place(BRIGHT, base + 60)).map(|code| code.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_switched_on_and_off_again() {
        assert_eq!(painted(Style::new(), "x"), "x");
        assert_eq!(painted(Style::new().fg(Color::LightRed).bold(), "x"), "\x1b[1;91mx\x1b[0m");
        assert_eq!(painted(Style::new().bg(Color::Rgb(1, 2, 3)), "x"), "\x1b[48;2;1;2;3mx\x1b[0m");
    }
}
