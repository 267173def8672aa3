//! The reference of themes, `docs/THEMES.md`, made from the table of roles and the shipped themes.

use super::role::{Legibility, Role};
use super::{SHIPPED, colour};
use std::fmt::Write;

const INTRODUCTION: &str = "\
# Themes

A screen draws with roles, never with colours: `critical` is critical in every theme, and always has a word or a glyph
beside its look. A theme gives each role a style. This page is made from the table of roles and the files in `themes/`;
a test keeps it so.

Choose one with `t` while sitroom runs, or with `--theme dark`. `NO_COLOR`, `--no-color` and terminals without colours
get `mono`. Colours a terminal does not have are replaced by the nearest of the 256 or 16 it has.

## Your own theme

Write a file with only what differs:

```toml
inherits = \"dark\"          # without the line it is \"terminal\"

[palette]                  # names for colours; changing one changes every role painted with it
accent = \"#e0a0ff\"

[roles]
critical = { fg = \"bright-white\", bg = \"red\", bold = true }
link = \"accent\"            # only a foreground
```

A colour is a number from 0 to 255, `\"#rrggbb\"`, a name of the palette, or one of
COLOURS. Attributes are `bold`, `dim`, `italic`, `underline` and `reversed`. A role is
replaced whole. The background of `text` is the background of every screen. What can not be understood, and what can
not be read on its background, is reported with its line; the rest works.

";

/// The whole page, as it must stand in `docs/THEMES.md`.
pub fn markdown() -> String {
    let colours: Vec<_> = colour::names().map(|name| format!("`{name}`")).collect();
    let mut page = INTRODUCTION.replace("COLOURS", &colours.join(", "));
    page.push_str("## Themes that come with sitroom\n\n| Theme | What it is |\n|---|---|\n");
    for (name, text) in SHIPPED {
        line(&mut page, &format!("| `{name}` | {} |", description(text)));
    }
    page.push_str(
        "\n## Roles\n\n| Role | What it is for | Contrast | Letter in tests |\n|---|---|---|---|\n",
    );
    for role in Role::ALL {
        let floor = match role.legibility() {
            Legibility::Drawn => "–".to_owned(),
            legibility => format!("{:.1}", legibility.floor()),
        };
        line(&mut page, &format!("| `{role}` | {} | {floor} | `{}` |", role.doc(), role.code()));
    }
    page
}

/// The first paragraph of the comment a theme opens with.
fn description(text: &str) -> String {
    let paragraph = text.lines().map_while(|line| line.strip_prefix("# "));
    paragraph.map(str::trim).collect::<Vec<_>>().join(" ")
}

fn line(page: &mut String, text: &str) {
    writeln!(page, "{text}").expect("writing to a string does not fail");
}
