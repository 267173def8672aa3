//! What is written about the rules is what the rules say, and no story stands in the code.

use sitroom::diagnosis::book;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
#[expect(clippy::disallowed_methods, reason = "whoever changes a rule asks for the page by the environment")]
fn the_page_about_the_rules_is_written_from_the_registry() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RULES.md");
    let page = fs::read_to_string(&path).unwrap_or_default();
    let (rules, figures) = page.split_once(book::FIGURES).unwrap_or((&page, ""));
    let written = format!("{}\n", book::written());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{written}{}{figures}", book::FIGURES)).unwrap();
        return;
    }
    assert_eq!(rules, written, "docs/RULES.md is not what the rules say; UPDATE_DOCS=1 writes it again");
}

#[test]
fn no_word_and_no_number_of_the_story_stands_in_the_code() {
    const STORY: [&str; 16] = [
        "checkout-s",
        "checkout-w",
        "payment-s",
        "payment-api-",
        "v2.14",
        "812",
        "4127",
        "1.9 %",
        "0.7 %",
        "2.6 h",
        "1.4 h",
        "34 %",
        "14:17",
        "14:06",
        "14:20",
        "revenue",
    ];
    let mut wrong = Vec::new();
    for path in code(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnosis")) {
        let text = fs::read_to_string(&path).unwrap();
        let production = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        wrong.extend(
            STORY.iter().filter(|word| production.contains(**word)).map(|word| (path.clone(), *word)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Outside the diagnosis a comment may name a service by way of example, but no line of code may know one.
#[test]
fn no_line_of_code_knows_the_story() {
    const STORY: [&str; 9] =
        ["checkout-s", "checkout-w", "payment-s", "payment-api", "v2.14", "4127", "1.9 %", "0.7 %", "2.6 h"];
    let mut wrong = Vec::new();
    for path in code(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let production = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for line in production.lines().filter(|line| !line.trim_start().starts_with("//")) {
            wrong.extend(STORY.iter().filter(|word| line.contains(**word)).map(|word| (path.clone(), *word)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn code(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = vec![folder.with_extension("rs")];
    let mut waiting = vec![folder];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found
}
