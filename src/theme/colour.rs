//! Colours: how theme files spell them, what they look like, and what a terminal with fewer of them shows instead.

use ratatui::style::Color;

/// How many colours a session's terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// None, or none wanted: attributes only.
    Mono,
    Sixteen,
    TwoFiftySix,
    True,
}

impl Depth {
    /// What a colour looks like here.
    pub fn shows(self, color: Color) -> Color {
        reduce(color, self)
    }

    pub const ALL: [Self; 4] = [Self::Mono, Self::Sixteen, Self::TwoFiftySix, Self::True];

    /// What a terminal says of itself in `TERM` and `COLORTERM`, and whether `NO_COLOR` asks for none.
    pub fn told_by(term: &str, colorterm: &str, no_color: bool) -> Self {
        match (term, colorterm) {
            _ if no_color || matches!(term, "" | "dumb") => Self::Mono,
            (_, "truecolor" | "24bit") => Self::True,
            _ if term.ends_with("-direct") => Self::True,
            _ if term.contains("256") => Self::TwoFiftySix,
            _ if term.starts_with("vt") || term.ends_with("-mono") => Self::Mono,
            _ => Self::Sixteen,
        }
    }
}

pub type Rgb = (u8, u8, u8);

/// The sixteen that every terminal has, in the order of their numbers, as xterm shows them.
const NAMED: [(&str, Color, Rgb); 16] = [
    ("black", Color::Black, (0, 0, 0)),
    ("red", Color::Red, (205, 0, 0)),
    ("green", Color::Green, (0, 205, 0)),
    ("yellow", Color::Yellow, (205, 205, 0)),
    ("blue", Color::Blue, (0, 0, 238)),
    ("magenta", Color::Magenta, (205, 0, 205)),
    ("cyan", Color::Cyan, (0, 205, 205)),
    ("white", Color::Gray, (229, 229, 229)),
    ("bright-black", Color::DarkGray, (127, 127, 127)),
    ("bright-red", Color::LightRed, (255, 0, 0)),
    ("bright-green", Color::LightGreen, (0, 255, 0)),
    ("bright-yellow", Color::LightYellow, (255, 255, 0)),
    ("bright-blue", Color::LightBlue, (92, 92, 255)),
    ("bright-magenta", Color::LightMagenta, (255, 0, 255)),
    ("bright-cyan", Color::LightCyan, (0, 255, 255)),
    ("bright-white", Color::White, (255, 255, 255)),
];

/// Where the 6×6×6 cube begins among the 256, its steps, and where the ramp of greys begins.
const CUBE: u8 = 16;
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
const GREYS: u8 = 232;

/// `red`, `bright-red`, `default`, `#rrggbb`.
pub(super) fn named(word: &str) -> Option<Color> {
    if word == "default" {
        return Some(Color::Reset);
    }
    let name = NAMED.iter().find(|(name, ..)| *name == word);
    name.map(|(_, color, _)| *color).or_else(|| hex(word))
}

pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> + Clone {
    NAMED.iter().map(|(name, ..)| *name).chain(["default"])
}

fn hex(word: &str) -> Option<Color> {
    let digits = word.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let [_, r, g, b] = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?.to_be_bytes();
    Some(Color::Rgb(r, g, b))
}

/// What a colour looks like, as far as sitroom decides it: a terminal has its own idea of the first sixteen.
pub fn exactly(color: Color) -> Option<Rgb> {
    match color {
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(n) if n >= CUBE => Some(indexed(n)),
        _ => None,
    }
}

/// What a colour looks like on an xterm; `None` for the terminal's own foreground or background.
pub fn as_on_xterm(color: Color) -> Option<Rgb> {
    match color {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(n) => Some(indexed(n)),
        named => NAMED.iter().find(|(_, color, _)| *color == named).map(|(.., rgb)| *rgb),
    }
}

/// The nearest colour a terminal of this depth can show. [`Depth::Mono`] has its own foreground and nothing else.
pub fn reduce(color: Color, depth: Depth) -> Color {
    match (depth, color) {
        (Depth::Mono, _) | (_, Color::Reset) => Color::Reset,
        (Depth::True, color) => color,
        (Depth::TwoFiftySix, Color::Rgb(r, g, b)) => Color::Indexed(nearest_of_256((r, g, b))),
        (Depth::TwoFiftySix, color) => color,
        (Depth::Sixteen, Color::Rgb(..) | Color::Indexed(_)) => {
            as_on_xterm(color).map_or(Color::Reset, nearest_of_16)
        }
        (Depth::Sixteen, color) => color,
    }
}

fn indexed(n: u8) -> Rgb {
    match n {
        0..CUBE => NAMED[usize::from(n)].2,
        CUBE..GREYS => {
            let step = |by: u8| STEPS[usize::from((n - CUBE) / by % 6)];
            (step(36), step(6), step(1))
        }
        GREYS.. => {
            let grey = 8 + 10 * (n - GREYS);
            (grey, grey, grey)
        }
    }
}

/// Never one of the first sixteen, since people redefine those.
fn nearest_of_256(rgb: Rgb) -> u8 {
    (CUBE..=u8::MAX).min_by_key(|n| distance(indexed(*n), rgb)).expect("the range has colours in it")
}

fn nearest_of_16(rgb: Rgb) -> Color {
    let nearest = NAMED.iter().min_by_key(|(.., known)| distance(*known, rgb));
    nearest.expect("the table has colours in it").1
}

/// A cheap stand-in for how different two colours look: red weighs more where there is much of it, blue where there
/// is little.
fn distance(a: Rgb, b: Rgb) -> i64 {
    let [(r1, g1, b1), (r2, g2, b2)] = [a, b].map(|(r, g, b)| (i64::from(r), i64::from(g), i64::from(b)));
    let red = (r1 + r2) / 2;
    let square = |difference: i64| difference * difference;
    (512 + red) * square(r1 - r2) / 256 + 4 * square(g1 - g2) + (767 - red) * square(b1 - b2) / 256
}

/// The contrast of two colours as WCAG measures it: 1 is none, 21 is black on white.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance((r, g, b): Rgb) -> f64 {
    let linear = |part: u8| match f64::from(part) / 255.0 {
        part if part <= 0.04045 => part / 12.92,
        part => ((part + 0.055) / 1.055).powf(2.4),
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_are_spelled_by_name_or_by_their_parts() {
        assert_eq!(named("bright-black"), Some(Color::DarkGray));
        assert_eq!(named("default"), Some(Color::Reset));
        assert_eq!(named("#0a0B0c"), Some(Color::Rgb(10, 11, 12)));
        for wrong in ["", "#", "#fff", "#+12345", "#1234567", "gray", "Red", "#äöü"] {
            assert_eq!(named(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_palette_is_the_one_xterm_has() {
        assert_eq!(
            [16, 21, 46, 196, 231].map(indexed).map(|(r, g, b)| [r, g, b]).concat(),
            [0, 0, 0, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255]
        );
        assert_eq!((indexed(232), indexed(255)), ((8, 8, 8), (238, 238, 238)));
    }

    #[test]
    fn contrast_runs_from_one_to_twenty_one() {
        assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((contrast((9, 9, 9), (9, 9, 9)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_terminal_says_how_many_colours_it_has() {
        let cases = [
            (("xterm-256color", "truecolor", false), Depth::True),
            (("xterm-256color", "truecolor", true), Depth::Mono),
            (("screen-256color", "", false), Depth::TwoFiftySix),
            (("xterm-direct", "", false), Depth::True),
            (("linux", "", false), Depth::Sixteen),
            (("vt220", "", false), Depth::Mono),
            (("dumb", "", false), Depth::Mono),
        ];
        for ((term, colorterm, no_color), depth) in cases {
            assert_eq!(Depth::told_by(term, colorterm, no_color), depth, "{term}");
        }
    }

    proptest! {
        #[test]
        fn every_colour_has_a_place_at_every_depth((r, g, b) in any::<Rgb>(), n in any::<u8>()) {
            for color in [Color::Rgb(r, g, b), Color::Indexed(n), Color::Reset, Color::LightRed] {
                prop_assert_eq!(reduce(color, Depth::True), color);
                prop_assert_eq!(reduce(color, Depth::Mono), Color::Reset);
                prop_assert!(!matches!(reduce(color, Depth::TwoFiftySix), Color::Rgb(..)));
                prop_assert!(!matches!(reduce(color, Depth::Sixteen), Color::Rgb(..) | Color::Indexed(_)));
            }
        }

        #[test]
        fn what_a_terminal_can_show_is_left_alone(n in CUBE..=255) {
            let (r, g, b) = indexed(n);
            prop_assert_eq!(reduce(Color::Indexed(n), Depth::TwoFiftySix), Color::Indexed(n));
            let there = reduce(Color::Rgb(r, g, b), Depth::TwoFiftySix);
            prop_assert_eq!(exactly(there), Some((r, g, b)));
        }
    }
}
