//! Holds the shape of the code: which module may use which, what pure modules may not touch, how long a file may
//! grow, and that every file says what it is for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Module → what it may use besides itself. An edge that is not here does not exist.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("watching", &[]),
    ("whole", &[]),
    ("diagnosis", &["domain"]),
    // What was known at the key moments is diagnosed again, by the rules and not by a copy of them.
    ("export", &["domain", "diagnosis"]),
    ("journal", &["domain", "watching", "whole"]),
    ("store", &["domain", "watching"]),
    ("sources", &["domain", "config", "watching"]),
    ("config", &["domain"]),
    ("engine", &["domain", "diagnosis", "journal", "store", "sources", "config"]),
    ("keymap", &["domain"]),
    ("theme", &["domain"]),
    // The gate is shown live by the rules that judge the pack; the pack itself is the driver's.
    ("tui", &["domain", "diagnosis", "engine", "export", "keymap", "theme"]),
    ("ssh", &["domain", "engine", "tui", "whole"]),
    (
        "cli",
        &[
            "domain",
            "diagnosis",
            "journal",
            "store",
            "sources",
            "config",
            "engine",
            "keymap",
            "theme",
            "tui",
            "export",
            "ssh",
            "watching",
        ],
    ),
];

/// Modules that never wait, never spawn, and never touch a clock, a disk or a network.
const PURE: &[&str] = &["domain", "diagnosis", "export", "keymap", "theme"];
const IMPURE: &[&str] = &[
    "tokio",
    "sqlx",
    "reqwest",
    "notify",
    "crossterm",
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::process",
    "std::env",
];

const WALL: usize = 700;

#[test]
fn modules_look_only_where_they_may() {
    let allowed: BTreeMap<_, _> = EDGES.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        let Some(may_use) = allowed.get(module.as_str()) else {
            assert!(
                ["lib", "main"].contains(&module.as_str()),
                "{} is in no module of the table",
                path.display()
            );
            continue;
        };
        for used in used_modules(&text) {
            if used != module && allowed.contains_key(used.as_str()) && !may_use.contains(&used.as_str()) {
                wrong.push(format!("{}: {module} may not use {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_touch_nothing() {
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| PURE.contains(&module_of(path).as_str())) {
        for name in IMPURE {
            if production(&text).contains(&format!("{name}::")) {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
        if production(&text).contains("async ") {
            wrong.push(format!("{} waits", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_readable() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{} does not open with what it is for", path.display());
        let lines = production(&text).lines().count();
        assert!(lines <= WALL, "{} has {lines} lines; look for the second idea", path.display());
        assert!(!path.ends_with("mod.rs"), "{}: write foo.rs beside foo/", path.display());
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut waiting = vec![root];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// `src/tui/view.rs` → `tui`.
fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// What a file imports or names by `crate::`, grouped imports included.
fn used_modules(text: &str) -> Vec<String> {
    let name =
        |text: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned();
    text.split("crate::")
        .skip(1)
        .flat_map(|after| match after.strip_prefix('{') {
            Some(group) => {
                let group = group.split(';').next().unwrap_or("");
                group.split([',', '{', '}']).map(|part| name(part.trim())).collect::<Vec<_>>()
            }
            None => vec![name(after)],
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// The file without its test module, which stands last.
fn production(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}
