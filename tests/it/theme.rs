//! The shipped themes: complete, readable, told apart by people who see colours differently; and what a broken theme
//! file is told.

use ratatui::style::{Color, Modifier, Style};
use sitroom::theme::colour::{Rgb, as_on_xterm, contrast, exactly};
use sitroom::theme::{Depth, Legibility, Role, SHIPPED, Theme, Themes, reference};
use std::fs;

const SEVERITIES: [Role; 4] = [Role::Ok, Role::Elevated, Role::Degraded, Role::Critical];

fn problems(text: &str) -> Vec<String> {
    let mut themes = Themes::default();
    themes.add("own", "own.toml", text);
    themes.load("own").unwrap().1.iter().map(ToString::to_string).collect()
}

/// What a role is drawn with and on.
fn colours(theme: &Theme, role: Role) -> (Color, Color) {
    let (style, ground) = (theme.style(role), theme.style(Role::Text));
    let color = |own: Option<Color>, text: Option<Color>| own.or(text).unwrap_or(Color::Reset);
    (color(style.fg, ground.fg), color(style.bg, ground.bg))
}

fn measured(theme: &Theme, role: Role, see: impl Fn(Color) -> Option<Rgb>) -> Option<f64> {
    let (fg, bg) = colours(theme, role);
    Some(contrast(see(fg)?, see(bg)?))
}

#[test]
fn the_shipped_themes_are_complete_and_have_nothing_wrong() {
    for (name, _) in SHIPPED {
        let (theme, problems) = Themes::default().load(name).unwrap();
        assert_eq!((problems, theme.name()), (vec![], name));
    }
    assert_eq!(Theme::default().name(), "terminal");
}

#[test]
fn a_theme_with_its_own_colours_can_be_read() {
    for (name, floor) in [("dark", 4.5), ("light", 4.5), ("colourblind", 4.5), ("high-contrast", 7.0)] {
        let theme = Theme::shipped(name).unwrap();
        for role in Role::ALL {
            let measured = measured(&theme, role, exactly).expect("every colour is given exactly");
            let floor = if role.legibility() == Legibility::Read { floor } else { role.legibility().floor() };
            assert!(measured >= floor, "{name}: {role} has {measured:.2}");
        }
    }
}

#[test]
fn a_theme_can_still_be_read_with_fewer_colours() {
    for name in ["dark", "light", "colourblind", "high-contrast"] {
        for (depth, floor) in [(Depth::TwoFiftySix, 4.0), (Depth::Sixteen, 3.0)] {
            let theme = Theme::shipped(name).unwrap().at(depth);
            for role in Role::ALL.into_iter().filter(|role| role.legibility() != Legibility::Drawn) {
                let floor = if role.legibility() == Legibility::Quiet { 2.0 } else { floor };
                let measured = measured(&theme, role, as_on_xterm).unwrap();
                assert!(measured >= floor, "{name} at {depth:?}: {role} has {measured:.2}");
            }
        }
    }
}

#[test]
fn the_terminals_theme_bets_on_no_background() {
    let theme = Theme::default();
    for role in Role::ALL {
        let (fg, bg) = colours(&theme, role);
        if bg == Color::Reset {
            assert!(
                [Color::Reset, Color::Red, Color::Magenta].contains(&fg),
                "{role} is {fg:?} on whatever there is"
            );
        } else {
            let measured = measured(&theme, role, as_on_xterm).expect("a chip brings both colours");
            assert!(measured >= Legibility::Read.floor(), "{role} has {measured:.2}");
        }
    }
}

#[test]
fn mono_and_no_colour_have_no_colour() {
    for (name, _) in SHIPPED {
        let theme = Theme::shipped(name).unwrap().at(Depth::Mono);
        for role in Role::ALL {
            let Style { fg, bg, .. } = theme.style(role);
            assert_eq!((fg, bg), (None, None), "{name}: {role}");
        }
    }
    let mono = Theme::shipped("mono").unwrap();
    assert!(mono.style(Role::Critical).add_modifier.contains(Modifier::REVERSED));
}

/// They stand side by side in the line that matters, and what has the focus is not shown by less.
#[test]
fn without_colour_the_cursor_is_not_taken_for_what_is_critical_and_the_focus_is_seen() {
    let mono = Theme::shipped("mono").unwrap();
    let look = |role| mono.style(role).add_modifier;
    assert!(!look(Role::Selection).contains(Modifier::REVERSED) && !look(Role::Selection).is_empty());
    assert!(look(Role::Accent).contains(look(Role::Title)) && look(Role::Accent) != look(Role::Title));
}

#[test]
fn severities_look_different_in_every_theme_at_every_depth() {
    for (name, _) in SHIPPED {
        for depth in Depth::ALL {
            let theme = Theme::shipped(name).unwrap().at(depth);
            for (place, one) in SEVERITIES.into_iter().enumerate() {
                for other in SEVERITIES.into_iter().skip(place + 1) {
                    assert_ne!(
                        theme.style(one),
                        theme.style(other),
                        "{name} at {depth:?}: {one} and {other}"
                    );
                }
            }
        }
    }
}

#[test]
fn severities_are_told_apart_without_red_or_green_sight() {
    let theme = Theme::shipped("colourblind").unwrap();
    let ground = colours(&theme, Role::Text).1;
    let shown = SEVERITIES.map(|role| {
        let (fg, bg) = colours(&theme, role);
        (role, exactly(if bg == ground { fg } else { bg }).unwrap())
    });
    for (sight, matrix) in [("full", FULL), ("protanopia", PROTANOPIA), ("deuteranopia", DEUTERANOPIA)] {
        for (place, (one, a)) in shown.into_iter().enumerate() {
            for (other, b) in shown.into_iter().skip(place + 1) {
                let apart = difference(lab(a, matrix), lab(b, matrix));
                assert!(apart >= 20.0, "{one} and {other} are {apart:.0} apart with {sight}");
            }
        }
    }
}

#[test]
fn a_palette_of_ones_own_repaints_what_is_inherited() {
    let mut themes = Themes::default();
    themes.add(
        "dark",
        "dark.toml",
        "inherits = \"dark\"\n[palette]\naccent = \"#ffcc00\"\n[roles]\nnote = 120\n",
    );
    let (theme, problems) = themes.load("dark").unwrap();
    assert_eq!(problems, []);
    assert_eq!(theme.style(Role::Key).fg, Some(Color::Rgb(255, 204, 0)));
    assert_eq!(theme.style(Role::Note), Style::new().fg(Color::Indexed(120)));
    assert_eq!(theme.style(Role::Dim), Theme::shipped("dark").unwrap().style(Role::Dim));
    assert_eq!(themes.names().len(), SHIPPED.len());
}

#[test]
fn a_circle_of_inheritance_is_named_and_cut() {
    let mut themes = Themes::default();
    themes.add("a", "a.toml", "inherits = \"b\"\n");
    themes.add("b", "b.toml", "\ninherits = \"a\"\n");
    let (theme, problems) = themes.load("a").unwrap();
    let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "b.toml:2: themes inherit each other in a circle: a → b → a; let one of them inherit a shipped theme"
        ]
    );
    assert_eq!(theme.style(Role::Critical), Theme::default().style(Role::Critical));
}

#[test]
fn everything_wrong_is_said_at_once_and_the_rest_works() {
    let text = r##"inherits = "drak"
roles.fact = "red"
[palette]
brand = "#12"
[role]
"##;
    assert_eq!(
        problems(text),
        [
            "own.toml:1: there is no theme `drak`; did you mean \"dark\"?",
            "own.toml:4: `#12` is not a colour; write #rrggbb, six hex digits",
            "own.toml:5: a theme has no `role`; did you mean \"roles\"?",
        ]
    );
    let text = r##"[roles]
critcal = "red"
error = "rde"
info = { fg = 300, blink = true, bold = 1 }
link = { fg = "#777777", bg = "#808080" }
ok = "green"
"##;
    assert_eq!(
        problems(text),
        [
            "own.toml:2: `critcal` is not a role; did you mean \"critical\"?",
            "own.toml:3: `rde` is not a colour; did you mean \"red\"?",
            "own.toml:4: `fg` wants a colour; write a name, \"#rrggbb\", or a number from 0 to 255",
            "own.toml:4: a style has no `blink`; there are fg, bg, bold, dim, italic, underline, reversed",
            "own.toml:4: `bold` is true or false; write bold = true",
            "own.toml:5: `link` has a contrast of 1.1 with its background; move the two apart until it is 4.5",
        ]
    );
}

#[test]
fn a_theme_that_is_not_there_is_named_with_the_nearest() {
    let error = Themes::default().load("lihgt").unwrap_err();
    assert_eq!(error.to_string(), "there is no theme `lihgt`; did you mean \"light\"?");
}

#[test]
fn the_reference_of_themes_is_what_the_tables_say() {
    assert_eq!(fs::read_to_string(THEMES).unwrap(), reference::markdown(), "run the test that writes it");
}

#[test]
#[ignore = "writes docs/THEMES.md anew"]
fn write_the_reference_of_themes() {
    fs::write(THEMES, reference::markdown()).unwrap();
}

const THEMES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/THEMES.md");

type Matrix = [[f64; 3]; 3];

const FULL: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
/// Machado, Oliveira and Fernandes (2009), full severity, over linear light.
const PROTANOPIA: Matrix =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTERANOPIA: Matrix =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];

/// A colour as somebody sees it, in CIE L*a*b* under D65.
fn lab((r, g, b): Rgb, sight: Matrix) -> [f64; 3] {
    let light = [r, g, b].map(|part| match f64::from(part) / 255.0 {
        part if part <= 0.04045 => part / 12.92,
        part => ((part + 0.055) / 1.055).powf(2.4),
    });
    let seen = times(sight, light).map(|part| part.clamp(0.0, 1.0));
    let [x, y, z] = times(
        [[0.412456, 0.357576, 0.180438], [0.212673, 0.715152, 0.072175], [0.019334, 0.119192, 0.950304]],
        seen,
    );
    let [x, y, z] = [x / 0.950489, y, z / 1.08884].map(|part| match part {
        part if part > 0.008856 => part.cbrt(),
        part => 7.787 * part + 16.0 / 116.0,
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn times(matrix: Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

fn difference(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}
