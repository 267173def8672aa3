//! The reference of keys, `docs/KEYS.md`, made from the table of verbs and the shipped keymaps.

use super::{Context, Group, Keymap, SHIPPED, Verb};
use std::fmt::Write;

const INTRODUCTION: &str = "\
# Keys

Everything a key can do is a verb with a name. `?` shows the verbs of where you are, `:` finds one by name, and the
tables below have them all, with their keys in the three keymaps that come with sitroom. This page is made from the
table of verbs and the files in `keymaps/`; a test keeps it so. A key with a context behind it holds only there.

## Your own keys

Choose a keymap with `--keymap vim`, or write a file of your own with only what differs:

```toml
inherits = \"default\"     # or \"vim\", \"emacs\"; without the line it is \"default\"

[feed]
\"F\" = \"feed.follow\"      # one more key
\"f\" = false              # one key less

[global]
\"g i\" = \"incident.declare\"   # two keys, one after the other
```

A key is spelled as one character (`j`, `G`, `?`), as `f1` to `f24`, or by name:
KEYS.
In front of it stand `ctrl-`, `alt-` and `shift-`. A letter with Shift is its capital: `G`, not `shift-g`. Your lines win over the
inherited ones key by key, also where a key becomes the beginning of a sequence or stops being one, and `false` takes
the key and all that begins with it. What can not be understood is reported with its line, and the rest works.

## Contexts

A section of the file is a context. A key is asked for in the context in front, then in the ones behind it.

| Context | Asks next |
|---|---|
";

/// The whole page, as it must stand in `docs/KEYS.md`.
pub fn markdown() -> String {
    let named = super::chord::NAMED.map(|(name, _)| format!("`{name}`")).join(", ");
    let mut page = INTRODUCTION.replace("KEYS", &named);
    for context in Context::ALL {
        line(&mut page, &format!("| `[{context}]` | {} |", asks_next(context)));
    }
    let keymaps = SHIPPED.map(|(name, _)| (name, Keymap::shipped(name).unwrap_or_default()));
    for group in Group::ALL {
        line(&mut page, &format!("\n## {}\n", group.title()));
        line(
            &mut page,
            &format!("| Verb | What it does | {} |", keymaps.each_ref().map(|(name, _)| *name).join(" | ")),
        );
        line(&mut page, "|---|---|---|---|---|");
        for verb in Verb::ALL.iter().filter(|verb| verb.group() == *group) {
            let keys = keymaps.each_ref().map(|(_, keymap)| keys(keymap, *verb)).join(" | ");
            line(&mut page, &format!("| `{verb}` | {} | {keys} |", verb.doc()));
        }
    }
    page
}

fn asks_next(context: Context) -> String {
    match context.stack() {
        [_] if context.is_sealed() => "nothing: keys it does not bind stay with it".to_owned(),
        [_] => "nothing".to_owned(),
        [_, rest @ ..] => {
            rest.iter().map(|context| format!("`[{context}]`")).collect::<Vec<_>>().join(", then ")
        }
        [] => String::new(),
    }
}

/// Every key of a verb: those of the first context that binds it, then what other contexts add.
fn keys(keymap: &Keymap, verb: Verb) -> String {
    let mut seen: Vec<String> = Vec::new();
    let mut cells = Vec::new();
    for context in Context::ALL {
        let is_first = seen.is_empty();
        for keys in keymap.keys_for(verb, context) {
            if !seen.contains(&keys) {
                let place = if is_first { String::new() } else { format!(" ({context})") };
                cells.push(format!("`{keys}`{place}"));
                seen.push(keys);
            }
        }
    }
    cells.join(" ")
}

fn line(page: &mut String, text: &str) {
    writeln!(page, "{text}").expect("writing to a string does not fail");
}
