//! What cannot be seen: sources that are stale or failing.

use crate::diagnosis::rule::{Finding, Place, Rule};
use crate::diagnosis::situation::Gravity;
use crate::diagnosis::view::View;
use crate::domain::{Health, Span};

pub(in crate::diagnosis) const RULE: Rule = Rule {
    id: "blind-spot",
    version: 1,
    title: "Blind spot",
    about: "A source that is stale or failing. What it would have told is missing from every other statement, so \
            it is an exposure of its own, and weighs on release confidence.",
    looks_at: &[],
    thresholds: &[],
    says: "Signals incomplete: {source} unseen for {age}",
    step: Span::ZERO,
    evaluate,
};

/// What a reader misses with a source, by the kind of source; others are simply signals.
const MISSING: [(&str, &str); 4] = [
    ("git", "Review signals"),
    ("bit", "Review signals"),
    ("aws", "Runtime and deploy signals"),
    ("prom", "Runtime signals"),
];

fn evaluate(view: &View<'_>) -> Vec<Finding> {
    let unseen =
        view.sources.iter().filter(|source| matches!(source.health, Health::Stale | Health::Failing));
    unseen
        .map(|source| {
            let name = source.name.as_str();
            let what =
                MISSING.iter().find(|(start, _)| name.starts_with(start)).map_or("Signals", |row| row.1);
            let unseen = source.last_good.map_or_else(
                || format!("{name} never seen"),
                |good| format!("{name} unseen for {}", good.age(view.now)),
            );
            let since = source.last_good.unwrap_or(view.now).min(view.now);
            Finding::new(&RULE, name, since)
                .weighing(Gravity::Medium)
                .says(Place::Exposure, format!("{what} incomplete: {unseen}"))
                .number("unseen", since.age(view.now).as_minutes() as f64, "min")
                .remedy("see-again", vec![("source", name.to_owned()), ("why", source.message.clone())])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::testing::{NOW, Story};
    use crate::domain::{SourceName, SourceStatus};

    #[test]
    fn a_source_unseen_is_an_exposure() {
        let status = |health| SourceStatus {
            last_good: Some(NOW - Span::hours(3)),
            ..SourceStatus::new(SourceName::new("bitbucket"), health, "401")
        };
        assert_eq!(
            Story::new().source(status(Health::Failing)).said(&RULE, Place::Exposure),
            ["Review signals incomplete: bitbucket unseen for 3h"]
        );
        assert_eq!(Story::new().source(status(Health::Live)).found(&RULE), []);
    }
}
