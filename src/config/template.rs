//! The file `config init` writes: every key with what it is for and its default, commented out.
//!
//! A line that begins with `#` and no space is a setting; without the `#` it says what is the case anyway.

use super::keys::{Key, SECTIONS, Section, Shape};
use super::settings::Settings;
use std::fmt::Write as _;

const HEAD: &str = "\
# sitroom's configuration. Every setting is here with its default, commented out:
# take away the # and change what is behind the =.
# `sitroom config check` says what is wrong, and where.
";

pub fn text() -> String {
    let defaults = Settings::default();
    let mut text = String::from(HEAD);
    for section in SECTIONS {
        open(&mut text, section);
        for key in section.keys() {
            setting(&mut text, key, &defaults);
        }
    }
    text
}

fn open(text: &mut String, section: &Section) {
    if section.name.is_empty() {
        return;
    }
    let _ = write!(text, "\n# {}\n[{}]\n", section.doc, section.name);
    if let Shape::Tables { example } = section.shape {
        let example = format!("[{}.{example}", section.name);
        let _ = writeln!(text, "\n# For example:\n#   {}", example.replace('\n', "\n#   "));
    }
}

fn setting(text: &mut String, key: &Key, defaults: &Settings) {
    let default = key.write(defaults);
    let _ = writeln!(text, "\n# {}", key.doc);
    if default.as_deref() != Some(key.example) {
        let _ = writeln!(text, "# For example: {} = {}", key.short(), key.example);
    }
    if let Some(default) = default {
        let _ = writeln!(text, "#{} = {default}", key.short());
    }
}
