//! `docs/CONFIGURATION.md`, from the table of keys.

use super::environment::VARIABLES;
use super::keys::{Also, Key, Mend, SECTIONS, Section, Shape};
use super::settings::Settings;
use std::fmt::Write as _;

const HEAD: &str = r#"# Configuration

sitroom needs no configuration: every setting has a default. `sitroom config init` writes a file that shows them
all, `sitroom config check` says what is wrong with it, and `sitroom config path` says where it is.

Later layers go over earlier ones: the defaults, `config.toml`, the environment, the command line. Everything that
is wrong is said at once, each with its line and its fix, and costs no more than it must: a broken value keeps its
default, and a section whose parts make sense only together is off until it is mended. The rest works.

    config.toml:12: unknown key "regoin", did you mean "region"?
      write region, or take the line out

A span is written `"90s"`, `"12m"`, `"1h30m"` or `"3d"`. A path may begin with `~/`, and a relative one is taken
from the directory of the file. Empty text is the same as leaving the setting out.
"#;

const TAIL: &str = r#"
## Secrets

A secret never stands in the file; the file says where it is kept, in one of three ways:

    token = { env = "GITHUB_TOKEN" }                    # a variable
    token = { command = ["gh", "auth", "token"] }       # what a command prints
    token = { file = "~/.config/sitroom/github-token" } # a file nobody else may read (chmod 600)
"#;

pub fn markdown() -> String {
    let defaults = Settings::default();
    let mut text = String::from(HEAD);
    for section in SECTIONS {
        chapter(&mut text, section, &defaults);
    }
    text.push_str("\n## Environment\n\n| variable | what it does |\n|---|---|\n");
    for (name, doc) in VARIABLES {
        let _ = writeln!(text, "| `{name}` | {doc} |");
    }
    text.push_str(TAIL);
    text
}

fn chapter(text: &mut String, section: &Section, defaults: &Settings) {
    let title =
        if section.name.is_empty() { "Top level".to_owned() } else { format!("`[{}]`", section.name) };
    let _ = writeln!(text, "\n## {title}\n");
    if !section.doc.is_empty() {
        let off =
            if section.mend == Mend::Section { " A mistake here switches the section off." } else { "" };
        let _ = writeln!(text, "{}{off}\n", section.doc);
    }
    match section.shape {
        Shape::Tables { example } => {
            let example = format!("[{}.{example}", section.name);
            let _ = writeln!(text, "    {}", example.replace('\n', "\n    "));
        }
        Shape::Keys => {
            text.push_str("| key | default | what it is for | for example |\n|---|---|---|---|\n");
            for key in section.keys() {
                row(text, key, defaults);
            }
        }
    }
}

fn row(text: &mut String, key: &Key, defaults: &Settings) {
    let default = key.write(defaults).map_or_else(String::new, |default| format!("`{default}`"));
    let also: String = key.also.iter().map(|also| format!(" {}", said(*also))).collect();
    let _ = writeln!(
        text,
        "| `{}` | {default} | {} It is {}.{also} | `{}` |",
        key.short(),
        key.doc,
        key.wants(),
        key.example
    );
}

fn said(also: Also) -> String {
    match also {
        Also::Fallback(variable) => format!("Without it, `{variable}` counts."),
        Also::Means(variable, value) => format!("`{variable}` makes it `{value}`."),
        Also::Flag(flag) => format!("Also `{flag}`."),
    }
}
