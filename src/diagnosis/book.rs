//! The rules as a document: `docs/RULES.md` up to its figures is what [`written`] returns.

use super::confidence;
use super::remedies::TABLE;
use super::rule::Rule;
use super::rules::RULES;
use super::suspects::WEIGHTS;
use std::fmt::Write;

/// Where the measured figures begin, which are not written from the registry.
pub const FIGURES: &str = "## How well it works";

const OPENING: &str = "# Rules of the diagnosis

Every statement of the situation comes from one of these rules and names it. The rules are pure functions of the
signals up to a moment; this page is written from their registry, and a test holds the two equal.

A threshold is set in the configuration by rule and name:

```toml
[rules.elevated-after-deploy]
within-minutes = 45
```

An unknown rule or threshold is reported when the configuration is read, with the nearest known name.
";

pub fn written() -> String {
    let mut book = String::from(OPENING);
    for rule in RULES {
        chapter(&mut book, rule).expect("writing to a string cannot fail");
    }
    suspects(&mut book).expect("writing to a string cannot fail");
    confidence_chapter(&mut book).expect("writing to a string cannot fail");
    book
}

fn chapter(book: &mut String, rule: &Rule) -> std::fmt::Result {
    writeln!(book, "\n## {} (`{}`, version {})\n", rule.title, rule.id, rule.version)?;
    writeln!(book, "{}\n", rule.about)?;
    let kinds: Vec<&str> = rule.looks_at.iter().map(|kind| kind.word()).collect();
    let looks_at = if kinds.is_empty() { "the state of the sources".to_owned() } else { kinds.join(", ") };
    writeln!(book, "- Looks at: {looks_at}")?;
    writeln!(book, "- Says: {}", rule.says)?;
    thresholds(book, rule)?;
    remedies(book, rule)
}

fn thresholds(book: &mut String, rule: &Rule) -> std::fmt::Result {
    if rule.thresholds.is_empty() {
        return Ok(());
    }
    writeln!(book, "\n| threshold | default | meaning |\n|---|---:|---|")?;
    for threshold in rule.thresholds {
        writeln!(book, "| `{}` | {} | {} |", threshold.name, threshold.default, threshold.about)?;
    }
    Ok(())
}

fn remedies(book: &mut String, rule: &Rule) -> std::fmt::Result {
    let rows: Vec<_> = TABLE.iter().filter(|template| template.rule == rule.id).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(book, "\n| remedy | impact | horizon | because |\n|---|---|---|---|")?;
    for row in rows {
        writeln!(book, "| {} | {} | {} | {} |", row.text, row.impact, row.horizon, row.because)?;
    }
    Ok(())
}

fn suspects(book: &mut String) -> std::fmt::Result {
    writeln!(
        book,
        "\n## Suspects\n\nDeploys, settings, scaling changes and merges of the two hours before the onset are scored \
         against what is elevated. A score is the sum of these weights, printed with each suspect; 20 is the least \
         worth a line.\n\n| weight | for |\n|---|---|"
    )?;
    for (weight, reason) in WEIGHTS {
        writeln!(book, "| {weight} | {reason} |")?;
    }
    Ok(())
}

fn confidence_chapter(book: &mut String) -> std::fmt::Result {
    writeln!(
        book,
        "\n## Release confidence\n\nA hundred, plus the weight of every finding, not below 0. From {} it is high, from \
         {} guarded, below that low.\n\n| severity | an issue | another finding |\n|---|---:|---:|",
        confidence::HIGH,
        confidence::GUARDED
    )?;
    for (gravity, issue, other) in confidence::WEIGHTS {
        writeln!(book, "| {gravity} | {issue} | {other} |")?;
    }
    writeln!(
        book,
        "\nEvery critical service of which nothing is known, while something is known of others, weighs {}.",
        confidence::UNKNOWN
    )?;
    Ok(())
}
